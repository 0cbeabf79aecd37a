"""For load balancers and orchestrators: is the process alive, and can it work?"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from redis import Redis, RedisError

logger = structlog.get_logger("fammo.api")

REDIS_SECONDS = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database and queue (and Redis where it is used) can be reached, else 503 naming what cannot."""
    state = {name: _reachable(name, ask) for name, ask in _parts().items()}
    ready = all(state.values())
    body = {"status": "ok" if ready else "unavailable"} | {name: "ok" if fine else "unreachable" for name, fine in state.items()}
    return JsonResponse(body, status=200 if ready else 503)


def _parts() -> dict[str, Callable[[], object]]:
    environment = settings.ENVIRONMENT
    parts: dict[str, Callable[[], object]] = {"database": _ask_database}
    if environment.tasks == "database":
        parts["queue"] = DBTaskResult.objects.exists
    if environment.redis_url:
        parts["redis"] = _ask_redis
    if environment.tasks == "rq":
        parts["queue"] = _ask_redis
    return parts


def _reachable(name: str, ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (DatabaseError, RedisError, OSError) as exc:
        logger.warning("not_ready", part=name, reason=str(exc).strip())
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    with Redis.from_url(settings.ENVIRONMENT.redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS) as redis:
        redis.ping()
