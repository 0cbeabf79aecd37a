"""``verify_consent_ledger`` names the first bad row, whatever was done to the tables behind our back."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from legal import canonical, guards, ledger, services
from legal.models import ConsentEvent
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def six_events() -> None:
    version = legal_version()
    for user in [legal_person(), legal_person()]:
        for accepted in (True, False, True):
            services.record_decision(
                user=user, version_id=version.pk, accepted=accepted, language="en", origin=services.Origin(ip_address="192.0.2.1")
            )


@pytest.fixture
def intruder() -> Iterator[None]:
    """Somebody who owns the database and took the triggers away."""
    guards.remove(connection)
    yield
    guards.install(connection)


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def complaint() -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("verify_consent_ledger", stdout=StringIO())
    return str(refusal.value)


def rehash(first: int) -> None:
    previous = ConsentEvent.objects.get(pk=first - 1).hash
    for event in ConsentEvent.objects.filter(pk__gte=first).in_order():
        event.previous_hash = previous
        previous = canonical.sha256_hex(event.members())
        sql("UPDATE legal_consentevent SET previous_hash = %s, hash = %s WHERE sequence = %s", event.previous_hash, previous, event.pk)


def test_sound_ledger_is_called_so() -> None:
    out = StringIO()

    call_command("verify_consent_ledger", stdout=out)

    assert out.getvalue().startswith("The consent ledger is sound: 6 events, head ")


@pytest.mark.usefixtures("intruder")
def test_edited_event_is_named() -> None:
    sql("UPDATE legal_consentevent SET action = 'accepted' WHERE sequence = 5")

    assert complaint() == "The consent ledger is broken at event 5: its content does not have its hash."


@pytest.mark.usefixtures("intruder")
def test_event_missing_from_the_middle_is_named() -> None:
    sql("DELETE FROM legal_consentorigin WHERE event_id = 2")
    sql("DELETE FROM legal_consentevent WHERE sequence = 2")

    assert complaint() == "The consent ledger is broken at event 3: event 2 is missing before it."


@pytest.mark.usefixtures("intruder")
def test_cut_tail_is_named() -> None:
    sql("DELETE FROM legal_consentorigin WHERE event_id = 6")
    sql("DELETE FROM legal_userconsent WHERE event_id = 6")
    sql("DELETE FROM legal_consentevent WHERE sequence = 6")

    assert complaint() == "The consent ledger is broken at event 6: the ledger ends at event 5, its head says 6."


@pytest.mark.usefixtures("intruder")
def test_swapped_events_are_named() -> None:
    columns = "action = (SELECT action FROM legal_consentevent WHERE sequence = %s), hash = %s"
    second, third = ConsentEvent.objects.get(pk=2), ConsentEvent.objects.get(pk=3)
    sql("UPDATE legal_consentevent SET hash = 'swapping' WHERE sequence = 2")
    sql(f"UPDATE legal_consentevent SET {columns} WHERE sequence = 3", 2, second.hash)  # noqa: S608
    sql("UPDATE legal_consentevent SET action = %s, hash = %s WHERE sequence = 2", third.action, third.hash)

    assert complaint() == "The consent ledger is broken at event 2: its content does not have its hash."


@pytest.mark.usefixtures("intruder")
def test_chain_hashed_anew_is_found_by_its_head() -> None:
    sql("UPDATE legal_consentevent SET app_version = 'x' WHERE sequence = 4")
    rehash(4)

    assert complaint() == "The consent ledger is broken at event 7: the ledger ends at event 6, its head says 6."


@pytest.mark.usefixtures("intruder")
def test_event_about_another_text_is_named() -> None:
    sql("UPDATE legal_consentevent SET text_sha256 = %s WHERE sequence = 4", "f" * 64)
    rehash(4)

    assert complaint() == "The consent ledger is broken at event 4: the text that it names was not the published one."


@pytest.mark.usefixtures("intruder")
def test_edited_text_is_named() -> None:
    sql("UPDATE legal_legaltext SET content = replace(content, 'safe', 'sold')")

    assert "broken at text" in complaint()


def test_edited_origin_is_named() -> None:
    sql("UPDATE legal_consentorigin SET ip_address = '192.0.2.99' WHERE event_id = 3")

    assert complaint() == "The consent ledger is broken at origin of event 3: its content does not have the hash in the event."


def test_state_that_the_ledger_does_not_bear_out_is_named() -> None:
    sql("UPDATE legal_userconsent SET state = 'withdrawn' WHERE event_id = 6")

    assert "it is not what the last decision in the ledger says" in complaint()


def test_progress_is_told() -> None:
    heard: list[int] = []

    report = ledger.verify(heard.append)

    assert (report.events, heard) == (6, [6])
