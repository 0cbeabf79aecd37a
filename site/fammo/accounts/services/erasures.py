"""That an account goes for good (docs/decisions/0011): asked for, waited for, called off or carried out."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fammo.accounts import erasing, links, selectors
from fammo.accounts.audit import Verb, record
from fammo.accounts.errors import LinkInvalid
from fammo.accounts.models import Erasure, Session, User
from fammo.accounts.purposes import CANCEL_ERASURE
from fammo.mail.services import send_mail
from fammo.privacy.inventory import take_inventory
from fammo.privacy.libraries import end_admin_sessions

from .sessions import end_sessions


@transaction.atomic
def request_erasure(*, user: User, origin: Erasure.Origin, actor: User | None, delay: timedelta | None = None) -> Erasure:
    """Have the account erased after the operator's delay (at once without any); every login ends now.

    Until then logging in, or the link in the mail, calls it off. Asking again changes nothing. The receipt says what will go
    and what will be kept and why.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("profile").get(pk=user.pk)
    wait = timedelta(days=settings.ENVIRONMENT.erasure_delay_days) if delay is None else delay
    erasure = Erasure.objects.waiting().filter(user=user).first() or _begin(user, origin, actor, wait)
    if not wait and erasure.due_at > timezone.now():
        erasure.due_at = timezone.now()  # whoever may erase at once need not wait for a slower wish
        erasure.save(update_fields=["due_at"])
    return erasing.carry_out(erasure.pk)


def _begin(user: User, origin: Erasure.Origin, actor: User | None, wait: timedelta) -> Erasure:
    person = selectors.person_of(user)
    erasure = Erasure.objects.create(user=user, origin=origin, due_at=timezone.now() + wait, receipt=dict(take_inventory(person)))
    record(Verb.ERASURE_REQUESTED, user=user, actor=actor)
    end_sessions(user=user, reason=Session.EndReason.ERASURE)
    end_admin_sessions(person, {})
    if wait:
        context = {"erasure_id": str(erasure.pk), "link_id": str(uuid.uuid4())}
        send_mail(kind="accounts.erasure_requested", to=user.email, language=user.profile.preferred_language, context=context)
    return erasure


@transaction.atomic
def cancel_erasure(*, user: User, actor: User | None) -> bool:
    """Call the erasure off; False when none is waiting."""
    if not Erasure.objects.waiting().filter(user=user).exists():
        return False
    user = User.objects.select_for_update(of=("self",)).select_related("profile").get(pk=user.pk)
    if not Erasure.objects.waiting().filter(user=user).update(state=Erasure.State.CANCELLED, ended_at=timezone.now()):
        return False
    record(Verb.ERASURE_CANCELLED, user=user, actor=actor)
    send_mail(kind="accounts.erasure_cancelled", to=user.email, language=user.profile.preferred_language, context={"user_id": user.pk})
    return True


@transaction.atomic
def cancel_erasure_by_link(*, token: str) -> None:
    """What the button in the mail does; raises the errors of ``links.redeem_link``, and ``LinkInvalid`` when nothing is waiting."""
    link = links.redeem_link(token=token, purpose=CANCEL_ERASURE)
    if not cancel_erasure(user=link.user, actor=link.user):
        raise LinkInvalid
