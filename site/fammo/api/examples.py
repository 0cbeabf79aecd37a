"""The examples of the documentation: real requests with the answers that they got, read from ``examples.json``.

``make examples`` asks every operation and writes the file; a test asks again and compares (tests/contract/test_examples.py).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = Path(__file__).with_name("examples.json")
ORIGIN = "https://fammo.example"  # stands in the file for PUBLIC_URL
Schema = dict[str, Any]


@cache
def examples(origin: str = ORIGIN) -> dict[str, Schema]:
    """Example by operation (``POST /api/v1/pets/``): path, request (if any), status, response (if any)."""
    found: dict[str, Schema] = json.loads(FILE.read_text(encoding="utf-8").replace(ORIGIN, origin)) if FILE.exists() else {}
    return found


def add_examples(result: Schema, request: Any = None, **kwargs: Any) -> Schema:
    """spectacular's POSTPROCESSING hook: each example where its operation sends or answers it; what is served names this server."""
    known = examples(settings.ENVIRONMENT.public_url) if request is not None else examples()
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if example := known.get(f"{method.upper()} {path}"):
                _add(operation, example)
    return result


def _add(operation: Schema, example: Schema) -> None:
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "path" and parameter["name"] in example["parameters"]:
            parameter["example"] = example["parameters"][parameter["name"]]
    if "request" in example:
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            if media_type.endswith("json"):
                content["example"] = example["request"]
    answer = operation["responses"].get(str(example["status"]), {})
    if "response" in example:
        for media_type, content in answer.get("content", {}).items():
            if media_type.endswith("json"):
                content["example"] = example["response"]
