"""What the account's page in the admin says about consents."""

from __future__ import annotations

from fammo.accounts.models import User
from fammo.accounts.selectors import ConsentState, register_consent_states

from . import selectors


@register_consent_states
def consent_states(user: User) -> list[ConsentState]:
    """The person's last decision on each document."""
    consents = selectors.consents_of(user).select_related("version", "event")
    return [
        ConsentState(
            document=f"{consent.get_document_type_display()} {consent.version.version}",
            state=str(consent.get_state_display()),
            recorded_at=consent.event.recorded_at,
        )
        for consent in consents
    ]
