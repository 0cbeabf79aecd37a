"""AI in the admin: registers, the chart and the laboratory."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from ai.admin import chart
from ai.admin.chart import Share
from ai.models import Generation, HealthReport, Kind, MealRecommendation, MonthlyUse
from fammo.accounts.models import User
from fammo.audit.models import Entry
from pets.models import Pet
from tests.ai.model_server import ModelServer, Reply
from tests.factories import accounts as people
from tests.factories import ai as factory

pytestmark = pytest.mark.django_db
SCREENS = ("/admin/ai/generations/", "/admin/ai/use/", "/admin/ai/sources/", "/admin/ai/laboratory/")
DOG = {"kind": "meal", "language": "en", "species": "1", "weight_kg": "20", "age_months": "48", "life_stage": "adult"}


def desk_of(*groups: str) -> Client:
    """Somebody of these groups at the admin."""
    user = people.person(is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk() -> Client:
    return desk_of("Operators")


def test_registers_show_what_was_generated_and_used(desk: Client, max_: Pet) -> None:
    factory.generation(max_)
    factory.generation(max_, Kind.HEALTH)
    generation = Generation.objects.first()
    assert generation is not None

    generations = desk.get(SCREENS[0]).content.decode()
    use = desk.get(SCREENS[1]).content.decode()
    one = desk.get(f"/admin/ai/generations/inspect/{generation.pk}/")

    for word in ("anna@fammo.example", "Meal plan", "Health report", "Stored and charged", "No model is configured"):
        assert word in generations
    assert "Essentials" in use
    assert f"{generation.reserved_at:%B %Y}" in use
    assert one.status_code == 200
    assert desk.get(f"/admin/ai/generations/edit/{generation.pk}/").status_code in {302, 403, 404}


def test_register_says_why_nothing_is_stored_and_each_finding_once(desk: Client, max_: Pet) -> None:
    factory.generation(max_)
    Generation.objects.update(state=Generation.State.RELEASED, source="", findings=["toxic_food", "energy", "toxic_food"])

    page = desk.get(SCREENS[0]).content.decode()

    assert '<td class="field-result title">Not stored, not charged</td>' in page
    assert "toxic food, energy<" in page


@pytest.mark.parametrize("path", SCREENS)
def test_editors_and_strangers_do_not_see_them(path: str) -> None:
    assert desk_of("Content editors").get(path).status_code in {302, 403}
    assert Client().get(path).status_code == 302


def test_menu_leads_operators_there(desk: Client) -> None:
    page = desk.get("/admin/").content.decode()

    assert all(path in page for path in SCREENS)
    assert "/admin/ai/" not in desk_of("Content editors").get("/admin/").content.decode()


def test_chart_counts_every_share(desk: Client, max_: Pet) -> None:
    factory.generation(max_)
    page = desk.get(SCREENS[2]).content.decode()

    assert page.count("<rect") == 1
    assert "ai-share--engine" in page
    assert "<script>" not in page.split('<figure class="ai-chart">')[1].split("</figure>")[0]


def test_chart_is_empty_without_generations(desk: Client) -> None:
    assert "Nothing has been generated yet." in desk.get(SCREENS[2]).content.decode()


@pytest.mark.parametrize(
    ("row", "share"),
    [
        (("committed", "model", "accepted"), Share.MODEL),
        (("committed", "model", "accepted_second"), Share.MODEL),
        (("committed", "engine", "no_model"), Share.ENGINE),
        (("committed", "engine", "rejected"), Share.REJECTED),
        (("committed", "engine", "timed_out"), Share.FAILED),
        (("released", "", "abandoned"), Share.RELEASED),
    ],
)
def test_share_of_a_generation(row: tuple[str, str, str], share: Share) -> None:
    assert chart.share_of(*row) == share


def test_bars_stand_on_each_other_and_fit() -> None:
    days = chart.last_days(date(2026, 11, 21), 2)
    rows = [
        {"day": days[1], "state": "committed", "source": "model", "outcome": "accepted", "number": 3},
        {"day": days[1], "state": "released", "source": "", "outcome": "abandoned", "number": 1},
        {"day": date(2020, 1, 1), "state": "released", "source": "", "outcome": "abandoned", "number": 9},
    ]

    drawn = chart.draw(chart.counts_by_day(rows, days))

    model, released = drawn.boxes
    assert (model.count, released.count) == (3, 1)
    assert model.height == pytest.approx(released.height * 3)
    assert model.y == pytest.approx(released.y + released.height)
    assert model.y + model.height == pytest.approx(chart.FLOOR)
    assert released.y == pytest.approx(chart.FLOOR - chart.ROOM)
    assert [tick.count for tick in drawn.ticks] == [0, 1, 2, 3, 4]


def test_laboratory_shows_engine_and_model_side_by_side_and_stores_nothing(
    desk: Client, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.post(SCREENS[3], DOG).content.decode()

    assert "Words: Nutrition engine" in page
    assert "No model is configured" not in page
    assert "Words: Language model" in page
    assert "Worded by the model." in page
    assert len(model.calls) == 1
    assert not any(table.objects.exists() for table in (Generation, MealRecommendation, HealthReport, MonthlyUse))
    assert Entry.objects.get(verb="ai.profile.tried").detail == "meal"


def test_laboratory_says_what_the_model_did_wrong(desk: Client, model: ModelServer) -> None:
    model.answer = lambda call: Reply("no json")

    page = desk.post(SCREENS[3], DOG | {"kind": "health"}).content.decode()

    assert "The referee objected:" in page
    assert "Rejected by the referee" in page


@pytest.mark.parametrize(("path", "title"), [("/admin/ai/sources/", "Sources and rejections"), ("/admin/ai/laboratory/", "Try a profile")])
def test_a_screen_says_what_it_is(desk: Client, path: str, title: str) -> None:
    answer = desk.get(path)

    assert answer.context["breadcrumbs_items"][-1] == {"url": "", "label": title}


def test_laboratory_works_without_a_model(desk: Client) -> None:
    page = desk.post(SCREENS[3], DOG).content.decode()

    assert "Words: Nutrition engine" in page
    assert "No model is configured" in page


def test_laboratory_refuses_a_breed_of_another_species(desk: Client) -> None:
    page = desk.post(SCREENS[3], DOG | {"species": "2", "breed": "15"}).content.decode()

    assert "another species" in page
    assert "ai-trial__text" not in page


def test_operators_enter_the_models_prices(desk: Client) -> None:
    answer: Any = desk.get("/admin/settings/ai/modelprices/", follow=True)

    assert answer.status_code == 200
    assert "price of a million tokens sent" in answer.content.decode().lower()


def test_register_shows_no_person_after_erasure(desk: Client, anna: User, max_: Pet) -> None:
    factory.generation(max_)
    anna.delete()

    assert "anna@fammo.example" not in desk.get(SCREENS[0]).content.decode()
    assert not Generation.objects.exists()
