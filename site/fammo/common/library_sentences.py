"""Sentences of Django's and DRF's that callers read and that their Finnish and Dutch catalogues lack or have half.

Named here, so that ``makemessages`` finds them; the project's catalogues go before the libraries'.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop, ngettext_lazy

SENTENCES = (
    gettext_noop("Must be a valid boolean."),
    gettext_noop("Not a valid string."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        8,
    ),
)
