"""Signing in with Google, against a key server of our own."""

from __future__ import annotations

import ipaddress
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import ANY

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_httpserver import HTTPServer
from rest_framework.test import APIClient

from fammo.accounts import google, services
from fammo.accounts.models import Erasure, GoogleIdentity, Session, User
from fammo.mail.models import OutgoingMail
from legal import selectors
from legal.services import Origin, record_device_decision
from tests.factories import accounts
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db

URL = "/api/v1/auth/google/"
APP = "fammo.apps.googleusercontent.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(**keys: rsa.RSAPrivateKey) -> dict[str, Any]:
    return {
        "keys": [
            json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": "RS256", "use": "sig"}
            for kid, key in keys.items()
        ]
    }


def pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def id_token(key: rsa.RSAPrivateKey = KEY, kid: str = "one", **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": "https://accounts.google.com",
        "aud": APP,
        "sub": "110169484474386276334",
        "email": "Anna@fammo.example",
        "email_verified": True,
        "given_name": "Anna",
        "iat": now,
        "exp": now + 3600,
    } | changes
    return jwt.encode(
        {name: value for name, value in claims.items() if value is not None}, pem(key), algorithm="RS256", headers={"kid": kid}
    )


@pytest.fixture(autouse=True)
def keys(httpserver: HTTPServer, environment: Callable[..., None], settings: Any) -> Iterator[HTTPServer]:
    httpserver.expect_request("/keys").respond_with_json(published(one=KEY))
    environment(google_client_ids=[APP, "ios.apps.googleusercontent.com"], google_keys_url=httpserver.url_for("/keys"))
    settings.OUTBOUND_HOSTS = frozenset({"localhost", "127.0.0.1"})
    settings.OUTBOUND_PRIVATE_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    google.forget_keys()
    yield httpserver
    google.forget_keys()


def log_in(api: APIClient, **changes: Any) -> Any:
    return api.post(URL, {"id_token": id_token(**changes)})


def test_a_known_person_gets_tokens(api: APIClient, anna: User) -> None:
    response = log_in(api)

    assert response.status_code == 200
    assert response.json() == {"access": ANY, "refresh": ANY}
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access']}")
    assert api.get("/api/v1/me/").json()["user"]["id"] == anna.pk
    assert GoogleIdentity.objects.get().user == anna
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["accounts.google_linked"]


def test_a_new_person_gets_an_account_without_a_password(api: APIClient) -> None:
    assert log_in(api).status_code == 200

    user = User.objects.get()
    assert (user.email, user.first_name, user.is_active) == ("anna@fammo.example", "Anna", True)
    assert user.email_confirmed_at is not None
    assert not user.has_usable_password()


@pytest.mark.parametrize("name", ["id_token", "idToken", "token", "credential"])
def test_the_names_that_apps_use(api: APIClient, anna: User, name: str) -> None:
    assert api.post(URL, {name: id_token()}).status_code == 200


def test_the_second_time_nothing_is_told(api: APIClient, anna: User) -> None:
    log_in(api)
    log_in(api)

    assert OutgoingMail.objects.count() == 1
    assert Session.objects.count() == 2


def test_rotation_is_as_with_a_password(api: APIClient, anna: User) -> None:
    refresh = api.post(URL, {"id_token": id_token(), "rotation": True}).json()["refresh"]

    assert services.refresh_tokens(refresh=refresh).refresh


def test_google_s_id_counts_when_the_address_moved(api: APIClient, anna: User) -> None:
    log_in(api)
    User.objects.filter(pk=anna.pk).update(email="elsewhere@fammo.example")

    assert log_in(api).status_code == 200
    assert User.objects.count() == 1


def test_another_google_account_with_the_same_address_is_another_person(api: APIClient, anna: User) -> None:
    log_in(api)

    response = log_in(api, sub="999")

    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")
    assert GoogleIdentity.objects.count() == 1


def test_a_deactivated_account_stays_deactivated(api: APIClient) -> None:
    accounts.deactivated("anna@fammo.example")

    response = log_in(api)

    assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")
    assert not User.objects.get().is_active
    assert not GoogleIdentity.objects.exists()
    assert not Session.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_password_that_nobody_proved_goes(api: APIClient) -> None:
    """Whoever signed up with Anna's address first may have been a stranger (docs/decisions/0007)."""
    accounts.unconfirmed("anna@fammo.example")

    assert log_in(api).status_code == 200

    user = User.objects.get()
    assert user.is_active
    assert not user.has_usable_password()


def test_device_of_a_strangers_sign_up_gives_way_to_ones_own(api: APIClient) -> None:
    version, theirs, mine = legal_version(), uuid.uuid4(), uuid.uuid4()
    for device in (theirs, mine):
        record_device_decision(device_id=device, version_id=version.pk, accepted=True, language="en", origin=Origin())
    user = accounts.unconfirmed("anna@fammo.example", signed_up_on=theirs)

    assert api.post(URL, {"id_token": id_token()}, headers={"X-Device-ID": str(mine)}).status_code == 200

    assert [consent.event_id for consent in selectors.consents_of(user)] == [2]
    user.refresh_from_db()
    assert user.signed_up_on is None


def test_coming_back_calls_an_erasure_off(api: APIClient, anna: User) -> None:
    services.request_erasure(user=anna, origin=Erasure.Origin.OWNER, actor=anna)

    log_in(api)

    assert Erasure.objects.get().state == Erasure.State.CANCELLED


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another.apps.googleusercontent.com"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"email": None},
        {"email": ""},
        {"email": ["anna@fammo.example"]},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"key": OTHER_KEY},
        {"kid": "two"},
    ],
    ids="-".join,  # the claims alone: values differ between processes
)
def test_what_google_did_not_say_opens_nothing(api: APIClient, anna: User, changes: dict[str, Any]) -> None:
    response = log_in(api, **changes)

    assert (response.status_code, response.json()["code"]) == (401, "google_token_not_valid")
    assert not Session.objects.exists()
    assert not GoogleIdentity.objects.exists()


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "a.b.c",
        jwt.encode({"sub": "1"}, "", algorithm="none"),
        jwt.encode({"sub": "1"}, "k" * 40, algorithm="HS256", headers={"kid": "one"}),
        "x" * 8000,
    ],
)
def test_nonsense_is_refused(api: APIClient, token: str) -> None:
    assert api.post(URL, {"id_token": token}).status_code == 401


@pytest.mark.parametrize("body", [{}, {"id_token": ""}, {"id_token": None}, {"id_token": "x" * 9000}])
def test_bad_input_is_refused(api: APIClient, body: dict[str, Any]) -> None:
    assert api.post(URL, body).status_code == 400


def test_without_a_client_id_it_is_off(api: APIClient, environment: Callable[..., None]) -> None:
    environment(google_client_ids=[])

    response = log_in(api)

    assert (response.status_code, response.json()["code"]) == (404, "google_sign_in_off")


class TestKeys:
    def test_they_are_fetched_once(self, api: APIClient, anna: User, keys: HTTPServer) -> None:
        for _ in range(3):
            log_in(api)

        assert len(keys.log) == 1

    def test_a_new_key_is_found_and_unknown_ones_are_not_asked_for_again_and_again(
        self, api: APIClient, anna: User, keys: HTTPServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log_in(api)
        keys.clear()
        keys.expect_request("/keys").respond_with_json(published(one=KEY, two=OTHER_KEY))
        for _ in range(5):
            assert log_in(api, kid="two", key=OTHER_KEY).status_code == 401
        assert keys.log == [], "within a minute strangers cannot make us ask again"

        monkeypatch.setattr(google, "PAUSE_SECONDS", 0)

        assert log_in(api, kid="two", key=OTHER_KEY).status_code == 200

    def test_a_dead_server_is_said_so(self, api: APIClient, anna: User, environment: Callable[..., None]) -> None:
        environment(google_client_ids=[APP], google_keys_url="http://127.0.0.1:1/keys")

        response = log_in(api)

        assert (response.status_code, response.json()["code"]) == (503, "google_unavailable")
        assert not Session.objects.exists()

    @pytest.mark.parametrize("answer", ["", "<html>", "[]", '{"keys": 7}', '{"keys": []}'])
    def test_an_answer_without_keys_is_no_answer(self, api: APIClient, anna: User, keys: HTTPServer, answer: str) -> None:
        keys.clear()
        keys.expect_request("/keys").respond_with_data(answer)

        assert log_in(api).status_code == 503

    def test_known_keys_outlive_a_dead_server(self, api: APIClient, anna: User, keys: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
        log_in(api)
        keys.clear()
        keys.expect_request("/keys").respond_with_data("", status=500)
        monkeypatch.setattr(google, "FRESH_SECONDS", -1)
        monkeypatch.setattr(google, "PAUSE_SECONDS", 0)

        assert log_in(api).status_code == 200
        monkeypatch.setattr(google, "STALE_SECONDS", -1)
        assert log_in(api).status_code == 503
