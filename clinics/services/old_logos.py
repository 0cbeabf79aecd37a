"""Deleting pictures that were a clinic's logo once and that nothing needs any more: row, file and all that was drawn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Revision

from clinics import logos
from clinics.models import Clinic, ClinicPage
from fammo.jobs import job

from .moderation import last_approved

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db import models
    from wagtail.images.models import Image


def delete_unneeded_logos(clinic: Clinic) -> None:
    """Keeps what the clinic's pages show, what waits for review and what a reinstated clinic would show."""
    pages = ClinicPage.objects.filter(translation_key=clinic.page.translation_key)
    rows = list(pages.values_list("pk", "logo", "latest_revision", "live_revision"))
    revisions = {key for row in rows for key in row[2:]} | {revision.pk for revision in last_approved(clinic).values()}
    needed = {row[1] for row in rows} | _named_by(Revision.objects.filter(pk__in=revisions - {None}))
    keys = [row[0] for row in rows]
    _delete(logos_of(keys) - needed, keys)


def logos_of(pages: Collection[int]) -> set[int]:
    """The pictures that these pages have or ever had as their logo."""
    return _named_by(Revision.page_revisions.filter(object_id__in=[str(pk) for pk in pages]))


@job(max_attempts=8)
def delete_logos(pictures: list[int], pages: list[int]) -> None:
    """Deletes the logos of a clinic that is gone, queued in the transaction that deleted its pages. Missing pictures are fine."""
    _delete(pictures, pages)


def _delete(pictures: Collection[int], pages: Collection[int]) -> None:
    """What was uploaded as a logo and is used on no other page; Wagtail deletes the files after the commit."""
    for picture in get_image_model().objects.filter(pk__in=pictures):
        if logos.is_logo(picture.file.name) and not _is_used_elsewhere(picture, pages):
            picture.delete()


def _named_by(revisions: models.QuerySet[Revision]) -> set[int]:
    return {key for key in revisions.values_list("content__logo", flat=True) if key is not None}


def _is_used_elsewhere(picture: Image, pages: Collection[int]) -> bool:
    here = {"base_content_type": ContentType.objects.get_for_model(Page), "object_id__in": [str(pk) for pk in pages]}
    return (
        ClinicPage.objects.filter(logo=picture.pk).exclude(pk__in=pages).exists()
        or ReferenceIndex.get_references_to(picture).exclude(**here).exists()
    )
