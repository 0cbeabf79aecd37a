"""The four languages of the product and the choice among them."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


class Language(NamedTuple):
    """One language: ISO 639-1 ``code``, English ``name`` and the name its speakers use."""

    code: str
    name: str
    native_name: str


LANGUAGES = (
    Language("en", "English", "English"),
    Language("fi", "Finnish", "Suomi"),
    Language("nl", "Dutch", "Nederlands"),
    Language("tr", "Turkish", "Türkçe"),
)
CODES = tuple(language.code for language in LANGUAGES)
DEFAULT_CODE = "en"
CHOICES = tuple((language.code, language.native_name) for language in LANGUAGES)


def from_accept_language(header: str) -> str | None:
    """The first of our languages that an Accept-Language header asks for; None when it names none of them."""
    for accepted, _quality in parse_accept_lang_header(header):
        if accepted == "*":
            return None
        try:
            return get_supported_language_variant(accepted)
        except LookupError:
            continue
    return None
