"""What erasing an owner does to clinics: they go, with their pages in every language, their history, texts and pictures.

A clinic that shall outlive its owner's account is handed to another owner first (docs/decisions/0011).
"""

from __future__ import annotations

from django.db import models
from wagtail.images import get_image_model
from wagtail.models import PageLogEntry
from wagtail_localize.models import String, StringSegment, TranslatableObject

from fammo.common.privacy import Person
from fammo.privacy.erasing import register_eraser
from fammo.privacy.libraries import pages_gone_before

from . import services
from .models import Clinic, ModerationDecision
from .services.editing import LOGO_TITLE


@register_eraser(Clinic)
def erase_clinics(clinics: models.QuerySet[Clinic], person: Person) -> list[str]:
    """Deletes the clinics of an owner; gives the files of their logos."""
    _erase_decided_words(person, list(clinics.values_list("pk", flat=True)))
    for clinic in clinics.select_related("page", "owner"):
        texts = TranslatableObject.objects.filter(translation_key=clinic.page.translation_key)
        if clinic.owner is not None:
            services.delete_clinic(clinic=clinic, actor=clinic.owner)
        _erase_texts(texts)
    return _erase_logos(person)


def _erase_decided_words(person: Person, numbers: list[int]) -> None:
    """A clinic often bears its owner's name: decisions keep its number, but no words. Clinics that went before are known by the log."""
    revisions = PageLogEntry.objects.filter(page_id__in=pages_gone_before(person)).exclude(revision=None).values("revision_id")
    earlier = ModerationDecision.objects.filter(revision_number__in=revisions).values_list("clinic_number", flat=True)
    ModerationDecision.objects.filter(clinic_number__in={*numbers, *earlier}).blank_words()


def _erase_texts(texts: models.QuerySet[TranslatableObject]) -> None:
    """What translators saw, except for sentences that other pages have too."""
    strings = list(StringSegment.objects.filter(source__object__in=texts).values_list("string_id", flat=True))
    texts.delete()
    String.objects.filter(pk__in=strings).exclude(pk__in=StringSegment.objects.filter(string_id__in=strings).values("string_id")).delete()


def _erase_logos(person: Person) -> list[str]:
    files: list[str] = []
    for logo in get_image_model().objects.filter(title=LOGO_TITLE, uploaded_by_user_id=person.id):
        files += [logo.file.name, *(rendition.file.name for rendition in logo.renditions.all())]
        logo.delete()
    return files
