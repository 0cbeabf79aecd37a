"""What the links of accounts are for, and how long they live."""

from datetime import timedelta
from typing import Final

ACTIVATE: Final = "accounts.activate"
RESET_PASSWORD: Final = "accounts.reset_password"  # noqa: S105  (a purpose)
EMAIL_OLD: Final = "accounts.email_old"
EMAIL_NEW: Final = "accounts.email_new"
EXPORT: Final = "accounts.export"
CANCEL_ERASURE: Final = "accounts.cancel_erasure"

ACTIVATE_LIFETIME: Final = timedelta(days=3)
RESET_LIFETIME: Final = timedelta(hours=2)
EMAIL_CHANGE_LIFETIME: Final = timedelta(days=2)
EXPORT_LIFETIME: Final = timedelta(days=3)
