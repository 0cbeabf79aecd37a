"""/clinics/{id}/vet-profile/"""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db


def test_everybody_reads_who_treats_the_animals(api: APIClient) -> None:
    clinic = clinics.approved()

    assert api.get(f"/api/v1/clinics/{clinic.pk}/vet-profile/").json() == {
        "clinic": clinic.pk,
        "vet_name": "Dr. Jane Smith",
        "degrees": "DVM, University of Helsinki",
        "certifications": "",
        "bio": "Full-service veterinary clinic.",
    }


@pytest.mark.parametrize(("verb", "code"), [("post", 201), ("patch", 200)])
def test_a_change_waits_for_its_approval(api: APIClient, as_vet: APIClient, vet: User, verb: str, code: int) -> None:
    clinic = clinics.approved(vet)
    url = f"/api/v1/clinics/{clinic.pk}/vet-profile/"

    response = getattr(as_vet, verb)(url, {"vet_name": "Dr. New"})

    assert response.status_code == code
    assert (response.json()["vet_name"], response.json()["degrees"]) == ("Dr. New", "DVM, University of Helsinki")
    assert api.get(url).json()["vet_name"] == "Dr. Jane Smith"
    clinics.approve(clinic)
    assert api.get(url).json()["vet_name"] == "Dr. New"
