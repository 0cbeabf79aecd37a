"""``make test``: every test this machine can run, on SQLite and again on PostgreSQL and Redis where they answer.

``--require postgres,redis,browser`` (as CI does) makes a missing part a failure instead of a sentence at the end.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[1]
LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379/9"
PROGRESS = re.compile(r"[.sxFE]*( *\[ *\d+%\])?")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Run:
    """One pytest run: its name for people, its environment and which marked tests it takes."""

    name: str
    environment: dict[str, str]
    markers: str
    paths: tuple[str, ...] = ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--require", default="", help="comma-separated: postgres, redis, browser")
    parser.add_argument("--workers", default=str(os.cpu_count() or 1), help="pytest processes")
    parser.add_argument("pytest", nargs="*", help="further arguments for pytest")
    options = parser.parse_args()
    required = {name for name in options.require.split(",") if name}

    postgres = answering_postgres(os.environ.get("DATABASE_URL") or LOCAL_POSTGRES)
    redis_url = answering_redis(os.environ.get("REDIS_URL") or LOCAL_REDIS)
    browser = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    node = shutil.which("node") and shutil.which("npm")
    found = {"postgres": bool(postgres), "redis": bool(redis_url), "browser": bool(browser), "node": bool(node)}
    missing = sorted(name for name in required if not found.get(name))
    if missing:
        print(f"These are required here and do not answer: {', '.join(missing)}.")
        return 1

    base = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL", "TASKS", "DATA_DIR", "EMAIL_URL"}}
    without_browser = ("" if browser else " and not browser") + ("" if node else " and not node")
    served = base | ({"TEST_REDIS_URL": redis_url} if redis_url else {})  # servers with TASKS=rq are started here as well
    without_redis = "(not redis or server)" if redis_url else "not redis"
    runs = [Run("SQLite, nothing else", served, f"not drill and not postgres and {without_redis}{without_browser}")]
    if postgres:
        services = base | {"DATABASE_URL": postgres} | ({"REDIS_URL": redis_url} if redis_url else {})
        name = "PostgreSQL and Redis" if redis_url else "PostgreSQL"
        runs.append(Run(name, services, "not drill and not browser and not server" + ("" if redis_url else " and not redis")))

    results = [(run.name, run_pytest(run, options.workers, options.pytest)) for run in runs]
    left_out = {
        "postgres": "tests on PostgreSQL: no server answered at DATABASE_URL or 127.0.0.1:5432",
        "redis": "tests on Redis: no server answered at REDIS_URL or 127.0.0.1:6379",
        "browser": "browser tests: no chromium found",
        "node": "the TypeScript client: no node and npm found",
    }
    print()
    for name, (code, failed) in results:
        print(f"ran on {name}: {'all passed' if code == 0 else f'FAILED (pytest exit code {code})'}", *failed, sep="\n  ")
    for name, reason in left_out.items():
        if not found[name]:
            print(f"left out {reason}")
    return max(code for _, (code, _failed) in results)


def run_pytest(run: Run, workers: str, further: list[str]) -> tuple[int, list[str]]:
    """pytest's exit code, and its line for each test that failed. A log gets no dots: what failed must be found in it."""
    print(f"\n=== {run.name} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--dist", "loadgroup", "-m", run.markers, *run.paths, *further]
    if sys.stdout.isatty():
        return subprocess.run(command, cwd=ROOT, env=run.environment, check=False).returncode, []
    failed = []
    with subprocess.Popen(command, cwd=ROOT, env=run.environment, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if not PROGRESS.fullmatch(line.rstrip()):
                print(line, end="", flush=True)
            if line.startswith(("FAILED ", "ERROR ")):
                failed.append(line.rstrip())
    return process.returncode, failed


def answering_postgres(url: str) -> str:
    try:
        with psycopg.connect(url.replace("postgres://", "postgresql://", 1), connect_timeout=2):
            return url
    except psycopg.Error:
        return ""


def answering_redis(url: str) -> str:
    try:
        redis.Redis.from_url(url, socket_connect_timeout=2).ping()
    except redis.RedisError:
        return ""
    return url


if __name__ == "__main__":
    sys.exit(main())
