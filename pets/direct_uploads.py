"""Photos that apps send straight to the bucket: the offer, and what arrived, looked at again before it becomes a photo.

The bucket checks name, kind and size by the signed policy. It is not trusted for that: what arrived is asked for with
HeadObject, decoded and written anew like any other photo, and thrown away.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import DEFAULT_STORAGE_ALIAS
from django.core.files.storage import default_storage, storages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.common.errors import NotFound
from fammo.common.signed_links import is_local

from . import photo_files, photos
from .errors import DirectUploadNotOffered, PhotoRefused, TooManyPhotos

FOLDER = "private/incoming"
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")
LIFETIME = timedelta(minutes=10)
#: Originals still say where they were taken; those that nobody completed do not stay longer than this.
ABANDONED_AFTER = timedelta(hours=1)
UPLOAD_ID = re.compile(r"[\w-]{32}", re.ASCII)


@dataclass(frozen=True)
class Offer:
    """Where one photo may be posted: a form with these fields, the file as the last part, called ``file``."""

    id: str
    url: str
    fields: dict[str, str]
    expires_at: datetime
    max_bytes: int = photos.MAX_BYTES
    method: str = "POST"


def offer(pet_id: int, content_type: str) -> Offer:
    """A form that puts one file of this kind and at most 10 MB into the bucket. Raises ``DirectUploadNotOffered`` without a bucket."""
    client, bucket = _bucket()
    upload_id = secrets.token_urlsafe(24)
    conditions = [{"Content-Type": content_type}, ["content-length-range", 1, photos.MAX_BYTES]]
    post = client.generate_presigned_post(
        bucket,
        _name(pet_id, upload_id),
        Fields={"Content-Type": content_type},
        Conditions=conditions,
        ExpiresIn=int(LIFETIME.total_seconds()),
    )
    return Offer(upload_id, post["url"], post["fields"], timezone.now() + LIFETIME)


@contextmanager
def received(pet_id: int, upload_id: str) -> Iterator[IO[bytes]]:
    """What arrived for this pet under this id; it is gone after the block, unless the server was too busy to look at it.

    Raises ``NotFound`` when nothing arrived, ``PhotoRefused`` when it is not what was agreed, ``DirectUploadNotOffered``
    without a bucket.
    """
    client, bucket = _bucket()
    name = _name(pet_id, upload_id)
    try:
        head = client.head_object(Bucket=bucket, Key=name)
    except client.exceptions.ClientError as exc:
        if exc.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise NotFound from exc
        raise
    try:
        _check(head)
        with default_storage.open(name) as file:
            yield file
    except TooManyPhotos:
        raise
    except BaseException:
        default_storage.delete(name)
        raise
    default_storage.delete(name)


def remove_abandoned() -> int:
    """Deletes what was sent and never completed; gives how many files."""
    if is_local():
        return 0
    names = [f"{FOLDER}/{file}" for file in default_storage.listdir(FOLDER)[1]]
    return sum(photo_files.remove_if_older(name, ABANDONED_AFTER) for name in names)


def _name(pet_id: int, upload_id: str) -> str:
    if not UPLOAD_ID.fullmatch(upload_id):
        raise NotFound
    return f"{FOLDER}/{pet_id}.{upload_id}"


def _check(head: dict[str, Any]) -> None:
    if head["ContentLength"] > photos.MAX_BYTES:
        raise PhotoRefused(_("The photo is larger than 10 MB."), code="photo_too_large")
    if head["ContentType"] not in CONTENT_TYPES:
        raise PhotoRefused(_("Please send a photo as JPEG, PNG, WebP or HEIC."))


def _bucket() -> tuple[Any, str]:
    if is_local():
        raise DirectUploadNotOffered
    storage: Any = storages[DEFAULT_STORAGE_ALIAS]
    return storage.connection.meta.client, storage.bucket_name
