"""Weights as scales give them and as people read them: kilograms to ten grams, and to the gram below one kilogram."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

GRAM, TEN_GRAMS = Decimal("0.001"), Decimal("0.01")


def rounded(kilograms: Decimal) -> Decimal:
    """What is worth keeping of a weight. Raises ``InvalidOperation`` for a number of absurd length."""
    return kilograms.quantize(TEN_GRAMS if kilograms >= 1 else GRAM, ROUND_HALF_UP)


def text(kilograms: Decimal) -> str:
    """At least two decimals, three where there are single grams: "25.50", "0.035"."""
    short = kilograms.quantize(TEN_GRAMS)
    return f"{short if short == kilograms else kilograms.quantize(GRAM):f}"
