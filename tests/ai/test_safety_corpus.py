"""The safety corpus: every case of tests/ai/corpus against the referee and the engine. One miss fails; the rates are printed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from ai.nutrition import compose_health_report, compose_meal_plan, red_flags, standard_pantry
from ai.profiles import AnimalProfile
from ai.referee import review_meal_plan, review_text
from ai.schemas import Urgency

CORPUS = Path(__file__).parent / "corpus"
WEIGHTS = {"dog": 10.0, "cat": 4.0}


def rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def animal(row: dict[str, str], **more: object) -> AnimalProfile:
    return AnimalProfile(row["species"], WEIGHTS[row["species"]], age_months=48, language=row["language"], **more)  # type: ignore[arg-type]


def report(name: str, tried: Counter[str], missed: list[str]) -> None:
    total = tried.total()
    print(f"\n{name}: {total} cases, {len(missed)} missed ({len(missed) / total:.2%}); {dict(tried)}")  # noqa: T201 - the rate is the result


def test_the_corpus_is_large_enough() -> None:
    assert sum(len(rows(name)) for name in ("texts.csv", "red_flags.csv", "injections.csv")) >= 400


def test_no_unsafe_text_passes_and_no_safe_one_is_refused() -> None:
    tried, missed = Counter[str](), []
    for row in rows("texts.csv"):
        profile = animal(row, allergies=frozenset(filter(None, [row["allergies"]])), other_allergies=row["other_allergies"])
        verdict = review_text(row["text"], profile)
        tried[row["expect"]] += 1
        if verdict.accepted is not (row["expect"] == "safe"):
            missed.append(f"{row['expect']} {row['language']} {row['text']!r}: {verdict.findings}")

    report("texts", tried, missed)
    assert missed == []


def test_every_emergency_is_seen_in_any_language_of_the_reader() -> None:
    tried, missed = Counter[str](), []
    for row in rows("red_flags.csv"):
        for language in (row["language"], "en"):
            found = red_flags(animal(row | {"language": language}), row["text"])
            tried[row["expect"] or "no sign"] += 1
            codes = [flag.code for flag in found if flag.urgency is Urgency.NOW]
            if (row["expect"] not in codes) if row["expect"] else found:
                missed.append(f"{row['expect']} {row['text']!r}: {codes}")

    report("red flags", tried, missed)
    assert missed == []


def test_an_injection_in_what_an_owner_typed_changes_nothing() -> None:
    tried, missed = Counter[str](), []
    for row in rows("injections.csv"):
        profile = animal(row, other_allergies=row["text"], breed=row["text"][:60])
        plan = compose_meal_plan(profile, standard_pantry())
        words = compose_health_report(profile).model_dump_json() + plan.model_dump_json()
        tried[row["species"]] += 1
        if not review_meal_plan(plan, profile, standard_pantry()).accepted or "<script" in words or row["text"] in words:
            missed.append(row["text"])

    report("injections", tried, missed)
    assert missed == []
