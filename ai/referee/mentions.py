"""Whether a text that names a dangerous thing warns of it or recommends it. In doubt it recommends it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ai.lexicons import word_list
from ai.words import Hit, Lexicon, disguised, fold, sentences, squashed

from .cues import Cue, Kind, cues_in

_FREE_OF_IT = re.compile(r"[\s-]*(?:free|vrij\w*|icerme\w*)(?![a-z])")
_WITHOUT_SUFFIX = re.compile(r"(?:t[oo]n|t[oo]nta|tt[oo]m\w*|s[iu]z\w{0,4})$")
_BREAK = re.compile(r"[,:;()–—]")
_OTHER_CLAUSE = re.compile(
    r"(?<![a-z])(?:but|however|while|whereas|though|yet|then|because|since|when|if|so that|mutta|kun|koska|jos"
    r"|maar|echter|terwijl|omdat|want|als|ama|fakat|ancak|lakin|cunku|eger)(?![a-z])|;"
)
#: How many words may stand between a thing and the warning that is said of it.
_WORDS_BETWEEN = {Kind.WARNS_AFTER: 5, Kind.FORBIDS: 4, Kind.NEGATES: 1}
_NEAR_WORDS = 3
_OR = re.compile(r"\s+(?:or|nor|of|noch|tai|eika|veya|ya da)(?![a-z])")
_OR_BEFORE = re.compile(r"(?<![a-z])(?:or|nor|of|noch|tai|eika|veya|ya da)\s*$")
_LEAST_SPLIT = 6
_LINK = re.compile(r"[\s,/&()-]*(?:(?:and|or|nor|any|of|the|added|a|an|tai|ja|eika|seka|of|en|noch|ve|veya|ya|da|de)(?![a-z])[\s,/&()-]*)*")
_SAME_SUBJECT = frozenset(word_list("same_subject"))


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a document. In ``strict`` pieces (a meal option) a bare mention is a recommendation, whatever is said elsewhere."""

    where: str
    text: str
    strict: bool = False


Piece = tuple[Text, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing that a text recommends, or names in disguise."""

    where: str
    word: str
    is_disguised: bool = False


def folded_pieces(texts: Sequence[Text]) -> list[Piece]:
    """The pieces with their folded texts, for the many lexicons that look at them."""
    return [(text, fold(text.text)) for text in texts]


def may_name(lexicon: Lexicon, folded: str, squashed_terms: Iterable[str]) -> bool:
    """Whether a piece can name a term in any disguise: most need no closer look."""
    readings = (folded, *_readings(folded), _joined_pairs(folded))
    return any(lexicon.hits(reading) for reading in readings) or any(term in _letters(folded) for term in squashed_terms)


def recommended(lexicon: Lexicon, pieces: Iterable[Piece], squashed_terms: Sequence[str] = ()) -> Iterator[Mention]:
    """Every mention that is not clearly a warning, and every disguised one."""
    neutral: list[Mention] = []
    warned = False
    for piece, folded in pieces:
        plain = lexicon.hits(folded)
        if word := _disguise(lexicon, folded, plain, squashed_terms):
            yield Mention(piece.where, word, is_disguised=True)
        for sentence in sentences(folded) if plain else ():
            verdicts = _verdicts(lexicon, sentence)
            for hit, verdict in verdicts:
                if verdict is None and not piece.strict:
                    neutral.append(Mention(piece.where, hit.text))
                elif not verdict:
                    yield Mention(piece.where, hit.text)
                else:
                    warned = True
    if not warned:
        yield from neutral


def is_warned_of(lexicon: Lexicon, sentence: str) -> bool:
    """Whether a folded sentence names the thing, each time to warn of it."""
    verdicts = [verdict for _hit, verdict in _verdicts(lexicon, sentence)]
    return bool(verdicts) and all(verdicts)


def _verdicts(lexicon: Lexicon, sentence: str) -> list[tuple[Hit, bool | None]]:
    hits = lexicon.hits(sentence)
    cues = [cue for cue in cues_in(sentence) if not any(hit.start <= cue.start < hit.end for hit in hits)] if hits else []
    return [(hit, _judged(lexicon, hit, hits, cues, sentence)) for hit in hits]


def _judged(lexicon: Lexicon, hit: Hit, hits: Sequence[Hit], cues: Sequence[Cue], sentence: str) -> bool | None:
    """True: the sentence warns of it. False: it recommends it. None: it does neither."""
    if _FREE_OF_IT.match(sentence, hit.end) or _is_without(hit, lexicon):
        return True
    before = [cue for cue in cues if cue.start < hit.start]
    after = [cue for cue in cues if cue.start >= hit.end and cue.kind is not Kind.ASKS]
    if _is_taken_back(hit, after, sentence):
        return False
    left = before[-1] if before else None
    if left and left.kind is Kind.TAKES_BACK:
        return False
    if _warns_before(hit, hits, before, sentence):
        return True
    if after and _is_predicate(hit, hits, after[0], left, sentence):
        return True
    return None if not cues or any(cue.kind is Kind.ASKS for cue in before) else False


def _is_without(hit: Hit, lexicon: Lexicon) -> bool:
    """Finnish "sipuliton", Turkish "sogansiz"; but "mutton" is no Finnish "mut-ton"."""
    suffix = _WITHOUT_SUFFIX.search(hit.text)
    return bool(suffix and lexicon.hits(hit.text[: suffix.start()]))


def _warns_before(hit: Hit, hits: Sequence[Hit], before: Sequence[Cue], sentence: str) -> bool:
    for cue in reversed(before):
        if cue.kind in {Kind.WARNS_FIRST, Kind.FORBIDS}:
            return True
        if cue.kind is Kind.NEGATES:
            if _is_near(cue.end, hit, hits, sentence):
                return True
            continue
        if cue.kind is Kind.WARNS_AFTER:
            # "Toxic: grapes, onions" warns of what follows; "onions are toxic, grapes ..." says nothing of grapes.
            if sentence[cue.end :].lstrip().startswith(":"):
                return True
            return _is_near(cue.end, hit, hits, sentence) and not any(other.end <= cue.start for other in hits)
        if cue.kind is not Kind.SMALL_AMOUNT:
            return False
    return False


def _is_predicate(hit: Hit, hits: Sequence[Hit], cue: Cue, left: Cue | None, sentence: str) -> bool:
    """Whether the first cue after the hit is a warning said of it: "grapes are toxic", "grapes, raisins and onions must not be fed"."""
    most = _WORDS_BETWEEN.get(cue.kind)
    if most is None:
        return False
    between = sentence[hit.end : cue.start]
    for other in hits:
        if hit.end <= other.start and other.end <= cue.start:
            between = sentence[other.end : cue.start]
    if left is None or left.kind not in {Kind.ADVISES, Kind.CALMS, Kind.SMALL_AMOUNT}:
        return not _OTHER_CLAUSE.search(between) and (cue.kind is Kind.WARNS_AFTER or len(between.split()) <= most)
    if cue.kind is Kind.NEGATES or _BREAK.search(between) or _OTHER_CLAUSE.search(between):
        return False
    return len(between.split()) <= most


def _is_taken_back(hit: Hit, after: Sequence[Cue], sentence: str) -> bool:
    for at, cue in enumerate(after):
        if cue.kind is Kind.TAKES_BACK:
            return True
        if cue.kind is Kind.SMALL_AMOUNT and not any(later.kind is Kind.WARNS_AFTER for later in after[at + 1 :]):
            return True
        if cue.kind is Kind.CALMS and _is_about(hit, cue, sentence):
            return True
    return False


def _is_about(hit: Hit, cue: Cue, sentence: str) -> bool:
    """Whether "fine" is said of the hit: in its own clause, or in a later one that names nothing else."""
    breaks = sorted(
        (found for pattern in (_BREAK, _OTHER_CLAUSE) for found in pattern.finditer(sentence, hit.end, cue.start)),
        key=lambda found: found.end(),
    )
    if not breaks:
        return True
    words = re.findall(r"[a-z]+", sentence[breaks[-1].end() : cue.start])
    return all(word in _SAME_SUBJECT for word in words)


def _is_near(start: int, hit: Hit, hits: Sequence[Hit], sentence: str) -> bool:
    """Whether few words, or only a list of other dangers, stand between a negation and the hit."""
    between = sentence[start : hit.start]
    if not _BREAK.search(between) and len(between.split()) <= _NEAR_WORDS:
        return True
    if "," in between and not re.search(r"[:;()–—]", between) and (_OR.match(sentence, hit.end) or _OR_BEFORE.search(between)):
        # "no cheese, ham or leftovers": the "or" says that one negation covers the list.
        return all(len(part.split()) <= _NEAR_WORDS for part in between.split(","))
    at = start
    for other in hits:
        if start <= other.start < hit.start and _LINK.fullmatch(sentence, at, other.start):
            at = other.end
    return bool(_LINK.fullmatch(sentence, at, hit.start))


def _disguise(lexicon: Lexicon, folded: str, plain: Sequence[Hit], squashed_terms: Iterable[str]) -> str:
    """The word that a text hides: by digits, marks, spaces, or letters that only look right; empty when it hides none."""
    folded = lexicon.without_harmless(folded)
    for reading in _readings(folded):
        found = lexicon.hits(reading)
        if len(found) > len(plain):
            return found[-1].text
    if plain:
        return ""
    for hit in lexicon.hits(_joined_pairs(folded)):
        if len(hit.text) >= _LEAST_SPLIT and lexicon.names_exactly(hit.text):
            return hit.text
    letters = _letters(folded)
    return next((term for term in squashed_terms if term in letters), "")


@lru_cache(maxsize=128)
def _readings(folded: str) -> tuple[str, ...]:
    return tuple(disguised(folded))


@lru_cache(maxsize=128)
def _joined_pairs(folded: str) -> str:
    """Every two neighbouring words as one: "gra pes"."""
    words = re.findall(r"[a-z]{2,}", folded)
    return " ".join(first + second for first, second in pairwise(words))


@lru_cache(maxsize=128)
def _letters(folded: str) -> str:
    return squashed(folded)
