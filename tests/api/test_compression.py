"""Compressed answers, and that HEAD tells the truth about them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
OWN_TO_A_REQUEST = {"X-Request-ID", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


@pytest.fixture(autouse=True)
def _many_groups() -> None:
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(60))


def headers_of(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN_TO_A_REQUEST}


@pytest.mark.parametrize("path", ["/api/v1/stored/?page_size=50", "/api/v1/plain/?page_size=50"])
@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_head_has_the_headers_of_get(api: APIClient, path: str, coding: str) -> None:
    head = api.head(path, headers={"Accept-Encoding": coding})
    read = api.get(path, headers={"Accept-Encoding": coding})

    assert headers_of(head) == headers_of(read)
    assert read.headers.get("Content-Encoding", "identity") == coding
    assert int(head["Content-Length"]) == len(read.content)
    assert head.content == b""
