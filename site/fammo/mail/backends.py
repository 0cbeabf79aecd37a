"""Mail backends: one that queues whatever libraries send, one that writes .eml files."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class QueueingBackend(BaseEmailBackend):
    """Django's door for mail: every message, whoever sends it, becomes background work (design D2)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        from .services import queue_message

        for message in email_messages:
            queue_message(message)
        return len(email_messages)


class EmlFileBackend(BaseEmailBackend):
    """Each mail one .eml file, complete from the moment that it is seen; names sort by time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
            draft = self.folder / f".{name}.part"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(self.folder / f"{name}.eml")
        return len(email_messages)
