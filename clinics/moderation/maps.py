"""A map as vectors: outlines and towns that are shipped with Fammo, drawn around a few spots.

Nothing is fetched unless TILE_URL names a tile server; then its tiles lie below. Hence Web Mercator, in which tiles are cut:
``x`` and ``y`` run from 0 to 1 around the earth and from its northern to its southern end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from clinics import places
from clinics.models import Town

from .rings import Edges, Ring, clipped, unpacked
from .whereabouts import Spot

WIDTH, HEIGHT = 480, 320
SPANS_KM = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000)  # widths to choose from
USUAL_SPAN_KM = 50
MOST_TOWNS = 12
LABEL_WIDTH, LABEL_HEIGHT = 100, 18
SCALE_WIDTH, SCALE_HEIGHT = WIDTH / 5 + 30, 44  # the corner of the scale bar
EQUATOR_KM = 40_075.0
NORTHERN_END = 85.05  # beyond it a Mercator map has no end
TILE_PIXELS, DEEPEST_ZOOM = 256, 18
FILE = Path(__file__).with_name("outlines.json")


@dataclass(frozen=True)
class Dot:
    """Something on the picture, in its own units from the upper left corner."""

    x: float
    y: float
    label: str
    kind: str = "town"


@dataclass(frozen=True)
class Tile:
    """A square of a tile server and where it lies on the picture."""

    url: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What the template draws, in units of its own. ``left``, ``top`` and ``reach`` (its width) are in Mercator's, for reading a click."""

    left: float
    top: float
    reach: float
    land: list[str]
    tiles: list[Tile]
    towns: list[Dot]
    spots: list[Dot]
    scale_km: float
    scale_width: float
    span_km: int
    nearer_km: int | None
    farther_km: int | None
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> tuple[Dot, Dot] | None:
        """From the stated point to the one that was found."""
        ends = {spot.kind: spot for spot in self.spots}
        return (ends["stated"], ends["found"]) if {"stated", "found"} <= set(ends) else None


def draw(spots: Sequence[Spot], *, span_km: int | None = None) -> Picture | None:
    """The spots with what is around them; None without any. A span that is not offered is taken as none given."""
    if not spots:
        return None
    span_km = span_km if span_km in SPANS_KM else _span_for(spots)
    frame = _Frame.around(spots, span_km)
    position = SPANS_KM.index(span_km)
    return Picture(
        left=frame.left,
        top=frame.top,
        reach=frame.reach,
        land=[frame.path(ring) for ring in _land(frame)],
        tiles=_tiles(frame, settings.ENVIRONMENT.tile_url),
        towns=_labelled(frame, Town.objects.within(frame.box())[: MOST_TOWNS * 6]),
        spots=[Dot(*frame.at(spot.latitude, spot.longitude), spot.label, spot.kind) for spot in spots],
        scale_km=span_km / 5,
        scale_width=WIDTH / 5,
        span_km=span_km,
        nearer_km=SPANS_KM[position - 1] if position else None,
        farther_km=SPANS_KM[position + 1] if position + 1 < len(SPANS_KM) else None,
    )


def mercator(latitude: float, longitude: float) -> tuple[float, float]:
    latitude = max(-NORTHERN_END, min(NORTHERN_END, latitude))
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2


def latitude_at(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


@dataclass(frozen=True)
class _Frame:
    """The part of the Mercator plane that is shown; ``left`` may lie beyond the antimeridian."""

    left: float
    top: float
    reach: float

    @classmethod
    def around(cls, spots: Sequence[Spot], span_km: int) -> _Frame:
        latitude, longitude = _middle(spots)
        x, _y = mercator(latitude, longitude)
        heights = [mercator(spot.latitude, longitude)[1] for spot in spots]
        y = (min(heights) + max(heights)) / 2
        reach = min(span_km / (EQUATOR_KM * math.cos(math.radians(min(abs(latitude), NORTHERN_END)))), 1.0)
        return cls(x - reach / 2, y - reach * HEIGHT / WIDTH / 2, reach)

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        x, y = mercator(latitude, longitude)
        # What is on the other side of the antimeridian belongs next to the others.
        across = (x - self.left - self.reach / 2 + 0.5) % 1 - 0.5 + self.reach / 2
        return round(across / self.reach * WIDTH, 1), round((y - self.top) / self.reach * WIDTH, 1)

    def path(self, ring: Ring) -> str:
        plane = (mercator(latitude, longitude) for longitude, latitude in ring)
        return (
            "M" + "L".join(f"{(x - self.left) / self.reach * WIDTH:.1f} {(y - self.top) / self.reach * WIDTH:.1f}" for x, y in plane) + "Z"
        )

    def edges(self) -> Edges:
        west, bottom = self.left * 360 - 180, self.top + self.reach * HEIGHT / WIDTH
        return west, latitude_at(bottom), west + self.reach * 360, latitude_at(self.top)

    def box(self) -> places.Box:
        west, south, east, north = self.edges()
        if east - west >= 360:
            return places.Box(south, north, ((-180.0, 180.0),))
        if west < -180:
            return places.Box(south, north, ((west + 360, 180.0), (-180.0, east)))
        if east > 180:
            return places.Box(south, north, ((west, 180.0), (-180.0, east - 360)))
        return places.Box(south, north, ((west, east),))


def _middle(spots: Sequence[Spot]) -> tuple[float, float]:
    first = spots[0].longitude
    offsets = [(spot.longitude - first + 180) % 360 - 180 for spot in spots]
    middle = first + (min(offsets) + max(offsets)) / 2
    latitudes = [spot.latitude for spot in spots]
    return (min(latitudes) + max(latitudes)) / 2, (middle + 180) % 360 - 180


def _span_for(spots: Sequence[Spot]) -> int:
    """Wide enough for every spot with room around it."""
    latitude, longitude = _middle(spots)
    farthest = max(places.distance_km(latitude, longitude, spot.latitude, spot.longitude) for spot in spots)
    return next((span for span in SPANS_KM if span >= max(farthest * 4, USUAL_SPAN_KM)), SPANS_KM[-1])


def _labelled(frame: _Frame, towns: Iterable[Town]) -> list[Dot]:
    """The largest towns whose names do not cover each other."""
    dots: list[Dot] = []
    for town in towns:
        x, y = frame.at(float(town.latitude), float(town.longitude))
        is_on_scale = x < SCALE_WIDTH and y > HEIGHT - SCALE_HEIGHT
        is_free = not is_on_scale and all(abs(x - dot.x) > LABEL_WIDTH or abs(y - dot.y) > LABEL_HEIGHT for dot in dots)
        if is_free and 8 <= x <= WIDTH - LABEL_WIDTH and LABEL_HEIGHT <= y <= HEIGHT - LABEL_HEIGHT:
            dots.append(Dot(x, y, town.name))
    return dots[:MOST_TOWNS]


def _tiles(frame: _Frame, address: str) -> list[Tile]:
    """The squares that cover the frame at about their own size."""
    if not address:
        return []
    zoom = max(0, min(DEEPEST_ZOOM, round(math.log2(WIDTH / TILE_PIXELS / frame.reach))))
    number = 2**zoom
    size = WIDTH / frame.reach / number
    bottom = frame.top + frame.reach * HEIGHT / WIDTH
    columns = range(math.floor(frame.left * number), math.floor((frame.left + frame.reach) * number) + 1)
    rows = range(max(0, math.floor(frame.top * number)), min(number - 1, math.floor(bottom * number)) + 1)
    return [
        Tile(
            address.replace("{z}", str(zoom)).replace("{x}", str(column % number)).replace("{y}", str(row)),
            round((column / number - frame.left) / frame.reach * WIDTH, 2),
            round((row / number - frame.top) / frame.reach * WIDTH, 2),
            round(size, 2),
        )
        for column in columns
        for row in rows
    ]


def _land(frame: _Frame) -> list[Ring]:
    """The finest outlines that fill the frame, cut to it; the world's where none do."""
    west, south, east, north = frame.edges()
    outlines = _outlines()
    fine = (rings for (a, b, c, d), rings in outlines.regions if a <= west and b <= south and east <= c and north <= d)
    rings = next(fine, outlines.world)
    shifts = (0.0, 360.0, -360.0) if west < -180 or east > 180 else (0.0,)
    margin_x, margin_y = (east - west) * 0.01, (north - south) * 0.01
    edges = (west - margin_x, south - margin_y, east + margin_x, north + margin_y)  # so that the cut itself is out of sight
    moved = ([(x + shift, y) for x, y in ring] if shift else ring for shift in shifts for ring in rings)
    return [part for ring in moved if len(part := clipped(ring, edges)) > 2]


@dataclass(frozen=True)
class _Outlines:
    regions: list[tuple[Edges, list[Ring]]]
    world: list[Ring]


@cache
def _outlines() -> _Outlines:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    regions = [(tuple(region["box"]), [unpacked(ring) for ring in region["rings"]]) for region in data["regions"]]
    return _Outlines(regions, [unpacked(ring) for ring in data["world"]])
