"""How many agree: per version and language, as the admin shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Max

from .models import ConsentEvent, LegalVersion

BAR = 100  # the width of a chart's bar, in its own units


@dataclass(frozen=True)
class Part:
    """A piece of a bar: from where, how long, and what it stands for."""

    name: str
    count: int
    start: float
    length: float


@dataclass(frozen=True)
class Rate:
    """What those who decided on a version in one language decided last."""

    language: str
    accepted: int
    rejected: int
    withdrawn: int

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected + self.withdrawn

    @property
    def percent(self) -> int:
        return round(100 * self.accepted / self.decided)

    def parts(self) -> list[Part]:
        """The bar, from left to right."""
        found, start = [], 0.0
        for name in ("accepted", "rejected", "withdrawn"):
            count = getattr(self, name)
            length = BAR * count / self.decided
            found.append(Part(name, count, start, length))
            start += length
        return found


@dataclass(frozen=True)
class VersionRates:
    """A published version with its rates, one per language in which anybody decided."""

    version: LegalVersion
    rates: list[Rate]


def consent_rates() -> list[VersionRates]:
    """Every published version, newest first; two queries. A person counts once per version, in the language of their last decision."""
    last = ConsentEvent.objects.decisions().filter(purpose="").values("subject", "version").annotate(last=Max("sequence")).values("last")
    counted = ConsentEvent.objects.filter(sequence__in=last).order_by("version", "language", "action")
    rows = counted.values_list("version", "language", "action").annotate(people=Count("sequence"))
    rates = {version: _rates(group) for version, group in groupby(rows, key=lambda row: row[0])}
    return [VersionRates(version, rates.get(version.pk, [])) for version in LegalVersion.objects.newest_first()]


def _rates(rows: Iterable[tuple[int, str, str, int]]) -> list[Rate]:
    by_language: dict[str, dict[str, int]] = {}
    for _version, language, action, people in rows:
        by_language.setdefault(language, {"accepted": 0, "rejected": 0, "withdrawn": 0})[action] = people
    return [Rate(language, **counts) for language, counts in by_language.items()]
