"""20,000 generated requests and more in four roles; all phases, so one round takes about half an hour."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.journeys.fuzzing import ROLES, failures, fuzz
from tests.server.running import Server, running

CASES = int(os.environ.get("FUZZING_CASES", "20000"))
PHASES = "examples,coverage,fuzzing,stateful"
EXAMPLES = 8  # per operation in the last two phases


def test_answers_are_what_the_document_says(tmp_path: Path, first_start: Callable[[Path], Path]) -> None:
    cases, findings, seed = 0, [], 100
    with running(Server(first_start(tmp_path / "data"), RATE_LIMIT_SCALE="0")) as server:
        while cases < CASES and not findings:
            for role in ROLES:
                seed += 1
                tried, found = fuzz(server, role, phases=PHASES, examples=EXAMPLES, seed=seed, folder=tmp_path)
                cases += tried
                findings += [f"{role}, seed {seed}:\n{found}"] if found else []
                print(f"{role}, seed {seed}: {tried:,} cases, {'found something' if found else 'nothing found'}", flush=True)
        failed = failures(server)

    assert findings == [], "\n\n".join(findings)
    assert failed == []
