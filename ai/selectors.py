"""Reads: animals as the engine knows them, results as apps show them, and what is left of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone

from ai.errors import GenerationNotFound, MessageNotFound, ResultNotFound, SessionNotFound
from ai.models import ChatMessage, ChatSession, Generation, HealthReport, Kind, MealRecommendation, MonthlyUse
from ai.models.generations import KEY_RETENTION
from ai.months import Month, month_at
from ai.nutrition.condition import score_of_range
from ai.profiles import AnimalProfile, LifeStage
from fammo.accounts import selectors as accounts
from pets.ages import weeks_between
from pets.models import Pet
from pets.selectors import LifeStages

if TYPE_CHECKING:
    from fammo.accounts.models import Profile, User

Result = MealRecommendation | HealthReport
RESULTS: dict[str, type[MealRecommendation] | type[HealthReport]] = {Kind.MEAL: MealRecommendation, Kind.HEALTH: HealthReport}
WEEKS_IN_MONTH = 365.25 / 12 / 7


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a person may still have this month; ``limit`` None means without limit. ``used`` counts what is under way too."""

    kind: str
    limit: int | None
    used: int
    month: Month

    @property
    def is_used_up(self) -> bool:
        return self.limit is not None and self.used >= self.limit


def results_of(user: User, kind: str) -> QuerySet[Any]:
    """The person's results of a kind, newest first, with what an answer shows."""
    return RESULTS[kind].objects.visible_to(user).select_related("pet", "generation")


def result_of(user: User, kind: str, result_id: int) -> Result:
    """One of them; raises ``ResultNotFound`` for anybody else's."""
    found: Result | None = results_of(user, kind).filter(pk=result_id).first()
    if found is None:
        raise ResultNotFound
    return found


def generation_of(user: User, generation_id: int) -> Generation:
    """One of the person's generations; raises ``GenerationNotFound`` for anybody else's."""
    found = Generation.objects.visible_to(user).exclude(kind=Kind.CHAT).filter(pk=generation_id).first()
    if found is None:
        raise GenerationNotFound
    return found


def result_of_generation(generation: Generation) -> Result:
    """What a stored generation made; raises ``ResultNotFound`` when the pet is gone since."""
    found: Result | None = results_of(generation.user, generation.kind).filter(generation_id=generation.pk).first()
    if found is None:
        raise ResultNotFound
    return found


def generation_for_key(user: User, key: str) -> Generation | None:
    """What this idempotency key made or is making; nothing for a key that is too old or whose generation came to nothing."""
    found = Generation.objects.visible_to(user).filter(idempotency_key=key).first()
    if found is None or (found.state == Generation.State.RESERVED and not found.is_under_way):
        return None
    return found if found.reserved_at > timezone.now() - KEY_RETENTION else None


def sessions_of(user: User) -> QuerySet[ChatSession]:
    """The person's conversations, the latest used first, each with the number of its messages."""
    return ChatSession.objects.visible_to(user).annotate(message_count=Count("messages")).order_by("-updated_at", "-pk")


def session_of(user: User, session_id: int) -> ChatSession:
    """One of them; raises ``SessionNotFound`` for anybody else's."""
    session = ChatSession.objects.visible_to(user).filter(pk=session_id).first()
    if session is None:
        raise SessionNotFound
    return session


def active_session_of(user: User) -> ChatSession | None:
    """The conversation that was used last."""
    return ChatSession.objects.visible_to(user).order_by("-updated_at", "-pk").first()


def message_of(user: User, message_id: int) -> ChatMessage:
    """One of the person's messages; raises ``MessageNotFound`` for anybody else's."""
    message = ChatMessage.objects.visible_to(user).filter(pk=message_id).first()
    if message is None:
        raise MessageNotFound
    return message


def exchange_of(generation: Generation) -> tuple[ChatMessage, ChatMessage]:
    """Question and answer that a chat generation made; raises ``MessageNotFound`` when one was deleted since."""
    reply = ChatMessage.objects.filter(generation=generation).select_related("session").first()
    question = reply and reply.session.messages.filter(role=ChatMessage.Role.USER, pk__lt=reply.pk).order_by("-pk").first()
    if reply is None or question is None:
        raise MessageNotFound
    return question, reply


def allowance_of(user: User, kind: str) -> Allowance:
    """What the person has left this month."""
    profile = accounts.profile_of(user)
    month = month_at(timezone.now(), profile.time_zone)
    use = MonthlyUse.objects.filter(user_id=user.pk, kind=kind, month=month.first).first()
    return Allowance(kind=kind, limit=limit_of(profile, kind), used=in_use(use) if use else 0, month=month)


def in_use(use: MonthlyUse) -> int:
    """What is charged, and what is under way and may be."""
    return use.used + use.generations.under_way().count()


def limit_of(profile: Profile, kind: str) -> int | None:
    """What the person's plan allows of a kind in a month; None means without limit."""
    plan = profile.subscription_plan
    limits: dict[str, int | None] = {
        Kind.MEAL: plan.monthly_meal_plans,
        Kind.HEALTH: plan.monthly_health_reports,
        Kind.CHAT: settings.AI_CHAT_MONTHLY_ANSWERS,
    }
    return limits[kind]


def animal_profile(pet: Pet, *, language: str, today: date) -> AnimalProfile:
    """The pet as engine, model and referee know it: keys and numbers, nothing that names a person, a place or the pet."""
    stage = LifeStages().of(pet, today)
    breed, body = pet.breed, pet.body_type
    return AnimalProfile(
        species=pet.pet_type.slug,
        weight_kg=float(pet.weight) if pet.weight is not None else None,
        age_months=weeks_between(pet.born_on, today) / WEEKS_IN_MONTH if pet.born_on else None,
        life_stage=LifeStage.of_category(stage.slug) if stage else LifeStage.UNKNOWN,
        sex=pet.gender.slug if pet.gender else "",
        neutered=pet.neutered,
        activity=pet.activity_level.slug if pet.activity_level else "moderate",
        body_condition=score_of_range(body.condition_score_min, body.condition_score_max) if body else None,
        breed=breed.slug if breed else "",
        size_class=breed.size_class if breed else "",
        adult_weight_min_kg=_kilograms(breed.adult_weight_min_kg) if breed else None,
        adult_weight_max_kg=_kilograms(breed.adult_weight_max_kg) if breed else None,
        allergies=frozenset(row.slug for row in pet.food_allergies.all()),
        other_allergies=pet.food_allergy_other,
        health_issues=frozenset(row.slug for row in pet.health_issues.all()),
        food_types=tuple(row.slug for row in pet.food_types.all()),
        treat_frequency=pet.treat_frequency.slug if pet.treat_frequency else "",
        appetite=pet.food_feeling.slug if pet.food_feeling else "",
        language=language,
    )


def _kilograms(value: Any) -> float | None:
    return None if value is None else float(value)
