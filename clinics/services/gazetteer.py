"""Loading the towns: once for each version of the file."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from clinics import gazetteer
from clinics.models import GazetteerLoad, Town, TownName
from clinics.text import fold

FILE = Path(gazetteer.__file__).with_name("towns.csv")
BATCH = 2_000


def load_gazetteer(*, file: Path = FILE) -> int:
    """Replace the towns by those of the file; gives their number, 0 when this very file is loaded already.

    All or nothing. Nothing refers to a town: clinics keep the coordinates that one has led to.
    """
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if GazetteerLoad.objects.filter(pk=digest).exists():
        return 0
    with file.open(encoding="utf-8", newline="") as lines, transaction.atomic():
        GazetteerLoad.objects.all().delete()
        TownName.objects.all().delete()
        Town.objects.all().delete()
        rows = list(csv.DictReader(lines))
        Town.objects.bulk_create((_town(row) for row in rows), batch_size=BATCH)
        TownName.objects.bulk_create((name for row in rows for name in _names(row)), batch_size=BATCH)
        GazetteerLoad.objects.create(sha256=digest)
    return len(rows)


def _town(row: dict[str, str]) -> Town:
    return Town(**{name: row[name] for name in ("id", "name", "country", "latitude", "longitude", "population")})


def _names(row: dict[str, str]) -> Iterator[TownName]:
    keys = {fold(row["name"]), *row["other_names"].split("|")} - {""}
    return (TownName(town_id=int(row["id"]), key=key) for key in sorted(keys))
