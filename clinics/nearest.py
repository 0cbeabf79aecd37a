"""The nearest of many points in their exact order, measuring exactly only where it can matter. Pure.

A great circle on a sphere costs a hundredth of the geodesic on the ellipsoid and is never far from it. The sphere's distance
bounds the true one from both sides, so it sorts out what is surely within or beyond the radius, and in which order to look.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .places import distance_km

EARTH_KM = 6371.0088
# On WGS-84 a step of one sphere kilometre is never shorter than the smallest radius of curvature (6335.43 km, along the
# meridian at the equator) nor longer than the largest (6399.60 km, at the poles) makes it. What holds for every step
# holds for the shortest path.
SHORTEST, LONGEST = 6335.4 / EARTH_KM, 6399.6 / EARTH_KM
# The sphere's arithmetic is exact to less than a centimetre even for the nearest points.
SLACK_KM = 0.001

Point = tuple[int, float, float]
Found = tuple[float, int]


@dataclass(frozen=True)
class Nearest:
    """How many points are within the radius, and the asked-for ones as (kilometres, id): nearest first, equally near ones by id."""

    count: int
    found: list[Found]


def nearest(points: Iterable[Point], latitude: float, longitude: float, radius_km: float, *, offset: int, limit: int) -> Nearest:
    """``offset`` to ``offset + limit`` of the (id, latitude, longitude) within ``radius_km`` on the ellipsoid."""
    within: list[tuple[float, int, float, float]] = []
    for number, there_latitude, there_longitude in points:
        sphere = _sphere_km(latitude, longitude, there_latitude, there_longitude)
        at_least, at_most = sphere * SHORTEST - SLACK_KM, sphere * LONGEST + SLACK_KM
        if at_least > radius_km:
            continue
        if at_most > radius_km and distance_km(latitude, longitude, there_latitude, there_longitude) > radius_km:
            continue
        within.append((at_least, number, there_latitude, there_longitude))
    count = len(within)
    ordered = _in_exact_order(within, latitude, longitude)
    found = [point for rank, point in enumerate(_first(ordered, offset + limit)) if rank >= offset]
    return Nearest(count, found)


def _in_exact_order(within: list[tuple[float, int, float, float]], latitude: float, longitude: float) -> Iterator[Found]:
    """A measured point goes out as soon as no unmeasured one can be nearer; empties ``within``."""
    heapq.heapify(within)
    measured: list[Found] = []
    while within or measured:
        while within and (not measured or within[0][0] <= measured[0][0]):
            _bound, number, there_latitude, there_longitude = heapq.heappop(within)
            heapq.heappush(measured, (distance_km(latitude, longitude, there_latitude, there_longitude), number))
        yield heapq.heappop(measured)


def _first(ordered: Iterator[Found], number: int) -> Iterator[Found]:
    for _count in range(number):
        point = next(ordered, None)
        if point is None:
            return
        yield point


def _sphere_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Haversine: exact for near points, where the law of cosines is not."""
    here, there = math.radians(latitude), math.radians(other_latitude)
    across = math.sin(math.radians(other_longitude - longitude) / 2)
    up = math.sin((there - here) / 2)
    chord = up * up + math.cos(here) * math.cos(there) * across * across
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))
