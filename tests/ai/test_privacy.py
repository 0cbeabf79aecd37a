"""What AI keeps of a person goes into their export and away with them."""

from __future__ import annotations

import pytest

from ai import services
from ai.models import ChatMessage, ChatSession, Generation, HealthReport, Kind, MealRecommendation, MonthlyUse
from fammo.accounts.models import User
from fammo.accounts.selectors import person_of
from fammo.privacy.erasing import erase
from fammo.privacy.exporting import collect, to_json
from pets.models import Pet
from tests.factories import ai as factory
from tests.factories.pets import picture

pytestmark = pytest.mark.django_db
KEPT = (ChatMessage, ChatSession, Generation, HealthReport, MealRecommendation, MonthlyUse)


@pytest.fixture
def _everything(anna: User, max_: Pet) -> None:
    factory.generation(max_)
    factory.generation(max_, Kind.HEALTH)
    services.send_message(actor=anna, text="Is his itching planted-1 bad?", language="en", picture=picture())


@pytest.mark.usefixtures("_everything")
def test_export_holds_advice_conversation_and_picture(anna: User) -> None:
    document, files = collect(person_of(anna))
    text = to_json(document)

    report, meal = HealthReport.objects.get(), MealRecommendation.objects.get()
    assert "planted-1" in text
    assert report.summary in text
    assert meal.content_json["options"][0]["name"] in text
    assert ChatMessage.objects.exclude(picture="").get().picture.name in {file.stored_name for file in files}


@pytest.mark.usefixtures("_everything")
def test_erasure_leaves_nothing_and_names_the_picture(anna: User) -> None:
    stored = ChatMessage.objects.exclude(picture="").get().picture.name

    files = erase(person_of(anna))

    assert stored in files
    assert [model.__name__ for model in KEPT if model.objects.exists()] == []
