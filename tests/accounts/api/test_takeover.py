"""A stranger signs up with the address of somebody who has not confirmed it yet, and the other way round (decision 0007)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from rest_framework.test import APIClient

from fammo.accounts.models import User

pytestmark = pytest.mark.django_db
Delivered = Callable[[], list[EmailMessage]]

EMAIL = "vet@clinic.example"
OWNERS, STRANGERS, CHOSEN = "a fine day for vets 1", "an intruder's word 8", "the owner's own word 10"


def sign_up(api: APIClient, password: str) -> None:
    assert api.post("/api/v1/auth/signup/", {"email": EMAIL, "password": password, "password_confirm": password}).status_code == 201


def register_clinic(api: APIClient, password: str) -> None:
    facts = {"clinic_name": "Paws", "address": "Street 1", "city": "Helsinki", "phone": "+358 9 1234567", "vet_name": "Dr. Jane"}
    body = facts | {"email": EMAIL, "password": password, "password_confirm": password}
    assert api.post("/api/v1/clinics/register/", body).status_code == 201


def logs_in(api: APIClient, password: str) -> bool:
    return api.post("/api/v1/auth/token/", {"email": EMAIL, "password": password}).status_code == 200


def path_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/\S+)", str(mail.body))
    assert found
    return found[1]


@pytest.mark.parametrize("ask", [sign_up, register_clinic])
@pytest.mark.parametrize("is_delivered_before", [True, False])
def test_the_owners_link_never_activates_a_strangers_password(
    api: APIClient, client: Client, delivered: Delivered, ask: Callable[[APIClient, str], None], is_delivered_before: bool
) -> None:
    ask(api, OWNERS)
    if is_delivered_before:
        delivered()
    sign_up(api, STRANGERS)

    for mail in delivered():
        client.post(path_in(mail))

    assert not logs_in(api, STRANGERS)


@pytest.mark.parametrize("ask", [sign_up, register_clinic])
def test_whoever_came_first_the_mailbox_chooses(
    api: APIClient, client: Client, delivered: Delivered, ask: Callable[[APIClient, str], None]
) -> None:
    ask(api, STRANGERS)
    first = path_in(delivered()[0])
    sign_up(api, OWNERS)
    newest = path_in(delivered()[-1])

    assert client.post(first).status_code == 410
    assert not User.objects.get().is_active
    answer = client.post(newest, {"new_password": CHOSEN, "new_password_confirm": CHOSEN})

    assert answer.status_code == 200
    assert logs_in(api, CHOSEN)
    assert not logs_in(api, STRANGERS)
