"""Whether a text tells that an animal took in something poisonous, however that is worded: "has eaten a lily", "licked the chocolate".

A poison and a word for eating near each other are enough, unless the eating is denied or the poison is only asked about ("can he eat
grapes?"). In doubt it was eaten: what is missed here can kill.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ai.lexicons import DIRECTORY, MEDICINE, PAINKILLERS, TOXIC, hazards, read_rows, split, word_list
from ai.profiles import AnimalProfile
from ai.words import Hit, Lexicon, sentences

#: Letters between the poison and the word for eating it.
REACH = 80
#: Letters between the word for eating and "some" or "it", which stand for what was named before.
SOME_REACH = 25
#: Dogs and cats chew and lick bones all day; what endangers them is to swallow cooked ones.
ONLY_SWALLOWED = frozenset({"bones"})
#: Flowers after which animals are named; in Finnish an object has another ending.
NAMES = frozenset({"lilja"})
_BREAK = re.compile(r"[,:;()–—]|(?<![a-z])(?:and|but|or|ja|mutta|tai|en|maar|of|ve|ama|veya)(?![a-z])")
_DENIED = re.compile(
    r"(?:(?:n't|(?<![a-z])(?:hasnt|havent|hadnt|didnt|wasnt|not|never))(?:\s+(?:yet|ever|really|actually|even|been|have|has|had|once))*"
    r"|(?<![a-z])(?:ei|eivat|eika)(?:\s+(?:ole|oo|olisi|oikeasti|edes|koskaan|viela|ikina|kuitenkaan|se))*"
    r"|(?<![a-z])(?:niet|geen|nooit|niets|niks)(?:\s+(?:van|aan|de|het|een|mijn|meer|echt))*(?:\s+[a-z]+)?"
    r"|(?<![a-z])(?:i|we)(?:\s+(?:just|have|had|also))*)\s*$"
)
#: "Oreo has eaten", "Brownie ate", "Brownie heeft": an animal that is named after a food.
_HAS = re.compile(r"\s+(?:(?:has|have|had|just|already|also|only)\s+)*")
_HEEFT = re.compile(r"\s+(?:heeft|had)\s+(?!(?:hij|ze|zij|mijn|onze|de|het|een)(?![a-z]))")
_BY = re.compile(r"\s+by(?![a-z])")


@dataclass(frozen=True, slots=True)
class _Verb:
    """A word for eating: whether the thing went down, and the language that has it."""

    hit: Hit
    swallows: bool
    language: str


@dataclass(frozen=True, slots=True)
class _Poison:
    hit: Hit
    only_swallowed: bool


def tells_of_poison(folded: str, profile: AnimalProfile) -> bool:
    """Whether a folded text tells of something taken in that is poisonous to the animal's species."""
    if not any(lexicon.hits(folded) for name in ("has_eaten", "has_mouthed") for lexicon in _lexicons(name).values()):
        return False
    before: Sequence[_Poison] = ()
    for sentence in sentences(folded):
        verbs = [verb for verb in _verbs(sentence) if not _DENIED.search(sentence[: verb.hit.start])]
        poisons = list(_poisons(sentence, profile))
        if any(_is_eaten(sentence, verb, poison) for verb in verbs for poison in poisons):
            return True
        if any(_ate_some(sentence, verb, poison) for verb in verbs for poison in (*before, *poisons)):
            return True
        before = poisons
    return False


def _is_eaten(sentence: str, verb: _Verb, poison: _Poison) -> bool:
    if poison.only_swallowed and not verb.swallows:
        return False
    start, end = sorted((verb.hit, poison.hit), key=lambda hit: hit.start)
    between = sentence[start.end : end.start]
    if len(between) > REACH or _only_asked().hits(between) or _is_name(sentence, between, verb, poison):
        return False
    if verb.language == "tr" and start is verb.hit:
        # The verb comes last in Turkish, and "yedi" is seven too.
        return not between.strip() and not _only_asked().hits(sentence)
    return not (_BREAK.search(between) and _only_asked().hits(_clause(sentence, poison.hit)))


def _ate_some(sentence: str, verb: _Verb, poison: _Poison) -> bool:
    """ "Are grapes dangerous? He ate some": before the verb in Dutch and Turkish, after it in English and Finnish."""
    if poison.only_swallowed and not verb.swallows:
        return False
    after = verb.language in {"en", "fi"} or verb.hit.text.startswith("at ")
    start, end = (verb.hit.end, verb.hit.end + SOME_REACH) if after else (max(0, verb.hit.start - SOME_REACH), verb.hit.start)
    return bool(_some(verb.language).hits(sentence[start:end]))


def _is_name(sentence: str, between: str, verb: _Verb, poison: _Poison) -> bool:
    if poison.hit.start > verb.hit.start:
        return False
    if verb.language == "fi":
        return poison.hit.text in NAMES
    if verb.language == "nl":
        return bool(_HEEFT.match(between))
    is_passive = verb.hit.text == "eaten" and not between.strip()
    return verb.language == "en" and bool(_HAS.fullmatch(between)) and not is_passive and not _BY.match(sentence, verb.hit.end)


def _clause(sentence: str, hit: Hit) -> str:
    """The part of a sentence in which a word stands."""
    breaks = list(_BREAK.finditer(sentence))
    start = max((each.end() for each in breaks if each.end() <= hit.start), default=0)
    end = min((each.start() for each in breaks if each.start() >= hit.end), default=len(sentence))
    return sentence[start:end]


def _verbs(sentence: str) -> Iterator[_Verb]:
    for name, swallows in (("has_eaten", True), ("has_mouthed", False)):
        for language, lexicon in _lexicons(name).items():
            for hit in lexicon.hits(sentence):
                yield _Verb(hit, swallows, language)


def _poisons(sentence: str, profile: AnimalProfile) -> Iterator[_Poison]:
    for hazard in hazards():
        if (hazard.kind == TOXIC and hazard.concerns(profile.species)) or (hazard.kind == MEDICINE and hazard.key in PAINKILLERS):
            for hit in hazard.lexicon(profile.language).hits(sentence):
                yield _Poison(hit, hazard.key in ONLY_SWALLOWED)
    for hit in _other_poisons().hits(sentence):
        yield _Poison(hit, only_swallowed=False)


def _some(language: str) -> Lexicon:
    return _lexicons("what_was_named")[language]


@cache
def _lexicons(name: str) -> dict[str, Lexicon]:
    """A list by language."""
    return {row["language"]: Lexicon(split(row["words"])) for row in read_rows(DIRECTORY / "word_lists.csv") if row["list"] == name}


@cache
def _only_asked() -> Lexicon:
    return Lexicon(word_list("only_asked"))


@cache
def _other_poisons() -> Lexicon:
    return Lexicon(word_list("poisonous_things"))
