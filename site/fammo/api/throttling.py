"""Rate limits: named scopes over ``limits``' sliding windows, and the three headers that tell the truth about them.

Where the counts are: Redis if there is one. Otherwise sign-in and registration count in the database, so that neither a
second process nor a restart gives an attacker a fresh window, and plain reading counts in this process as long as it is
the only one (in the database when it is not).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

import structlog
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from rest_framework.throttling import BaseThrottle

from .limit_storage import DatabaseStorage, ProcessStorage
from .requests import client_ip

ANONYMOUS, USER, CMS = "anon", "user", "cms"
# By address even for the signed-in: a token must not multiply the guesses at a password.
ADDRESS_SCOPES = frozenset({"auth", "registration"})
# All other scopes guard accounts or cost money, so they are counted where every process and the next start see it.
UNGUARDED_SCOPES = frozenset({ANONYMOUS, USER, CMS, "search"})
IN_PROCESS, IN_DATABASE = "process", "database"
REDIS_SECONDS = 1

_limiters: dict[str, SlidingWindowCounterRateLimiter] = {}
_limiters_lock = threading.Lock()

T = TypeVar("T")
STATE = "fammo.rate"  # in META; no header can be called so


logger = structlog.get_logger("fammo.api")


@dataclass(frozen=True, slots=True)
class Rate:
    """What the limiter said about one call. Just after ``reset_at`` there is room for one call more than now."""

    allowed: bool
    limit: int
    remaining: int
    reset_at: float

    @property
    def seconds_to_wait(self) -> int:
        return max(1, math.floor(self.reset_at - time.time()) + 1)

    def headers(self) -> list[tuple[str, str]]:
        return [
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Reset", str(math.floor(self.reset_at) + 1)),
        ]


@lru_cache(maxsize=64)
def limit_of(scope: str) -> RateLimitItem | None:
    """The limit of a scope by settings; None when limits are off."""
    if not settings.RATE_LIMIT_SCALE:
        return None
    item = parse(settings.RATE_LIMITS[scope])
    item.amount = max(1, int(item.amount * settings.RATE_LIMIT_SCALE))
    return item


def limiter(guarded: bool) -> SlidingWindowCounterRateLimiter:
    """The limiter in use: Redis's where there is one, else the embedded one."""
    url: str = settings.ENVIRONMENT.redis_url
    return _limiter(url) if url else embedded_limiter(guarded)


def embedded_limiter(guarded: bool) -> SlidingWindowCounterRateLimiter:
    """The limiter that needs no other server."""
    shared = guarded or settings.ENVIRONMENT.web_concurrency > 1
    return _limiter(IN_DATABASE if shared else IN_PROCESS)


def _limiter(where: str) -> SlidingWindowCounterRateLimiter:
    found = _limiters.get(where)
    if found is None:
        with _limiters_lock:  # two at once would count apart, and limits imports its drivers without a lock of its own
            found = _limiters.get(where)
            if found is None:
                found = _limiters[where] = SlidingWindowCounterRateLimiter(_storage(where))
    return found


def _storage(where: str) -> Storage:
    if where == IN_PROCESS:
        return ProcessStorage()
    if where == IN_DATABASE:
        return DatabaseStorage()
    return cast(Storage, storage_from_string(where, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS))


@receiver(setting_changed)
def forget_limits(setting: str, **kwargs: Any) -> None:
    """Tests change limits while the process runs."""
    if setting in {"RATE_LIMITS", "RATE_LIMIT_SCALE", "ENVIRONMENT"}:
        limit_of.cache_clear()
        _limiters.clear()


def take(scope: str, caller: str) -> Rate | None:
    """Takes one call of ``caller`` out of the window of ``scope`` and says what the limiter thinks; None when limits are off.

    For limits that are not about the address: sign-in attempts per account, mails per mailbox.
    """
    item = limit_of(scope)
    return None if item is None else _ask(scope, lambda window: _hit(window, item, scope, caller))


def forget(scope: str, caller: str) -> None:
    """Opens the window of ``caller`` again."""
    item = limit_of(scope)
    if item is not None:
        _ask(scope, lambda window: window.clear(item, scope, caller))


def _ask(scope: str, question: Callable[[SlidingWindowCounterRateLimiter], T]) -> T:
    """The answer of the limiter in use; of the embedded one while Redis gives none."""
    guarded = scope not in UNGUARDED_SCOPES
    window = limiter(guarded)
    try:
        return question(window)
    except window.storage.base_exceptions as exc:
        if not settings.ENVIRONMENT.redis_url:
            raise
        # Without Redis the limits hold per process or in the database, which beats both no answer and no limit.
        logger.warning("rate_limits_without_redis", reason=str(exc).strip())
        return question(embedded_limiter(guarded))


def _hit(window: SlidingWindowCounterRateLimiter, item: RateLimitItem, scope: str, caller: str) -> Rate:
    allowed = window.hit(item, scope, caller)
    stats = window.get_window_stats(item, scope, caller)
    return Rate(allowed, item.amount, stats.remaining if allowed else 0, stats.reset_time)


def count(request: HttpRequest, scope: str, caller: str) -> Rate | None:
    """Counts this request once, whoever asks how often."""
    rate: Rate | None = request.META.get(STATE)
    if rate is None:
        rate = request.META[STATE] = take(scope, caller)
    return rate


def count_anonymous(request: HttpRequest) -> Rate | None:
    """Counts a request that no view has counted, by address."""
    return count(request, ANONYMOUS, client_ip(request.META))


class ScopedThrottle(BaseThrottle):
    """The view's ``throttle_scope``, else the general scope of users or of strangers; one count per request."""

    rate: Rate | None = None

    def allow_request(self, request: Any, view: Any) -> bool:
        user = request.user
        signed_in = user is not None and user.is_authenticated
        scope = getattr(view, "throttle_scope", None) or (USER if signed_in else ANONYMOUS)
        caller = f"user:{user.pk}" if signed_in and scope not in ADDRESS_SCOPES else client_ip(request.META)
        self.rate = count(request._request, scope, caller)
        return self.rate is None or self.rate.allowed

    def wait(self) -> float | None:
        return self.rate.seconds_to_wait if self.rate else None
