"""Where photos are kept and the addresses under which an image loader without a token may fetch them (design D12).

On local disk an address is our own view's, signed and expiring; on S3 it is the bucket's presigned one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from fammo.common.signed_links import SignedLinks, is_local
from fammo.jobs import job

from . import photos
from .models import Pet

FOLDER = "private/pets"
#: A file gets its row within a minute; older ones without a row were left by a process that was killed in between.
ORPHAN_AGE = timedelta(days=1)

_links = SignedLinks(salt="pets.photo_files")


@contextmanager
def kept(upload: IO[bytes] | None) -> Iterator[str]:
    """Prepares and stores a photo and gives its name; the files go again if the block raises. Empty without an upload.

    Meant around a transaction, not in one: decoding takes long, and on SQLite an open transaction stops all writers.
    """
    if upload is None:
        yield ""
        return
    name = f"{FOLDER}/{secrets.token_urlsafe(24)}.jpg"
    try:
        for rendition, content in photos.prepare(upload).items():
            default_storage.save(names_of(name)[rendition], ContentFile(content))
        yield name
    except BaseException:
        _delete(name)
        raise


@job(max_attempts=8)
def remove(name: str) -> None:
    """Deletes a photo that no pet has any more; queued in the transaction that let go of it. Missing files are fine."""
    _delete(name)


def remove_orphans() -> int:
    """Deletes photos that no pet has (what a killed process left between file and row); gives the number of files."""
    try:
        files = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return 0
    removed = 0
    for start in range(0, len(files), 500):
        photo_by_file = {name: photo_of(name) for name in (f"{FOLDER}/{file}" for file in files[start : start + 500])}
        in_use = set(Pet.objects.filter(image__in=set(photo_by_file.values())).values_list("image", flat=True))
        removed += sum(remove_if_older(file, ORPHAN_AGE) for file, photo in photo_by_file.items() if photo not in in_use)
    return removed


def remove_if_older(name: str, age: timedelta) -> bool:
    """Deletes a file that has not changed for so long; tells whether it did."""
    with suppress(FileNotFoundError):  # somebody else deleted it meanwhile
        if default_storage.get_modified_time(name) < timezone.now() - age:
            default_storage.delete(name)
            return True
    return False


def names_of(name: str) -> dict[str, str]:
    """The file of each rendition of a photo; the photo has the name of the largest."""
    stem = name.removesuffix(".jpg")
    return {rendition: name if rendition == "large" else f"{stem}.{rendition}.jpg" for rendition in photos.RENDITIONS}


def photo_of(file_name: str) -> str:
    """The photo that a file is a rendition of."""
    stem = file_name.removesuffix(".jpg")
    base, _dot, rendition = stem.rpartition(".")
    return f"{base}.jpg" if rendition in photos.RENDITIONS else file_name


def urls_of(name: str) -> dict[str, str]:
    """Absolute addresses of a photo's renditions for the next hour or two; none when there is no photo."""
    if not name:
        return {}
    if not is_local():
        return {rendition: str(default_storage.url(file)) for rendition, file in names_of(name).items()}
    query = _links.query(name)
    folder = f"{settings.ENVIRONMENT.public_url}{reverse('pets:photo', kwargs={'file_name': 'x'})}"[:-1]
    return {rendition: f"{folder}{file.removeprefix(f'{FOLDER}/')}?{query}" for rendition, file in names_of(name).items()}


def checked(file_name: str, expires: str, signature: str) -> tuple[str, int]:
    """The stored file that a signed address leads to, and its seconds left; one signature is good for all renditions of a photo.

    Raises ``BadSignature`` when the address is not ours and ``LinkExpiredError`` when it is too old.
    """
    name = f"{FOLDER}/{file_name}"
    return name, _links.seconds_left(photo_of(name), expires, signature)


def _delete(name: str) -> None:
    for file in names_of(name).values():
        default_storage.delete(file)
