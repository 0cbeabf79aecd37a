"""What the demo people decided on the legal documents, so that the consent rates show something; each as the app would record it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fammo.accounts.models import User
from fammo.accounts.services import update_profile
from legal import selectors
from legal.models import DocumentType, Purpose, UserConsent
from legal.services import Origin, record_decision

from . import people
from .objects import DemoObject

HOME_OF_ANNA = {"latitude": 60.1874, "longitude": 24.9581}


def demo_objects() -> list[DemoObject]:
    """Anna and the vet agree to everything; Mikko took his yes to the privacy policy back."""
    decided = {people.ANNA: _anna, people.VET: _agree, people.MIKKO: _mikko}
    return [DemoObject(f"consents:{email}", partial(_make, email, decide)) for email, decide in decided.items()]


def _make(email: str, decide: Callable[[User], None]) -> None:
    user = people.find(email)
    if not UserConsent.objects.of(user).exists():
        decide(user)


def _anna(user: User) -> None:
    _agree(user)
    _decide(user, DocumentType.USER_PRIVACY, purpose=Purpose.LOCATION)
    update_profile(user=user, changes=HOME_OF_ANNA)


def _mikko(user: User) -> None:
    _agree(user)
    _decide(user, DocumentType.USER_PRIVACY, accepted=False)


def _agree(user: User) -> None:
    for document_type in (DocumentType.USER_TERMS, DocumentType.USER_PRIVACY):
        _decide(user, document_type)


def _decide(user: User, document_type: str, *, accepted: bool = True, purpose: str = "") -> None:
    text = selectors.text_for_profile(document_type=document_type, language=user.profile.preferred_language)
    if text is not None:
        version_id, language = text.version.pk, text.language
        record_decision(user=user, version_id=version_id, accepted=accepted, language=language, origin=Origin(), purpose=purpose)
