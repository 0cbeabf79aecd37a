"""What people change about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import phonenumbers
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.accounts.models import Profile, User
from fammo.accounts.signals import location_consent_changed
from fammo.common.errors import InvalidInput

NAME_FIELDS: Final = ("first_name", "last_name")
PROFILE_FIELDS: Final = (
    *("phone", "address", "city", "zip_code", "country"),
    *("location_consent", "latitude", "longitude", "preferred_language", "time_zone"),
)


@transaction.atomic
def update_profile(*, user: User, changes: Mapping[str, Any]) -> Profile:
    """Change what a person may change about themselves. Coordinates are kept only with consent; withdrawing it removes them.

    Raises ``InvalidInput`` for a number that is no phone number and Django's ``ValidationError`` for the rest.
    """
    profile = Profile.objects.select_for_update().get(user=user)
    had_consent = profile.location_consent
    for name in PROFILE_FIELDS:
        if name in changes:
            setattr(profile, name, changes[name])
    if "phone" in changes:
        profile.phone = normalise_phone(changes["phone"])
    _apply_location_consent(profile)
    profile.full_clean(validate_unique=False)
    profile.save()
    if profile.location_consent != had_consent:
        location_consent_changed.send(sender=Profile, profile=profile)
    _rename(profile.user, {name: changes[name] for name in NAME_FIELDS if name in changes})
    return profile


def set_language(*, user: User, language: str) -> Profile:
    """The language in which the person is answered and written to."""
    return update_profile(user=user, changes={"preferred_language": language})


def normalise_phone(value: str) -> str:
    """The number in E.164 (+358401234567), or nothing; raises ``InvalidInput`` for what no phone could dial."""
    if not value.strip():
        return ""
    try:
        number = phonenumbers.parse(value, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        number = None
    # "Possible", not "valid": numbering plans grow faster than our copy of them.
    if number is None or not phonenumbers.is_possible_number(number):
        raise InvalidInput(fields={"phone": [_("Please enter a phone number, for example +358 40 1234567.")]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _apply_location_consent(profile: Profile) -> None:
    if not profile.location_consent:
        profile.latitude = profile.longitude = profile.location_consent_at = None
    elif profile.location_consent_at is None:
        profile.location_consent_at = timezone.now()


def _rename(user: User, names: Mapping[str, str]) -> None:
    if names:
        for name, value in names.items():
            setattr(user, name, value)
        user.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)
        user.save(update_fields=list(names))
