"""Plain text out of whatever a model wrote: no markup, no links, no invisible signs."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\((?:[^()\n]|\([^()\n]{0,300}\)){0,2000}\)")
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\bjavascript:|\bdata:[a-z]+/|\bmailto:)\S*", re.IGNORECASE)
_DOMAIN = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|info|biz|ru|cn|xyz|top|shop|site|online|app|dev|fi|nl|tr|uk|de|eu)\b(?:/\S*)?", re.IGNORECASE
)
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_SPACES = re.compile(r"[ \t\f\v]+")
_ROUNDS = 6


class CannotClean(ValueError):
    """Markup that keeps coming back after every cleaning."""


def plain_text(text: str) -> str:
    """The text without tags, links, addresses and control signs. Raises ``CannotClean`` for markup nested without end."""
    for _round in range(_ROUNDS):
        cleaned = _once(text)
        if cleaned == text:
            return cleaned
        text = cleaned
    raise CannotClean


def _once(text: str) -> str:
    text = _MARKDOWN_LINK.sub(r"\1", text)
    if "<" in text or "&" in text:
        text = html.unescape(nh3.clean(text, tags=set()))
    for pattern in (_ADDRESS, _EMAIL, _DOMAIN):
        text = pattern.sub("", text)
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return _SPACES.sub(" ", text).strip()
