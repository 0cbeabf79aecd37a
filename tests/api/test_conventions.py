from __future__ import annotations

import base64
from typing import Any

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

from fammo.api import conditional, language

pytestmark = pytest.mark.django_db


class TestJson:
    def test_decimals_are_strings_and_moments_end_in_z(self, api: APIClient) -> None:
        assert api.get("/api/v1/ping/").json() == {"status": "ok", "moment": "2026-01-02T03:04:05Z", "weight": "4.50"}

    def test_vendor_media_type_is_understood_both_ways(self, api: APIClient) -> None:
        vendor = "application/vnd.fammo.v1+json"

        answer = api.post("/api/v1/echo/", b'{"a": 1}', content_type=vendor, headers={"Accept": vendor})

        assert answer["Content-Type"] == vendor
        assert answer.json() == {"a": 1}

    @pytest.mark.parametrize(
        "body",
        [
            b'{"a": NaN}',
            b'{"a": Infinity}',
            b'{"a": 1e400}',
            rb'{"a": "\ud800"}',
            rb'{"a": "\u0000"}',
            rb'{"a\u0000": [1]}',
            b'{"a": 1, "a": 1}',
            b'[{"a": {"b": 1, "c": 2, "b": 3}}]',
            b"\xff",
            b"{",
            b"[" * 33 + b"]" * 33,
            b"[" * 10_000,
            b"[" * 10_000 + b"]" * 10_000,
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        ],
        ids=lambda body: repr(body[:20]),
    )
    def test_what_is_not_strict_json_is_400(self, forgiving: APIClient, body: bytes) -> None:
        answer = forgiving.post("/api/v1/echo/", body, content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")

    def test_32_levels_are_fine(self, api: APIClient) -> None:
        body = b"[" * 32 + b"]" * 32

        assert api.post("/api/v1/echo/", body, content_type="application/json").content == body

    def test_many_shallow_brackets_and_an_escaped_backslash_are_fine(self, api: APIClient) -> None:
        data = {"list": [[number] for number in range(100)], "text": "a literal \\u0000 in words"}

        assert api.post("/api/v1/echo/", data, format="json").json() == data

    def test_body_over_the_limit_is_413(self, forgiving: APIClient, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

        answer = forgiving.post("/api/v1/echo/", {"a": "x" * 200}, format="json")

        assert answer.status_code == 413

    @pytest.mark.parametrize("path", ["/api/v1/ping/%00/", "/api/v1/ping/?verbose=%00", "/api/v1/ping/?%00=1"])
    def test_nul_in_a_url_is_400(self, forgiving: APIClient, path: str) -> None:
        assert forgiving.get(path).status_code == 400

    def test_nul_in_a_form_is_400(self, forgiving: APIClient) -> None:
        assert forgiving.post("/api/v1/echo/", {"a": "x\x00"}, format="multipart").status_code == 400


class TestRequestId:
    def test_sane_id_comes_back(self, api: APIClient) -> None:
        assert api.get("/api/v1/ping/", headers={"X-Request-ID": "app-7.b_c"})["X-Request-ID"] == "app-7.b_c"

    @pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "a\nb", "ä", "<script>"])
    def test_anything_else_is_replaced(self, api: APIClient, sent: str) -> None:
        assert api.get("/api/v1/ping/", headers={"X-Request-ID": sent})["X-Request-ID"] not in {"", sent}

    def test_pages_carry_one_too(self, forgiving: APIClient) -> None:
        assert forgiving.get("/nothing/")["X-Request-ID"]


class TestLanguage:
    def test_header_wins_and_lazy_texts_follow(self, api: APIClient) -> None:
        answer = api.get("/api/v1/lazy/", headers={"Accept-Language": "de, tr;q=0.8"})

        assert answer["Content-Language"] == "tr"
        assert "Accept-Language" in answer["Vary"]
        assert answer.json()["text"] != "This field is required."

    def test_unknown_languages_are_english(self, api: APIClient) -> None:
        assert api.get("/api/v1/lazy/", headers={"Accept-Language": "de"})["Content-Language"] == "en"

    def test_own_language_of_the_person_comes_second(self, api: APIClient, monkeypatch: pytest.MonkeyPatch, django_user_model: Any) -> None:
        monkeypatch.setattr(language, "_of_user", [lambda user: "nl"])
        api.force_authenticate(django_user_model(pk=5, email="a@example.org"))

        assert api.get("/api/v1/lazy/")["Content-Language"] == "nl"
        assert api.get("/api/v1/lazy/", headers={"Accept-Language": "fi"})["Content-Language"] == "fi"


class TestLists:
    @pytest.fixture(autouse=True)
    def _three_groups(self) -> None:
        Group.objects.all().delete()
        Group.objects.bulk_create(Group(name=name) for name in ("a", "b", "c"))

    def test_bare_list_tells_its_length(self, api: APIClient) -> None:
        answer = api.get("/api/v1/plain/")

        assert answer.json() == ["a", "b", "c"]
        assert answer["X-Total-Count"] == "3"
        assert answer["Link"] == '<http://testserver/api/v1/plain/>; rel="self"'

    def test_over_the_cap_is_an_error_not_a_cut(self, api: APIClient) -> None:
        Group.objects.create(name="d")

        answer = api.get("/api/v1/plain/")

        assert answer.status_code == 400
        assert "page_size" in answer.json()["detail"]
        assert api.get("/api/v1/plain/?page=1").json()["count"] == 4

    def test_pages_link_through_the_public_origin(self, api: APIClient) -> None:
        answer = api.get("/api/v1/plain/?page=2&page_size=1", headers={"Host": "testserver"})

        assert answer.json() == {
            "count": 3,
            "next": "http://testserver/api/v1/plain/?page=3&page_size=1",
            "previous": "http://testserver/api/v1/plain/?page_size=1",
            "results": ["b"],
        }
        assert 'rel="next"' in answer["Link"]
        assert 'rel="prev"' in answer["Link"]
        assert answer["X-Total-Count"] == "3"

    @pytest.mark.parametrize("size", ["0", "201", "x", "-1", "١", "9" * 40])
    def test_page_size_out_of_range_is_refused(self, api: APIClient, size: str) -> None:
        assert api.get("/api/v1/plain/", {"page_size": size}).json()["details"].keys() == {"page_size"}

    @pytest.mark.parametrize("page", ["9", "0", "", "x"])
    def test_page_that_is_not_there_is_404(self, api: APIClient, page: str) -> None:
        assert api.get(f"/api/v1/plain/?page={page}").status_code == 404

    @pytest.mark.parametrize(
        ("path", "expected"),
        [("groups", ["c", "b", "a"]), ("stored", ["c", "b", "a"]), ("letters", ["a", "b", "c"])],
        ids=["models", "plain rows", "rows in memory"],
    )
    def test_cursor_walks_the_whole_list_once_and_back(self, api: APIClient, path: str, expected: list[str]) -> None:
        seen: list[str] = []
        url: str | None = f"/api/v1/{path}/?cursor=&page_size=2"
        while url:
            answer = api.get(url)
            body = answer.json()
            assert (body["count"], answer["X-Total-Count"]) == (3, "3")
            seen += [row["name"] for row in body["results"]]
            url = body["next"]

        assert seen == expected
        assert [row["name"] for row in api.get(body["previous"]).json()["results"]] == expected[:2]

    @pytest.mark.parametrize("path", ["groups", "stored", "letters"])
    @pytest.mark.parametrize(
        "cursor", ["abc", "ä", *(base64.b64encode(inside).decode() for inside in (b"p=abc", b"p=%00", b"p=&o=1", b"p=" + b"9" * 30, b"-1"))]
    )
    def test_forged_cursor_is_refused_or_without_effect(self, forgiving: APIClient, path: str, cursor: str) -> None:
        answer = forgiving.get(f"/api/v1/{path}/", {"cursor": cursor})

        assert answer.status_code == 404 or len(answer.json()["results"]) == 3

    @pytest.mark.parametrize("query", ["name=b", "filter[name]=b", "filter%5Bname%5D=B"])
    def test_filters_are_understood_in_both_spellings(self, api: APIClient, query: str) -> None:
        assert [row["name"] for row in api.get(f"/api/v1/groups/?{query}").json()] == ["b"]

    @pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30])
    def test_number_that_no_column_takes_is_refused(self, forgiving: APIClient, number: str) -> None:
        assert forgiving.get(f"/api/v1/groups/?member={number}").json()["details"].keys() == {"member"}

    @pytest.mark.parametrize("query", ["nmae=b", "filter[nmae]=b", "filter[name=b", "id=1"])
    def test_unknown_parameters_are_refused(self, api: APIClient, query: str) -> None:
        answer = api.get(f"/api/v1/groups/?{query}")

        assert answer.status_code == 400
        assert answer.json()["details"].keys() == {query.split("=")[0]}

    def test_sort_has_an_allow_list(self, api: APIClient) -> None:
        assert [row["name"] for row in api.get("/api/v1/groups/?sort=-name").json()] == ["c", "b", "a"]
        assert api.get("/api/v1/groups/?sort=-id").json()["details"].keys() == {"sort"}


class TestConditions:
    def test_write_must_name_the_state_it_was_made_for(self, api: APIClient) -> None:
        etag = conditional.etag_of("thing", 7)

        assert api.put("/api/v1/versioned/").status_code == 428
        assert api.put("/api/v1/versioned/", headers={"If-Match": conditional.etag_of("thing", 6)}).status_code == 412
        assert api.put("/api/v1/versioned/", headers={"If-Match": f'"x", {etag}'}).status_code == 200
        assert api.put("/api/v1/versioned/", headers={"If-Match": "*"}).status_code == 200

    @pytest.fixture
    def url(self) -> str:
        return f"/api/v1/groups/{Group.objects.create(name='first').pk}/"

    def test_every_answer_names_its_state(self, api: APIClient, url: str) -> None:
        etag = api.get(url)["ETag"]

        short = api.get(url, headers={"If-None-Match": etag})

        assert (short.status_code, short.content, short["ETag"]) == (304, b"", etag)
        Group.objects.filter(name="first").update(name="second")
        assert api.get(url, headers={"If-None-Match": etag}).status_code == 200

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_write_for_an_older_state_is_refused_everywhere_and_one_for_none_is_not(self, api: APIClient, url: str, method: str) -> None:
        write = getattr(api, method)
        etag = api.get(url)["ETag"]
        assert api.patch(url, {"name": "second"}, format="json").status_code == 200

        late = write(url, {"name": "third"}, format="json", headers={"If-Match": etag})

        assert (late.status_code, late.json()["type"].endswith("/precondition-failed/")) == (412, True)
        assert api.get(url).json()["name"] == "second"
        assert write(url, {"name": "third"}, format="json", headers={"If-Match": api.get(url)["ETag"]}).status_code in {200, 204}
        assert not Group.objects.filter(name="second").exists()

    def test_what_is_not_there_has_no_state(self, api: APIClient) -> None:
        answer = api.patch("/api/v1/groups/987654321/", {"name": "third"}, format="json", headers={"If-Match": "*"})

        assert answer.status_code == 404

    @pytest.mark.parametrize("known", ['"a"', 'W/"a"', '"b", "a"', "*"])
    def test_known_etag_in_any_spelling(self, known: str) -> None:
        assert conditional.is_known({"HTTP_IF_NONE_MATCH": known}, '"a"')

    def test_unknown_etag(self) -> None:
        assert not conditional.is_known({"HTTP_IF_NONE_MATCH": '"b"'}, '"a"')
        assert not conditional.is_known({}, '"a"')
