"""Which columns exist once per language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from fammo.accounts.models import SubscriptionPlan


@register(SubscriptionPlan)
class SubscriptionPlanTranslation(TranslationOptions):
    fields = ("name", "description")
