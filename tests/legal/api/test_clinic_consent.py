"""Consent of clinics: their owner decides, and the ledger knows both."""

from __future__ import annotations

from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from clinics.models import Clinic
from clinics.services import create_clinic
from fammo.accounts.models import User
from legal import ledger, services
from legal.models import ConsentEvent, ConsentOrigin, LegalVersion
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db
URL = "/api/v1/legal/consent/clinic/"
STATUS = "/api/v1/legal/consent/clinic/status/"


def clinic_of(owner: User, name: str = "Tassu") -> Clinic:
    return create_clinic(owner=owner, changes={"name": name, "city": "Helsinki"}, language="en", confirmation_email=owner.email)


@pytest.fixture
def clinic(person: User) -> Clinic:
    return clinic_of(person)


@pytest.fixture
def terms() -> LegalVersion:
    return legal_version(document_type="clinic_terms")


@pytest.mark.parametrize("path", [URL, "/api/v1/legal/clinic-consent/", "/api/v1/clinic-consent/"])
def test_owner_accepts_for_the_clinic(signed_in: APIClient, person: User, clinic: Clinic, terms: LegalVersion, path: str) -> None:
    answer = signed_in.post(path, {"document": terms.pk, "accepted": True}, headers={"X-App-Version": "3.1"}, REMOTE_ADDR="192.0.2.9")

    assert answer.status_code == 201
    expected = {
        "clinic": clinic.pk,
        "decided_by": person.pk,
        "id": ANY,
        "document": terms.pk,
        "document_type": "clinic_terms",
        "version": "1.0",
        "language": "en",
        "sha256": ConsentEvent.objects.get().text_sha256,
        "accepted": True,
        "state": "accepted",
        "accepted_at": ANY,
        "decided_at": ANY,
        "app_version": "3.1",
        "ip_address": "192.0.2.9",
        "event": 1,
    }
    assert answer.json() == expected
    assert signed_in.get(path).json() == [expected]
    assert signed_in.get("/api/v1/legal/consent/user/").json() == [], "the person agreed to nothing"
    assert ledger.verify().is_sound


def test_status_tells_what_the_clinic_has_yet_to_accept(signed_in: APIClient, clinic: Clinic, terms: LegalVersion) -> None:
    legal_version()
    (outstanding,) = signed_in.get(STATUS).json()["outstanding"]
    assert (outstanding["document"], outstanding["reason"]) == (terms.pk, "never_asked")

    signed_in.post(URL, {"document": terms.pk, "accepted": True})

    assert signed_in.get(STATUS).json() == {"up_to_date": True, "outstanding": []}


def test_owner_of_several_clinics_says_which(signed_in: APIClient, person: User, clinic: Clinic, terms: LegalVersion) -> None:
    second = clinic_of(person, "Turku")

    refused = signed_in.post(URL, {"document": terms.pk, "accepted": True})
    taken = signed_in.post(URL, {"clinic": second.pk, "document": terms.pk, "accepted": True})

    assert (refused.status_code, "clinic" in refused.json()) == (400, True)
    assert (taken.status_code, taken.json()["clinic"]) == (201, second.pk)
    assert signed_in.get(URL, {"clinic": clinic.pk}).json() == []


def test_nobody_decides_for_a_clinic_of_somebody_else(signed_in: APIClient, terms: LegalVersion) -> None:
    foreign = clinic_of(legal_person("vet"))

    for body in ({}, {"clinic": foreign.pk}):
        answer = signed_in.post(URL, {"document": terms.pk, "accepted": True, **body})
        assert (answer.status_code, answer.json()["code"]) == (404, "clinic_not_found")
    assert not ConsentEvent.objects.exists()


def test_documents_for_people_are_not_for_clinics(signed_in: APIClient, clinic: Clinic) -> None:
    answer = signed_in.post(URL, {"document": legal_version().pk, "accepted": True})

    assert (answer.status_code, answer.json()["code"]) == (400, "not_for_clinics")
    assert not ConsentEvent.objects.exists()


def test_erasing_the_person_keeps_the_clinics_decision(signed_in: APIClient, person: User, clinic: Clinic, terms: LegalVersion) -> None:
    signed_in.post(URL, {"document": terms.pk, "accepted": True})

    services.forget_person(user=person)

    (row,) = signed_in.get(URL).json()
    assert (row["accepted"], row["decided_by"], row["ip_address"]) == (True, None, None)
    assert not ConsentOrigin.objects.exists()
    assert ledger.verify().is_sound
