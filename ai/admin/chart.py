"""Who wrote what was stored, day by day, as stacked bars. Pure: counts in, geometry out; the template draws it as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ai.models import Generation, Source

Outcome, State = Generation.Outcome, Generation.State
WIDTH, HEIGHT, LEFT, GAP = 960, 280, 44, 0.25
FLOOR = HEIGHT - 32  # below it stand the days
ROOM = FLOOR - 8
LABEL_EVERY = 5
ENGINE_ALONE = frozenset({Outcome.NO_MODEL, Outcome.NO_CONSENT, Outcome.NOT_NEEDED})


class Share(StrEnum):
    """What a generation counts as, from the bottom of a bar to its top."""

    MODEL = "model"
    ENGINE = "engine"
    REJECTED = "rejected"
    FAILED = "failed"
    RELEASED = "released"


@dataclass(frozen=True)
class Box:
    """One coloured part of a bar."""

    share: Share
    x: float
    y: float
    width: float
    height: float
    count: int
    day: date


@dataclass(frozen=True)
class Tick:
    """A line at a height of the scale, with its number."""

    y: float
    count: int


@dataclass(frozen=True)
class DayLabel:
    x: float
    day: date


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws, in user units of the SVG."""

    boxes: list[Box]
    ticks: list[Tick]
    labels: list[DayLabel]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def share_of(state: str, source: str, outcome: str) -> Share:
    """How one generation counts."""
    if state == State.RELEASED:
        return Share.RELEASED
    if source == Source.MODEL:
        return Share.MODEL
    if outcome == Outcome.REJECTED:
        return Share.REJECTED
    return Share.ENGINE if outcome in ENGINE_ALONE else Share.FAILED


def counts_by_day(rows: Iterable[Mapping[str, object]], days: Sequence[date]) -> dict[date, dict[Share, int]]:
    """Counts of every share for each of the days; ``rows`` have day, state, source, outcome and number."""
    counts = {day: dict.fromkeys(Share, 0) for day in days}
    for row in rows:
        day = row["day"]
        if isinstance(day, date) and day in counts:
            counts[day][share_of(str(row["state"]), str(row["source"]), str(row["outcome"]))] += int(str(row["number"]))
    return counts


def last_days(today: date, number: int) -> list[date]:
    return [today - timedelta(days=back) for back in reversed(range(number))]


def draw(counts: Mapping[date, Mapping[Share, int]]) -> Chart:
    """The bars of all days on one scale."""
    top = _round_up(max((sum(shares.values()) for shares in counts.values()), default=0))
    step = (WIDTH - LEFT) / max(1, len(counts))
    boxes = [box for number, (day, shares) in enumerate(counts.items()) for box in _bar(day, shares, LEFT + step * number, step, top)]
    ticks = [Tick(round(FLOOR - part / 4 * ROOM, 1), top * part // 4) for part in range(5)]
    labels = [DayLabel(round(LEFT + step * (number + 0.5), 1), day) for number, day in enumerate(counts) if number % LABEL_EVERY == 0]
    return Chart(boxes=boxes, ticks=ticks, labels=labels)


def _bar(day: date, shares: Mapping[Share, int], x: float, step: float, top: int) -> Iterator[Box]:
    """One day, from the floor up."""
    y = float(FLOOR)
    for share in Share:
        height = shares[share] / top * ROOM
        y -= height
        if height:
            left, width = round(x + step * GAP / 2, 1), round(step * (1 - GAP), 1)
            yield Box(share, left, round(y, 1), width, round(height, 1), shares[share], day)


def _round_up(most: int) -> int:
    """The top of the scale: four equal whole steps."""
    return max(4, -(-most // 4) * 4)
