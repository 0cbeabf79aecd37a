"""Which columns of the ingredient table exist once per language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from .models import Ingredient


@register(Ingredient)
class IngredientOptions(TranslationOptions):
    fields = ("name",)
    required_languages = ("en",)
