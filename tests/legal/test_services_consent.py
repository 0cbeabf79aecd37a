"""The ledger: what a decision writes, what is refused, and what erasing a person leaves."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from fammo.accounts.models import User
from legal import ledger, selectors, services
from legal.errors import DocumentNotFound, OutdatedVersion, TextNotAvailable
from legal.models import ConsentEvent, ConsentHead, ConsentOrigin, LegalText, LegalVersion, UserConsent
from legal.models.ledger import GENESIS
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db
ORIGIN = services.Origin(ip_address="192.0.2.7", app_version="3.1.0")


def decide(user: User, version: LegalVersion, accepted: bool = True, language: str = "en") -> UserConsent:
    return services.record_decision(user=user, version_id=version.pk, accepted=accepted, language=language, origin=ORIGIN)


def reasons(user: User) -> list[tuple[str, str]]:
    return [(item.document.version.version, item.reason) for item in selectors.outstanding_for(user, language="en")]


def test_accepting_writes_event_origin_and_state(person: User) -> None:
    version = legal_version(languages=("fi",))

    consent = decide(person, version, language="fi")

    event = ConsentEvent.objects.get()
    assert (event.sequence, event.action, event.previous_hash) == (1, "accepted", GENESIS)
    assert event.text_sha256 == LegalText.objects.get(language="fi").sha256
    assert event.subject == person.consent_subject.subject
    assert event.app_version == "3.1.0"
    assert event.origin.ip_address == "192.0.2.7"
    assert (consent.state, consent.version, consent.event) == ("accepted", version, event)
    assert (ConsentHead.objects.get().sequence, ConsentHead.objects.get().hash) == (1, event.hash)


def test_saying_no_rejects_at_first_and_withdraws_after_yes(person: User) -> None:
    version = legal_version()

    states = [decide(person, version, accepted).state for accepted in (False, True, False, False, True)]

    assert states == ["rejected", "accepted", "withdrawn", "withdrawn", "accepted"]
    assert UserConsent.objects.get().event.sequence == 5
    assert ledger.verify().is_sound


def test_outdated_version_cannot_be_accepted_and_the_current_is_named(person: User) -> None:
    old = legal_version()
    new = legal_version(version="2.0")

    with pytest.raises(OutdatedVersion) as refusal:
        decide(person, old)

    assert refusal.value.extra == {"current_document": new.pk}
    assert not ConsentEvent.objects.exists()


def test_version_not_yet_in_force_cannot_be_accepted(person: User) -> None:
    current = legal_version()
    future = legal_version(version="2.0", effective_on=datetime.date(2999, 1, 1))

    with pytest.raises(OutdatedVersion) as refusal:
        decide(person, future)

    assert refusal.value.extra == {"current_document": current.pk}


def test_outdated_version_can_be_withdrawn(person: User) -> None:
    old = legal_version()
    decide(person, old)
    legal_version(version="2.0")

    assert decide(person, old, accepted=False).state == "withdrawn"


def test_text_that_was_never_translated_cannot_be_accepted(person: User) -> None:
    version = legal_version(languages=("fi",))

    with pytest.raises(TextNotAvailable) as refusal:
        decide(person, version, language="tr")

    assert refusal.value.extra == {"available_languages": ["en", "fi"]}
    assert not ConsentEvent.objects.exists()


def test_unknown_version_cannot_be_accepted(person: User) -> None:
    with pytest.raises(DocumentNotFound):
        services.record_decision(user=person, version_id=999, accepted=True, language="en", origin=ORIGIN)


def test_view_is_logged_and_decides_nothing(person: User) -> None:
    version = legal_version()
    decide(person, version)

    services.record_view(user=person, version_id=version.pk, language="en", origin=ORIGIN)

    assert ConsentEvent.objects.first().action == "viewed"
    assert UserConsent.objects.get().state == "accepted"
    assert ledger.verify().is_sound


def test_outstanding_until_accepted_and_again_after_a_material_change(person: User) -> None:
    first = legal_version()
    assert reasons(person) == [("1.0", "never_asked")]
    decide(person, first)
    assert reasons(person) == []

    legal_version(version="1.1", change_class="editorial", effective_on=datetime.date(2026, 2, 1))
    assert reasons(person) == []

    legal_version(version="2.0", effective_on=datetime.date(2026, 3, 1))
    assert reasons(person) == [("2.0", "changed")]

    legal_version(version="2.1", change_class="editorial", effective_on=datetime.date(2026, 4, 1))
    assert reasons(person) == [("2.1", "changed")]


def test_rejected_and_withdrawn_stay_outstanding(person: User) -> None:
    version = legal_version()

    decide(person, version, accepted=False)
    assert reasons(person) == [("1.0", "rejected")]
    decide(person, version)
    decide(person, version, accepted=False)
    assert reasons(person) == [("1.0", "withdrawn")]


def test_documents_of_clinics_and_those_to_read_only_are_not_outstanding(person: User) -> None:
    legal_version(document_type="clinic_terms")
    legal_version(document_type="user_privacy", requires_acceptance=False)

    assert reasons(person) == []


@pytest.mark.parametrize("erase", [lambda user: services.forget_person(user=user), lambda user: user.delete()], ids=["forget", "delete"])
def test_erasing_a_person_keeps_the_proof_and_destroys_the_link(erase: object, person: User) -> None:
    version = legal_version()
    decide(person, version)
    decide(legal_person(), version)

    erase(person)  # type: ignore[operator]

    assert ConsentEvent.objects.count() == 2
    assert list(ConsentOrigin.objects.values_list("event_id", flat=True)) == [2]
    assert UserConsent.objects.count() == 1
    assert ledger.verify().is_sound


@pytest.mark.postgres
@pytest.mark.usefixtures("real_transactions")
def test_simultaneous_decisions_queue_up_in_one_chain() -> None:
    version = legal_version()
    people = [legal_person() for _ in range(4)]

    def accept_and_withdraw(user: User) -> None:
        try:
            for accepted in (True, False, True):
                decide(user, version, accepted)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept_and_withdraw, args=(user,)) for user in people for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    report = ledger.verify()
    assert (report.events, report.fault) == (24, None)
    assert UserConsent.objects.count() == 4
    assert connection.is_usable()


PEOPLE, AT_ONCE = 100, 25


@pytest.mark.postgres
@pytest.mark.usefixtures("real_transactions")
def test_hundred_people_accept_and_withdraw_at_once_while_the_ledger_is_sealed() -> None:
    version = legal_version()
    people = [legal_person() for _ in range(PEOPLE)]
    begin = threading.Barrier(AT_ONCE)

    def work(number: int) -> None:
        try:
            begin.wait(timeout=60)
            for user in people[number % (AT_ONCE // 2) :: AT_ONCE // 2]:
                decide(user, version, number < AT_ONCE // 2)
            services.seal_ledger()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        # Each person twice at once: one thread accepts, another withdraws; the one left over accepts a share once more.
        list(pool.map(work, range(AT_ONCE)))

    report = ledger.verify()
    assert (report.fault, report.events >= 2 * PEOPLE) == (None, True)
    sequences = list(ConsentEvent.objects.in_order().values_list("sequence", flat=True))
    assert sequences == list(range(1, report.events + 1)), "no gap"
    assert ConsentEvent.objects.values("previous_hash").distinct().count() == report.events, "no fork"
    for consent in UserConsent.objects.select_related("subject", "event"):
        events = ConsentEvent.objects.filter(subject=consent.subject.subject)
        assert {event.action == "accepted" for event in events} == {True, False}, "both are logged"
        assert consent.event == events.latest("sequence")
        assert consent.state == consent.event.action
    assert UserConsent.objects.count() == PEOPLE
