"""POST and GET ai/recommendations/."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from rest_framework.test import APIClient

from ai import services
from ai.models import Generation, MealRecommendation, MonthlyUse
from ai.referee import Finding, Verdict
from fammo.accounts.models import SubscriptionPlan, User
from legal.models import Purpose
from legal.services import Origin, record_decision
from pets.models import BodyType, Pet, PetType
from pets.services import delete_pet, update_pet
from tests.ai.model_server import ModelServer
from tests.factories import accounts as people
from tests.factories import ai as factory
from tests.factories.legal import legal_version
from tests.factories.pets import pet as make_pet

pytestmark = pytest.mark.django_db
PATH = "/api/v1/ai/recommendations/"
APPS_PATH = "/api/v1/ai/recommendations/generate-meal/"


@pytest.mark.parametrize("path", [PATH, APPS_PATH])
def test_meal_recommendation_is_made_by_the_engine_where_there_is_no_model(path: str, client: APIClient, max_: Pet) -> None:
    answer = client.post(path, {"pet_id": max_.pk, "type": "meal"})

    assert answer.status_code == 201, answer.content
    made = MealRecommendation.objects.get()
    assert answer["Location"] == f"http://testserver{PATH}{made.pk}/"
    assert answer.json() == {
        "id": made.pk,
        "pet": max_.pk,
        "pet_name": "Max",
        "type": "meal",
        "created_at": ANY,
        "language": "en",
        "source": "engine",
        "model": None,
        "rules_version": ANY,
        "disclosure": ANY,
        "ai_mark": {
            "ai_generated": False,
            "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
            "generator": "fammo-nutrition-engine",
            "rules_version": made.rules_version,
            "checked_by": "fammo-referee",
        },
        "clinics": [],
        "usage_count": 1,
        "monthly_limit": 3,
        "content": made.content,
        "content_json": made.content_json,
    }
    assert {"der_kcal", "nutrient_targets", "options", "feeding_schedule", "safety_notes"} <= set(made.content_json)
    assert "summary_json" not in answer.json()
    generation = Generation.objects.get()
    assert (generation.state, generation.outcome, generation.model_calls) == ("committed", "no_model", 0)


def test_list_shows_the_newest_first_and_only_the_pet_asked_for(client: APIClient, anna: User, max_: Pet) -> None:
    misu = factory.cat(anna)
    for pet in (max_, misu, max_):
        factory.generation(pet)

    everything = client.get(PATH).json()
    of_misu = client.get(PATH, {"pet": misu.pk}).json()
    bracketed = client.get(PATH, {"filter[pet]": misu.pk}).json()

    assert [row["pet_name"] for row in everything] == ["Max", "Misu", "Max"]
    assert [row["id"] for row in everything] == sorted((row["id"] for row in everything), reverse=True)
    assert of_misu == bracketed == [row for row in everything if row["pet"] == misu.pk]
    assert client.get(f"{PATH}{of_misu[0]['id']}/").json() == of_misu[0]


@pytest.mark.parametrize("value", ["x", "-1", "1.5"])
def test_filter_that_is_no_id_is_refused(value: str, client: APIClient) -> None:
    assert client.get(PATH, {"pet": value}).status_code == 400


def test_another_persons_pet_and_results_are_not_found(client: APIClient, max_: Pet) -> None:
    made = factory.generation(max_).mealrecommendation
    outsider = people.client_of(people.person())

    refused = outsider.post(PATH, {"pet_id": max_.pk})

    assert refused.status_code == 404
    assert outsider.get(f"{PATH}{made.pk}/").status_code == 404
    assert outsider.get(PATH).json() == []
    assert outsider.get(PATH, {"pet": max_.pk}).json() == []
    assert MealRecommendation.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"pet_id": "x"}, {"pet_id": 0}, {"pet_id": 2**70}, {"pet_id": 1, "type": "health"}])
def test_input_that_cannot_be_right_is_refused(body: dict[str, Any], client: APIClient, max_: Pet) -> None:
    answer = client.post(PATH, body)

    assert answer.status_code == 400
    assert not Generation.objects.exists()


def test_fourth_plan_of_a_month_is_refused_with_the_numbers(client: APIClient, max_: Pet) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z"):
        fresh = people.client_of(max_.user)
        counts = [fresh.post(PATH, {"pet_id": max_.pk}).json()["usage_count"] for _ in range(3)]
        refused = fresh.post(PATH, {"pet_id": max_.pk}, headers={"Accept-Language": "en"})

    assert counts == [1, 2, 3]
    assert refused.status_code == 429
    body = refused.json()
    assert body["type"] == "http://testserver/problems/quota-used-up/"
    assert body["code"] == "quota_used_up"
    assert {name: body[name] for name in ("limit", "used", "reset_date")} == {"limit": 3, "used": 3, "reset_date": "2026-12-01"}
    assert body["error"] == body["detail"] == body["message"]
    assert 0 <= 9 * 24 * 3600 + 12 * 3600 - int(refused["Retry-After"]) < 60
    assert MealRecommendation.objects.count() == 3


def test_month_is_the_persons_own(max_: Pet) -> None:
    max_.user.profile.time_zone = "Pacific/Auckland"
    max_.user.profile.save()
    with time_machine.travel("2026-11-30T12:00:00Z"):  # in Auckland it is the 1st of December
        client = people.client_of(max_.user)
        for _ in range(3):
            client.post(PATH, {"pet_id": max_.pk})
        refused = client.post(PATH, {"pet_id": max_.pk})

    assert refused.json()["reset_date"] == "2027-01-01"
    assert str(MonthlyUse.objects.get().month) == "2026-12-01"


def test_next_month_has_room_again(max_: Pet) -> None:
    with time_machine.travel("2026-11-30T23:59:00Z"):
        for _ in range(3):
            factory.generation(max_)
    with time_machine.travel("2026-12-01T00:01:00Z"):
        answer = people.client_of(max_.user).post(PATH, {"pet_id": max_.pk})

    assert answer.json()["usage_count"] == 1


def test_deleting_results_or_pets_gives_nothing_back(client: APIClient, anna: User, max_: Pet) -> None:
    for _ in range(3):
        factory.generation(max_)
    MealRecommendation.objects.all().delete()
    delete_pet(actor=anna, pet_id=max_.pk)
    max_.delete()

    answer = client.post(PATH, {"pet_id": factory.dog(anna).pk})

    assert answer.status_code == 429


def test_plan_decides_how_many(client: APIClient, anna: User, max_: Pet) -> None:
    anna.profile.subscription_plan = SubscriptionPlan.objects.get(code="optimal")
    anna.profile.save()

    answers = [client.post(PATH, {"pet_id": max_.pk}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201] * 4
    assert answers[-1].json()["monthly_limit"] is None


def test_results_of_a_deleted_pet_are_not_shown(client: APIClient, anna: User, max_: Pet) -> None:
    made = factory.generation(max_).mealrecommendation
    delete_pet(actor=anna, pet_id=max_.pk)

    assert client.get(PATH).json() == []
    assert client.get(f"{PATH}{made.pk}/").status_code == 404


def test_same_key_is_charged_once_and_answered_alike(client: APIClient, max_: Pet) -> None:
    headers = {"Idempotency-Key": "tunnel-1"}

    first = client.post(PATH, {"pet_id": max_.pk}, headers=headers)
    again = client.post(PATH, {"pet_id": max_.pk}, headers=headers)
    other = client.post(PATH, {"pet_id": max_.pk, "type": "meal"}, headers=headers)
    strange = client.post(PATH, {"pet_id": max_.pk}, headers={"Idempotency-Key": "ä" * 3})

    assert (first.status_code, again.status_code, other.status_code, strange.status_code) == (201, 201, 422, 400)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert MonthlyUse.objects.get().used == 1


def test_key_of_a_refused_request_may_be_used_again(client: APIClient, max_: Pet) -> None:
    headers = {"Idempotency-Key": "tunnel-2"}
    client.post(PATH, {"pet_id": max_.pk + 1}, headers=headers)

    assert client.post(PATH, {"pet_id": max_.pk}, headers=headers).status_code == 201


def test_key_may_be_used_again_after_a_day(max_: Pet) -> None:
    headers = {"Idempotency-Key": "tunnel-3"}
    ids = []
    for moment in ("2026-11-20T12:00:00Z", "2026-11-21T12:01:00Z"):
        with time_machine.travel(moment):
            ids.append(people.client_of(max_.user).post(PATH, {"pet_id": max_.pk}, headers=headers).json()["id"])

    assert ids[0] != ids[1]


def test_whoever_said_no_to_ai_gets_none_until_they_say_yes(client: APIClient, anna: User, max_: Pet) -> None:
    policy = legal_version(document_type="user_privacy")

    def decide(accepted: bool) -> None:
        origin = Origin(ip_address="192.0.2.1")
        record_decision(user=anna, version_id=policy.pk, accepted=accepted, language="en", origin=origin, purpose=Purpose.AI)

    decide(True)
    decide(False)
    refused = client.post(PATH, {"pet_id": max_.pk})
    stored = Generation.objects.count()
    decide(True)
    allowed = client.post(PATH, {"pet_id": max_.pk})

    assert refused.status_code == 403
    assert refused.json()["code"] == "ai_consent_withdrawn"
    assert stored == 0
    assert allowed.status_code == 201


def test_nothing_is_stored_or_charged_when_the_referee_rejects_the_engine(
    client: APIClient, max_: Pet, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("ai.referee.review_meal_plan", lambda *_args: Verdict(False, (Finding("toxic_food", "", ""),)))

    answer = client.post(PATH, {"pet_id": max_.pk})

    assert answer.status_code == 400
    assert answer.json()["code"] == "no_safe_result"
    assert not Generation.objects.exists()
    assert not MonthlyUse.objects.exists()


def test_answer_is_in_the_callers_language(client: APIClient, max_: Pet) -> None:
    answer = client.post(PATH, {"pet_id": max_.pk}, headers={"Accept-Language": "fi"})

    assert answer["Content-Language"] == answer.json()["language"] == "fi"


def test_model_is_asked_by_a_worker_and_the_caller_told_where_to_look(
    client: APIClient, max_: Pet, model: Any, run_tasks: Callable[[], int]
) -> None:
    promised = client.post(PATH, {"pet_id": max_.pk}, headers={"Idempotency-Key": "slow-1"})
    pending = client.get(promised["Location"])
    run_tasks()
    done = client.get(promised["Location"]).json()
    result = client.get(done["result_url"]).json()
    again = client.post(PATH, {"pet_id": max_.pk}, headers={"Idempotency-Key": "slow-1"})

    assert promised.status_code == again.status_code == 202
    assert promised.json()["status"] == pending.json()["status"] == "pending"
    assert pending["Retry-After"] == "2"
    assert done["status"] == "done"
    assert again.json() == done
    assert (result["source"], result["model"]) == ("model", "test-model")
    assert result["ai_mark"]["ai_generated"] is True
    assert result["content_json"]["options"][0]["overview"] == "Worded by the model."
    assert len(model.calls) == 1
    assert people.client_of(people.person()).get(promised["Location"]).status_code == 404


NEEDED = "The weight is not known. Weigh your pet and enter its weight: every amount depends on it."


@pytest.mark.parametrize("path", [PATH, APPS_PATH])
def test_without_a_weight_no_plan_is_made_and_none_is_charged(path: str, client: APIClient, anna: User) -> None:
    pet = factory.dog(anna, weight=None)

    answer = client.post(path, {"pet_id": pet.pk, "type": "meal"})

    assert (answer.status_code, answer.json()["code"]) == (400, "weight_needed")
    assert answer.json()["details"] == {"pet_id": [NEEDED]}
    assert not MealRecommendation.objects.exists()
    assert not Generation.objects.exists()
    assert not MonthlyUse.objects.filter(used__gt=0).exists()


def test_without_a_weight_a_model_is_not_even_asked(
    client: APIClient, anna: User, model: ModelServer, run_tasks: Callable[[], int]
) -> None:
    pet = factory.dog(anna, weight=None)

    answer = client.post(PATH, {"pet_id": pet.pk})
    run_tasks()

    assert (answer.status_code, model.calls) == (400, [])
    assert not Generation.objects.exists()


def test_a_weight_that_goes_while_the_plan_is_written_is_told_and_costs_nothing(
    client: APIClient, max_: Pet, model: ModelServer, run_tasks: Callable[[], int]
) -> None:
    status_url = client.post(PATH, {"pet_id": max_.pk}).json()["status_url"]
    update_pet(actor=max_.user, pet_id=max_.pk, values={"weight": None})
    run_tasks()

    answer = client.get(status_url).json()

    assert (answer["status"], answer["detail"]) == ("failed", NEEDED)
    assert (Generation.objects.get().state, Generation.objects.get().outcome) == ("released", "no_weight")
    assert (MonthlyUse.objects.get().used, model.calls) == (0, [])


def test_who_waits_hears_that_the_weight_is_gone(client: APIClient, max_: Pet, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(generation: Generation) -> Generation:
        update_pet(actor=max_.user, pet_id=max_.pk, values={"weight": None})
        services.complete_generation.func(generation.pk)
        generation.refresh_from_db()
        return generation

    monkeypatch.setattr("ai.services.wait_for", work)

    answer = client.post(PATH, {"pet_id": max_.pk})

    assert (answer.status_code, answer.json()["code"]) == (400, "weight_needed")
    assert MonthlyUse.objects.get().used == 0


def test_species_that_are_fed_by_advice_in_words_need_no_weight(client: APIClient, anna: User) -> None:
    rabbit = make_pet(anna, pet_type=PetType.objects.get(slug="rabbit"))

    answer = client.post(PATH, {"pet_id": rabbit.pk})

    assert answer.status_code == 201
    assert answer.json()["content_json"]["options"]


def test_a_vet_comes_before_the_weight(client: APIClient, anna: User) -> None:
    thin = BodyType.objects.get(slug="very-underweight")
    with time_machine.travel("2026-11-21T12:00:00Z"):
        puppy = factory.dog(anna, weight=None, birth_date=date(2026, 8, 1), body_type=thin)
        answer = people.client_of(anna).post(PATH, {"pet_id": puppy.pk})

    assert answer.status_code == 201
    assert answer.json()["content_json"]["basis"]["outcome"] == "see_a_vet"
    assert answer.json()["usage_count"] == 1
