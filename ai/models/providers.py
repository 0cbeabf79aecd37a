"""What is known about the language model's server, shared by all processes."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from fammo.common.privacy import NOT_PERSONAL, Declaration


class ModelCircuit(models.Model):
    """Whether the model's server is asked at all: after several failures in a row it is left alone for a while."""

    base_url = models.CharField(_("server"), max_length=300, primary_key=True)
    failures_in_a_row = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("left alone until"), null=True, blank=True)

    personal: ClassVar[Declaration] = dict.fromkeys(("base_url", "failures_in_a_row", "open_until"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("model server")
        verbose_name_plural = _("model servers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.base_url


@register_setting(icon="cog")
class ModelPrices(BaseGenericSetting):
    """What the configured model costs, for the cost column of the register; empty means that the cost is not known."""

    per_million_sent = models.DecimalField(
        _("price of a million tokens sent"), max_digits=9, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    per_million_received = models.DecimalField(
        _("price of a million tokens received"), max_digits=9, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="USD")

    panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("per_million_sent"), FieldPanel("per_million_received"), FieldPanel("currency")],
            heading=_("From the provider's price list"),
        )
    ]
    personal: ClassVar[Declaration] = dict.fromkeys(("id", "per_million_sent", "per_million_received", "currency"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("language model prices")
        verbose_name_plural = _("language model prices")
