"""Does importing keep memory flat? The product's own command on a file of many rows, its resident memory read on the way.

    .venv/bin/python benchmarks/import_memory.py [--rows 1500] [--refused 100000] [--grows-by 12]

Uses a SQLite database of its own. Exits 1 when the second half of the run needs more than ``--grows-by`` megabytes more than the first.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = "external_id,name,address,city,country,latitude,longitude,opening_hours\n"
WATCHED = """
import os, sys
from django.core.management import call_command
from clinics import services
real, seen, path = services.import_clinic, [], sys.argv[-1]
def resident():
    with open("/proc/self/statm") as numbers:
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
def watched(**kinds):
    outcome = real(**kinds)
    seen.append(resident())
    return outcome
services.import_clinic = watched
before = resident()
call_command("import_clinics", os.environ["BENCH_FILE"], stdout=open(os.devnull, "w"))
half = len(seen) // 2
if seen:
    print(f"{len(seen)} rows in: {seen[half // 2]:.0f} MB after a quarter, {seen[half]:.0f} after half, {seen[-1]:.0f} at the end")
    print(max(seen[half:]) - max(seen[:half]))
else:
    print(f"refused rows: {before:.0f} MB before, {resident():.0f} after")
    print(resident() - before)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_500)
    parser.add_argument("--refused", type=int, default=100_000)
    parser.add_argument("--grows-by", type=float, default=12.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder, "BENCH_FILE": str(Path(folder) / "rows.csv")}
        manage(environment, "migrate", "-v0")
        worst = 0.0
        for rows in (written(options.rows, with_ids=True), written(options.refused, with_ids=False)):
            Path(environment["BENCH_FILE"]).write_text(rows, encoding="utf-8")
            *said, growth = manage(environment, "shell", "-v0", "-c", WATCHED).strip().splitlines()
            print(*said, sep="\n")
            worst = max(worst, float(growth))
    print(f"grown by {worst:.1f} MB")
    return 0 if worst <= options.grows_by else 1


def written(number: int, *, with_ids: bool) -> str:
    row = '{id},Clinic {n},{n} Main Street,Helsinki,FI,{lat:.4f},24.9,"Mo-Fr 09:00-17:00; Sa 10:00-14:00"\n'
    return COLUMNS + "".join(row.format(id=n if with_ids else "", n=n, lat=60 + n % 1000 / 1000) for n in range(number))


def manage(environment: dict[str, str], *command: str) -> str:
    run = [sys.executable, str(ROOT / "manage.py"), *command]
    return subprocess.run(run, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
