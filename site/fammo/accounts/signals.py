"""Facts this app announces, inside the transaction that made them true: a receiver that raises undoes it."""

from django.dispatch import Signal

# The owner of a new account proved its address: user (User), device_id (UUID of the app's installation they signed up on, or None).
address_confirmed = Signal()

# Somebody allowed or forbade keeping their location: profile (Profile, saved).
location_consent_changed = Signal()
