"""Conversations about a person's own pets.

A model is asked while a web thread waits, so only few may wait at a time and briefly; everybody else is answered from the engine's
knowledge at once. What is urgent never waits, costs nothing and never meets a limit (docs/decisions/0016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ai import chat_pictures, knowledge, places, selectors
from ai.audit import Verb, record
from ai.drafts import Draft, ModelUse
from ai.errors import NothingSaid
from ai.knowledge import Answer
from ai.models import ChatMessage, ChatSession, Generation, Kind, Source
from ai.models.chat import PICTURE_LIFETIME
from ai.pantry import current_pantry
from ai.profiles import AnimalProfile
from ai.providers import Provider, model_for, prompts
from ai.providers.base import ModelFailure
from ai.providers.redaction import words_of
from ai.referee import review_text
from legal.models import Purpose
from legal.selectors import has_consent
from pets.models import Pet
from pets.selectors import pet_of, pets_of

from . import quota, writing
from .generation import facts_of
from .quota import FIRST_TIME, Retry
from .waiting import seat

if TYPE_CHECKING:
    from fammo.accounts.models import User

Outcome = Generation.Outcome
REMEMBERED = 12  # messages that a model is told of
TITLE_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person sent, and whom it is about as far as that is known."""

    session: ChatSession
    text: str
    picture: str
    language: str
    pets: Sequence[Pet]
    about: Pet | None
    animals: Sequence[AnimalProfile] = field(repr=False)
    animal: AnimalProfile | None = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question and its answer, both stored."""

    session: ChatSession
    question: ChatMessage
    reply: ChatMessage


def send_message(
    *,
    actor: User,
    text: str,
    language: str,
    picture: IO[bytes] | None = None,
    session_id: int | None = None,
    pet_id: int | None = None,
    retry: Retry = FIRST_TIME,
) -> Exchange:
    """Stores the message with its answer. Without a session it goes on with the latest one, or begins one.

    Raises ``NothingSaid``, ``SessionNotFound``, ``NotFound`` for another person's pet, ``PhotoRefused`` and ``QuotaUsedUp``;
    then nothing is stored and nothing charged.
    """
    text = text.strip()
    if not text and picture is None:
        raise NothingSaid
    session = selectors.session_of(actor, session_id) if session_id else selectors.active_session_of(actor)
    pet = pet_of(actor, pet_id) if pet_id else None
    with chat_pictures.kept(picture) as stored_picture:
        session = session or ChatSession(user=actor)
        question = _question(actor, session, pet, text=text, picture=stored_picture, language=language)
        own = knowledge.answer(
            question.text,
            question.animals,
            current_pantry(),
            about=question.animal,
            language=language,
            has_picture=bool(stored_picture),
        )
        generation = quota.reserve_generation(
            actor=actor, kind=Kind.CHAT, pet=question.about, language=language, retry=retry, is_free=own.is_urgent
        )
        return _store(question, own, _draft(actor, question, own), generation)


@transaction.atomic
def start_session(*, actor: User, pet_id: int | None = None, title: str = "") -> ChatSession:
    """A new, empty conversation; raises ``NotFound`` for a pet that is not the actor's."""
    pet = pet_of(actor, pet_id) if pet_id else None
    return ChatSession.objects.create(user=actor, pet=pet, title=title.strip()[:TITLE_LENGTH])


@transaction.atomic
def clear_session(*, actor: User, session_id: int) -> ChatSession:
    """Deletes all messages of the conversation, which stays. Raises ``SessionNotFound``."""
    session = selectors.session_of(actor, session_id)
    _delete(session.messages.all())
    record(Verb.CLEARED, target=session, actor=actor)
    return session


@transaction.atomic
def delete_session(*, actor: User, session_id: int) -> None:
    """Deletes the conversation with all it holds. Raises ``SessionNotFound``."""
    session = selectors.session_of(actor, session_id)
    _delete(session.messages.all())
    record(Verb.DELETED, target=session, actor=actor)
    session.delete()


@transaction.atomic
def delete_message(*, actor: User, message_id: int) -> None:
    """Deletes one message. Raises ``MessageNotFound``."""
    message = selectors.message_of(actor, message_id)
    record(Verb.MESSAGE_DELETED, target=message, actor=actor)
    _delete(ChatMessage.objects.filter(pk=message.pk))


@transaction.atomic
def remove_old_pictures() -> int:
    """Lets go of pictures that are a week old, and of those that no message has; gives how many."""
    swept = chat_pictures.remove_orphans()
    old = ChatMessage.objects.exclude(picture="").filter(created_at__lt=timezone.now() - PICTURE_LIFETIME).select_for_update()
    names = {message.pk: str(message.picture.name) for message in old}
    for name in names.values():
        chat_pictures.remove.enqueue(name)
    ChatMessage.objects.filter(pk__in=names).update(picture="")
    return len(names) + swept


def _question(actor: User, session: ChatSession, pet: Pet | None, *, text: str, picture: str, language: str) -> Question:
    pets = list(pets_of(actor))
    about = pet or _pet_meant(pets, session, text)
    today = timezone.localdate()
    profiles = {each.pk: selectors.animal_profile(each, language=language, today=today) for each in pets}
    return Question(
        session=session,
        text=text,
        picture=picture,
        language=language,
        pets=pets,
        about=about,
        animals=list(profiles.values()),
        animal=profiles[about.pk] if about else None,
    )


def _pet_meant(pets: Sequence[Pet], session: ChatSession, text: str) -> Pet | None:
    """The pet that the message names, else the conversation's, else the only one."""
    words = text.casefold()
    named = [pet for pet in pets if pet.name.casefold() in words]
    of_session = [pet for pet in pets if pet.pk == session.pet_id]
    candidates = named or of_session or pets
    return candidates[0] if len(candidates) == 1 else None


def _draft(actor: User, question: Question, own: Answer) -> Draft:
    """The model's answer where it may and does give an acceptable one in time, else the engine's."""
    provider = model_for(actor)
    if own.is_urgent or question.animal is None:
        return _engines(own, Outcome.NOT_NEEDED)
    if provider is None:
        return _engines(own, Outcome.NO_MODEL)
    if not has_consent(actor, Purpose.AI):
        return _engines(own, Outcome.NO_CONSENT)
    with seat() as taken:
        return _models(actor, question, own, provider) if taken else _engines(own, Outcome.NO_SEAT)


def _models(actor: User, question: Question, own: Answer, provider: Provider) -> Draft:
    animal, words = question.animal, words_of(actor)
    if animal is None:
        return _engines(own, Outcome.NOT_NEEDED)
    earlier = _earlier(question.session)
    messages = prompts.chat_messages(animal, own.text, earlier, question.text, chat_pictures.data_url(question.picture), words)
    try:
        completion = writing.ask_once(provider, messages, shape=None, seconds=settings.AI_CHAT_SECONDS)
    except ModelFailure as failure:
        return _engines(own, failure.outcome, calls=int(failure.outcome != Outcome.CIRCUIT_OPEN))
    verdict = review_text(completion.text, animal)
    others = knowledge.named_besides(question.text, [animal])
    findings = [finding for each in (verdict, *(review_text(completion.text, other) for other in others)) for finding in each.findings]
    if findings or not verdict.accepted or not verdict.text.strip():
        return _engines(own, Outcome.REJECTED, calls=1, findings=tuple(dict.fromkeys(finding.code for finding in findings)))
    use = ModelUse(
        outcome=Outcome.ACCEPTED, calls=1, prompt_tokens=completion.prompt_tokens, completion_tokens=completion.completion_tokens
    )
    return Draft(
        kind=Kind.CHAT,
        source=Source.MODEL,
        model_use=use,
        model_name=provider.model_name,
        content=verdict.text,
        rules_version=writing.RULES_VERSION,
    )


def _engines(own: Answer, outcome: Outcome, *, calls: int = 0, findings: tuple[str, ...] = ()) -> Draft:
    use = ModelUse(outcome=outcome, calls=calls, findings=findings)
    return Draft(kind=Kind.CHAT, source=Source.ENGINE, model_use=use, content=own.text, rules_version=writing.RULES_VERSION)


def _earlier(session: ChatSession) -> list[tuple[str, str]]:
    if session.pk is None:
        return []
    latest = list(session.messages.order_by("-created_at", "-pk")[:REMEMBERED])
    return [(message.role, message.text) for message in reversed(latest) if message.text]


@transaction.atomic
def _store(question: Question, own: Answer, draft: Draft, generation: Generation) -> Exchange:
    """Question, answer and charge, all or nothing."""
    session = question.session
    locked = quota.lock_generation(generation.pk) or generation
    session.pet = question.about or session.pet
    session.title = session.title or question.text[:TITLE_LENGTH]
    session.save()
    asked = ChatMessage.objects.create(
        session=session,
        role=ChatMessage.Role.USER,
        text=question.text,
        picture=question.picture,
        had_picture=bool(question.picture),
    )
    reply = ChatMessage.objects.create(
        session=session,
        role=ChatMessage.Role.ASSISTANT,
        text=str(draft.content),
        source=draft.source,
        model_name=draft.model_name,
        rules_version=draft.rules_version,
        ai_mark=draft.ai_mark,
        urgent=own.is_urgent,
        clinics=places.nearest_open(session.user, question.language) if own.is_urgent else [],
        generation=locked,
    )
    quota.commit_generation(generation=locked, is_free=own.is_urgent, **facts_of(draft))
    return Exchange(session=session, question=asked, reply=reply)


def _delete(messages: QuerySet[ChatMessage]) -> None:
    for name in messages.exclude(picture="").values_list("picture", flat=True):
        chat_pictures.remove.enqueue(str(name))
    messages.delete()
