"""What is not yet said in every language: slides, legal texts, reference rows. Clinics speak the languages that their owners choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname
from wagtail.models import Page

from fammo.common.languages import CODES, DEFAULT_CODE
from home.models import OnboardingSlidePage
from legal.models import LegalText, LegalVersion

OTHER_CODES = tuple(code for code in CODES if code != DEFAULT_CODE)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much of one kind of content one language has; ``subject`` is the kind's name in the active language."""

    subject: str
    language: str
    done: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.done

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all of it."""
        return 100 * self.done // self.total if self.total else 100


def coverage() -> list[Coverage]:
    """Every kind of content that has any rows, in each language but the first. The number of queries does not grow with the rows."""
    found = [*_pages(OnboardingSlidePage), *_legal_texts(), *_reference_rows()]
    return [each for each in found if each.total]


def _pages(model: type[Page]) -> Iterator[Coverage]:
    live = set(model.objects.live().filter(alias_of=None).values_list("translation_key", "locale__language_code"))
    subjects = {key for key, _ in live}
    for code in OTHER_CODES:
        done = sum((key, code) in live for key in subjects)
        yield Coverage(subject=str(model._meta.verbose_name_plural), language=code, done=done, total=len(subjects))


def _legal_texts() -> Iterator[Coverage]:
    in_force = set(LegalVersion.objects.in_force().values_list("pk", flat=True))
    languages = list(LegalText.objects.filter(version__in=in_force).values_list("language", flat=True))
    for code in OTHER_CODES:
        yield Coverage(subject=str(LegalVersion._meta.verbose_name_plural), language=code, done=languages.count(code), total=len(in_force))


def _reference_rows() -> Iterator[Coverage]:
    for model in translator.get_registered_models(abstract=False):
        rows: QuerySet[Model] = model._base_manager.all()
        fields = translator.get_options_for_model(model).all_fields
        for code in OTHER_CODES:
            gaps = Q()
            for field in fields:
                original = build_localized_fieldname(field, DEFAULT_CODE)
                translated = build_localized_fieldname(field, code)
                gaps |= ~Q(**{original: ""}) & (Q(**{translated: ""}) | Q(**{f"{translated}__isnull": True}))
            total, missing = rows.count(), rows.filter(gaps).count()
            yield Coverage(subject=str(model._meta.verbose_name_plural), language=code, done=total - missing, total=total)
