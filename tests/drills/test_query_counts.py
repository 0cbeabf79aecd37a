"""The queries of every list for one row and for a hundred."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import test_query_counts
from tests.contract.conftest import world
from tests.contract.world import World

__all__ = ["world"]


def test_a_hundred_rows_take_the_queries_of_one(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(test_query_counts, "MANY", 100)
    settings.AI_CHAT_MONTHLY_ANSWERS = None

    test_query_counts.test_lists_take_the_same_queries_for_one_row_and_for_many(world)
