"""Handing the file of a data export over: under an address that is good for minutes, or behind the page of the mail."""

from __future__ import annotations

import time
import uuid
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.http import FileResponse, Http404
from django.urls import reverse

from fammo.accounts.errors import ExportNotFound
from fammo.accounts.models import DataExport

ADDRESS_SECONDS: Final = 15 * 60

_signer = Signer(salt="fammo.accounts.export_files")


def url_of(export: DataExport) -> str:
    """An absolute address of the file for the next quarter of an hour; whoever has it needs no token."""
    expires = int(time.time()) + ADDRESS_SECONDS
    query = urlencode({"expires": expires, "signature": _signer.signature(_signed(export.pk, expires))})
    return f"{settings.ENVIRONMENT.public_url}{reverse('accounts:export-file', kwargs={'export_id': export.pk})}?{query}"


def checked(export_id: uuid.UUID, expires: str, signature: str) -> DataExport:
    """The export that a signed address leads to; raises ``ExportNotFound`` for an address that is not ours or is over."""
    if not (expires.isascii() and expires.isdecimal()) or len(expires) > 12 or int(expires) <= time.time():
        raise ExportNotFound
    try:
        _signer.unsign(f"{_signed(export_id, int(expires))}:{signature}")
    except BadSignature as exc:
        raise ExportNotFound from exc
    export = DataExport.objects.ready().filter(pk=export_id).first()
    if export is None:
        raise ExportNotFound
    return export


def as_download(export: DataExport) -> FileResponse:
    """The file itself, to be saved and never shown; raises ``Http404`` when it is gone."""
    try:
        file = default_storage.open(export.file_name)
    except FileNotFoundError as exc:
        raise Http404 from exc
    return FileResponse(file, as_attachment=True, filename=f"fammo-{export.requested_at:%Y-%m-%d}.zip", content_type="application/zip")


def _signed(export_id: uuid.UUID, expires: int) -> str:
    return f"{export_id}:{expires}"
