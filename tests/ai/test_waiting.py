"""Few web threads wait for a worker, and not for long."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from ai import services
from ai.models import Generation, Kind
from ai.services import waiting
from pets.models import Pet
from tests.ai.model_server import ModelServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def under_way(max_: Pet, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Generation:
    monkeypatch.setattr(waiting, "_seats", threading.BoundedSemaphore(1))
    return services.generate_advice(actor=max_.user, pet_id=max_.pk, kind=Kind.HEALTH, language="en")


def test_waits_until_it_is_finished(under_way: Generation, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.AI_WAIT_SECONDS = 30
    monkeypatch.setattr(time, "sleep", lambda seconds: services.complete_generation.call(under_way.pk))

    assert services.wait_for(under_way).is_stored


def test_gives_up_when_the_time_is_over(under_way: Generation, settings: Any) -> None:
    settings.AI_WAIT_SECONDS = 0.2

    assert services.wait_for(under_way).is_under_way


def test_does_not_wait_without_a_seat(under_way: Generation, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.AI_WAIT_SECONDS = 30
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waited"))

    with services.seat() as taken:
        waited = services.wait_for(under_way)

    assert taken
    assert waited.is_under_way
    with services.seat() as free_again:
        assert free_again
