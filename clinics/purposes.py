"""What the links of this app are for, and how long they live."""

from datetime import timedelta
from typing import Final

CONFIRM_CLINIC: Final = "clinics.confirm_email"
CONFIRM_LIFETIME: Final = timedelta(days=7)
