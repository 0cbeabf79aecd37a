"""What was generated and is kept for the person: meal recommendations and health reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ai.querysets import ResultQuerySet
from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal
from pets.models import Pet

from .generations import Generation, Source

ADVICE = Personal(purpose="Advice for the pet, as it was given.", retention="Until the pet is deleted, and 30 days more.")


class Result(models.Model):
    """Advice for one pet with everything that says where it came from; written once, gone with the pet.

    ``ai_mark`` is the machine-readable statement of how the content was made, ``disclosure`` the same for people.
    """

    pet = models.ForeignKey(Pet, verbose_name=_("pet"), on_delete=models.CASCADE, related_name="%(class)ss")
    generation = models.OneToOneField(Generation, verbose_name=_("generation"), on_delete=models.CASCADE, related_name="%(class)s")
    language = models.CharField(_("language"), max_length=5, choices=languages.CHOICES)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    model_name = models.CharField(_("model"), max_length=100, blank=True)
    rules_version = models.CharField(_("rules version"), max_length=40)
    disclosure = models.TextField(_("disclosure"))
    ai_mark = models.JSONField(_("AI mark"))
    clinics = models.JSONField(_("clinics named"), default=list, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = ResultQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "pet": ADVICE,
        "generation": NOT_PERSONAL,
        "language": NOT_PERSONAL,
        "source": NOT_PERSONAL,
        "model_name": NOT_PERSONAL,
        "rules_version": NOT_PERSONAL,
        "disclosure": NOT_PERSONAL,
        "ai_mark": NOT_PERSONAL,
        "clinics": ADVICE,
        "created_at": ADVICE,
    }

    class Meta:
        abstract = True
        ordering = ("-created_at", "-pk")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class MealRecommendation(Result):
    """A meal plan that the referee let through."""

    content = models.TextField(_("content"))
    content_json = models.JSONField(_("structured content"))

    personal: ClassVar[Declaration] = {"content": ADVICE, "content_json": ADVICE}

    class Meta(Result.Meta):
        verbose_name = _("meal recommendation")
        verbose_name_plural = _("meal recommendations")


class HealthReport(Result):
    """A reading of weight and condition, risks of the breed, and what to do about them."""

    summary = models.TextField(_("summary"))
    suggestions = models.TextField(_("suggestions"), blank=True)
    summary_json = models.JSONField(_("structured content"))

    personal: ClassVar[Declaration] = {"summary": ADVICE, "suggestions": ADVICE, "summary_json": ADVICE}

    class Meta(Result.Meta):
        verbose_name = _("health report")
        verbose_name_plural = _("health reports")
