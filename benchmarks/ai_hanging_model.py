"""What do hanging model calls cost everybody else? The p95 of ordinary reads, without and with them, in turns on one server.

    .venv/bin/python benchmarks/ai_hanging_model.py [--calls 50] [--seconds 5] [--rounds 3] [--at-most 1.2]

Starts `manage.py serve` with a model server that never answers, on a data folder of its own (the first start takes about a
minute). One round reads for some seconds while nothing else happens, then again while ``--calls`` requests for meal plans hang;
the pace is the same in both. Prints both p95 and their ratio per round; exits 1 when the median ratio is above ``--at-most``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.ai.model_server import Reply, serving  # noqa: E402  (the path comes first)
from tests.server import running as servers  # noqa: E402

READS = ["/api/v1/pets/", "/api/v1/ai/recommendations/", "/api/v1/clinics/search/?lat=60.17&lng=24.94&radius=10", "/api/v1/me/"]
ANNA = {"email": "anna@fammo.example", "password": "fammo-demo-2026"}
WITHOUT_LIMITS = """
from fammo.accounts.models import Profile, SubscriptionPlan
Profile.objects.filter(user__email="anna@fammo.example").update(subscription_plan=SubscriptionPlan.objects.get(code="optimal"))
"""
SEATS = 1  # requests that wait, of the four web threads of a default server
NOBODY_FAILED = "from ai.models import ModelCircuit; ModelCircuit.objects.all().delete()"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.04, help="seconds between two reads of a reader")
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--at-most", type=float, default=math.inf)
    options = parser.parse_args()

    with serving(lambda call: Reply("", delay=600)) as model, running(model.url) as server:
        in_shell(server, WITHOUT_LIMITS)
        phone = Phone(server.port)
        read(phone, options, seconds=2)  # everybody is awake
        ratios = [round_of(phone, server, options) for _ in range(options.rounds)]
        print(f"model calls that hung: {len(model.calls)}")
    print(f"median ratio {statistics.median(ratios):.2f}")
    return 0 if statistics.median(ratios) <= options.at_most else 1


class Phone:
    """Anna's app."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""
        self.token = self.ask("POST", "/api/v1/auth/token/", ANNA)[1]["access"]
        self.dog = next(pet["id"] for pet in self.ask("GET", "/api/v1/pets/")[1] if pet["pet_type"] == 1)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - our own server
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@contextlib.contextmanager
def running(model_url: str) -> Iterator[servers.Server]:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        data_dir.mkdir()
        settings = {"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": model_url, "RATE_LIMIT_SCALE": "0"}
        if url := os.environ.get("DATABASE_URL"):
            settings["DATABASE_URL"] = url
        with servers.running(servers.Server(data_dir, **settings)) as server:
            yield server


def in_shell(server: servers.Server, code: str) -> None:
    environment = os.environ | {"DATA_DIR": str(server.data_dir)} | server.settings
    subprocess.run([sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c", code], env=environment, cwd=ROOT, check=True)


def round_of(phone: Phone, server: servers.Server, options: argparse.Namespace) -> float:
    in_shell(server, NOBODY_FAILED)
    quiet = read(phone, options, options.seconds)
    statuses: list[int] = []
    callers = [
        threading.Thread(
            target=lambda: statuses.append(phone.ask("POST", "/api/v1/ai/recommendations/", {"pet_id": phone.dog})[0]), daemon=True
        )
        for _ in range(options.calls)
    ]
    for caller in callers:
        caller.start()
    while len(statuses) < options.calls - SEATS:  # the burst itself is ordinary work; what is measured is what hangs after it
        time.sleep(0.05)
    busy = read(phone, options, options.seconds)
    ratio = busy / quiet
    print(f"p95 quiet {quiet * 1000:6.1f} ms   with {options.calls} hanging {busy * 1000:6.1f} ms   ratio {ratio:.2f}", flush=True)
    for caller in callers:
        caller.join(120)
    assert set(statuses) <= {201, 202}, statuses
    time.sleep(5)
    return ratio


def read(phone: Phone, options: argparse.Namespace, seconds: float) -> float:
    """The p95 of reads at a steady pace, in seconds."""
    took: list[float] = []
    ends_at = time.monotonic() + seconds

    def reader(first: int) -> None:
        number = first
        while time.monotonic() < ends_at:
            began = time.monotonic()
            status, _body = phone.ask("GET", READS[number % len(READS)])
            took.append(time.monotonic() - began)
            assert status == 200, status
            number += 1
            time.sleep(options.pause)

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(options.readers)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    return statistics.quantiles(took, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
