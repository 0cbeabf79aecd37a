"""A failing server is left alone for a while, by every process."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from ai.providers import circuit

pytestmark = pytest.mark.django_db
URL = "http://model.example/v1"


def test_server_is_asked_until_it_failed_three_times_in_a_row() -> None:
    circuit.note_failure(URL)
    circuit.note_failure(URL)
    circuit.note_success(URL)
    circuit.note_failure(URL)
    circuit.note_failure(URL)
    assert circuit.lets_through(URL)

    circuit.note_failure(URL)

    assert not circuit.lets_through(URL)
    assert circuit.lets_through("http://other.example/v1")


def test_after_the_pause_one_caller_tries_and_the_others_wait() -> None:
    for _ in range(3):
        circuit.note_failure(URL)

    with time_machine.travel(timezone.now() + circuit.PAUSE + timedelta(seconds=1)):
        assert circuit.lets_through(URL)
        assert not circuit.lets_through(URL)

        circuit.note_success(URL)
        assert circuit.lets_through(URL)
        assert circuit.lets_through(URL)


def test_failing_again_keeps_it_open() -> None:
    for _ in range(3):
        circuit.note_failure(URL)

    with time_machine.travel(timezone.now() + circuit.PAUSE + timedelta(seconds=1)):
        circuit.lets_through(URL)
        circuit.note_failure(URL)
        assert not circuit.lets_through(URL)
