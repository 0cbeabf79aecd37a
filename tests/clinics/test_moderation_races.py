"""Approving while the owner saves, on a database that lets both happen at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from clinics import cards, hours, services
from clinics.api.serializers import ClinicSerializer
from clinics.errors import ClaimedByAnother, NothingToDecide
from clinics.models import Clinic, ClinicListing, ClinicPage, ModerationDecision, ReviewClaim
from fammo.api.renderers import JSONRenderer
from fammo.cms.errors import StaleReview
from fammo.common.errors import DomainError
from tests.factories import accounts, clinics

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("real_transactions")]
ROUNDS = 100
NAMES = sorted(ClinicSerializer().fields)


def at_once(*deeds: Callable[[], object], seed: int = 0) -> list[Exception | None]:
    """All in the same moment, give or take a few milliseconds, each on a connection of its own; gives what each was refused with."""
    barrier = threading.Barrier(len(deeds))
    lags = [random.Random(f"{seed}:{number}").uniform(0, 0.02) for number in range(len(deeds))]

    def run(number: int) -> Exception | None:
        barrier.wait()
        time.sleep(lags[number])  # the two take turns at being first
        try:
            deeds[number]()
        except DomainError as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(deeds)) as people:
        return list(people.map(run, range(len(deeds))))


def words_of(number: int, who: str) -> dict[str, Any]:
    return {
        "name": f"{who} Paws {number}",
        "bio": f"{who} words {number}. " * 20,
        "phone": f"+358 9 {4000000 + number if who == 'Reviewed' else 5000000 + number}",
        "vet_name": f"{who} vet {number}",
        "latitude": 60 + number / 1000,
        "week": hours.make_week([hours.Interval(number % 7, hours.parse_time("08:00"), hours.parse_time("17:00"))]),
    }


def public_bytes(clinic: Clinic) -> bytes:
    """What a stranger reads about the clinic, apart from what the clock says; nothing while it is not listed."""
    answer = APIClient().get(f"/api/v1/clinics/{clinic.pk}/")
    return JSONRenderer().render({name: answer.json()[name] for name in NAMES}) if answer.status_code == 200 else b""


def reviewed_bytes(clinic: Clinic, page: ClinicPage) -> bytes:
    """The same made from the page that was before the moderator, and from nothing else."""
    shown = ClinicSerializer(cards.card_of_page(Clinic.objects.get(pk=clinic.pk), page)).data
    return JSONRenderer().render({name: shown[name] for name in NAMES})


def test_a_hundred_rounds_of_approving_while_the_owner_saves() -> None:
    vet, moderator = accounts.person("vet@fammo.example"), clinics.moderator()
    clinic = clinics.pending(vet)
    won = 0

    for number in range(ROUNDS):
        services.update_clinic(clinic=clinic, changes=words_of(number, "Reviewed"), actor=vet)
        reviewed = clinics.page_of(clinic).get_latest_revision_as_object()
        seen, before = clinics.seen(clinics.page_of(clinic)), public_bytes(clinic)

        refusal, saving = at_once(
            lambda seen=seen: services.approve_clinic(page=clinics.page_of(clinic), seen=seen, actor=moderator),
            lambda number=number: services.update_clinic(clinic=clinic, changes=words_of(number, "Unseen"), actor=vet),
            seed=number,
        )

        after = public_bytes(clinic)
        assert saving is None
        assert b"Unseen" not in after
        if refusal is None:
            won += 1
            assert after == reviewed_bytes(clinic, reviewed)
            assert ClinicListing.objects.get().content_sha256 == seen
        else:
            assert isinstance(refusal, StaleReview)
            assert after == before
        assert clinics.page_of(clinic).get_latest_revision().content["title"] == f"Unseen Paws {number}"
        assert clinics.page_of(clinic).workflow_in_progress

    assert 0 < won < ROUNDS  # both orders were tried


def test_two_moderators_decide_once() -> None:
    clinic, first, second = clinics.pending(), clinics.moderator(), clinics.moderator()
    seen = clinics.seen(clinics.page_of(clinic))

    refusals = at_once(
        lambda: services.approve_clinic(page=clinics.page_of(clinic), seen=seen, actor=first),
        lambda: services.reject_clinic(page=clinics.page_of(clinic), seen=seen, actor=second, **clinics.REASON),
    )

    assert [type(refusal) for refusal in refusals if refusal] == [NothingToDecide]
    assert ModerationDecision.objects.count() == 1


def test_one_of_two_claims_wins() -> None:
    page: ClinicPage = clinics.page_of(clinics.pending())
    moderators = [clinics.moderator(), clinics.moderator()]

    refusals = at_once(*(lambda each=each: services.claim_review(page=page, actor=each) for each in moderators))

    assert [type(refusal) for refusal in refusals if refusal] == [ClaimedByAnother]
    assert ReviewClaim.objects.count() == 1
