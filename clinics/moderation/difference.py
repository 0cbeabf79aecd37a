"""What approving would change: every fact and word of a clinic page, as it is public and as it was submitted."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.compare import diff_text

from clinics import cards, hours
from clinics.models import ClinicPage, ModerationDecision
from clinics.specializations import Specialization

Subject = ModerationDecision.Subject
Value = str | list[str]
Part = tuple[Literal["equal", "addition", "deletion"], str]


@dataclass(frozen=True)
class Aspect:
    """One thing that an owner writes: how it is shown, and which members of a stored revision it is made of."""

    code: Subject
    stored_in: tuple[str, ...]
    read: Callable[[ClinicPage], Value]
    is_picture: bool = False


@dataclass(frozen=True, kw_only=True)
class Change:
    """One aspect before and after. ``parts`` is the way from one to the other: words of a text, lines of a list."""

    code: str
    label: str
    before: Value
    after: Value
    parts: list[Part]
    is_changed: bool
    is_list: bool
    is_picture: bool


def changes(before: ClinicPage | None, after: ClinicPage, *, is_source: bool = True) -> list[Change]:
    """Every aspect that is written on either side; of a translation its words only, as facts are read from the source page."""
    every = ASPECTS if is_source else WORDS
    compared = (_compare(aspect, _read(aspect, before), _read(aspect, after)) for aspect in every)
    return [change for change in compared if change.before or change.after]


def _read(aspect: Aspect, page: ClinicPage | None) -> Value:
    return "" if page is None else aspect.read(page)


def _compare(aspect: Aspect, before: Value, after: Value) -> Change:
    is_list = isinstance(after, list) or isinstance(before, list)
    return Change(
        code=aspect.code.value,
        label=str(aspect.code.label),
        before=_shown(aspect, before),
        after=_shown(aspect, after),
        parts=[] if aspect.is_picture else _parts_of_lists(before or [], after or []) if is_list else _parts_of_texts(before, after),
        is_changed=(before or "") != (after or ""),
        is_list=is_list,
        is_picture=aspect.is_picture,
    )


def _shown(aspect: Aspect, value: Value) -> Value:
    return cards.draft_url(str(value)) or "" if aspect.is_picture else value


def _parts_of_texts(before: Value, after: Value) -> list[Part]:
    return [(kind, text) for kind, text in diff_text(before, after).changes if text]


def _parts_of_lists(before: Value, after: Value) -> list[Part]:
    old, new = list(before), list(after)
    parts: list[Part] = []
    for operation, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            parts += [("equal", line) for line in old[start:end]]
        elif operation == "replace" and end - start == new_end - new_start:  # a day's old and new hours next to each other
            for line, new_line in zip(old[start:end], new[new_start:new_end], strict=True):
                parts += [("deletion", line), ("addition", new_line)]
        else:
            parts += [("deletion", line) for line in old[start:end]]
            parts += [("addition", line) for line in new[new_start:new_end]]
    return parts


def _plain(name: str) -> Callable[[ClinicPage], Value]:
    return lambda page: str(getattr(page, name) or "")


def _place(page: ClinicPage) -> Value:
    return "" if page.latitude is None or page.longitude is None else f"{page.latitude}, {page.longitude}"


def _special_hours(page: ClinicPage) -> Value:
    return [_("%(day)s: %(hours)s") % {"day": date_format(day.on), "hours": _intervals(day)} for day in page.special_days()]


def _intervals(day: hours.SpecialDay) -> str:
    return ", ".join(f"{hours.format_time(opens)} - {hours.format_time(closes)}" for opens, closes in day.intervals) or _("Closed")


def _holidays(page: ClinicPage) -> Value:
    return _("Yes") if page.closed_on_holidays else _("No")


def _aspect(code: Subject, read: Callable[[ClinicPage], Value] | None = None, *stored_in: str, is_picture: bool = False) -> Aspect:
    return Aspect(code, stored_in or (code.value,), read or _plain(code.value), is_picture)


# In the order of the page editor, which is the order in which a person reads a clinic.
ASPECTS = (
    _aspect(Subject.NAME, _plain("title"), "title"),
    _aspect(Subject.SLUG),
    _aspect(Subject.ADDRESS),
    _aspect(Subject.ZIP_CODE),
    _aspect(Subject.CITY),
    _aspect(Subject.COUNTRY),
    _aspect(Subject.COORDINATES, _place, "latitude", "longitude"),
    _aspect(Subject.PHONE, cards.phone_text),
    _aspect(Subject.EMAIL),
    _aspect(Subject.WEBSITE),
    _aspect(Subject.INSTAGRAM),
    _aspect(Subject.BIO),
    _aspect(Subject.LOGO, cards.logo_path, is_picture=True),
    _aspect(Subject.SPECIALIZATIONS, lambda page: [str(Specialization(code).label) for code in page.specializations]),
    _aspect(Subject.OTHER_SPECIALIZATIONS),
    _aspect(Subject.VET_NAME),
    _aspect(Subject.DEGREES),
    _aspect(Subject.CERTIFICATIONS),
    _aspect(Subject.WORKING_HOURS, lambda page: hours.format_week(page.week()), "opening_intervals"),
    _aspect(Subject.SPECIAL_HOURS, _special_hours),
    _aspect(Subject.CLOSED_ON_HOLIDAYS, _holidays),
    _aspect(Subject.HOURS_NOTE),
)
WORDS = tuple(aspect for aspect in ASPECTS if aspect.code.value in ClinicPage.WORDS)


def as_data(change: Change) -> Mapping[str, Any]:
    """For the API."""
    return {
        "field": change.code,
        "label": change.label,
        "before": change.before or None,
        "after": change.after or None,
        "is_changed": change.is_changed,
        "parts": [{"kind": kind, "text": text} for kind, text in change.parts],
    }
