"""An intruder who owns the database, took its triggers away and mends what they can: the signed heads outside tell on them."""

from __future__ import annotations

import base64
import datetime
import json
import os
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from fammo.jobs.policy import policy_for
from legal import canonical, guards, heads, keys, ledger, services
from legal.errors import LedgerDiffers
from legal.models import ConsentEvent, LegalText, LegalVersion
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db
SEALED_AT = "2026-11-21T12:00:00.000000Z"


def decide(version: LegalVersion, times: int) -> None:
    user = legal_person()
    for number in range(times):
        services.record_decision(
            user=user, version_id=version.pk, accepted=number % 2 == 0, language="en", origin=services.Origin(ip_address="192.0.2.1")
        )


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> Iterator[LegalVersion]:
    """Ten events under four heads of at most three."""
    monkeypatch.setattr(heads, "EVENTS_PER_HEAD", 3)
    with time_machine.travel(datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC), tick=False):
        version = legal_version()
        decide(version, 10)
        assert services.seal_ledger() == 4
        guards.remove(connection)
        yield version
    guards.install(connection)


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def complaint() -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("verify_consent_ledger", stdout=StringIO())
    return str(refusal.value).removeprefix("The consent ledger is broken at ")


def drop(condition: str) -> None:
    sql(f"DELETE FROM legal_consentorigin WHERE event_id {condition}")  # noqa: S608
    sql(f"DELETE FROM legal_userconsent WHERE event_id {condition}")  # noqa: S608
    sql(f"DELETE FROM legal_consentevent WHERE sequence {condition}")  # noqa: S608


def mend_chain(first: int) -> None:
    """What a careful forger does: number and hash everything anew from here, the head in the database included."""
    before = ConsentEvent.objects.filter(pk__lt=first).order_by("-sequence").first()
    number, previous = (before.pk, before.hash) if before else (0, heads.GENESIS)
    for event in ConsentEvent.objects.filter(pk__gte=first).in_order():
        was, number = event.pk, number + 1
        event.sequence, event.previous_hash = number, previous
        previous = canonical.sha256_hex(event.members())
        sql("UPDATE legal_userconsent SET event_id = %s WHERE event_id = %s", number, was)
        sql("UPDATE legal_consentorigin SET event_id = %s WHERE event_id = %s", number, was)
        sql(
            "UPDATE legal_consentevent SET sequence = %s, previous_hash = %s, hash = %s WHERE sequence = %s",
            *(number, event.previous_hash, previous, was),
        )
    sql("UPDATE legal_consenthead SET sequence = %s, hash = %s", number, previous)


def edit() -> None:
    sql("UPDATE legal_consentevent SET app_version = 'x' WHERE sequence = 5")


def remove_from_the_middle() -> None:
    drop("= 5")


def cut_the_tail() -> None:
    drop("> 7")


def swap_two_rows() -> None:
    for name in ("action", "recorded_at", "origin_sha256"):
        four, five = (getattr(ConsentEvent.objects.get(pk=number), name) for number in (4, 5))
        sql(f"UPDATE legal_consentevent SET {name} = %s WHERE sequence = 4", five)  # noqa: S608
        sql(f"UPDATE legal_consentevent SET {name} = %s WHERE sequence = 5", four)  # noqa: S608


def hash_anew_from_row_5() -> None:
    edit()
    mend_chain(5)


def restore_an_old_copy() -> None:
    """The tables as they were after event 6, and life went on: somebody decides otherwise."""
    cut = ConsentEvent.objects.get(pk=6)
    drop("> 6")
    sql("UPDATE legal_consenthead SET sequence = 6, hash = %s", cut.hash)
    decide(LegalVersion.objects.get(), 5)


CRIMES: dict[Callable[[], None], tuple[str, str]] = {
    edit: ("event 5: its content does not have its hash.", f"event 5: it is not the event that was signed at {SEALED_AT}."),
    remove_from_the_middle: (
        "event 6: event 5 is missing before it.",
        f"event 5: it is not the event that was signed at {SEALED_AT}.",
    ),
    cut_the_tail: (f"event 8: the ledger ends before it, but 9 events were signed at {SEALED_AT}.",) * 2,
    swap_two_rows: ("event 4: its content does not have its hash.", f"event 4: it is not the event that was signed at {SEALED_AT}."),
    hash_anew_from_row_5: (f"event 5: it is not the event that was signed at {SEALED_AT}.",) * 2,
    restore_an_old_copy: (f"event 7: it is not the event that was signed at {SEALED_AT}.",) * 2,
}


@pytest.mark.parametrize("crime", CRIMES, ids=lambda crime: crime.__name__)
def test_place_of_the_crime_is_named(crime: Callable[[], None]) -> None:
    crime()

    assert complaint() == CRIMES[crime][0]


@pytest.mark.parametrize("crime", CRIMES, ids=lambda crime: crime.__name__)
def test_place_is_named_even_when_everything_is_hashed_anew(crime: Callable[[], None]) -> None:
    crime()
    mend_chain(1)
    sql("DELETE FROM legal_userconsent")
    sql("DELETE FROM legal_consentorigin")

    assert complaint() == CRIMES[crime][1]


def test_sound_ledger_says_how_many_heads_vouch_for_it() -> None:
    out = StringIO()

    call_command("verify_consent_ledger", stdout=out)

    assert out.getvalue().startswith("The consent ledger is sound: 10 events, head ")
    assert out.getvalue().endswith(", 4 signed heads.\n")


def test_nothing_new_is_signed_twice_and_new_things_once(sealed: LegalVersion) -> None:
    assert services.seal_ledger() == 0
    decide(sealed, 1)

    assert (services.seal_ledger(), services.seal_ledger()) == (1, 0)
    assert ledger.verify().signed == 5


def test_publication_is_signed_even_without_an_event(run_tasks: Callable[[], int], sealed: LegalVersion) -> None:
    run_tasks()
    guards.install(connection)
    legal_version(version="2.0")

    run_tasks()

    (*_others, newest) = heads.read_heads()
    assert (newest.members["first"], newest.members["last"]) == (11, 10)
    assert newest.members["last_text"] == LegalText.objects.latest("pk").pk
    assert ledger.verify().is_sound


def test_text_that_was_rewritten_with_its_hash_is_found() -> None:
    text = LegalText.objects.get()
    text.content = text.content.replace("safe", "sold")
    forged = canonical.sha256_hex(text.members())
    sql("UPDATE legal_legaltext SET content = %s, sha256 = %s", text.content, forged)
    sql("UPDATE legal_consentevent SET text_sha256 = %s", forged)
    mend_chain(1)

    assert complaint() == f"event 1: it is not the event that was signed at {SEALED_AT}."


@pytest.mark.parametrize("crime", [hash_anew_from_row_5, cut_the_tail, restore_an_old_copy], ids=lambda crime: crime.__name__)
def test_what_was_forged_is_never_signed(crime: Callable[[], None], sealed: LegalVersion) -> None:
    crime()
    before = Path(heads._path()).read_bytes()

    with pytest.raises(LedgerDiffers):
        services.seal_ledger()

    assert Path(heads._path()).read_bytes() == before


def rewrite(change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = heads._path()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(canonical.canonical_bytes(line).decode() + "\n" for line in lines))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[1]["head"].update(tip="0" * 64), "head 2: its signature is not ours."),
        (lambda lines: lines.pop(1), "head 2: it does not follow from the head before it."),
        (lambda lines: lines.reverse(), "head 1: it does not follow from the head before it."),
    ],
    ids=["edited", "removed", "reversed"],
)
def test_heads_that_were_tampered_with_vouch_for_nothing(change: Callable[[list[dict[str, Any]]], object], expected: str) -> None:
    rewrite(change)

    assert complaint() == expected


def test_line_that_cannot_be_read_is_named() -> None:
    path = heads._path()
    path.write_text("rubbish\n" + path.read_text())

    assert complaint() == "head 1: its line cannot be read."


@pytest.mark.parametrize("kept", [0, 2])
def test_heads_that_disappeared_are_missed_after_an_hour(kept: int) -> None:
    rewrite(lambda lines: lines.__delitem__(slice(kept, None)))
    assert ledger.verify().is_sound, "they may not have been written yet"

    with time_machine.travel(datetime.datetime(2026, 11, 21, 13, 1, tzinfo=datetime.UTC)):
        assert complaint() == f"event {kept * 3 + 1}: no signed head covers it, though it is older than an hour."


def test_head_that_a_killed_writer_left_unfinished_is_written_again() -> None:
    path = heads._path()
    whole = path.read_bytes()
    os.truncate(path, len(whole) - 40)
    assert ledger.verify().is_sound

    assert services.seal_ledger() == 1
    assert path.read_bytes() == whole


def test_head_of_any_event_is_found() -> None:
    covering = {number: heads.head_covering(number) for number in range(13)}

    assert {number: head and head.members["number"] for number, head in covering.items()} == (
        {0: None} | {number: (number + 2) // 3 for number in range(1, 11)} | {11: None, 12: None}
    )


def test_heads_signed_with_a_retired_key_still_count(settings: Any) -> None:
    (first, *_rest) = heads.read_heads()
    retired = base64.urlsafe_b64decode(keys.list_public_keys()[0]["x"] + "=").hex()
    settings.CONSENT_SIGNING_KEY = "5" * 64
    assert complaint() == "head 1: its signature is not ours."

    settings.CONSENT_RETIRED_KEYS = [retired]

    assert first.is_ours()
    assert ledger.verify().is_sound


def test_seal_is_tried_again_when_it_fails() -> None:
    assert policy_for("legal.tasks.seal_ledger").max_attempts > 1
