"""Structured logs: readable on a terminal, JSON where LOG_FORMAT=json; one request id through all of them."""

from typing import Any

import structlog

from .current import ENV

_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# Tracebacks without local variables: those hold secrets.
_console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
_renderer: Any = structlog.processors.JSONRenderer() if ENV.log_format == "json" else _console

structlog.configure(
    processors=[*_shared, structlog.processors.format_exc_info, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # fammo.api has cleaned it by then

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": _renderer,
            "foreign_pre_chain": _shared,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "fammo": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # One line per request where machines read the log; on a terminal only what broke.
        "django.request": {"level": "ERROR"},
        "django_structlog": {"level": "INFO" if ENV.log_format == "json" else "ERROR"},
    },
}
