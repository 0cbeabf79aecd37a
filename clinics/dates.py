"""For which days a clinic may say special hours. A year such as 2206 is a slip of the finger, and so is 0206."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .hours import SpecialDay

# A fixed beginning: what was once accepted can always be sent back.
FIRST = date(2020, 1, 1)
YEARS_AHEAD = 5


def last() -> date:
    """The end of the last year that can be planned for."""
    return date(timezone.now().year + YEARS_AHEAD, 12, 31)


def out_of_range(special: Iterable[SpecialDay]) -> date | None:
    """The first date for which no special hours can be said, if there is one."""
    end = last()
    return next((day.on for day in special if not FIRST <= day.on <= end), None)


def refusal_of(day: date) -> str:
    """Why the hours of this day are refused, for whoever sent them; the day as it was sent, because no format knows the year 206."""
    words = {"day": day.isoformat(), "first": date_format(FIRST), "last": date_format(last())}
    return _("%(day)s is not between %(first)s and %(last)s.") % words
