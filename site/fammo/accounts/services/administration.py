"""What staff do to accounts and plans over HTTP: the acts of ``staff``, and who may do them to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from fammo.accounts.audit import Verb
from fammo.accounts.errors import AccountNotFound, OwnAccount, PlanNotFound, SuperuserOnly
from fammo.accounts.models import SubscriptionPlan, User
from fammo.audit.services import columns_of, record

from .staff import end_sessions_as_staff, set_active


@transaction.atomic
def deactivate_account(*, user_id: int, actor: User) -> User:
    """Put an account out of use, which ends its logins. Twice is fine; raises the errors of ``_account_under``."""
    return set_active(user=_account_under(actor, user_id), is_active=False, actor=actor)


@transaction.atomic
def reactivate_account(*, user_id: int, actor: User) -> User:
    """Put an account back into use. Twice is fine; raises the errors of ``_account_under``."""
    return set_active(user=_account_under(actor, user_id), is_active=True, actor=actor)


@transaction.atomic
def end_logins(*, user_id: int, actor: User) -> int:
    """Log a person out everywhere; how many logins there were. Raises the errors of ``_account_under``."""
    return end_sessions_as_staff(user=_account_under(actor, user_id), actor=actor)


def _account_under(actor: User, user_id: int) -> User:
    """The account, locked, if this member of staff may act upon it: not their own, and a superuser's only as a superuser.

    Raises ``AccountNotFound``, ``OwnAccount`` and ``SuperuserOnly``.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise AccountNotFound
    if user.pk == actor.pk:
        raise OwnAccount
    if user.is_superuser and not actor.is_superuser:
        raise SuperuserOnly
    return user


@transaction.atomic
def change_plan(
    *, plan_id: int, changes: Mapping[str, Any], actor: User, refuse_if_changed: Callable[[SubscriptionPlan], None]
) -> SubscriptionPlan:
    """Change what a plan costs, allows or is called. ``refuse_if_changed`` sees the locked row first.

    Raises ``PlanNotFound``, Django's ``ValidationError`` and what ``refuse_if_changed`` raises.
    """
    plan = SubscriptionPlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise PlanNotFound
    refuse_if_changed(plan)
    before = columns_of(plan, *changes)
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.full_clean()
    plan.save(update_fields=[*changes])
    record(Verb.PLAN_CHANGED, actor=actor, target=plan, before=before, after=columns_of(plan, *changes))
    return plan
