"""Does the directory bear 100,000 clinics? By radius, by city and by text: queries, plans, and speed beside 1,000 clinics.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/directory.py [--clinics 100000] [--seconds 2] [--rounds 9] [--at-least 0.9]

Makes two databases of its own beside the named one (whose server must let it, and let it switch off foreign keys) and drops
them. DATA_DIR is one that `make serve` has prepared. Exits 1 when a search takes more than 5 queries or another number than among
1,000 clinics, when PostgreSQL reads a table of ours from end to end, or when a first page that is kept comes slower than
``--at-least`` times its rate among 1,000.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

import psycopg  # noqa: E402

from benchmarks.stored_answers import fetch, load, server  # noqa: E402

FEW = 1_000
MOST_QUERIES = 5
# Each finds more than a page among few as well, so that the answers are equally long.
SEARCHES = {
    "all": "/api/v1/clinics/?page=1",
    "radius": "/api/v1/clinics/search/?lat=64.5&lng=25.5&radius=100",
    "city": "/api/v1/clinics/search/?city=Town+0",
    "text": "/api/v1/clinics/search/?search=kissaklinikka",
    "radius, open": "/api/v1/clinics/search/?lat=64.5&lng=25.5&radius=100&open_at=2026-11-23T10:00:00Z",
    "city, open": "/api/v1/clinics/search/?city=Town+0&open_at=2026-11-23T10:00:00Z",
}
# With these, PostgreSQL may read the short table of exceptions whole; the plan is shown, the number of queries counts.
SHOWN_ONLY = frozenset({"radius, open", "city, open"})
# Spread over Finland and round it, 1,000 to a town; every tenth is a cat clinic, whose number is a word of its text.
CLINICS = """
INSERT INTO clinics_clinic (id, page_id, state, confirmation_email, email_confirmed_at, is_verified, latitude, longitude, coordinate_source,
                            place_precision, geocoded_address, time_zone, clinic_eoi, external_id, created_at)
SELECT n, n, 'approved', '', now(), n %% 3 = 0, 59 + (n * 7919 %% 100003) / 100003.0 * 10, 20 + (n * 104729 %% 100019) / 100019.0 * 11,
       'stated', 'exact', '', 'Europe/Helsinki', false, 'bench:' || n, now()
FROM generate_series(1::bigint, %(number)s) n
"""
LISTINGS = """
INSERT INTO clinics_cliniclisting (clinic_id, name, slug, address, zip_code, city, country, latitude, longitude, phone, email, website,
    instagram, specializations, other_specializations, specialization_keys, logo, vet_name, week, special_hours, closed_on_holidays, clock,
    words, source_language, city_key, search_text, content_sha256, published_at)
SELECT id, 'Clinic ' || md5(id::text), 'clinic-' || id, id || ' Main Street', '00100', 'Town ' || id / 1000, 'FI', latitude, longitude,
    '', '', '', '', '["dogs"]', '', ',dogs,', '', '', '[[0, "09:00", "17:00"]]', '[]', false, 'FI Europe/Helsinki',
    '{"en": {"bio": "A clinic."}}', 'en', 'town ' || id / 1000,
    'clinic ' || md5(id::text) || CASE WHEN id %% 10 = 0 THEN ' kissaklinikka ' || id / 10 ELSE '' END || ' town ' || id / 1000, '', now()
FROM clinics_clinic
"""
SHIFTS = """
INSERT INTO clinics_listingshift (listing_id, weekday, starts, ends)
SELECT clinic_id, weekday, 540, 1020 FROM clinics_cliniclisting, generate_series(0, 4) weekday
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clinics", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--at-least", type=float, default=0.9)
    options = parser.parse_args()
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        print("DATABASE_URL must name a PostgreSQL: this is about its plans.")
        return 1
    names = [f"fammo_bench_{os.getpid()}_{size}" for size in ("few", "many")]
    urls = [urlunsplit(urlsplit(url)._replace(path=f"/{name}")) for name in names]
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {names[0]}")
            manage(urls[0], "migrate", "-v0")
            connection.execute(f"CREATE DATABASE {names[1]} TEMPLATE {names[0]}")
        for target, number in zip(urls, (FEW, options.clinics), strict=True):
            fill(target, number)
        few, many = (json.loads(manage(target, "shell", "-v0", "-c", PROBE)) for target in urls)
        faults = [*faults_of(few, many), *slower(urls, options)]
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            for name in names:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    print("\n".join(faults) or "No fault.")
    return 1 if faults else 0


def manage(url: str, *command: str) -> str:
    environment = os.environ | {"DATABASE_URL": url, "BENCH_SEARCHES": json.dumps(SEARCHES), "RATE_LIMIT_SCALE": "0"}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def fill(url: str, number: int) -> None:
    """The tables that a search reads, and no others: hence without foreign keys."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in (CLINICS, LISTINGS, SHIFTS):
            connection.execute(statement, {"number": number})
        connection.execute("VACUUM ANALYZE")


# Run inside the product: what each search asks of the database, and how PostgreSQL would go about it.
PROBE = """
import json, os, statistics, time
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from fammo.api import stored
settings.ALLOWED_HOSTS = ["*"]
found = {}
client = Client()
client.get("/api/v1/ping/")
for name, path in json.loads(os.environ["BENCH_SEARCHES"]).items():
    stored.answers.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content
    queries = captured.captured_queries
    times = []
    for _ in range(9):
        stored.answers.clear()
        began = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - began)
    plans = []
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
            plans.append(cursor.fetchone()[0][0]["Plan"])
    found[name] = {"count": answer.json()["count"], "plans": plans, "seconds": statistics.median(times)}
print(json.dumps(found))
"""


def faults_of(few: dict[str, Any], many: dict[str, Any]) -> Iterator[str]:
    for name in SEARCHES:
        numbers = [len(found[name]["plans"]) for found in (few, many)]
        scanned = sorted({node["Relation Name"] for plan in many[name]["plans"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"})
        fresh = " and ".join(f"{found[name]['seconds'] * 1000:.0f}" for found in (few, many))
        print(
            f"{name:14} {few[name]['count']:4} and {many[name]['count']:6} found, fresh in {fresh} ms, {numbers[1]} queries,"
            f" read whole: {', '.join(scanned) or 'nothing'}"
        )
        if numbers[1] > MOST_QUERIES or numbers[0] != numbers[1]:
            yield f"{name}: {numbers[0]} queries among {FEW} clinics, {numbers[1]} among many"
        if scanned and name not in SHOWN_ONLY:
            yield f"{name}: sequential scan of {', '.join(scanned)}"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def slower(urls: list[str], options: argparse.Namespace) -> Iterator[str]:
    """First pages, kept by the web process: each size in turns."""
    environment = {"RATE_LIMIT_SCALE": "1000000"}
    with (
        server("fammo.wsgi:application", 4, DATABASE_URL=urls[0], **environment) as few,
        server("fammo.wsgi:application", 4, DATABASE_URL=urls[1], **environment) as many,
    ):
        for name, path in SEARCHES.items():
            short, long = sorted(len(fetch(port, path)[1]) for port in (few, many))
            if short < long * 0.9:
                yield f"{name}: answers of {short} and {long} bytes cannot be compared"
            rates = [[load(port, path, options.seconds) for port in (few, many)] for _ in range(options.rounds)]
            ratio = statistics.median(large / small for small, large in rates)
            print(
                f"{name:14} {rates[-1][0]:7.0f}/s among {FEW}, {rates[-1][1]:7.0f}/s among {options.clinics}, ratio {ratio:.2f}", flush=True
            )
            if ratio < options.at_least:
                yield f"{name}: {ratio:.2f} of the rate among {FEW} clinics"


if __name__ == "__main__":
    sys.exit(main())
