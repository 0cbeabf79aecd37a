"""What a person allows by itself: the location, and language models. A no counts in the transaction in which it was said."""

from __future__ import annotations

import pytest

from fammo.accounts.models import Profile, User
from fammo.accounts.services import update_profile
from legal import services
from legal.errors import OutdatedVersion, PurposeNotInDocument
from legal.models import ConsentEvent, LegalVersion, Purpose
from legal.selectors import has_consent
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db
HELSINKI = {"location_consent": True, "latitude": 60.17, "longitude": 24.94}


@pytest.fixture
def privacy() -> LegalVersion:
    return legal_version(document_type="user_privacy", languages=("fi",))


def decide(user: User, version: LegalVersion, *, accepted: bool, purpose: str = "") -> None:
    services.record_decision(user=user, version_id=version.pk, accepted=accepted, language="en", origin=services.Origin(), purpose=purpose)


def ledger() -> list[tuple[str, str]]:
    return list(ConsentEvent.objects.in_order().values_list("purpose", "action"))


def test_location_needs_a_yes_and_language_models_a_no(person: User) -> None:
    assert (has_consent(person, Purpose.LOCATION), has_consent(person, Purpose.AI)) == (False, True)


def test_forbidding_language_models_counts_at_once_and_can_be_taken_back(person: User, privacy: LegalVersion) -> None:
    decide(person, privacy, accepted=False, purpose="ai")
    assert not has_consent(person, Purpose.AI)
    assert has_consent(legal_person(), Purpose.AI)

    decide(person, privacy, accepted=True, purpose="ai")
    assert has_consent(person, Purpose.AI)
    assert ledger() == [("ai", "rejected"), ("ai", "accepted")]


def test_no_to_the_privacy_policy_is_a_no_to_every_purpose(person: User, privacy: LegalVersion) -> None:
    update_profile(user=person, changes=HELSINKI)
    decide(person, privacy, accepted=True)

    decide(person, privacy, accepted=False)

    assert (has_consent(person, Purpose.LOCATION), has_consent(person, Purpose.AI)) == (False, False)
    assert Profile.objects.get(user=person).latitude is None
    assert ledger() == [("location", "accepted"), ("", "accepted"), ("", "withdrawn"), ("location", "withdrawn")]


def test_forbidding_the_location_removes_the_coordinates_in_the_same_transaction(person: User, privacy: LegalVersion) -> None:
    update_profile(user=person, changes=HELSINKI)

    decide(person, privacy, accepted=False, purpose="location")

    profile = Profile.objects.get(user=person)
    assert (profile.location_consent, profile.latitude, profile.longitude) == (False, None, None)
    assert ledger() == [("location", "accepted"), ("location", "withdrawn")]


def test_choice_made_in_the_profile_is_written_down_in_its_language(person: User, privacy: LegalVersion) -> None:
    update_profile(user=person, changes={"preferred_language": "fi"})

    update_profile(user=person, changes=HELSINKI)
    update_profile(user=person, changes={"city": "Helsinki"})

    event = ConsentEvent.objects.get()
    assert (event.purpose, event.action, event.language, event.version) == ("location", "accepted", "fi", privacy)
    assert has_consent(person, Purpose.LOCATION)


def test_profile_works_before_a_privacy_policy_is_published(person: User) -> None:
    update_profile(user=person, changes=HELSINKI)

    assert Profile.objects.get(user=person).latitude == 60.17
    assert not ConsentEvent.objects.exists()


def test_purpose_of_another_document_is_refused(person: User) -> None:
    terms = legal_version()

    with pytest.raises(PurposeNotInDocument):
        decide(person, terms, accepted=False, purpose="ai")

    assert not ConsentEvent.objects.exists()


def test_outdated_policy_cannot_allow_but_can_forbid(person: User, privacy: LegalVersion) -> None:
    legal_version(document_type="user_privacy", version="2.0")

    with pytest.raises(OutdatedVersion):
        decide(person, privacy, accepted=True, purpose="ai")
    decide(person, privacy, accepted=False, purpose="ai")

    assert ledger() == [("ai", "rejected")]
