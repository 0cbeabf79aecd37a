"""Closed lines on a flat map: how they are stored, and how they are cut to a frame. Pure."""

from __future__ import annotations

import itertools

Point = tuple[float, float]  # degrees east, degrees north
Ring = list[Point]
Edges = tuple[float, float, float, float]  # west, south, east, north

SCALE = 1_000


def packed(ring: Ring) -> list[int]:
    """``[x, y, dx, dy, …]`` in thousandths of a degree."""
    whole = [(round(x * SCALE), round(y * SCALE)) for x, y in ring]
    steps = list(whole[0])
    for (x, y), (next_x, next_y) in itertools.pairwise(whole):
        steps += [next_x - x, next_y - y]
    return steps


def unpacked(steps: list[int]) -> Ring:
    ring, x, y = [], 0, 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append((x / SCALE, y / SCALE))
    return ring


def clipped(ring: Ring, edges: Edges) -> Ring:
    """The part of the ring inside the edges (Sutherland and Hodgman); empty when none of it is."""
    west, south, east, north = edges
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        ring = _cut(ring, axis, limit, sign)
    return ring


def _cut(ring: Ring, axis: int, limit: float, sign: int) -> Ring:
    kept: Ring = []
    for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
        if (before[axis] - limit) * (point[axis] - limit) < 0:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])))
        if (point[axis] - limit) * sign >= 0:
            kept.append(point)
    return kept
