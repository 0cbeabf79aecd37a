"""The background half of erasures: carrying out what is due, and deleting the files that it leaves."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from fammo.accounts import selectors
from fammo.accounts.audit import Verb, record
from fammo.accounts.models import Erasure, User
from fammo.jobs import job
from fammo.mail.services import send_mail
from fammo.privacy.erasing import erase
from fammo.privacy.inventory import take_inventory

LOST_AFTER = timedelta(hours=1)


@transaction.atomic
def carry_out(erasure_id: uuid.UUID) -> Erasure:
    """Erase the person if it is time. One transaction: a process that is killed in the middle has done nothing.

    Files follow after the commit, by the list that the commit left.
    """
    user_id = Erasure.objects.values_list("user_id", flat=True).get(pk=erasure_id)
    # First the person, then what hangs from them: the order in which everybody locks, so nobody waits in a ring.
    user = User.objects.select_for_update(of=("self",)).select_related("profile").filter(pk=user_id or 0).first()
    erasure = Erasure.objects.select_for_update().get(pk=erasure_id)
    if user is None or erasure.state != Erasure.State.WAITING or erasure.due_at > timezone.now():
        return erasure
    person, language = selectors.person_of(user), user.profile.preferred_language
    erasure.receipt = dict(take_inventory(person))
    record(Verb.ERASED, user=user, actor=None)
    erasure.files = erase(person)
    erasure.user, erasure.state, erasure.ended_at = None, Erasure.State.DONE, timezone.now()
    erasure.save()
    send_mail(kind="accounts.erased", to=user.email, language=language, context={"erasure_id": str(erasure.pk)})
    remove_erased_files.enqueue(str(erasure.pk))
    return erasure


@job(max_attempts=5)
def carry_out_erasure(erasure_id: str) -> None:
    """Erase one person whose time has come."""
    carry_out(uuid.UUID(erasure_id))


@job(max_attempts=8)
def remove_erased_files(erasure_id: str) -> None:
    """Delete the stored files that an erasure left; a missing one is fine."""
    for name in Erasure.objects.get(pk=erasure_id).files:
        default_storage.delete(name)
    Erasure.objects.filter(pk=erasure_id).update(files=[])


def queue_due_erasures() -> int:
    """Queue what is due, and the files that a killed process left over; gives how many pieces of work that is."""
    due = list(Erasure.objects.due().values_list("pk", flat=True))
    for erasure_id in due:
        carry_out_erasure.enqueue(str(erasure_id))
    left = list(Erasure.objects.with_files().filter(ended_at__lt=timezone.now() - LOST_AFTER).values_list("pk", flat=True))
    for erasure_id in left:
        remove_erased_files.enqueue(str(erasure_id))
    return len(due) + len(left)
