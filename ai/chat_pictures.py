"""Pictures in chat: decoded like pets' photos, kept for a week, shown under signed addresses."""

from __future__ import annotations

import base64
import binascii
import io
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ai.models import ChatMessage
from fammo.common.signed_links import WINDOW_SECONDS, is_local
from fammo.jobs import job
from pets import photos
from pets.errors import PhotoRefused
from pets.photo_files import ORPHAN_AGE, remove_if_older

FOLDER = "private/chat"
DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,")
_signer = Signer(salt="ai.chat_pictures")


def decoded(text: str) -> IO[bytes]:
    """What a base64 text or data URL holds; raises ``PhotoRefused`` for any other text."""
    try:
        return io.BytesIO(base64.b64decode(DATA_URL.sub("", text.strip()[:64], count=1) + text.strip()[64:], validate=True))
    except (binascii.Error, ValueError) as exc:
        raise PhotoRefused(_("Please send the picture as base64 text.")) from exc


@contextmanager
def kept(upload: IO[bytes] | None) -> Iterator[str]:
    """Stores the picture without anything but its pixels and gives its name; it goes again if the block raises."""
    if upload is None:
        yield ""
        return
    name = default_storage.save(f"{FOLDER}/{secrets.token_urlsafe(24)}.jpg", ContentFile(photos.prepare(upload)["large"]))
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def remove_orphans() -> int:
    """Deletes pictures that no message has (what a killed process left between file and row); gives how many."""
    try:
        files = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    names = {f"{FOLDER}/{file}" for file in files}
    in_use = set(ChatMessage.objects.exclude(picture="").values_list("picture", flat=True))
    return sum(remove_if_older(name, ORPHAN_AGE) for name in names - in_use)


def data_url(name: str) -> str:
    """The stored picture as a model's server reads it; empty without one."""
    if not name:
        return ""
    with default_storage.open(name) as file:
        return f"data:image/jpeg;base64,{base64.b64encode(file.read()).decode()}"


@job(max_attempts=8)
def remove(name: str) -> None:
    """Deletes a picture that no message has any more; queued in the transaction that let go of it. A missing file is fine."""
    default_storage.delete(name)


def url_of(name: str) -> str | None:
    """An absolute address of the picture for the next hour or two; None without one."""
    if not name:
        return None
    if not is_local():
        return str(default_storage.url(name))
    expires = (int(time.time()) // WINDOW_SECONDS + 2) * WINDOW_SECONDS
    path = reverse("ai:chat-picture", kwargs={"file_name": name.removeprefix(f"{FOLDER}/")})
    query = urlencode({"expires": expires, "signature": _signer.signature(f"{name}:{expires}")})
    return f"{settings.ENVIRONMENT.public_url}{path}?{query}"


def checked(file_name: str, expires: str, signature: str) -> tuple[str, int]:
    """The name of the picture that an address leads to, and its seconds left; raises ``BadSignature`` for one that is not ours or over."""
    name = f"{FOLDER}/{file_name}"
    if not (expires.isascii() and expires.isdecimal()) or len(expires) > 12:
        raise BadSignature
    _signer.unsign(f"{name}:{expires}:{signature}")
    left = int(expires) - int(time.time())
    if left <= 0:
        raise BadSignature
    return name, left
