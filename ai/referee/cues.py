"""Words that tell whether a sentence advises a thing, warns of it, or takes a warning back, in four languages.

``reference_data/cues.csv`` holds them as regular expressions over folded text. The order of its rows matters: at each place the first kind
that matches wins, so that "do not forget" takes back before "do not" forbids.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby

from ai.lexicons import DIRECTORY, read_rows


class Kind(StrEnum):
    """What a cue does to what is named beside it."""

    WARNS_FIRST = "warns_first"  # "avoid", "foods to avoid": what follows is warned of
    FORBIDS = "forbids"  # "never give", "must not be fed": what follows or stands just before is warned of
    WARNS_AFTER = "warns_after"  # "is toxic": what stands before is warned of
    NEGATES = "negates"  # "no", "without": only what follows closely
    ADVISES = "advises"
    ASKS = "asks"  # "you asked whether": what follows is neither
    SMALL_AMOUNT = "small_amount"  # "a few": an exception after a warning
    CALMS = "calms"  # "fine", "safe": an exception if it is about the same thing
    TAKES_BACK = "takes_back"  # "unless", "not toxic", "do not forget"


#: Parts that several patterns of the file share.
_PARTS = {
    "{VERB}": (
        r"(?:giv\w*|feed\w*|fed|add\w*|offer\w*|serv\w*|eat\w*|us(?:e|es|ing|ed)|let\w*|shar\w*|mix\w*|includ\w*|allow\w*|have|buy|cook|put|treat|try"
        r"|recommend\w*|suggest\w*|advis\w*|prescrib\w*|get|gets|receive\w*|consum\w*|lick\w*|chew\w*|swallow\w*|fast|starve|skip|induce|stop)"
    ),
    "{NOT}": (
        r"(?:never|not|no longer|cannot|can't|don't|dont|doesn't|mustn't|shouldn't|won't"
        r"|must not|should not|may not|do not|does not|can not)"
    ),
    "{HARM}": (
        r"(?:toxic|poison(?:ous)?|dangerous|harmful|bad|a problem|an issue|deadly|unsafe|forbidden|off limits|risky"
        r"|a danger|a worry|a concern)"
    ),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue and where it stands in the folded sentence."""

    kind: Kind
    start: int
    end: int


def cues_in(sentence: str) -> list[Cue]:
    """The cues of a folded sentence, in order, none overlapping."""
    found = _pattern().finditer(sentence.replace("-", " "))
    return [Cue(Kind((hit.lastgroup or "").rpartition("_")[0]), hit.start(), hit.end()) for hit in found]


@cache
def _pattern() -> re.Pattern[str]:
    rows = groupby(read_rows(DIRECTORY / "cues.csv"), key=lambda row: row["kind"])
    groups = []
    for at, (kind, each) in enumerate(rows):
        patterns = "|".join(_whole(row["pattern"]) for row in each)
        groups.append(rf"(?P<{Kind(kind).value}_{at}>(?<![a-z0-9])(?:{patterns})(?![a-z0-9]))")
    return re.compile("|".join(groups))


def _whole(pattern: str) -> str:
    for part, text in _PARTS.items():
        pattern = pattern.replace(part, text)
    return pattern
