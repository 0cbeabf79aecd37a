"""Making a result: a place in the month, a draft, and both ends of it in one transaction.

Without a model everything happens in the request. With one, the request only reserves and queues; a worker asks the model, so
neither a hanging model nor a killed process of either kind can hold a web thread, lose a result or charge for none (docs/decisions/0016).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from ai import nutrition, places, selectors
from ai.audit import Verb, record
from ai.drafts import Draft, disclosure
from ai.errors import ConsentWithdrawn, NoSafeResult, WeightNeeded
from ai.models import Generation, Kind, ModelPrices
from ai.pantry import current_pantry
from ai.profiles import AnimalProfile
from ai.providers import model_for
from ai.providers.redaction import words_of
from fammo.jobs import job
from fammo.jobs.policy import SLOW_QUEUE
from legal.models import Purpose
from legal.selectors import has_consent
from pets.models import Pet
from pets.selectors import pet_of

from . import quota, writing
from .quota import FIRST_TIME, Retry

if TYPE_CHECKING:
    from fammo.accounts.models import User
    from pets.querysets import PetQuerySet

Outcome = Generation.Outcome


def generate_advice(*, actor: User, pet_id: int, kind: str, language: str, retry: Retry = FIRST_TIME) -> Generation:
    """A meal plan or health report for the actor's pet, finished or on its way.

    Raises ``NotFound`` for a pet that is not theirs, ``QuotaUsedUp``, ``ConsentWithdrawn``, ``WeightNeeded`` for a meal plan without
    a weight, and ``NoSafeResult`` when there is nothing that may be said; then nothing is stored and nothing charged.
    """
    pet = pet_of(actor, pet_id)
    if not has_consent(actor, Purpose.AI):
        raise ConsentWithdrawn
    _profile(pet, kind, language)
    with transaction.atomic():
        generation = quota.reserve_generation(actor=actor, kind=kind, pet=pet, language=language, retry=retry)
        if model_for(actor) is None:
            _store(generation, pet, _engines(pet, kind, language))
        else:
            complete_generation.enqueue(generation.pk)
    return generation


@transaction.atomic
def store_free_advice(*, actor: User, pet_id: int, kind: str, language: str) -> Generation:
    """The engine's result, charged to nobody: for demo content."""
    pet = pet_of(actor, pet_id)
    generation = quota.reserve_generation(actor=actor, kind=kind, pet=pet, language=language, is_free=True)
    with translation.override(language):
        _store(generation, pet, _engines(pet, kind, language), is_free=True)
    return generation


@job(max_attempts=3, queue=SLOW_QUEUE)
def complete_generation(generation_id: int) -> str:
    """Writes and stores what was reserved; gives the state in which it leaves the generation. Done twice, it is done once."""
    generation = quota.renew_reservation(generation_id=generation_id)
    if generation is None:
        return "over"
    pet = _living_pets(generation).with_details().first()
    if pet is None:
        return _give_up(generation_id, Outcome.PET_GONE)
    with translation.override(generation.language):
        try:
            draft = _draft(generation, pet)
        except NoSafeResult:
            return _give_up(generation_id, Outcome.REJECTED)
        except WeightNeeded:
            return _give_up(generation_id, Outcome.NO_WEIGHT)
        return store_draft(generation_id=generation_id, draft=draft)


@transaction.atomic
def store_draft(*, generation_id: int, draft: Draft) -> str:
    """Stores the draft and charges for it, or neither: when the generation is finished, its place given away or the pet gone."""
    generation = quota.lock_generation(generation_id)
    if generation is None or generation.state != Generation.State.RESERVED:
        return "over"
    pet = _living_pets(generation).first()
    if pet is None:
        quota.release_generation(generation=generation, outcome=Outcome.PET_GONE)
    elif not quota.still_has_room(generation):
        quota.release_generation(generation=generation, outcome=Outcome.ABANDONED)
    else:
        _store(generation, pet, draft)
    return generation.state


@transaction.atomic
def promise_result(*, generation: Generation) -> None:
    """Notes that the caller was told to come back for it."""
    if generation.promised_at is None:
        generation.promised_at = timezone.now()
        generation.save(update_fields=["promised_at"])


def settle_abandoned() -> int:
    """Ends reservations that nobody finished in time; gives how many. Their places have been free since."""
    ended = 0
    for pk in list(Generation.objects.abandoned().values_list("pk", flat=True)):
        with transaction.atomic():
            generation = quota.lock_generation(pk)
            if generation is not None and generation.state == Generation.State.RESERVED and not generation.is_under_way:
                quota.release_generation(generation=generation, outcome=Outcome.ABANDONED)
                ended += 1
    return ended


def _living_pets(generation: Generation) -> PetQuerySet:
    return Pet.objects.none() if generation.pet_id is None else Pet.objects.kept().filter(pk=generation.pet_id)


def _engines(pet: Pet, kind: str, language: str, reason: Outcome = Outcome.NO_MODEL) -> Draft:
    return writing.engine_draft(kind, _profile(pet, kind, language), current_pantry(), reason)


def _profile(pet: Pet, kind: str, language: str) -> AnimalProfile:
    """The animal; raises ``WeightNeeded`` when what is wanted cannot be made without a weight."""
    profile = selectors.animal_profile(pet, language=language, today=timezone.localdate())
    with translation.override(language):
        if kind == Kind.MEAL and (reason := nutrition.waits_for_weight(profile)):
            raise WeightNeeded(reason)
    return profile


def _draft(generation: Generation, pet: Pet) -> Draft:
    """By the model, unless it was switched off or the consent withdrawn since the reservation."""
    provider = model_for(generation.user)
    if provider is None:
        return _engines(pet, generation.kind, generation.language)
    if not has_consent(generation.user, Purpose.AI):
        return _engines(pet, generation.kind, generation.language, Outcome.NO_CONSENT)
    profile = _profile(pet, generation.kind, generation.language)
    words = words_of(generation.user)
    return writing.model_draft(generation.kind, profile, current_pantry(), provider, private_words=words, seconds=settings.AI_MODEL_SECONDS)


def _store(generation: Generation, pet: Pet, draft: Draft, *, is_free: bool = False) -> None:
    """In the transaction of the reservation's lock."""
    user = generation.user
    result = selectors.RESULTS[draft.kind].objects.create(
        pet=pet,
        generation=generation,
        language=generation.language,
        source=draft.source,
        model_name=draft.model_name,
        rules_version=draft.rules_version,
        disclosure=disclosure(draft.kind, draft.source, draft.model_name),
        ai_mark=draft.ai_mark,
        clinics=places.nearest_open(user, generation.language) if draft.needs_a_vet else [],
        **draft.columns(),
    )
    quota.commit_generation(generation=generation, is_free=is_free, **facts_of(draft))
    record(Verb.MADE, target=result, actor=user)


def facts_of(draft: Draft) -> dict[str, Any]:
    """What the register keeps of a draft."""
    use = draft.model_use
    return {
        "source": draft.source,
        "outcome": use.outcome,
        "findings": list(use.findings),
        "model_name": draft.model_name,
        "rules_version": draft.rules_version,
        "model_calls": use.calls,
        "prompt_tokens": use.prompt_tokens,
        "completion_tokens": use.completion_tokens,
        "cost": cost_of(use.prompt_tokens, use.completion_tokens) if use.calls else Decimal(0),
    }


def cost_of(sent: int, received: int) -> Decimal | None:
    """What the tokens cost by the prices that staff entered; None while they are not entered."""
    prices = ModelPrices.load()
    if prices.per_million_sent is None or prices.per_million_received is None:
        return None
    return (prices.per_million_sent * sent + prices.per_million_received * received) / Decimal(1_000_000)


@transaction.atomic
def _give_up(generation_id: int, outcome: Outcome) -> str:
    generation = quota.lock_generation(generation_id)
    if generation is None or generation.state != Generation.State.RESERVED:
        return "over"
    quota.release_generation(generation=generation, outcome=outcome)
    return generation.state
