"""Files of any size as one record after the other; never more than one record is in memory. Pure but for the reading."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 64 * 1024
MAX_RECORD = 4 * 1024 * 1024
CSV, GEOJSON = "csv", "geojson"


class UnreadableFile(Exception):
    """The file is not what it should be; the text names the place."""


@dataclass(frozen=True)
class Record:
    """One row: where it stands in the file, what it says by name, and the point of a GeoJSON feature."""

    place: str
    values: dict[str, str]
    point: tuple[float, float] | None = None


def format_of(path: Path) -> str:
    """``csv`` or ``geojson`` by the file's name; raises UnreadableFile."""
    endings = {".csv": CSV, ".geojson": GEOJSON, ".json": GEOJSON}
    if (known := endings.get(path.suffix.lower())) is None:
        raise UnreadableFile(f"{path.name} is neither .csv nor .geojson")
    return known


def read(file: BinaryIO, kind: str) -> Iterator[Record]:
    """The records of a file that was opened for bytes; raises UnreadableFile."""
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        yield from _csv(lines) if kind == CSV else _geojson(lines)
    except UnicodeDecodeError as exc:
        raise UnreadableFile(f"the file is not UTF-8 (byte {file.tell()} or shortly before)") from exc
    finally:
        lines.detach()


def _csv(lines: io.TextIOWrapper) -> Iterator[Record]:
    try:
        rows = csv.DictReader(lines, strict=True)
        if not rows.fieldnames or "name" not in rows.fieldnames:
            raise UnreadableFile("line 1: there is no column called name")
        for row in rows:
            values = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
            yield Record(f"line {rows.line_num}", values)
    except csv.Error as exc:
        raise UnreadableFile(f"line {rows.line_num}: {exc}") from exc


def _geojson(lines: io.TextIOWrapper) -> Iterator[Record]:
    """The features of a FeatureCollection, read as far as each ends: its members before and after are never held."""
    for number, feature in enumerate(_array_items(lines), 1):
        yield _record(f"feature {number}", feature)


def _array_items(lines: io.TextIOWrapper) -> Iterator[Any]:
    decoder, buffer = json.JSONDecoder(), _skip_to_features(lines)
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            return
        try:
            item, end = decoder.raw_decode(buffer)
        except (json.JSONDecodeError, RecursionError) as exc:
            more = lines.read(CHUNK)
            if not more or len(buffer) > MAX_RECORD or isinstance(exc, RecursionError):
                raise UnreadableFile("the list of features is not complete, or no JSON") from exc
            buffer += more
            continue
        yield item
        buffer = buffer[end:]


def _skip_to_features(lines: io.TextIOWrapper) -> str:
    buffer = ""
    while more := lines.read(CHUNK):
        buffer += more
        _before, found, after = buffer.partition('"features"')
        start = after.lstrip(" \t\r\n:")
        if found and start:
            if start.startswith("["):
                return start[1:]
            break
        if len(buffer) > MAX_RECORD:
            break
    raise UnreadableFile('there is no list called "features"')


def _record(place: str, feature: Any) -> Record:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise UnreadableFile(f"{place}: this is no feature")
    values = {str(name): _text(value) for name, value in feature["properties"].items() if isinstance(value, str | int | float)}
    if "id" in feature:
        values.setdefault("@id", _text(feature["id"]))
    return Record(place, values, _point(feature.get("geometry")))


def _point(geometry: Any) -> tuple[float, float] | None:
    """(latitude, longitude) of a point, or of the middle of what a building's outline covers."""
    corners = (
        [corner for corner in _positions(geometry.get("coordinates")) if all(map(math.isfinite, corner))]
        if isinstance(geometry, dict)
        else []
    )
    if not corners:
        return None
    longitudes, latitudes = zip(*corners, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, list) or not coordinates:
        return
    if isinstance(coordinates[0], int | float) and len(coordinates) >= 2 and isinstance(coordinates[1], int | float):
        with suppress(OverflowError):  # a whole number of hundreds of digits is no degree
            yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _positions(part)


def _text(value: str | int | float) -> str:
    return str(value).strip()
