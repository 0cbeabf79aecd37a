from __future__ import annotations

import re
import uuid
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from fammo.accounts.models import Session, User
from fammo.api import errors
from tests.factories import accounts

pytestmark = pytest.mark.django_db

RESERVED = {"type", "title", "status", "detail", "instance", "code", "error", "message", "details", "request_id"}


def test_validation_error_names_fields_twice_without_replacing_members(api: APIClient) -> None:
    answer = api.get("/api/v1/raise/invalid/")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "http://testserver/problems/validation-failed/",
        "title": "Validation failed",
        "status": 400,
        "detail": "Please correct the marked fields.",
        "instance": "/api/v1/raise/invalid/",
        "code": "validation_error",
        "error": "Validation failed",
        "message": "Please correct the marked fields.",
        "details": {"weight": ["Too heavy."], "status": ["Unknown."]},
        "request_id": ANY,
        "weight": ["Too heavy."],
    }


@pytest.mark.parametrize(
    ("what", "status", "kind", "code"),
    [
        ("conflict", 409, "conflict", "slot_unavailable"),
        ("not-allowed", 403, "permission-denied", "permission_denied"),
        ("denied", 403, "permission-denied", "permission_denied"),
        ("not-found", 404, "not-found", "not_found"),
        ("http404", 404, "not-found", "not_found"),
        ("not-authenticated", 401, "not-authenticated", "not_authenticated"),
        ("changed", 412, "precondition-failed", "precondition_failed"),
        ("quota", 429, "quota-used-up", "limit_reached"),
        ("rate", 429, "rate-limited", "limit_reached"),
        ("suspicious", 400, "bad-request", "parse_error"),
        ("too-big", 413, "payload-too-large", "payload_too_large"),
        ("model", 400, "validation-failed", "validation_error"),
    ],
)
def test_every_refusal_has_the_same_body(api: APIClient, what: str, status: int, kind: str, code: str) -> None:
    answer = api.get(f"/api/v1/raise/{what}/")

    body = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert body.keys() >= RESERVED
    assert (body["status"], body["type"], body["code"]) == (status, f"http://testserver/problems/{kind}/", code)


def test_quota_tells_its_numbers_and_rate_tells_when_to_come_back(api: APIClient) -> None:
    quota, rate = api.get("/api/v1/raise/quota/"), api.get("/api/v1/raise/rate/")

    assert (quota.json()["limit"], quota.json()["used"], quota.json()["reset_date"]) == (3, 3, "2026-12-01")
    assert rate["Retry-After"] == "30"


def test_nested_and_model_errors_are_flat_lists_per_field(api: APIClient) -> None:
    assert api.get("/api/v1/raise/nested/").json()["details"] == {"hours.1.open": ["Required."]}
    assert api.get("/api/v1/raise/model/").json()["details"] == {"name": ["Taken."], "non_field_errors": ["Together they are wrong."]}
    assert api.get("/api/v1/raise/one/").json()["detail"] == "Only this."


@pytest.mark.parametrize("debug", [False, True])
def test_failure_has_an_id_and_nothing_of_its_cause(forgiving: APIClient, settings: Any, debug: bool) -> None:
    settings.DEBUG = debug

    answer = forgiving.get("/api/v1/raise/broken/")

    assert answer.status_code == 500
    assert re.fullmatch(r"ERR-\d{4}-\d\d-\d\d-[0-9a-f]{8}", answer.json()["error_id"])
    assert b"secret cause" not in answer.content
    assert b"BrokenError" not in answer.content


def test_without_the_database_callers_are_told_to_come_again(forgiving: APIClient) -> None:
    answer = forgiving.get("/api/v1/raise/database-away/")

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "unavailable", "5")
    assert answer.json()["error_id"].startswith("ERR-")
    assert b"secret cause" not in answer.content


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("path", "host", "status"), [("/api/v1/nothing/", "testserver", 404), ("/api/v1/ping/", "evil.example", 400)])
def test_refusals_before_any_view_are_problems_too(
    forgiving: APIClient, settings: Any, path: str, host: str, status: int, debug: bool
) -> None:
    settings.DEBUG = debug

    answer = forgiving.get(path, headers={"Host": host})

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_pages_get_html(forgiving: APIClient) -> None:
    answer = forgiving.get("/nothing/")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert b"Not found" in answer.content
    assert b'<main id="content"' in answer.content
    assert b'<a class="button" href="/">' in answer.content
    assert b" style=" not in answer.content


def test_the_page_of_a_failure_asks_the_database_nothing(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = errors.server_error(rf.get("/nothing/"))

    assert answer.status_code == 500
    assert re.search(rb"please name ERR-[-0-9a-f]+\.", answer.content)
    assert b'<main id="content"' in answer.content


def test_method_media_type_and_accept_are_refused_with_what_is_allowed(api: APIClient) -> None:
    wrong_method = api.delete("/api/v1/ping/")
    wrong_body = api.post("/api/v1/echo/", "x", content_type="text/plain")
    wrong_accept = api.get("/api/v1/ping/", headers={"Accept": "application/vnd.fammo.v2+json"})

    assert (wrong_method.status_code, wrong_method["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert wrong_body.status_code == 415
    assert wrong_accept.status_code == 406
    assert wrong_accept["Content-Type"] == "application/problem+json"


def test_sentences_are_in_the_language_of_the_caller(api: APIClient) -> None:
    answer = api.get("/api/v1/private/", headers={"Accept-Language": "fi"})

    assert answer["Content-Language"] == "fi"
    assert answer.json()["detail"] != api.get("/api/v1/private/").json()["detail"]


class TestTokens:
    def token(self, **claims: Any) -> str:
        """A genuine token of a living login, with other claims where they are named."""
        token = AccessToken(accounts.login(accounts.person()).access)  # type: ignore[arg-type]
        token.payload |= claims
        return str(token)

    def call(self, token: str) -> Any:
        return APIClient(raise_request_exception=False).get("/api/v1/private/", headers={"Authorization": f"Bearer {token}"})

    def test_good_token_is_its_user(self) -> None:
        user = accounts.person()

        assert self.call(accounts.login(user).access).json() == {"user": user.pk}

    def test_scheme_is_read_in_any_case(self, api: APIClient) -> None:
        assert api.get("/api/v1/private/", headers={"Authorization": f"bearer {self.token()}"}).status_code == 200

    def test_everything_wrong_with_a_token_is_401(self) -> None:
        strange = [
            *(self.token(user_id=who) for who in ("1", "x" * 30, "9" * 400, None, [1], {"pk": 1})),
            *(self.token(sid=which) for which in (str(uuid.uuid4()), "x", "", 1, None, [1])),
            self.token(token_type="refresh"),
            str(RefreshToken.for_user(accounts.person())),
            self.token()[:-2] + "xx",
            "a.b.c",
            "a b",
            "e" * 5000,
            "Ww" * 20_000 + ".e30.e30",
        ]

        answers = [self.call(token) for token in strange]

        assert [answer.status_code for answer in answers] == [401] * len(strange)
        assert {answer["WWW-Authenticate"] for answer in answers} == {'Bearer realm="api"'}

    def test_deactivated_person_is_401(self) -> None:
        user = accounts.person()
        token = accounts.login(user).access
        User.objects.filter(pk=user.pk).update(is_active=False)

        assert self.call(token).status_code == 401

    def test_ended_session_is_401(self) -> None:
        token = self.token()
        Session.objects.update(ended_at=timezone.now(), ended_reason=Session.EndReason.LOGOUT)

        answer = self.call(token)

        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


@pytest.mark.parametrize(("language", "sentence"), [("fi", "Ei löytynyt."), ("nl", "Niet gevonden."), ("xx", "Not found.")])
def test_a_path_that_leads_nowhere_is_said_in_the_callers_language(forgiving: APIClient, language: str, sentence: str) -> None:
    answer = forgiving.get("/api/v1/nothing/", headers={"Accept-Language": language})

    assert (answer["Content-Language"], answer.json()["detail"]) == (language if language != "xx" else "en", sentence)
    assert answer["X-Content-Type-Options"] == "nosniff"
