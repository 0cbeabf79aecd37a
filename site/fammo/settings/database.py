"""Database and cache: SQLite and process memory unless DATABASE_URL and REDIS_URL say otherwise."""

from typing import Any

import environ

from .current import ENV

SQLITE_OPTIONS = {
    # Writers queue instead of failing with "database is locked"; readers never wait (WAL).
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
}


# A thread keeps its connection: opening one, with its pragmas, is a fifth of a signed-in request on SQLite.
CONN_MAX_AGE = 60


def _database() -> dict[str, Any]:
    if not ENV.database_url:
        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": ENV.data_dir / "fammo.sqlite3"}
        return sqlite | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": CONN_MAX_AGE}
    database: dict[str, Any] = environ.Env.db_url_config(ENV.database_url) | {"CONN_MAX_AGE": CONN_MAX_AGE}
    if database["ENGINE"].endswith("sqlite3"):
        return database | {"OPTIONS": SQLITE_OPTIONS}
    return database | {"CONN_HEALTH_CHECKS": True}


def _cache() -> dict[str, Any]:
    if ENV.redis_url:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENV.redis_url, "KEY_PREFIX": "fammo"}
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


DATABASES = {"default": _database()}
CACHES = {"default": _cache()}
