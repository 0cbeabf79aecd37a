"""Makes ``outlines.json`` from Natural Earth's country outlines, as the npm package world-atlas packs them (public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m clinics.moderation.make_outlines package/

Countries with clinics and their neighbours keep about 300 metres (scale 1:10 million), the rest of the world 10 kilometres
(1:110 million): a moderator looks at coasts and borders, not at streets.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .rings import Ring, clipped, packed

FINE, COARSE = 0.003, 0.05  # degrees that a line may be simplified by
SMALLEST = 0.02  # degrees: islands that would be a dot
# West, south, east, north of what is drawn finely: Finland, the Netherlands and Turkey with what can be seen from there.
REGIONS = ((17.0, 58.0, 33.0, 71.0), (2.0, 49.5, 9.0, 54.5), (24.0, 34.5, 46.0, 43.5))


def rings_of(topology: dict[str, Any]) -> Iterator[Ring]:
    """The outer and inner boundaries of every country, in degrees."""
    arcs = [_degrees(arc, topology["transform"]) for arc in topology["arcs"]]
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country.get("arcs", [])
        for polygon in polygons if country["type"] == "MultiPolygon" else [polygons]:
            for ring in polygon:
                yield _joined(ring, arcs)


def _degrees(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    points, x, y = [], 0, 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * scale_x + move_x, y * scale_y + move_y))
    return points


def _joined(numbers: list[int], arcs: list[Ring]) -> Ring:
    """A negative number means the arc backwards; neighbouring arcs share a point."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def simplified(ring: Ring, tolerance: float) -> Ring:
    """Without the points that are within the tolerance of a straight line (Douglas and Peucker)."""
    if len(ring) < 4:
        return ring
    keep, stack = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    while stack:
        first, last = stack.pop()
        farthest, distance = first, 0.0
        for number in range(first + 1, last):
            away = _distance(ring[number], ring[first], ring[last])
            if away > distance:
                farthest, distance = number, away
        if distance > tolerance:
            keep.add(farthest)
            stack += [(first, farthest), (farthest, last)]
    return [ring[number] for number in sorted(keep)]


def _distance(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    run, rise = end[0] - start[0], end[1] - start[1]
    length = (run * run + rise * rise) ** 0.5
    if not length:
        return ((point[0] - start[0]) ** 2 + (point[1] - start[1]) ** 2) ** 0.5
    return abs(run * (start[1] - point[1]) - rise * (start[0] - point[0])) / length


def _is_worth_drawing(ring: Ring) -> bool:
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return len(ring) > 3 and max(max(xs) - min(xs), max(ys) - min(ys)) > SMALLEST


def outlines(folder: Path) -> dict[str, Any]:
    fine, coarse = (json.loads((folder / f"countries-{scale}.json").read_text(encoding="utf-8")) for scale in ("10m", "110m"))
    detailed = list(rings_of(fine))
    regions = []
    for box in REGIONS:
        inside = (simplified(clipped(ring, box), FINE) for ring in detailed)
        regions.append({"box": box, "rings": [packed(ring) for ring in inside if ring and _is_worth_drawing(ring)]})
    world = (simplified(ring, COARSE) for ring in rings_of(coarse))
    return {"regions": regions, "world": [packed(ring) for ring in world if _is_worth_drawing(ring)]}


if __name__ == "__main__":
    made = json.dumps(outlines(Path(sys.argv[1])), separators=(",", ":"))
    Path(__file__).with_name("outlines.json").write_text(made + "\n", encoding="utf-8")
