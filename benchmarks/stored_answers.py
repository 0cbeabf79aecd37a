"""How fast are stored answers? Each path against a bare JsonResponse of the same data, both under granian, in turns.

    .venv/bin/python benchmarks/stored_answers.py [--seconds 4] [--rounds 3] [--at-least 0.85] [PATH …]

Serves the database of DATA_DIR (migrated already) on two free ports and ends both servers. The load comes from wrk
where it is installed, else from a small client of our own. Prints requests per second and the ratio per path, and how much slower than
the median the slowest hundredth of one caller's answers are, ours and the bare one's; exits 1 when a ratio is below ``--at-least``.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATHS = [
    "/api/v1/languages/",
    "/api/v1/config/",
    "/api/v1/onboarding/",
    *(
        f"/api/v1/{name}/"
        for name in (
            *("pet-types", "genders", "breeds", "age-categories", "food-types", "food-feelings", "food-importance", "body-types"),
            *("activity-levels", "food-allergies", "health-issues", "treat-frequencies"),
        )
    ),
    "/api/v1/breeds/?pet_type=1",
    "/api/v1/breeds/1/",
    "/api/v1/legal/documents/",
    "/api/v1/legal/documents/by_type/?doc_type=user_terms",
    "/api/v1/clinics/",
    "/api/v1/clinics/?page=1",
]
HEADERS = {"Accept": "application/json", "Accept-Language": "en", "Host": "127.0.0.1"}
CONNECTIONS = 8
SINGLE_CALLS = 1_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=4, help="threads of each server")
    parser.add_argument("--at-least", type=float, default=0.0)
    parser.add_argument("paths", nargs="*", default=PATHS)
    options = parser.parse_args()

    ratios = []
    with server("fammo.wsgi:application", options.threads, RATE_LIMIT_SCALE="1000000") as product:
        for path in options.paths:
            status, body, etag = fetch(product, path)
            if status != 200 or not etag:
                print(f"{path:40} left out: answered {status}{'' if etag else ' without an ETag'}")
                continue
            ratios.append(compare(product, path, body, options))
    if not ratios:
        print("Nothing was measured.")
        return 1
    print(f"lowest ratio {min(ratios):.2f}")
    return 0 if min(ratios) >= options.at_least else 1


def compare(product: int, path: str, body: bytes, options: argparse.Namespace) -> float:
    with tempfile.NamedTemporaryFile(suffix=".json") as data:
        data.write(body)
        data.flush()
        with server("benchmarks.bare:application", options.threads, BARE_DATA=data.name) as bare:
            load(bare, "/bare/", 1)
            load(product, path, 1)
            rates = [(load(bare, "/bare/", options.seconds), load(product, path, options.seconds)) for _ in range(options.rounds)]
            spreads = [(p99_over_p50(bare, "/bare/"), p99_over_p50(product, path)) for _ in range(options.rounds)]
    plain, stored = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(fast / slow for slow, fast in rates)
    tails = [statistics.median(column) for column in zip(*spreads, strict=True)]
    print(
        f"{path:52} {len(body):8} bytes   bare {plain:7.0f}/s   ours {stored:7.0f}/s   ratio {ratio:.2f}"
        f"   p99/p50 {tails[1]:.1f} (bare {tails[0]:.1f})",
        flush=True,
    )
    return ratio


def p99_over_p50(port: int, path: str) -> float:
    """How even the answers to one caller are."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(SINGLE_CALLS):
        began = time.perf_counter()
        line.request("GET", path, headers=HEADERS)
        line.getresponse().read()
        times.append(time.perf_counter() - began)
    line.close()
    cuts = statistics.quantiles(times[SINGLE_CALLS // 10 :], n=100)  # without the first ones
    return cuts[98] / cuts[49]


@contextlib.contextmanager
def server(application: str, threads: int, **environment: str) -> Iterator[int]:
    """One granian worker on a free port, alive for the length of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--port", str(port), "--workers", "1"]
    path = os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "site"), os.environ.get("PYTHONPATH", "")]))
    process = subprocess.Popen(
        [*command, "--blocking-threads", str(threads), "--log-level", "warning", application],
        env=os.environ | {"PYTHONPATH": path} | environment,
        cwd=ROOT,
    )
    try:
        for _attempt in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        fetch(port, "/")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def fetch(port: int, path: str) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=HEADERS)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body, response.getheader("ETag") or ""


def load(port: int, path: str, seconds: float) -> float:
    """Requests per second; every answer must be 200."""
    if wrk := shutil.which("wrk"):
        headers = [part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")]
        duration = f"{max(1, round(seconds))}s"
        command = [wrk, "-t", "1", "-c", str(CONNECTIONS), "-d", duration, *headers, f"http://127.0.0.1:{port}{path}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in output, output
        found = re.search(r"Requests/sec:\s+([\d.]+)", output)
        assert found, output
        return float(found[1])
    return load_by_sockets(port, path, seconds)


def load_by_sockets(port: int, path: str, seconds: float) -> float:
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in HEADERS.items()), "", ""]
    request = "\r\n".join(lines).encode()
    counts = [0] * CONNECTIONS
    end = time.monotonic() + seconds

    def ask(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
            while time.monotonic() < end:
                line.sendall(request)
                assert answers.readline().split()[1] == b"200"
                length = 0
                while header := answers.readline().strip().lower():
                    if header.startswith(b"content-length:"):
                        length = int(header.split(b":")[1])
                answers.read(length)
                counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


if __name__ == "__main__":
    sys.exit(main())
