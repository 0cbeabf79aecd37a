"""What follows from publishing on the editorial side."""

from __future__ import annotations

from typing import Any

from wagtail_localize.models import TranslationSource

from home.models import OnboardingSlidePage
from home.tasks import prepare_slide_picture


def on_slide_published(sender: type, instance: OnboardingSlidePage, **kwargs: Any) -> None:
    if instance.image_id is not None:
        prepare_slide_picture.enqueue(instance.image_id)
    source = TranslationSource.objects.filter(object_id=instance.translation_key, locale=instance.locale).first()
    if source is not None:
        source.update_from_db()  # translators see what has changed
