"""What of legal is written once, for every door that does not pass through our models: published texts and the consent ledger."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from fammo.common import written_once
from fammo.common.written_once import Guard

GUARDS = (
    Guard("legal_legalversion", keys=(("id",), ("document_type", "version")), forgettable="published_by_id"),
    Guard("legal_legaltext", keys=(("id",), ("version_id", "language"))),
    Guard("legal_consentevent", keys=(("sequence",), ("hash",))),
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place; safe to repeat."""
    written_once.install(connection, GUARDS)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: only to put it back (``install``) or to empty a test database."""
    written_once.remove(connection, GUARDS)
