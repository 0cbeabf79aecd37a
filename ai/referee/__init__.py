"""The referee: judges every text before it is stored, whoever wrote it, and fails closed.

``review_raw_meal_plan`` reads what a model's server sent (any bytes), ``review_meal_plan`` judges a plan, ``review_health_report``
a report, ``review_text`` a chat answer. All are pure, and none raises for what it is given.
"""

from __future__ import annotations

from .plans import review_meal_plan, review_raw_meal_plan
from .texts import review_health_report, review_raw_health_report, review_text
from .verdicts import Finding, Verdict

__all__ = [
    "Finding",
    "Verdict",
    "review_health_report",
    "review_meal_plan",
    "review_raw_health_report",
    "review_raw_meal_plan",
    "review_text",
]
