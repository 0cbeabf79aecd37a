"""POST and GET ai/health-reports/."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from ai.models import HealthReport, Kind
from fammo.accounts.models import User
from pets.models import BodyType, Pet
from tests.factories import accounts as people
from tests.factories import ai as factory

pytestmark = pytest.mark.django_db
PATH = "/api/v1/ai/health-reports/"


@pytest.mark.parametrize("path", [PATH, f"{PATH}generate-report/"])
def test_health_report_is_made(path: str, client: APIClient, max_: Pet) -> None:
    answer = client.post(path, {"pet_id": max_.pk})

    assert answer.status_code == 201, answer.content
    made = HealthReport.objects.get()
    assert answer.json() == {
        "id": made.pk,
        "pet": max_.pk,
        "pet_name": "Max",
        "type": "health",
        "created_at": ANY,
        "language": "en",
        "source": "engine",
        "model": None,
        "rules_version": ANY,
        "disclosure": ANY,
        "ai_mark": ANY,
        "clinics": [],
        "usage_count": 1,
        "monthly_limit": 1,
        "summary": made.summary,
        "suggestions": made.suggestions,
        "summary_json": made.summary_json,
    }
    assert made.summary
    assert "content_json" not in answer.json()
    assert client.get(PATH).json() == [client.get(f"{PATH}{made.pk}/").json()] == [answer.json()]


def test_one_report_a_month_is_free_and_does_not_count_as_a_meal(client: APIClient, max_: Pet) -> None:
    factory.generation(max_, Kind.HEALTH)

    refused = client.post(PATH, {"pet_id": max_.pk})

    assert refused.status_code == 429
    assert (refused.json()["limit"], refused.json()["used"]) == (1, 1)
    assert client.post("/api/v1/ai/recommendations/", {"pet_id": max_.pk}).status_code == 201


def test_another_persons_report_is_not_found(max_: Pet) -> None:
    made = factory.generation(max_, Kind.HEALTH).healthreport
    outsider = people.client_of(people.person())

    assert outsider.get(f"{PATH}{made.pk}/").status_code == 404
    assert outsider.post(PATH, {"pet_id": max_.pk}).status_code == 404


#: Energy, the weight it is reckoned for, the reading and the weight to aim for, by body type.
BY_BODY_TYPE = [
    ("dog", None, (838, 15.0, "unknown", None)),
    ("dog", "very-underweight", (838, 15.0, "very_thin", 25.0)),
    ("dog", "underweight", (991, 18.75, "thin", 18.75)),
    ("dog", "ideal", (838, 15.0, "ideal", None)),
    ("dog", "overweight", (781, 13.64, "heavy", 13.64)),
    ("dog", "obese", (493, None, "obese", 11.54)),
    ("cat", None, (190, 4.0, "unknown", None)),
    ("cat", "very-underweight", (190, 4.0, "very_thin", 6.67)),
    ("cat", "underweight", (220, 5.0, "thin", 5.0)),
    ("cat", "ideal", (190, 4.0, "ideal", None)),
    ("cat", "overweight", (178, 3.64, "heavy", 3.64)),
    ("cat", "obese", (146, None, "obese", 3.08)),
]


@pytest.mark.parametrize(("species", "body_type", "expected"), BY_BODY_TYPE)
def test_each_body_type_is_reckoned_for_the_weight_it_should_have(
    client: APIClient, anna: User, species: str, body_type: str | None, expected: tuple[Any, ...]
) -> None:
    make, weight = (factory.dog, Decimal(15)) if species == "dog" else (factory.cat, Decimal(4))
    pet = make(anna, breed=None, weight=weight, body_type=BodyType.objects.filter(slug=body_type).first())

    report = client.post(PATH, {"pet_id": pet.pk}).json()["summary_json"]

    energy, condition = report["energy"], report["condition"]
    found = (energy["likely"], energy["inputs"].get("reference_weight_kg"), condition["reading"], condition["target_kg"])
    assert found == expected
    if condition["reading"] == "ideal":
        assert not any("reckoned for" in step for step in energy["steps"])


def test_without_a_weight_a_report_says_what_the_condition_and_the_missing_weight_mean(client: APIClient, anna: User) -> None:
    """Unlike a meal plan it is of use: body condition, risks of the breed, and that the pet should be weighed."""
    pet = factory.dog(anna, weight=None, body_type=BodyType.objects.get(slug="overweight"))

    answer = client.post(PATH, {"pet_id": pet.pk})

    assert answer.status_code == 201
    report = answer.json()["summary_json"]
    assert report["energy"] is None
    assert report["weight"]["note"] == "The weight is not known."
    assert report["condition"]["note"] == "Body condition 6 of 9: somewhat too heavy."
    assert report["breed_risks"]
