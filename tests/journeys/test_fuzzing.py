"""About 1,000 generated requests in four roles: no failure of ours, and every answer is as the document describes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.running import Server, running

from .fuzzing import ROLES, failures, fuzz

PHASES = "examples,fuzzing,stateful"  # coverage, with 4,000 cases a minute for some minutes, is for the drill

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("fuzzing")]


def test_answers_are_what_the_document_says(tmp_path: Path, first_start: Callable[[Path], Path]) -> None:
    with running(Server(first_start(tmp_path / "data"), RATE_LIMIT_SCALE="0")) as server:  # here it is the answers that count
        runs = [fuzz(server, role, phases=PHASES, examples=2, seed=number, folder=tmp_path) for number, role in enumerate(ROLES)]
        failed = failures(server)

    assert [found for _cases, found in runs if found] == []
    assert sum(cases for cases, _found in runs) >= 1_000
    assert failed == []
