"""POST and GET ai/health-reports/."""

from __future__ import annotations

from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from ai.models import HealthReport, Kind
from pets.models import Pet
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
