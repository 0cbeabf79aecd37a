from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from rest_framework.test import APIClient

from fammo.accounts.models import User
from fammo.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/forgot-password/"


def test_a_known_and_an_unknown_address_get_the_same_answer_for_the_same_work(
    api: APIClient, anna: User, delivered: Callable[[], list[EmailMessage]], django_assert_num_queries: Callable[..., object]
) -> None:
    queries, answers = [], []
    for email in ("anna@fammo.example", "nobody@fammo.example"):
        with django_assert_num_queries(4) as caught:  # type: ignore[attr-defined]
            answers.append(api.post(URL, {"email": email}))
        queries.append([query["sql"].partition(" ")[0] for query in caught.captured_queries])

    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["success"] is True
    assert queries[0] == queries[1]
    assert [mail.to for mail in delivered()] == [["anna@fammo.example"]]


def test_the_mail_speaks_the_language_of_the_request(api: APIClient, anna: User) -> None:
    api.post(URL, {"email": anna.email}, HTTP_ACCEPT_LANGUAGE="fi-FI,fi;q=0.9")

    assert OutgoingMail.objects.get().language == "fi"


@pytest.mark.parametrize("body", [{}, {"email": "nonsense"}])
def test_bad_input_is_refused(api: APIClient, body: dict[str, str]) -> None:
    assert api.post(URL, body).status_code == 400
    assert not OutgoingMail.objects.exists()


def test_many_at_once_send_one_mail(api: APIClient, anna: User, limits: Callable[..., None]) -> None:
    limits(account_mail="1/minute", auth="100/minute")

    assert {api.post(URL, {"email": anna.email}).status_code for _ in range(5)} == {200}
    assert OutgoingMail.objects.count() == 1
