"""What the engine says about an animal's health."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai.nutrition import compose_health_report, red_flags
from ai.profiles import AnimalProfile
from ai.schemas import Urgency

ADA = AnimalProfile(
    "dog",
    30.0,
    age_months=60,
    neutered=True,
    body_condition=7,
    breed="labrador-retriever",
    size_class="large",
    adult_weight_min_kg=25.0,
    adult_weight_max_kg=36.0,
)


def test_a_report_reads_weight_condition_energy_and_breed() -> None:
    report = compose_health_report(ADA)

    assert report.weight.reading == "within"
    assert report.weight.note == "30 kg is within what adults of this breed weigh (25 to 36 kg)."
    assert (report.condition.reading, report.condition.target_kg) == ("heavy", 25.0)
    assert report.energy is not None
    assert report.energy.low < report.energy.likely < report.energy.high
    assert {risk.code for risk in report.breed_risks} >= {"hip-dysplasia", "obesity"}
    assert all(risk.source for risk in report.breed_risks)
    assert "Overweight: Weigh portions and treats; this breed is hungrier than it needs to be." in report.suggestions
    assert report.red_flags == []


@pytest.mark.parametrize(
    ("weight", "age", "reading"), [(20.0, 60, "below"), (40.0, 60, "above"), (12.0, 5, "growing"), (None, 60, "unknown")]
)
def test_the_weight_is_read_against_breed_and_age(weight: float | None, age: float, reading: str) -> None:
    assert compose_health_report(replace(ADA, weight_kg=weight, age_months=age)).weight.reading == reading


@pytest.mark.parametrize(("score", "reading"), [(None, "unknown"), (1, "very_thin"), (3, "thin"), (5, "ideal"), (7, "heavy"), (9, "obese")])
def test_the_condition_is_read_from_the_nine_points(score: int | None, reading: str) -> None:
    assert compose_health_report(replace(ADA, body_condition=score)).condition.reading == reading


@pytest.mark.parametrize(("species", "weight", "reading"), [("dog", 15.0, "ideal"), ("cat", 4.0, "thin")])
def test_four_points_are_ideal_for_dogs_and_thin_for_cats(species: str, weight: float, reading: str) -> None:
    report = compose_health_report(AnimalProfile(species, weight, age_months=48, body_condition=4))

    assert report.condition.reading == reading
    assert (report.condition.target_kg is None) is (reading == "ideal")


def test_an_emergency_comes_first() -> None:
    report = compose_health_report(replace(ADA, age_months=3, body_condition=1))

    assert report.red_flags[0].urgency is Urgency.NOW
    assert report.summary.startswith("A very thin young animal: See a vet now")


def test_an_animal_of_another_species_gets_a_report_without_energy() -> None:
    report = compose_health_report(AnimalProfile("rabbit", 2.0, health_issues=frozenset({"gi-stasis"})))

    assert report.energy is None
    assert report.summary
    assert [flag.code for flag in report.red_flags] == ["gut-stasis"]


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (replace(ADA, body_condition=2), "very-thin"),
        (replace(ADA, body_condition=9), "very-obese"),
        (replace(ADA, age_months=0.5, weight_kg=0.6), "unweaned"),
        (replace(ADA, weight_kg=90.0), "weight-far-off"),
        (replace(ADA, weight_kg=9.0), "weight-far-off"),
        (AnimalProfile("cat", 4.0, age_months=50, appetite="low-appetite"), "little-appetite"),
    ],
)
def test_signs_in_the_profile_are_seen(profile: AnimalProfile, code: str) -> None:
    assert code in [flag.code for flag in red_flags(profile)]


def test_a_healthy_animal_has_no_signs() -> None:
    assert red_flags(replace(ADA, body_condition=5), "How much should she eat?") == []


def test_the_most_urgent_sign_comes_first() -> None:
    found = red_flags(replace(ADA, body_condition=9), "She ate chocolate and collapsed.")

    assert [flag.urgency for flag in found] == [Urgency.NOW, Urgency.NOW, Urgency.SOON]
