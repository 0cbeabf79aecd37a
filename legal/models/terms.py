"""Words that no editorial change may touch."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration


class WatchedTerm(models.Model):
    """A word of purposes, retention, recipients, fees or rights: who changes its sentence changes what people agreed to."""

    class Subject(models.TextChoices):
        """What the word is about."""

        PURPOSE = "purpose", _("Purpose")
        RETENTION = "retention", _("Retention")
        RECIPIENT = "recipient", _("Recipient")
        FEE = "fee", _("Fee")
        RIGHT = "right", _("Right")

    language = models.CharField(_("language"), max_length=8, choices=languages.CHOICES)
    term = models.CharField(
        _("word or words"),
        max_length=60,
        help_text=_("A star at the end stands for any ending: “refund*” also finds “refunds” and “refunded”."),
        validators=[RegexValidator(r"\A[^\W_][\w '’-]*\*?\Z", _("Words, with a star at the end if you like."))],
    )
    subject = models.CharField(_("about"), max_length=12, choices=Subject)

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "language", "term", "subject"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("watched term")
        verbose_name_plural = _("watched terms")
        ordering = ("language", "subject", "term")
        constraints = (
            models.UniqueConstraint(
                fields=("language", "term"),
                name="watched_term_once_per_language",
                violation_error_message=_("This term is in the list already."),
            ),
        )

    def __str__(self) -> str:
        return self.term
