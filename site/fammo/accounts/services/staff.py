"""What staff do to other people's accounts; every act is in the log."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.log_actions import log

from fammo.accounts.audit import Verb, record
from fammo.accounts.errors import PlanIsNeeded
from fammo.accounts.models import Profile, Session, SubscriptionPlan, User
from fammo.audit.services import columns_of

from .addresses import leave_address
from .passwords import tell_and_log_out
from .sessions import end_sessions


@dataclass(frozen=True, kw_only=True)
class StaffDetails:
    """What of a profile staff decide."""

    preferred_language: str
    subscription_plan: SubscriptionPlan
    is_writer: bool


@transaction.atomic
def open_account(*, user: User, details: StaffDetails, actor: User) -> User:
    """Save a new person whom staff know: active at once, the address taken for confirmed."""
    user.is_active = True
    user.email_confirmed_at = timezone.now()
    user.full_clean()
    user.save(force_insert=True)
    Profile.objects.create(user=user, **vars(details))
    record(Verb.REGISTERED, user=user, actor=actor)
    return user


@transaction.atomic
def change_account(*, user: User, details: StaffDetails, actor: User) -> User:
    """Save what staff changed about a person. A new password or address ends every login and is told by mail (the old one)."""
    stored = User.objects.select_for_update().get(pk=user.pk)
    is_active, user.is_active = user.is_active, stored.is_active
    user.full_clean()
    user.save()
    Profile.objects.filter(user=user).update(**vars(details), updated_at=timezone.now())
    if user.password != stored.password:
        tell_and_log_out(user=user, verb=Verb.PASSWORD_CHANGED, actor=actor)
    elif user.email != stored.email:
        end_sessions(user=user, reason=Session.EndReason.CREDENTIALS)
    if user.email != stored.email:
        record(Verb.EMAIL_CHANGED, user=user, actor=actor)
        leave_address(user=user, old_email=stored.email)
    user.is_active = set_active(user=user, is_active=is_active, actor=actor).is_active
    return user


@transaction.atomic
def set_active(*, user: User, is_active: bool, actor: User) -> User:
    """Put an account out of use, which ends its logins, or back into use, which takes its address for confirmed."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active == is_active:
        return user
    before = columns_of(user, "is_active", "email_confirmed_at")
    user.is_active = is_active
    user.email_confirmed_at = user.email_confirmed_at or timezone.now()
    user.signed_up_on = None
    user.save(update_fields=["is_active", "email_confirmed_at", "signed_up_on"])
    if not is_active:
        end_sessions(user=user, reason=Session.EndReason.DEACTIVATED)
    verb = Verb.ACTIVATED if is_active else Verb.DEACTIVATED
    record(verb, user=user, actor=actor, before=before, after=columns_of(user, *before))
    return user


@transaction.atomic
def end_sessions_as_staff(*, user: User, actor: User) -> int:
    """Log a person out everywhere; how many logins there were."""
    ended = end_sessions(user=user, reason=Session.EndReason.ENDED_BY_STAFF)
    record(Verb.SESSIONS_ENDED, user=user, actor=actor)
    return ended


@transaction.atomic
def delete_plan(*, plan: SubscriptionPlan, actor: User) -> None:
    """Delete a plan that nobody has; raises ``PlanIsNeeded``, always for the plan of new accounts."""
    if plan.code == SubscriptionPlan.ESSENTIALS:
        raise PlanIsNeeded
    log(instance=plan, action="wagtail.delete", user=actor, deleted=True)
    try:
        plan.delete()
    except ProtectedError as exc:
        raise PlanIsNeeded from exc
