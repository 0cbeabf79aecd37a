"""States, constraints and the record that only grows."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction

from clinics.errors import IllegalTransition
from clinics.models import Clinic, ModerationDecision
from tests.factories import clinics

pytestmark = pytest.mark.django_db
State = Clinic.State
STEPS = {
    (State.UNCONFIRMED, State.PENDING),
    (State.PENDING, State.APPROVED),
    (State.PENDING, State.REJECTED),
    (State.REJECTED, State.PENDING),
    (State.APPROVED, State.SUSPENDED),
    (State.SUSPENDED, State.APPROVED),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State.values, State.values)))
def test_only_the_steps_of_the_table_are_taken(before: str, after: str) -> None:
    clinic = Clinic(state=before)

    if (before, after) in STEPS:
        clinic.move_to(after)
        assert clinic.state == after
    else:
        with pytest.raises(IllegalTransition):
            clinic.move_to(after)
        assert clinic.state == before


def test_the_database_knows_no_approved_clinic_without_a_confirmed_mailbox() -> None:
    clinic = clinics.unconfirmed()

    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.filter(pk=clinic.pk).update(state=State.APPROVED)


def test_the_database_knows_no_half_coordinate() -> None:
    clinic = clinics.unconfirmed()

    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.filter(pk=clinic.pk).update(latitude=1)


def test_decisions_can_be_added_and_read_only() -> None:
    clinics.approved()
    decision = ModerationDecision.objects.get()

    with pytest.raises(TypeError):
        decision.save()
    with pytest.raises(TypeError):
        decision.delete()
    with pytest.raises(TypeError):
        ModerationDecision.objects.update(reason_text="x")
    with pytest.raises(TypeError):
        ModerationDecision.objects.all().delete()
    assert ModerationDecision.objects.count() == 1


def test_a_refusal_without_a_reason_cannot_be_stored() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ModerationDecision.objects.create(clinic_number=1, clinic_name="x", language="en", decision="suspended", reason_code="other")
