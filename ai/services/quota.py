"""Places in a month: reserved under a row lock, then committed together with the result, or given back.

The lock order is always the month's row, then the generation's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from ai import selectors
from ai.errors import AlreadyBegun, QuotaUsedUp
from ai.models import Generation, MonthlyUse
from ai.models.generations import KEY_RETENTION, LEASE
from ai.months import month_at
from fammo.accounts import selectors as accounts

if TYPE_CHECKING:
    from fammo.accounts.models import User
    from pets.models import Pet

State = Generation.State


@dataclass(frozen=True, kw_only=True)
class Retry:
    """What makes a repeated request known: the caller's key and what was asked with it; empty without a key."""

    key: str = ""
    fingerprint: str = ""


FIRST_TIME = Retry()


@transaction.atomic
def reserve_generation(
    *, actor: User, kind: str, pet: Pet | None, language: str, retry: Retry = FIRST_TIME, is_free: bool = False
) -> Generation:
    """Takes a place in the actor's month. Raises ``QuotaUsedUp`` when there is none (never for what ``is_free``) and ``AlreadyBegun``
    for a key that is in use.

    Of simultaneous callers each waits here for the one before it, so the last place is given away once.
    """
    now = timezone.now()
    profile = accounts.profile_of(actor)
    month = month_at(now, profile.time_zone)
    use = _locked_use(actor, kind, month.first)
    _claim_key(actor, retry.key)
    limit, used = selectors.limit_of(profile, kind), selectors.in_use(use)
    if limit is not None and used >= limit and not is_free:
        seconds = int((month.ends_at - now) / timedelta(seconds=1))
        raise QuotaUsedUp(kind, limit=limit, used=used, resets_on=month.next_first, seconds=seconds)
    return Generation.objects.create(
        user=actor,
        use=use,
        pet=pet,
        kind=kind,
        language=language,
        monthly_limit=limit,
        idempotency_key=retry.key,
        request_fingerprint=retry.fingerprint,
        reserved_at=now,
        expires_at=now + LEASE,
    )


@transaction.atomic
def renew_reservation(*, generation_id: int) -> Generation | None:
    """The reservation with a fresh lease, for whoever works on it now; None when it is finished or its place was given away."""
    generation = lock_generation(generation_id)
    if generation is None or generation.state != State.RESERVED:
        return None
    if not still_has_room(generation):
        release_generation(generation=generation, outcome=Generation.Outcome.ABANDONED)
        return None
    generation.expires_at = timezone.now() + LEASE
    generation.save(update_fields=["expires_at"])
    return generation


@transaction.atomic
def commit_generation(*, generation: Generation, is_free: bool = False, **facts: Any) -> None:
    """Charges the place; called with the generation locked, in the transaction that stores the result."""
    use = generation.use
    if not is_free:
        use.used += 1
        use.save(update_fields=["used"])
    _finish(generation, state=State.COMMITTED, usage_count=use.used, **facts)


@transaction.atomic
def release_generation(*, generation: Generation, **facts: Any) -> None:
    """Gives the place back. Its idempotency key is free again: nothing was done."""
    _finish(generation, state=State.RELEASED, idempotency_key="", **facts)


def lock_generation(generation_id: int) -> Generation | None:
    """The generation with its month, both locked until the transaction ends; ``None`` when it is gone with its person."""
    use = MonthlyUse.objects.select_for_update(of=("self",)).filter(generations=generation_id).first()
    generation = Generation.objects.select_for_update().filter(pk=generation_id).first()
    if use is None or generation is None:
        return None
    generation.use = use
    return generation


def _claim_key(user: User, key: str) -> None:
    """Frees a key that is too old to count, or whose generation nobody finished."""
    if not key:
        return
    found = Generation.objects.visible_to(user).filter(idempotency_key=key).first()
    if found is None:
        return
    if found.state == State.RESERVED and not found.is_under_way:
        release_generation(generation=found, outcome=Generation.Outcome.ABANDONED)
    elif found.state != State.RESERVED and found.reserved_at < timezone.now() - KEY_RETENTION:
        Generation.objects.filter(pk=found.pk).update(idempotency_key="")
    else:
        raise AlreadyBegun


def _locked_use(user: User, kind: str, first: Any) -> MonthlyUse:
    MonthlyUse.objects.get_or_create(user=user, kind=kind, month=first)
    return MonthlyUse.objects.select_for_update().get(user=user, kind=kind, month=first)


def still_has_room(generation: Generation) -> bool:
    """An expired reservation holds nothing any more: its place may have gone to somebody else's request."""
    if generation.is_under_way or generation.monthly_limit is None:
        return True
    return selectors.in_use(generation.use) < generation.monthly_limit


def _finish(generation: Generation, **facts: Any) -> None:
    now = timezone.now()
    latency = int((now - generation.reserved_at) / timedelta(milliseconds=1))
    for name, value in {"finished_at": now, "latency_ms": max(0, latency), **facts}.items():
        setattr(generation, name, value)
    generation.save(update_fields=["finished_at", "latency_ms", *facts])
