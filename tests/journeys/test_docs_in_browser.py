"""The API's documentation in a real browser: it can be read, and nothing of it comes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("demo")]


@pytest.mark.parametrize("path", ["/api/docs/", "/api/docs/swagger/", "/api/docs/scalar/"])
def test_reader_shows_the_api_from_this_server_alone(desk_of: Callable[[str], Desk], path: str) -> None:
    desk = desk_of(f"docs-{path.strip('/').rpartition('/')[2]}")
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))

    desk.open(path)
    expect(desk.page.get_by_role("heading", name="Fammo API").first).to_be_visible()
    desk.shot("shown")

    assert [url for url in asked if not url.startswith((desk.url, "data:", "blob:"))] == []
