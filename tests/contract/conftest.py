"""The world that the contract is tried on."""

from __future__ import annotations

import pytest

from pets.services import load_reference_data

from .world import World


@pytest.fixture
def world(db: None) -> World:
    load_reference_data()
    return World()
