"""A page to try the profile of an animal against the engine and the model, side by side; nothing of it is stored."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ai.drafts import Draft, meal_text
from ai.errors import NoSafeResult
from ai.models import Generation, Kind
from ai.pantry import current_pantry
from ai.profiles import AnimalProfile, LifeStage
from ai.providers import configured
from ai.schemas import HealthReport, MealPlan
from ai.services import seat, writing
from fammo.common import languages
from pets.models import ActivityLevel, Breed, FoodAllergy, HealthIssue, PetType

STAGES = [("", _("Not known")), (LifeStage.GROWTH, _("Growing")), (LifeStage.ADULT, _("Adult")), (LifeStage.SENIOR, _("Senior"))]


class ProfileForm(forms.Form):
    """An animal that nobody owns."""

    kind = forms.ChoiceField(label=_("Result"), choices=[(Kind.MEAL, Kind.MEAL.label), (Kind.HEALTH, Kind.HEALTH.label)])
    language = forms.ChoiceField(label=_("Language"), choices=languages.CHOICES)
    species: forms.ModelChoiceField[PetType] = forms.ModelChoiceField(label=_("Species"), queryset=PetType.objects.filter(is_retired=False))
    breed: forms.ModelChoiceField[Breed] = forms.ModelChoiceField(
        label=_("Breed"), queryset=Breed.objects.filter(is_retired=False), required=False
    )
    weight_kg = forms.FloatField(label=_("Weight (kg)"), min_value=0.01, max_value=2000, required=False)
    age_months = forms.FloatField(label=_("Age (months)"), min_value=0, max_value=1200, required=False)
    life_stage = forms.ChoiceField(label=_("Life stage"), choices=STAGES, required=False)
    neutered = forms.BooleanField(label=_("Neutered"), required=False)
    activity: forms.ModelChoiceField[ActivityLevel] = forms.ModelChoiceField(
        label=_("Activity"), queryset=ActivityLevel.objects.filter(is_retired=False), to_field_name="slug", required=False
    )
    body_condition = forms.IntegerField(label=_("Body condition (1 to 9)"), min_value=1, max_value=9, required=False)
    allergies: forms.ModelMultipleChoiceField[FoodAllergy] = forms.ModelMultipleChoiceField(
        label=_("Allergies"), queryset=FoodAllergy.objects.filter(is_retired=False), required=False
    )
    other_allergies = forms.CharField(label=_("What an owner might type there"), max_length=500, required=False)
    health_issues: forms.ModelMultipleChoiceField[HealthIssue] = forms.ModelMultipleChoiceField(
        label=_("Health issues"), queryset=HealthIssue.objects.filter(is_retired=False), required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        breed, species = given.get("breed"), given.get("species")
        if breed and species and breed.pet_type_id != species.pk:
            self.add_error("breed", _("This breed is of another species than the pet."))
        return given

    def profile(self) -> AnimalProfile:
        given, breed = self.cleaned_data, self.cleaned_data["breed"]
        return AnimalProfile(
            species=given["species"].slug,
            weight_kg=given["weight_kg"],
            age_months=given["age_months"],
            life_stage=LifeStage(given["life_stage"] or LifeStage.UNKNOWN),
            neutered=given["neutered"],
            activity=given["activity"].slug if given["activity"] else "moderate",
            body_condition=given["body_condition"],
            breed=breed.slug if breed else "",
            size_class=breed.size_class if breed else "",
            adult_weight_min_kg=float(breed.adult_weight_min_kg) if breed and breed.adult_weight_min_kg else None,
            adult_weight_max_kg=float(breed.adult_weight_max_kg) if breed and breed.adult_weight_max_kg else None,
            allergies=frozenset(row.slug for row in given["allergies"]),
            other_allergies=given["other_allergies"],
            health_issues=frozenset(row.slug for row in given["health_issues"]),
            language=given["language"],
        )


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one side came to; ``text`` is empty where there is nothing, and ``outcome`` says why, or what the model did."""

    text: str
    source: str
    outcome: str
    findings: tuple[str, ...]
    milliseconds: int


def try_engine(kind: str, profile: AnimalProfile) -> Trial:
    """What the engine makes of the profile."""
    began = time.monotonic()
    with translation.override(profile.language):
        try:
            return replace(_trial(writing.engine_draft(kind, profile, current_pantry()), began), outcome="")
        except NoSafeResult as refusal:
            return _nothing(str(refusal.message), began)


def try_model(kind: str, profile: AnimalProfile) -> Trial:
    """What the model makes of it, judged as for anybody; without a model, or while too many wait for it, only why there is nothing."""
    began, provider = time.monotonic(), configured()
    if provider is None:
        return _nothing(str(Generation.Outcome.NO_MODEL.label), began)
    with seat() as taken, translation.override(profile.language):
        if not taken:
            return _nothing(str(_("Too many are waiting for the model. Please try again in a moment.")), began)
        try:
            pantry = current_pantry()
            return _trial(writing.model_draft(kind, profile, pantry, provider, private_words=(), seconds=settings.AI_CHAT_SECONDS), began)
        except NoSafeResult as refusal:
            return _nothing(str(refusal.message), began)


def _trial(draft: Draft, began: float) -> Trial:
    return Trial(
        text=_text_of(draft),
        source=str(draft.source.label),
        outcome=str(draft.model_use.outcome.label),
        findings=draft.model_use.findings,
        milliseconds=_since(began),
    )


def _nothing(outcome: str, began: float) -> Trial:
    return Trial(text="", source="", outcome=outcome, findings=(), milliseconds=_since(began))


def _text_of(draft: Draft) -> str:
    if isinstance(draft.content, MealPlan):
        return meal_text(draft.content)
    if isinstance(draft.content, HealthReport):
        return "\n\n".join([draft.content.summary, *draft.content.suggestions])
    return draft.content


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
