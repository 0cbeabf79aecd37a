"""The grammar of the audit log: ``<app>.<object>.<past participle>``. Every app declares its verbs; all of them are listed here."""

from __future__ import annotations

import re
from typing import TypeVar

from django.db.models import TextChoices

GRAMMAR = re.compile(r"[a-z_]+\.[a-z_]+\.(?:[a-z]+_)*([a-z]+)")
IRREGULAR = frozenset({"begun", "given", "kept", "made", "put", "read", "reset", "run", "sent", "set", "taken", "undone", "withdrawn"})

Verbs = TypeVar("Verbs", bound=type[TextChoices])

_declared: dict[str, type[TextChoices]] = {}


def declare(verbs: Verbs) -> Verbs:
    """Adds the verbs of one app to the list; raises ``ValueError`` for a verb outside the grammar or of somebody else."""
    for verb in verbs:
        found = GRAMMAR.fullmatch(verb.value)
        if found is None or not (found[1].endswith("ed") or found[1] in IRREGULAR):
            raise ValueError(f"The audit verb {verb.value!r} is not of the form <app>.<object>.<past participle>.")
        if _declared.setdefault(verb.value, verbs) is not verbs:
            raise ValueError(f"The audit verb {verb.value!r} is declared twice.")
    return verbs


def choices() -> list[tuple[str, str]]:
    """Every verb with its words, in the order of the verbs."""
    return sorted((name, str(verbs(name).label)) for name, verbs in _declared.items())


def label_of(name: str) -> str:
    """The words for a verb; of one that no app declares any more, the verb itself."""
    verbs = _declared.get(name)
    return str(verbs(name).label) if verbs else name
