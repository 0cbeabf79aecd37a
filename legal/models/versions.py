"""Legal text as it binds: versions and their frozen texts, written once (design D5)."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration, Erase, Personal
from legal import canonical
from legal.errors import ImmutableRecord
from legal.querysets import LegalTextQuerySet, LegalVersionQuerySet
from legal.text.sentences import Sentence, changes_between, sentences_of
from legal.text.terms import TouchedTerm, touched_terms

from .terms import WatchedTerm


class DocumentType(models.TextChoices):
    """The documents that Fammo has; the stored values are API."""

    USER_TERMS = "user_terms", _("Terms of use")
    USER_PRIVACY = "user_privacy", _("Privacy policy")
    CLINIC_TERMS = "clinic_terms", _("Terms for clinics")
    CLINIC_PARTNERSHIP = "clinic_partnership", _("Clinic partnership agreement")
    CLINIC_EOI = "clinic_eoi", _("Clinic expression of interest")

    @classmethod
    def for_users(cls) -> list[DocumentType]:
        """What every person is asked to agree to; clinics agree to the others."""
        return [cls.USER_TERMS, cls.USER_PRIVACY]

    @classmethod
    def for_clinics(cls) -> list[DocumentType]:
        """What every clinic is asked to agree to."""
        return [cls.CLINIC_TERMS, cls.CLINIC_PARTNERSHIP, cls.CLINIC_EOI]


class WriteOnce(models.Model):
    """A row that is inserted once; the ORM refuses the rest here, and triggers refuse it to SQL (legal.guards)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableRecord
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRecord


class LegalVersion(WriteOnce):
    """One published version of a legal document; its id is the document's id in the API, whatever the language.

    The one column that may ever change is ``published_by``, to nothing, when that person's account is erased.
    """

    class ChangeClass(models.TextChoices):
        """What a publication means for those who agreed to the version before it."""

        MATERIAL = "material", _("Material: everybody is asked again")
        EDITORIAL = "editorial", _("Editorial: nobody is asked again")

    document_type = models.CharField(_("document"), max_length=24, choices=DocumentType)
    version = models.CharField(_("version"), max_length=32)
    effective_on = models.DateField(_("in force from"))
    requires_acceptance = models.BooleanField(_("requires acceptance"))
    change_class = models.CharField(_("kind of change"), max_length=12, choices=ChangeClass)
    source_revision_id = models.BigIntegerField(_("source revision"), help_text=_("The approved revision of the source page."))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("published at"), auto_now_add=True)

    objects = LegalVersionQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "document_type": NOT_PERSONAL,
        "version": NOT_PERSONAL,
        "effective_on": NOT_PERSONAL,
        "requires_acceptance": NOT_PERSONAL,
        "change_class": NOT_PERSONAL,
        "source_revision_id": NOT_PERSONAL,
        "published_by": Personal(
            purpose="Shows which member of staff approved a legal text.",
            retention="Until that account is erased.",
            erase=Erase.BLANK,
        ),
        "created_at": NOT_PERSONAL,
    }

    class Meta:
        verbose_name = _("legal version")
        verbose_name_plural = _("legal versions")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("document_type", "version"), name="legal_version_label_is_used_once"),
            models.CheckConstraint(condition=models.Q(document_type__in=DocumentType.values), name="legal_version_type_is_known"),
            models.CheckConstraint(
                condition=models.Q(change_class__in=("material", "editorial")), name="legal_version_change_class_is_known"
            ),
        )
        indexes = (models.Index(fields=("document_type", "-effective_on", "-id"), name="legal_version_in_force"),)

    def __str__(self) -> str:
        return f"{self.get_document_type_display()} {self.version}"


class LegalText(WriteOnce):
    """A version's text in one language, frozen, with the SHA-256 of its canonical form (legal.canonical)."""

    version = models.ForeignKey(LegalVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(_("language"), max_length=8, choices=languages.CHOICES)
    title = models.CharField(_("title"), max_length=255)
    summary = models.TextField(_("summary"))
    content = models.TextField(_("content"))
    change_note = models.TextField(_("what changed"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("published at"), auto_now_add=True)

    objects = LegalTextQuerySet.as_manager()

    personal: ClassVar[Declaration] = dict.fromkeys(
        ("id", "version", "language", "title", "summary", "content", "change_note", "sha256", "created_at"), NOT_PERSONAL
    )

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ("version", "language")
        constraints = (models.UniqueConstraint(fields=("version", "language"), name="legal_text_once_per_language"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def sentences(self) -> list[Sentence]:
        """Everything that it says: title and summary too, as they are promises like the rest."""
        return [Sentence(self.title, ""), *sentences_of(self.summary), *sentences_of(self.content)]

    def touched_terms(self) -> list[TouchedTerm]:
        """The sentences that changed, since the last published text in this language, although they carry a watched term."""
        published = LegalText.objects.filter(version__document_type=self.version.document_type, language=self.language)
        before = published.exclude(version__version=self.version.version).order_by("-version_id").first()
        if before is None:
            return []
        terms = WatchedTerm.objects.filter(language=self.language).values_list("term", flat=True)
        return touched_terms(changes_between(before.sentences(), self.sentences()), terms)

    def members(self) -> canonical.TextMembers:
        """What the hash covers, rebuilt from the stored columns."""
        return canonical.TextMembers(
            canonical_form=1,
            document_type=self.version.document_type,
            version=self.version.version,
            effective_on=_iso(self.version.effective_on),
            requires_acceptance=self.version.requires_acceptance,
            change_class=self.version.change_class,
            language=self.language,
            title=self.title,
            summary=self.summary,
            content=self.content,
            change_note=self.change_note,
        )

    def is_intact(self) -> bool:
        """Do the stored words still have the stored hash?"""
        return self.sha256 == canonical.sha256_hex(self.members())


def _iso(day: datetime.date | None) -> str:
    """An ISO date; the preview of an unfinished draft has none yet."""
    return day.isoformat() if day else ""
