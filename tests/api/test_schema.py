from __future__ import annotations

from typing import Any

import pytest
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from fammo.api import errors, schema

from . import urls

OUTSIDE = (b"fonts.googleapis", b"cdn.jsdelivr", b"unpkg.com", b"gstatic")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    generated: dict[str, Any] = SchemaGenerator(patterns=[path("api/v1/", include(urls.router.urls))]).get_schema(public=True)
    return schema.add_shared_components(generated)


def test_document_is_valid_openapi_and_made_without_a_warning(document: dict[str, Any]) -> None:
    validate_schema(document)

    assert document["openapi"] == "3.1.0"
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_operation_carries_the_conventions(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for method, operation in operations.items():
            names = {parameter.get("$ref", "").rsplit("/")[-1] for parameter in operation["parameters"]}
            assert names >= {"AcceptLanguage", "RequestId"}
            assert ("IdempotencyKey" in names) == (method == "post")
            assert operation["responses"].keys() >= {"400", "429", "500"}
            assert operation["tags"] == ["groups"]
            for answer in operation["responses"].values():
                assert "$ref" in answer or "X-RateLimit-Remaining" in answer["headers"]


def test_all_references_lead_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for value in node.values() for found in references(value)]
        return [found for value in node for found in references(value)] if isinstance(node, list) else []

    for reference in set(references(document)):
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/api/docs/", "/api/docs/swagger/", "/api/docs/scalar/"])
def test_documentation_pages_load_nothing_from_elsewhere(api: APIClient, page: str) -> None:
    answer = api.get(page, headers={"Accept": "text/html"})

    assert answer.status_code == 200
    assert b"/api/schema/" in answer.content or b"../schema/" in answer.content
    assert not any(host in answer.content for host in OUTSIDE)
    assert b"https://" not in answer.content


def test_every_kind_of_problem_has_a_page_and_a_place_in_the_document() -> None:
    assert set(errors.KIND_OF_STATUS.values()) <= set(errors.TITLES)
    assert {int(status) for status in schema.ERRORS} >= set(errors.KIND_OF_STATUS) - {405}
