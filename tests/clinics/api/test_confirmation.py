"""Confirming the address: the app's GET, the mail's page with its button, and sending again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from rest_framework.test import APIClient

from clinics import services
from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db
Delivered = Callable[[], list[EmailMessage]]


@pytest.fixture
def letter(vet: User, delivered: Delivered) -> str:
    """The path of the link in the mail that a new clinic gets."""
    services.register_own_clinic(owner=vet, changes=clinics.facts(name="Mine", email=""), language="en")
    found = re.search(r"http://testserver(/vets/confirm-email/\d+/[^/]+/)", str(delivered()[-1].body))
    assert found
    return found[1]


def test_the_app_confirms_with_the_token(api: APIClient, letter: str) -> None:
    clinic = Clinic.objects.get()
    token = letter.split("/")[-2]

    response = api.get(f"/api/v1/clinics/confirm-email/{token}/")

    assert response.json() == {
        "success": True,
        "message": "The e-mail address is confirmed. Our moderators look at the clinic now.",
        "clinic_id": clinic.pk,
        "clinic_name": "Mine",
        "email_confirmed": True,
        "admin_approved": False,
    }
    assert Clinic.objects.get().state == "pending"
    assert api.get(f"/api/v1/clinics/confirm-email/{token}/").status_code == 400
    assert api.get("/api/v1/clinics/confirm-email/nonsense/").status_code == 400


def test_looking_at_the_page_changes_nothing_and_the_button_does(letter: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(letter)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert Clinic.objects.get().state == "unconfirmed"
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert found

    answer = browser.post(letter, {"csrfmiddlewaretoken": found[1]})

    assert answer.status_code == 200
    assert "Mine" in answer.content.decode()
    assert Clinic.objects.get().state == "pending"
    assert browser.get(letter).status_code == 410


def test_the_page_of_another_clinic_takes_no_foreign_token(client: Client, letter: str) -> None:
    other = clinics.unconfirmed()
    path = f"/vets/confirm-email/{other.pk}/{letter.split('/')[-2]}/"

    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert not Clinic.objects.filter(state="pending").exists()


def test_sending_again_answers_alike_for_every_address(api: APIClient, vet: User, delivered: Delivered) -> None:
    clinics.unconfirmed(vet)

    answers = [api.post("/api/v1/clinics/send-confirmation-email/", {"email": email}) for email in (vet.email, "nobody@fammo.example")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert [mail.to for mail in delivered()] == [[vet.email]]
