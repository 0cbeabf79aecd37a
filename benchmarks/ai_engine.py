"""How long composing and judging a plan takes, beside a fixed piece of work of the same machine.

    .venv/bin/python benchmarks/ai_engine.py

Prints process time (other processes do not count): median and 95th percentile, and their ratio to hashing one megabyte.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import process_time

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
COUNT = 200


def milliseconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return 1000 * (process_time() - start)


def main() -> None:
    import django

    django.setup()
    from ai.nutrition import compose_meal_plan, standard_pantry
    from ai.referee import review_meal_plan
    from tests.ai.generated import profiles

    pantry, animals = standard_pantry(), list(profiles(seed=4, count=COUNT))
    megabyte = os.urandom(1_000_000)
    yardstick = sorted(milliseconds(lambda: hashlib.sha256(megabyte).digest()) for _ in range(COUNT))[COUNT // 2]
    for _warm in animals[:20]:
        compose_meal_plan(_warm, pantry)
    composing, judging = [], []
    for animal in animals:
        composing.append(milliseconds(lambda animal=animal: compose_meal_plan(animal, pantry)))
        plan = compose_meal_plan(animal, pantry)
        judging.append(milliseconds(lambda animal=animal, plan=plan: review_meal_plan(plan, animal, pantry)))
    for name, times in (("compose", composing), ("judge", judging)):
        median, p95 = quantiles(times, n=20)[9], quantiles(times, n=20)[18]
        print(f"{name}: median {median:.1f} ms, p95 {p95:.1f} ms; p95 is {p95 / yardstick:.1f} x hashing a megabyte")


if __name__ == "__main__":
    main()
