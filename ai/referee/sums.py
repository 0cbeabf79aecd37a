"""Reading amounts and shares back from the words of a plan, to add them up again."""

from __future__ import annotations

import math
import re

from ai.lexicons import word_list
from ai.nutrition.ingredients import Ingredient, Pantry, plain
from ai.schemas import Feeding

_AMOUNT = r"(\d{1,5}(?:[.,]\d{1,3})?)\s*(kg|g|gr|gram|grams|grammaa|gramma)(?![a-z])"
_FIRST = re.compile(rf"^\s*{_AMOUNT}\.?\s*(?:of\s+|van\s+|de\s+)?(.+?)\s*$", re.IGNORECASE)
_LAST = re.compile(rf"^\s*(.+?)\s*[:,(–-]?\s*{_AMOUNT}\s*\)?\s*$", re.IGNORECASE)
_SHARE = re.compile(r"(?:%\s*(\d{1,3}(?:[.,]\d+)?))|(?:(\d{1,3}(?:[.,]\d+)?)\s*%)")
_TIME = re.compile(r"^\s*([01]?\d|2[0-3])(?:[:.][0-5]\d)?\s*([ap]\.?m\.?)?\s*$", re.IGNORECASE)
#: Words that may stand beside an ingredient's name and change nothing about it.
_HARMLESS = frozenset(word_list("beside_ingredient"))


def portion_of(item: str, pantry: Pantry) -> tuple[Ingredient, float] | None:
    """``200g lean beef`` as an ingredient and its grams; None when either cannot be told for sure."""
    if found := _FIRST.match(item):
        number, unit, name = found.groups()
    elif found := _LAST.match(item):
        name, number, unit = found.groups()
    else:
        return None
    grams = float(number.replace(",", ".")) * (1000 if unit.lower() == "kg" else 1)
    ingredient = ingredient_named(name, pantry)
    return (ingredient, grams) if ingredient and math.isfinite(grams) and grams > 0 else None


def ingredient_named(name: str, pantry: Pantry) -> Ingredient | None:
    """The ingredient of that name, beside which only harmless words may stand ("lean beef, boiled")."""
    wanted = plain(name)
    if exact := pantry.by_name.get(wanted):
        return exact
    words = [word for word in wanted.split() if word not in _HARMLESS]
    rest = " ".join(words)
    return pantry.by_name.get(rest) or pantry.by_name.get(rest.removesuffix("s")) if rest else None


def shares_of(schedule: list[Feeding]) -> float | None:
    """The sum of the percentages in the notes of a schedule; None when a meal names none or several."""
    total = 0.0
    for feeding in schedule:
        found = _SHARE.findall(feeding.note)
        if len(found) != 1:
            return None
        total += float("".join(found[0]).replace(",", "."))
    return total


def is_time(text: str) -> bool:
    """``8:00 AM``, ``18:00``, ``7.30``."""
    return bool(_TIME.match(text))
