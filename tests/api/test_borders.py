"""What is refused before anybody looks at it, what answers carry for browsers, and how they are packed."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from fammo.api import compression, versioning
from fammo.api.views import APIView
from tests.factories import accounts

pytestmark = pytest.mark.django_db


class TestEncodedBodies:
    @pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "gzip, identity"])
    def test_they_are_refused_unread(self, forgiving: APIClient, coding: str) -> None:
        bomb = gzip.compress(b"[" + b"0," * 1_000_000 + b"0]")

        answer = forgiving.post("/api/v1/echo/", bomb, content_type="application/json", headers={"Content-Encoding": coding})

        assert (answer.status_code, answer.json()["code"]) == (415, "content_encoding_not_supported")

    def test_identity_is_fine(self, api: APIClient) -> None:
        answer = api.post("/api/v1/echo/", b"{}", content_type="application/json", headers={"Content-Encoding": "identity"})

        assert answer.status_code == 200


class TestNumbersInAddresses:
    @pytest.fixture
    def superuser(self, forgiving: APIClient, settings: Any) -> APIClient:
        settings.ROOT_URLCONF = "fammo.urls"
        forgiving.force_login(accounts.superuser())
        return forgiving

    @pytest.mark.parametrize("number", [2**63, 10**30])
    def test_one_that_no_column_takes_is_not_found(self, superuser: APIClient, number: int) -> None:
        document = superuser.get(f"/api/v1/legal/documents/{number}/pdf/")
        case = superuser.get(f"/admin/clinics/queue/{number}/")

        assert (document.status_code, document.json()["code"], case.status_code) == (404, "not_found", 404)


class TestWagtailsApi:
    """Stands for any library's views under /api/cms/: the border holds before they are reached."""

    @pytest.mark.parametrize(
        "query", ["search=%00", "%00=1", "offset=99999999999999999999", "limit=9999999999", "&".join(f"a{n}=1" for n in range(10_001))]
    )
    def test_queries_that_it_would_break_on_are_400(self, forgiving: APIClient, query: str) -> None:
        answer = forgiving.get(f"/api/cms/pages/?{query}", headers={"Authorization": "Bearer x"})

        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")

    @pytest.mark.parametrize("body", [b"[" * 10_000 + b"]" * 10_000, b'{"title": "\\u0000"}', b'{"a": NaN}', b'{"a": 1e400}', b"\xff"])
    def test_bodies_that_it_would_break_on_are_400(self, forgiving: APIClient, body: bytes) -> None:
        answer = forgiving.post("/api/cms/pages/", body, content_type="application/json", headers={"Authorization": "Bearer x"})

        assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")

    def test_it_is_counted_before_it_does_anything(self, forgiving: APIClient, settings: Any) -> None:
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"cms": "2/minute"}
        settings.RATE_LIMIT_SCALE = 1

        answers = [forgiving.get("/api/cms/pages/") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [401, 401, 429]  # without a token
        assert answers[0]["X-RateLimit-Limit"] == "2"
        assert answers[2]["Retry-After"]
        assert forgiving.get("/api/v1/ping/").status_code == 200


class TestCompression:
    @pytest.fixture(autouse=True)
    def _long_list(self) -> None:
        Group.objects.all().delete()
        Group.objects.bulk_create(Group(name=f"a rather long name of a group {number}") for number in range(50))

    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("*", "br"),
            ("identity", ""),
            ("br;q=x", ""),
            ("", ""),
        ],
    )
    def test_the_best_that_is_taken(self, accepted: str, coding: str) -> None:
        assert compression.coding_of(accepted) == coding

    @pytest.mark.parametrize("path", ["/api/v1/stored/", "/api/v1/groups/"])
    def test_the_same_answer_in_fewer_bytes(self, api: APIClient, path: str) -> None:
        plain = api.get(path)
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}

        for coding in ("br", "gzip", "br"):  # the second time from the store
            packed = api.get(path, headers={"Accept-Encoding": coding})
            assert packed["Content-Encoding"] == coding
            assert unpack[coding](packed.content) == plain.content
            assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 3
            assert "Accept-Encoding" in packed["Vary"]
        assert "Content-Encoding" not in plain

    def test_what_is_known_packed_is_304(self, api: APIClient) -> None:
        etag = api.get("/api/v1/stored/", headers={"Accept-Encoding": "br"})["ETag"]

        assert etag.startswith('W/"')
        again = api.get("/api/v1/stored/", headers={"Accept-Encoding": "br", "If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert "Content-Encoding" not in again

    def test_answers_to_writes_are_not_packed(self, api: APIClient) -> None:
        answer = api.post("/api/v1/echo/", {"a": "x" * 2000}, format="json", headers={"Accept-Encoding": "gzip"})

        assert "Content-Encoding" not in answer

    def test_small_answers_are_not_packed(self, api: APIClient) -> None:
        assert "Content-Encoding" not in api.get("/api/v1/ping/", headers={"Accept-Encoding": "gzip"})


class TestSparseAnswers:
    @pytest.fixture(autouse=True)
    def _groups(self) -> None:
        Group.objects.all().delete()
        Group.objects.bulk_create(Group(name=name) for name in "ab")

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("groups/?fields=name", [{"name": "b"}, {"name": "a"}]),
            ("stored/?fields=name", [{"name": "a"}, {"name": "b"}]),
            ("ping/?fields=weight,status", {"weight": "4.50", "status": "ok"}),
        ],
    )
    def test_only_what_was_asked_for(self, api: APIClient, path: str, expected: Any) -> None:
        assert sorted(map(str, api.get(f"/api/v1/{path}").json())) == sorted(map(str, expected))

    def test_pages_keep_their_envelope(self, api: APIClient) -> None:
        page = api.get("/api/v1/groups/?page_size=1&fields=name").json()

        assert set(page) == {"count", "next", "previous", "results"}
        assert [set(row) for row in page["results"]] == [{"name"}]

    def test_what_is_not_there_is_refused(self, api: APIClient) -> None:
        answer = api.get("/api/v1/groups/?fields=name,password")

        assert answer.status_code == 400
        assert "password" in answer.json()["details"]["fields"][0]


class TestBrowserPolicy:
    @pytest.mark.parametrize(
        ("path", "script"),
        [
            ("/api/v1/ping/", "default-src 'none'"),
            ("/api/docs/", "script-src 'self';"),
            ("/admin/login/", "script-src 'self' 'unsafe-inline' 'unsafe-eval'"),
            ("/nothing/", "script-src 'self' 'nonce-"),
        ],
    )
    def test_strict_but_where_a_library_needs_more(self, forgiving: APIClient, path: str, script: str) -> None:
        answer = forgiving.get(path)

        policy = answer["Content-Security-Policy"]
        assert script.removesuffix("'nonce-").strip() in f"{policy};"
        assert "unsafe" not in policy.partition("script-src")[2].partition(";")[0] or path.startswith("/admin/")
        assert "object-src 'none'" in policy or "default-src 'none'" in policy

    def test_every_answer_says_what_else_a_browser_may_not(self, forgiving: APIClient) -> None:
        for path in ("/api/v1/ping/", "/api/v1/stored/", "/api/v1/stored/", "/nothing/"):
            answer = forgiving.get(path)
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"
            assert "camera=()" in answer["Permissions-Policy"]


class TestDeprecation:
    def test_answers_say_since_when_until_when_and_where_to_read(self, api: APIClient) -> None:
        answer = api.get("/api/v1/old/")

        assert answer["Deprecation"] == "@1767225600"
        assert answer["Sunset"] == "Wed, 01 Jul 2026 00:00:00 GMT"
        assert '<https://fammo.example/changes>; rel="deprecation"' in answer["Link"]

    def test_the_lists_own_link_stays(self, api: APIClient) -> None:
        assert 'rel="self"' in api.get("/api/v1/old/")["Link"]

    def test_half_a_year_is_the_least(self) -> None:
        with pytest.raises(ValueError, match="six months"):
            versioning.deprecated(since=date(2026, 1, 1), sunset=date(2026, 5, 1), link="")(APIView)
