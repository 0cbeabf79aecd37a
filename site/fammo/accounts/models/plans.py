"""What a person may use in a month."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fammo.common.privacy import NOT_PERSONAL, Declaration


def default_plan_id() -> int:
    """The plan of a new account; a migration makes it and nobody can delete it."""
    return SubscriptionPlan.objects.values_list("pk", flat=True).get(code=SubscriptionPlan.ESSENTIALS)


class SubscriptionPlan(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation gives it another manager
    """A plan and what it allows; an empty limit means no limit. ``name`` and ``description`` have one column per language."""

    ESSENTIALS = "essentials"  # the plan of every new account

    code = models.SlugField(_("code"), unique=True, help_text=_("Permanent; apps and reports know the plan by it."))
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    monthly_price = models.DecimalField(
        _("price per month (EUR)"), max_digits=7, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    monthly_meal_plans = models.PositiveIntegerField(
        _("meal plans per month"), null=True, blank=True, help_text=_("Empty means without limit.")
    )
    monthly_health_reports = models.PositiveIntegerField(
        _("health reports per month"), null=True, blank=True, help_text=_("Empty means without limit.")
    )
    free_pets = models.PositiveIntegerField(_("pets included"), null=True, blank=True, help_text=_("Empty means without limit."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    personal: ClassVar[Declaration] = dict.fromkeys(
        (
            *("id", "code", "monthly_price", "monthly_meal_plans", "monthly_health_reports", "free_pets", "order"),
            *("name", "name_en", "name_fi", "name_nl", "name_tr"),
            *("description", "description_en", "description_fi", "description_nl", "description_tr"),
        ),
        NOT_PERSONAL,
    )

    class Meta:
        verbose_name = _("subscription plan")
        verbose_name_plural = _("subscription plans")
        ordering = ("order", "pk")
        constraints = (models.CheckConstraint(condition=models.Q(monthly_price__gte=0), name="plan_price_is_not_negative"),)

    def __str__(self) -> str:
        return self.name
