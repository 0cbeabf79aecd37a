"""The conventions are tested on routes of their own, so that no domain is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from fammo.api import stored

from .mini.world import World, postgresql_world, sqlite_world


@pytest.fixture(autouse=True)
def _own_routes(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.api.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
    stored.answers.clear()
    yield
    stored.answers.clear()


@pytest.fixture
def forgiving() -> APIClient:
    """A client that shows our failures as a caller sees them, instead of raising them."""
    return APIClient(raise_request_exception=False)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from sqlite_world(tmp_path_factory.mktemp("stored")) if request.param == "sqlite" else postgresql_world()


@pytest.fixture
def world(shared_world: World) -> World:
    """Two processes over one database that has no groups."""
    shared_world.sql("DELETE FROM auth_group_permissions")
    shared_world.sql("DELETE FROM auth_group")
    assert shared_world.names() == []
    return shared_world
