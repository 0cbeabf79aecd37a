"""What may stand in a text of one line."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from fammo.common.text import validate_one_line


@pytest.mark.parametrize("text", ["Eläinklinikka Fleminki", "Yıldız Veteriner", "Paws & Co. (24/7) – dog \U0001f468\u200d\U0001f4bb", ""])
def test_names_in_any_script_are_taken(text: str) -> None:
    validate_one_line(text)


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\u200f"])
def test_breaks_and_turns_are_refused(character: str) -> None:
    with pytest.raises(ValidationError, match="one line"):
        validate_one_line(f"Paws{character}Claws")
