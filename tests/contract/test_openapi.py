"""The OpenAPI document is valid, complete, and changes only on purpose."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate

from fammo.api import examples

from .openapi_is_current import compare, differences, main
from .routes import api_routes, described_routes

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as ``make schema`` writes it; a warning of the generator is a failure."""
    path = tmp_path_factory.mktemp("openapi") / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(path), stdout=StringIO())
    return path


@pytest.fixture(scope="module")
def document(generated: Path) -> Any:
    return yaml.safe_load(generated.read_text(encoding="utf-8"))


def test_document_is_valid(document: Any) -> None:
    validate(document)


def test_every_route_and_method_of_the_api_is_in_the_document(document: Any) -> None:
    assert described_routes(document) == api_routes()


def test_snapshot_is_current(generated: Path) -> None:
    assert compare(generated, SNAPSHOT) == [], "run `make schema` if the API was changed on purpose"


def test_differences_are_named_where_they_are() -> None:
    old = {"paths": {"/a/": {"get": {"tags": ["x"]}}, "/b/": {}}, "info": {"version": "1"}}
    new = {"info": {"version": "2"}, "paths": {"/a/": {"get": {"tags": ["y"]}}, "/c/": {}}}

    assert list(differences(old, new)) == [
        "~ info › version: '1' → '2'",
        "~ paths › /a/ › get › tags: ['x'] → ['y']",
        "- paths › /b/",
        "+ paths › /c/",
    ]


def test_script_says_what_is_wrong_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new.yaml").write_text("paths: {/a/: {}, /b/: {}}")
    (tmp_path / "old.yaml").write_text("paths: {/a/: {}}")

    assert main([str(tmp_path / "new.yaml"), str(tmp_path / "old.yaml")]) == 1
    assert "+ paths › /b/" in capsys.readouterr().out
    assert main([str(tmp_path / "new.yaml"), str(tmp_path / "missing.yaml")]) == 1
    assert main([str(tmp_path / "old.yaml"), str(tmp_path / "old.yaml")]) == 0


def test_what_is_served_names_this_server(client: Client) -> None:
    text = client.get("/api/schema/").content.decode()

    assert examples.ORIGIN not in text
    assert f'"base_url": "{settings.ENVIRONMENT.public_url}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_path_that_leads_nowhere_is_404_for_every_method(client: Client, method: str) -> None:
    answer = client.generic(method, "/api/v1/pets/not-a-number/", "{}", "application/json")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
