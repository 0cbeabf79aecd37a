"""Free texts and codes, and the folding that search compares by."""

from __future__ import annotations

import pytest

from clinics import specializations
from clinics.text import fold


def test_the_documented_text_becomes_codes_and_comes_back() -> None:
    codes, rest = specializations.parse("Dogs, Cats, Emergency Care")

    assert (codes, rest) == (["dogs", "cats", "emergency"], "")
    assert specializations.describe(codes, rest) == "Dogs, Cats, Emergency Care"


def test_codes_are_kept_in_the_order_of_the_vocabulary() -> None:
    assert specializations.parse("Surgery, Cats, Dogs") == (["dogs", "cats", "surgery"], "")
    assert specializations.in_order(["emergency", "cats", "dogs", "cats"]) == ["dogs", "cats", "emergency"]


def test_what_is_not_in_the_vocabulary_is_kept_as_written() -> None:
    codes, rest = specializations.parse("dogs; Llama whispering, DOGS , Llama whispering")

    assert (codes, rest) == (["dogs"], "Llama whispering")
    assert specializations.describe(codes, rest) == "Dogs, Llama whispering"


@pytest.mark.parametrize(
    ("written", "typed"), [("İstanbul", "istanbul"), ("ISPARTA", "ısparta"), ("Hämeenlinna", "HAMEENLINNA"), ("a  b", " A B ")]
)
def test_folding_makes_one_of_what_people_take_for_one(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)
