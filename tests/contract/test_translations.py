"""The catalogues are complete, keep every placeholder, and are compiled."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

from fammo.common.languages import CODES

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
TRANSLATED = [code for code in CODES if code != "en"]


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english(language: str) -> None:
    entries = catalogue(language)

    assert [entry.msgid for entry in (*entries.untranslated_entries(), *entries.fuzzy_entries())] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_placeholder_is_kept(language: str) -> None:
    for entry in catalogue(language):
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for given in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            # A singular may say "one" instead of the number.
            assert sorted(PLACEHOLDER.findall(given)) == wanted or (entry.msgid_plural and given == entry.msgstr_plural[0]), entry.msgid


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_was_written(language: str) -> None:
    written = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalogue(language) if not entry.msgid_plural}
    compiled = polib.mofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.mo"))

    assert {(entry.msgctxt, entry.msgid): entry.msgstr for entry in compiled if not entry.msgid_plural} == written


@pytest.mark.parametrize("language", TRANSLATED)
def test_django_finds_them(language: str) -> None:
    with translation.override(language):
        assert translation.gettext("Skip to content") != "Skip to content"
