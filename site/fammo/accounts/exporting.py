"""The background half of data exports: making the copy, handing it over, removing it when its time is over."""

from __future__ import annotations

import tempfile
import uuid
from datetime import timedelta
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation

from fammo.accounts import selectors
from fammo.accounts.models import DataExport, User
from fammo.accounts.purposes import EXPORT_LIFETIME
from fammo.jobs import job
from fammo.mail.services import send_mail
from fammo.privacy import exporting

State = DataExport.State
LOST_AFTER = timedelta(hours=1)


@job(max_attempts=5)
def build_export(export_id: str) -> None:
    """Make the copy that was asked for and tell its owner. Done twice it is the same file; an export that is gone needs none."""
    export = DataExport.objects.select_related("user__profile").filter(pk=uuid.UUID(export_id), state=State.QUEUED).first()
    if export is None:
        return
    with tempfile.TemporaryFile() as draft:
        write_archive(user=export.user, target=draft)
        size_bytes = draft.tell()
        draft.seek(0)
        default_storage.delete(export.file_name)
        default_storage.save(export.file_name, File(draft))
    if not _hand_over(export, size_bytes):
        default_storage.delete(export.file_name)


def write_archive(*, user: User, target: IO[bytes]) -> None:
    """The person's data as a ZIP, its headings in the person's language."""
    with translation.override(user.profile.preferred_language):
        exporting.write_archive(selectors.person_of(user), target)


def remove_expired_exports() -> int:
    """Remove copies that are over, the file first: killed in between, the next round finds the row again. Gives how many."""
    count = 0
    for export in DataExport.objects.expired():
        default_storage.delete(export.file_name)
        export.delete()
        count += 1
    return count


def queue_lost_exports() -> int:
    """Queue again what was asked for and never made; gives how many."""
    lost = DataExport.objects.filter(state=State.QUEUED, requested_at__lt=timezone.now() - LOST_AFTER)
    for export in lost:
        build_export.enqueue(str(export.pk))
    return len(lost)


@transaction.atomic
def _hand_over(export: DataExport, size_bytes: int) -> bool:
    """False when the person was erased, or another worker was faster, while the copy was being made."""
    now = timezone.now()
    ready = DataExport.objects.filter(pk=export.pk, state=State.QUEUED).update(
        state=State.READY, size_bytes=size_bytes, ready_at=now, expires_at=now + EXPORT_LIFETIME
    )
    if ready:
        context = {"export_id": str(export.pk), "link_id": str(uuid.uuid4())}
        send_mail(kind="accounts.export_ready", to=export.user.email, language=export.user.profile.preferred_language, context=context)
        return True
    return DataExport.objects.filter(pk=export.pk).exists()
