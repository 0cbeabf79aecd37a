"""Every example of the documentation is a request that was asked, with the answer that it got; here it is asked again.

``make examples`` (``UPDATE_EXAMPLES=1``) writes ``fammo/api/examples.json`` anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from django.db import transaction
from django.urls import resolve
from jsonschema import Draft202012Validator

from fammo.api import examples, stored

from .routes import api_routes
from .test_permissions import BODIES, HEADERS, LINES, Line
from .world import World

LONGEST_LIST = 2
LONGEST_TEXT = 400
# What differs from run to run, and what it reads in the documentation.
VOLATILE = (
    (re.compile(r"http://testserver\b"), examples.ORIGIN),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiI3In0.c2lnbmF0dXJl"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "2026-11-21T12:00:00Z"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b(?!T)"), "2026-11-21"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "0b7c9a52-6a51-4c1e-9d3f-1f2a3b4c5d6e"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "5d41402abc4b2a76b9719d911017c592"),
    (re.compile(r"(token|signature|expires|sig)=[^&\"]+"), r"\1=example"),
)
NUMBER, DIGITS = 4711, re.compile(r"\d{9,}")  # opaque ids of accounts are random


def test_every_operation_has_its_example_and_every_example_is_true(world: World) -> None:
    fresh = dict(_ask_everything(world))
    if os.environ.get("UPDATE_EXAMPLES"):
        text = json.dumps(fresh, ensure_ascii=False, indent=1, sort_keys=True)
        examples.FILE.write_text(text + "\n", encoding="utf-8")
        examples.examples.cache_clear()

    assert {f"{method} {path}" for path, methods in api_routes().items() for method in methods} == set(fresh)
    stored_examples = examples.examples()
    wrong = [name for name in sorted(fresh.keys() | stored_examples.keys()) if _shape(fresh.get(name)) != _shape(stored_examples.get(name))]
    assert wrong == [], "run `make examples` if the API was changed on purpose"


def test_examples_are_what_the_document_describes(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(path), stdout=StringIO(), stderr=StringIO())
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    wrong = [
        f"{where}: {error.json_path}: {error.message[:200]}"
        for where, schema, example in _placed(document)
        for error in _errors(document, schema, example)
    ]

    assert wrong == []


def _ask_everything(world: World) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for line in LINES:
        name = f"{line.method} {_documented(world.fill(line.path))}"
        # The owner before staff, staff before others; of what nobody may do now, the refusal of the last.
        roles = sorted(zip(world.roles, line.statuses, strict=True), key=lambda pair: (pair[1] >= 400, pair[0].name != "owner"))
        role, status = roles[0]
        if status < 400 or name not in seen:
            seen.add(name)
            yield name, _ask(world, line, role.client)


def _ask(world: World, line: Line, client: Any) -> Any:
    path, body = f"/api/v1/{world.fill(line.path)}", world.body(BODIES.get(line.name, ""))
    stored.answers.clear()
    data, content_type = ("", "application/octet-stream") if body is None else (json.dumps(body), "application/json")
    with transaction.atomic():
        answer = client.generic(line.method, path, data, content_type, headers=HEADERS.get(line.name))
        transaction.set_rollback(True)
    example: dict[str, Any] = {"status": answer.status_code, "parameters": _steady(dict(resolve(path.split("?")[0]).kwargs))}
    if body is not None:
        example["request"] = _steady(body)
    if answer.content and answer["Content-Type"].endswith("json"):
        example["response"] = _steady(json.loads(answer.content))
    return example


def _documented(path: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", resolve(f"/api/v1/{path}".split("?")[0]).route)


def _steady(value: Any) -> Any:
    match value:
        case dict():
            return {str(name): _steady(inner) for name, inner in value.items()}
        case list():
            return [_steady(inner) for inner in value[:LONGEST_LIST]]
        case bool() | None:
            return value
        case int() if value >= 10**9:
            return NUMBER
        case float() | int():
            return value
    text = str(value)
    for pattern, replacement in VOLATILE:
        text = pattern.sub(replacement, text)
    return DIGITS.sub(str(NUMBER), text)[:LONGEST_TEXT]


def _shape(value: Any) -> Any:
    """Names and types: words, numbers and moments may differ from run to run, what there is may not."""
    match value:
        case dict():
            return {name: _shape(inner) for name, inner in value.items()}
        case list():
            return [_shape(value[0])] if value else []
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case None:
            return "null"
    return "text"


def _placed(document: Any) -> Iterator[tuple[str, Any, Any]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            contents = [("request", content) for content in operation.get("requestBody", {}).get("content", {}).values()]
            contents += [
                (status, content) for status, answer in operation["responses"].items() for content in answer.get("content", {}).values()
            ]
            for where, content in contents:
                if "example" in content:
                    yield f"{method.upper()} {path} {where}", content["schema"], content["example"]


def _errors(document: Any, schema: Any, example: Any) -> Iterator[Any]:
    validator = Draft202012Validator({**schema, "components": document["components"]})
    yield from validator.iter_errors(example)


def test_operations_are_named_for_people(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(path), stdout=StringIO(), stderr=StringIO())
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    operations = [operation for operations in document["paths"].values() for operation in operations.values()]
    ids = [operation["operationId"] for operation in operations]

    assert len(ids) == len(set(ids))
    assert [operation["operationId"] for operation in operations if not 3 < len(operation["summary"]) <= 90] == []
    assert {tag for operation in operations for tag in operation["tags"]} == {tag["name"] for tag in document["tags"]}


def test_unions_have_names(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(path), stdout=StringIO(), stderr=StringIO())
    document = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert list(_unnamed(document["paths"], "paths")) == []
    for name, schema in document["components"]["schemas"].items():
        assert list(_unnamed({key: value for key, value in schema.items() if key not in {"oneOf", "anyOf"}}, name)) == []


def _unnamed(schema: Any, where: str) -> Iterator[str]:
    if isinstance(schema, dict):
        members = schema.get("oneOf") or schema.get("anyOf")
        if isinstance(members, list) and {"type": "null"} not in members:
            yield where
        for name, inner in schema.items():
            if name not in {"example", "examples"}:
                yield from _unnamed(inner, f"{where} › {name}")
    elif isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from _unnamed(inner, f"{where} › {number}")
