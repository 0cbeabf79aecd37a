"""Does the time of an answer tell whether an address is known? Known and unknown in turns, at every door that takes an address.

    .venv/bin/python benchmarks/account_timing.py [--samples 300]

Runs in one process on a new SQLite database, with the product's own password hashing and without rate limits. Prints for each
door the medians, their difference, and the noise: the difference that one and the same kind of address shows between two
halves of its own samples, as the widest of 200 random splits. Exits 1 when a difference is larger than the noise and than 2 %.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.update(DATA_DIR=tempfile.mkdtemp(prefix="fammo-timing-"), RATE_LIMIT_SCALE="0", PUBLIC_URL="http://testserver")
os.environ["DJANGO_SETTINGS_MODULE"] = "fammo.settings"
os.environ.pop("DATABASE_URL", None)

PASSWORD = "correct horse 41"  # noqa: S105 - of people who exist here only
KNOWN = "known@fammo.example"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=300, help="of each kind, at each door")
    parser.add_argument("--hash-rounds", type=int, default=0, help="instead of the product's: fewer make everything else easier to see")
    options = parser.parse_args()
    prepare(options.hash_rounds)
    verdicts = [compare(name, ask, options.samples) for name, ask in doors().items()]
    return int(not all(verdicts))


def prepare(hash_rounds: int) -> None:
    import django
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.core.management import call_command

    django.setup()
    PBKDF2PasswordHasher.iterations = hash_rounds or PBKDF2PasswordHasher.iterations
    call_command("migrate", verbosity=0, interactive=False)

    from fammo.accounts.models import User

    User.objects.create_user(KNOWN, PASSWORD, is_active=True)


def doors() -> dict[str, Callable[[str], object]]:
    from rest_framework.test import APIClient

    client = APIClient()

    def post(path: str, **body: str) -> object:
        response = client.post(f"/api/v1/auth/{path}/", body)
        return response.status_code, sorted(response.json()), sorted(response.headers)

    return {
        "signup": lambda email: post("signup", email=email, password=PASSWORD, password_confirm=PASSWORD),
        "token": lambda email: post("token", email=email, password="wrong password 9"),  # noqa: S106
        "forgot-password": lambda email: post("forgot-password", email=email),
        "resend-activation": lambda email: post("resend-activation", email=email),
    }


def compare(name: str, ask: Callable[[str], object], samples: int) -> bool:
    times: dict[bool, list[float]] = {True: [], False: []}
    answers = {True: ask(KNOWN), False: ask("unknown-first@fammo.example")}
    for number in range(samples):
        for is_known in random.sample((True, False), 2):
            # The same length as the known one, and never met before: a sign-up makes it known.
            email = KNOWN if is_known else f"u{number:04d}@fammo.example"
            started = time.perf_counter()
            answer = ask(email)
            times[is_known].append(time.perf_counter() - started)
            assert answer == answers[is_known]
    known, unknown = (statistics.median(times[kind]) for kind in (True, False))
    noise = max(split_difference(times[kind]) for kind in (True, False))
    difference = abs(known - unknown)
    is_fine = answers[True] == answers[False] and difference <= max(noise, 0.02 * unknown)
    print(
        f"{name:18} known {known * 1000:8.2f} ms   unknown {unknown * 1000:8.2f} ms   difference {difference * 1000:6.2f} ms"
        f"   noise {noise * 1000:6.2f} ms   {'alike' if is_fine else 'TELLS'}"
    )
    return is_fine


def split_difference(times: list[float]) -> float:
    """The largest difference between the medians of two random halves of the same samples."""
    widest = 0.0
    for _ in range(200):
        shuffled = random.sample(times, len(times))
        half = len(shuffled) // 2
        widest = max(widest, abs(statistics.median(shuffled[:half]) - statistics.median(shuffled[half:])))
    return widest


if __name__ == "__main__":
    sys.exit(main())
