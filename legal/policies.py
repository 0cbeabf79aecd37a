"""Who may do what with legal documents and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fammo.accounts.models import User


def can_read_ledger(user: User) -> bool:
    """Staff with the permission to view consent events; the ledger shows everybody's."""
    return user.is_staff and user.has_perm("legal.view_consentevent")
