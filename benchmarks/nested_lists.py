"""How fast are nested lists that nobody keeps? Each against a bare JsonResponse of the same data, in turns.

    .venv/bin/python benchmarks/nested_lists.py [--pets 20] [--seconds 4] [--rounds 5] [--at-least 0.2]

Serves the database of DATA_DIR (with the demo content) on two free ports, adds pets of the demo's Anna up to ``--pets``,
and ends both servers. The clinics are a second page, which is never kept. Beside them, another answer that needs a token and next
to nothing else: what signing in, limits and headers cost by themselves. Exits 1 when the ratio of a list is below ``--at-least``.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import stored_answers as bench  # noqa: E402

SIGNED_IN_ONLY = "/api/v1/me/language/"
LISTS = ("/api/v1/pets/", "/api/v1/clinics/search/?lat=60.17&lng=24.94&radius=3000&page=2")
EMAIL, PASSWORD = "anna@fammo.example", "fammo-demo-2026"
PET = {
    "name": "Benchmark",
    "pet_type": 1,
    "breed": 15,
    "gender": 1,
    "birth_date": "2020-05-15",
    "weight": 25.5,
    "body_type": 2,
    "activity_level": 3,
    "food_types": [1, 2],
    "food_feeling": 1,
    "food_importance": 1,
    "food_allergies": [3, 5],
    "health_issues": [1],
    "treat_frequency": 1,
    "age_category": 3,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pets", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=4, help="threads of each server")
    parser.add_argument("--at-least", type=float, default=0.2)
    options = parser.parse_args()

    with bench.server("fammo.wsgi:application", options.threads, RATE_LIMIT_SCALE="1000000", ACCESS_TOKEN_MINUTES="600") as product:  # noqa: S106
        token = post(product, "/api/v1/auth/token/", {"email": EMAIL, "password": PASSWORD})["access"]
        bench.HEADERS["Authorization"] = f"Bearer {token}"
        present = len(json.loads(bench.fetch(product, "/api/v1/pets/")[1]))
        for _ in range(options.pets - present):
            post(product, "/api/v1/pets/", PET)
        ratios = {}
        for path in (SIGNED_IN_ONLY, *LISTS):
            status, body, _etag = bench.fetch(product, path)
            assert status == 200, body
            ratios[path] = bench.compare(product, path, body, options)
    return 0 if min(ratios[path] for path in LISTS) >= options.at_least else 1


def post(port: int, path: str, body: object) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, json.dumps(body), {**bench.HEADERS, "Content-Type": "application/json"})
    answer: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


if __name__ == "__main__":
    sys.exit(main())
