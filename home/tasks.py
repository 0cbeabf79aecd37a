"""Background work of the editorial side."""

from __future__ import annotations

from wagtail.images.models import Image

from fammo.jobs import job
from home.selectors import SLIDE_IMAGE


@job(max_attempts=5)
def prepare_slide_picture(image_id: int) -> None:
    """Make the size that the apps load, so that no phone waits for it."""
    for image in Image.objects.filter(pk=image_id):
        image.get_rendition(SLIDE_IMAGE)
