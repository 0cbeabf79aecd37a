"""What the referee answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ai.schemas import HealthReport, MealPlan


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: a stable ``code`` (``toxic_food``, ``energy`` …), where it is, and a sentence for the model and the register."""

    code: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``accepted`` means no finding; only then is there a cleaned ``plan``, ``report`` or ``text``, with the engine's numbers."""

    accepted: bool
    findings: tuple[Finding, ...] = ()
    plan: MealPlan | None = None
    report: HealthReport | None = None
    text: str = ""


def refused(findings: Iterable[Finding]) -> Verdict:
    return Verdict(False, tuple(findings))
