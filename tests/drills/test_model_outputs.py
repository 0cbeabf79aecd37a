"""Ten thousand answers of a model, good and bad: whatever comes, what is stored passes the referee, and only that is charged.

Each goes the whole way from request to stored row. Most are made at our own interface; every fiftieth comes over HTTP, so that what is
slow, huge or broken on the wire is so in earnest.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pydantic import BaseModel

from ai import nutrition, referee
from ai.models import Generation, Kind, MealRecommendation, ModelCircuit, MonthlyUse, Source
from ai.pantry import current_pantry
from ai.profiles import AnimalProfile
from ai.providers import Completion, Message, ModelFailure, Provider
from ai.providers.openai_server import OpenAIServer
from ai.schemas import MealPlan
from ai.selectors import animal_profile
from ai.services import complete_generation, generate_advice
from fammo.accounts.models import SubscriptionPlan, User
from fammo.common.languages import CODES
from pets.models import FoodAllergy, FoodType, HealthIssue, Pet
from pets.services import load_reference_data
from tests.ai.model_server import Call, Reply, serving
from tests.factories import accounts as people
from tests.factories import ai as factory

pytestmark = pytest.mark.django_db
OUTPUTS, ANIMALS, EVERY_WIRED = 10_000, 60, 50
MAX_BYTES, SECONDS = 256 * 1024, 4.0
POISONS = ("xylitol", "grapes", "raisins", "onion powder", "dark chocolate", "macadamia nuts", "cooked chicken bones", "garlic", "beer")
Outcome = Generation.Outcome
TEN_MB = "x" * 10_000_000
#: What a server does to make the client fail so.
ON_THE_WIRE = {
    Outcome.REFUSED: Reply(None, refusal="No."),
    Outcome.TOO_LARGE: Reply(raw=TEN_MB.encode()),
    Outcome.TIMED_OUT: Reply(delay=2 * SECONDS),
    Outcome.UNAVAILABLE: Reply(status=503),
}
Plan = dict[str, Any]


def add_item(item: str) -> Callable[[Plan], Plan]:
    def change(plan: Plan) -> Plan:
        plan["options"][0]["sections"][0]["items"].append(item)
        return plan

    return change


def scaled(factor: float) -> Callable[[Plan], Plan]:
    def change(plan: Plan) -> Plan:
        for section in plan["options"][0]["sections"]:
            section["items"] = [f"{round(float(item.split('g ', 1)[0]) * factor)}g {item.split('g ', 1)[1]}" for item in section["items"]]
        return plan

    return change


def with_words(field: str, text: str) -> Callable[[Plan], Plan]:
    def change(plan: Plan) -> Plan:
        plan["options"][0][field] += text
        return plan

    return change


def failing(outcome: Generation.Outcome) -> Callable[[Plan], Plan]:
    def change(plan: Plan) -> Plan:
        raise ModelFailure(outcome)

    return change


#: What a model may do to a plan; text instead of a plan is what it sends.
DEEDS: dict[str, Callable[[Plan], Plan | str]] = {
    "good": lambda plan: plan,
    "good words": with_words("overview", " Tasty and simple."),
    "allergen": add_item("40g chicken breast"),
    "hidden allergen": add_item("10g chicken fat"),
    **{f"toxic {poison}": add_item(f"15g {poison}") for poison in POISONS},
    "too much": scaled(1.6),
    "too little": scaled(0.3),
    "negative": add_item("-500g beef"),
    "wrong energy": lambda plan: plan | {"der_kcal": plan["der_kcal"] * 3},
    "NaN": lambda plan: json.dumps(plan).replace(str(plan["der_kcal"]), "NaN", 1),
    "infinite": lambda plan: json.dumps(plan).replace(str(plan["der_kcal"]), "1e999", 1),
    "HTML": with_words("overview", "<script>alert(1)</script><img src=x onerror=alert(1)>"),
    "link": with_words("overview", " Buy at https://shop.example/pills"),
    "medicine": lambda plan: plan | {"safety_notes": ["Give 200 mg ibuprofen twice a day."]},
    "fasting": lambda plan: plan | {"safety_notes": ["Let the animal fast for three days."]},
    "balanced": with_words("name", " complete and balanced"),
    "schedule": lambda plan: plan | {"feeding_schedule": [{"time": "8:00 AM", "note": "Morning meal - 90% of daily calories"}] * 2},
    "no options": lambda plan: plan | {"options": []},
    "truncated": lambda plan: json.dumps(plan)[: len(json.dumps(plan)) // 2],
    "not json": lambda plan: "Here is your plan!",
    "null": lambda plan: "null",
    "long": lambda plan: json.dumps(plan | {"safety_notes": ["x" * 200_000]}),
    "10 MB of plan": lambda plan: json.dumps(plan | {"safety_notes": [TEN_MB]}),
    "refusal": failing(Outcome.REFUSED),
    "10 MB": failing(Outcome.TOO_LARGE),
    "slow": failing(Outcome.TIMED_OUT),
    "away": failing(Outcome.UNAVAILABLE),
}
MUST_NOT_PASS = {
    "allergen",
    "hidden allergen",
    "too much",
    "too little",
    "negative",
    "NaN",
    "infinite",
    "medicine",
    "fasting",
    "no options",
    "null",
    "not json",
    "truncated",
    "long",
    "10 MB of plan",
} | {name for name in DEEDS if name.startswith("toxic")}


class Mischief:
    """A model that does one of the deeds each time it is asked; ``deeds`` says which."""

    model_name = "mischief"
    base_url = "http://mischief.example/v1"

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.deeds: list[str] = []

    def complete(self, messages: Sequence[Message], *, shape: type[BaseModel] | None, seconds: float) -> Completion:
        return Completion(text=self.deed(json.loads(messages[1]["content"])), prompt_tokens=10, completion_tokens=10)

    def on_the_wire(self, call: Call) -> Reply:
        try:
            return Reply(self.deed(call.task))
        except ModelFailure as failure:
            return ON_THE_WIRE[failure.outcome]

    def deed(self, task: Plan) -> str:
        plan = task["example"] | {"safety_notes": task["safety_notes_to_keep"]}
        self.deeds.append(self.random.choice(list(DEEDS)))
        answer = DEEDS[self.deeds[-1]](plan)
        return answer if isinstance(answer, str) else json.dumps(answer)


def animal(owner: User, seed: int) -> Pet:
    """A grown dog or cat that is allergic to chicken."""
    chance = random.Random(seed)
    make, weight = (factory.dog, chance.uniform(4, 40)) if chance.random() < 0.6 else (factory.cat, chance.uniform(2.5, 7))
    return make(
        owner,
        breed=None,
        weight=Decimal(f"{weight:.1f}"),
        birth_date=timezone.localdate() - timedelta(days=chance.choice([600, 1_300, 2_500])),
        neutered=chance.random() < 0.5,
        food_types=list(FoodType.objects.filter(slug__in=chance.choice([["dry-food"], ["wet-food", "home-cooked"], []]))),
        food_allergies=list(FoodAllergy.objects.filter(slug__in=chance.choice([["chicken"], ["chicken", "wheat"]]))),
        health_issues=list(HealthIssue.objects.filter(slug__in=chance.choice([[], [], ["obesity"], ["sensitive-stomach"]]))),
    )


def test_whatever_the_model_writes_what_is_stored_passes_the_referee_and_only_that_is_charged(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    load_reference_data()
    SubscriptionPlan.objects.update(monthly_meal_plans=None)
    owner = people.person()
    pets = [animal(owner, seed) for seed in range(ANIMALS)]
    pantry, profiles = current_pantry(), {}
    for pet in pets:
        for language in CODES:
            profiles[pet.pk, language] = animal_profile(pet, language=language, today=timezone.localdate())
    asked, passed, sources, outcomes, wired_outcomes = Counter[str](), Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    mischief = Mischief()
    asked_now: Provider = mischief
    settings.AI_MODEL_SECONDS = SECONDS
    monkeypatch.setattr("ai.services.generation.model_for", lambda user: asked_now)

    with serving(mischief.on_the_wire) as server:
        wired = OpenAIServer(api_key="sk-drill", base_url=server.url, model_name="mischief", max_bytes=MAX_BYTES)
        for number in range(OUTPUTS):
            is_wired = number % EVERY_WIRED == 0
            asked_now = wired if is_wired else mischief
            ModelCircuit.objects.all().delete()  # the next one is asked, whatever this one did
            before = len(mischief.deeds)
            pet, language = pets[number % ANIMALS], CODES[number // ANIMALS % len(CODES)]

            generation = generate_advice(actor=owner, pet_id=pet.pk, kind=Kind.MEAL, language=language)
            complete_generation.call(generation.pk)

            deeds = mischief.deeds[before:]
            stored = MealRecommendation.objects.select_related("generation").get(generation_id=generation.pk)
            asked.update(deeds)
            sources[stored.source] += 1
            outcomes[stored.generation.outcome] += 1
            wired_outcomes[stored.generation.outcome] += is_wired
            if stored.source == Source.MODEL:
                passed[deeds[-1]] += 1
                assert deeds[-1] not in MUST_NOT_PASS, (number, deeds)
            check(stored, profiles[pet.pk, language], pantry)

    states = Counter(Generation.objects.values_list("state", flat=True))
    print(f"\n{OUTPUTS} generations, {ANIMALS} animals, {len(mischief.deeds)} outputs: {dict(asked)}")
    print(f"states {dict(states)}; sources {dict(sources)}; accepted from the model {dict(passed)}")
    print(f"outcomes {dict(outcomes)}; of these over HTTP {dict(+wired_outcomes)}")
    assert states == {Generation.State.COMMITTED: OUTPUTS}
    assert MonthlyUse.objects.get().used == MealRecommendation.objects.count() == OUTPUTS
    assert set(asked) == set(DEEDS)
    assert sources[Source.MODEL] > 0
    assert sources[Source.ENGINE] > 0


def check(stored: MealRecommendation, profile: AnimalProfile, pantry: nutrition.Pantry) -> None:
    """What was stored is safe: by the referee, and by plain search in what it tells to feed."""
    plan = MealPlan.model_validate(stored.content_json)
    assert referee.review_meal_plan(plan, profile, pantry).accepted, stored.content
    assert stored.rules_version == nutrition.RULES_VERSION
    assert "<script" not in stored.content.casefold()
    assert "https://" not in stored.content
    food = plan.model_dump_json(exclude={"safety_notes": True, "basis": True}).casefold()
    assert not any(poison in food for poison in POISONS), food
