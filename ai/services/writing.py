"""From an animal to a draft: the engine composes, a model may word it, the referee decides; whatever happens there is the engine's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from pydantic import BaseModel

from ai import nutrition, referee
from ai.drafts import Draft, ModelUse
from ai.errors import NoSafeResult
from ai.models import Generation, Kind, Source
from ai.nutrition import Pantry
from ai.profiles import AnimalProfile
from ai.providers import Completion, Message, ModelFailure, Provider, circuit, prompts
from ai.referee import Verdict
from ai.schemas import HealthReport, MealPlan, Outcome, ProposedHealthReport, ProposedMealPlan

logger = structlog.get_logger(__name__)

ModelOutcome = Generation.Outcome
ATTEMPTS = 2
LEAST_SECONDS = 3.0  # less than this is not worth a second attempt
RULES_VERSION = nutrition.RULES_VERSION


@dataclass(frozen=True, kw_only=True)
class Task:
    """One kind of result: the engine's own, how a model is asked for it, and how the referee reads what comes."""

    own: MealPlan | HealthReport
    shape: type[BaseModel]
    messages: Callable[[], list[Message]]
    review: Callable[[str], Verdict]


def engine_draft(kind: str, profile: AnimalProfile, pantry: Pantry, reason: ModelOutcome = ModelOutcome.NO_MODEL) -> Draft:
    """The engine's result, judged like any other. Raises ``NoSafeResult`` when the referee objects to it."""
    return _by_engine(kind, _own(kind, profile, pantry), profile, pantry, ModelUse(outcome=reason))


def model_draft(
    kind: str, profile: AnimalProfile, pantry: Pantry, provider: Provider, *, private_words: Sequence[str], seconds: float
) -> Draft:
    """The model's result where the referee accepts it, else the engine's. Raises ``NoSafeResult`` when neither is safe."""
    own = _own(kind, profile, pantry)
    if isinstance(own, MealPlan) and own.basis.outcome != Outcome.PLAN:
        return _by_engine(kind, own, profile, pantry, ModelUse(outcome=ModelOutcome.NOT_NEEDED))
    use, verdict = _ask(_task(own, profile, pantry, private_words), provider, seconds)
    content = (verdict.plan or verdict.report) if verdict else None
    if content is None:
        return _by_engine(kind, own, profile, pantry, use)
    return Draft(
        kind=kind,
        source=Source.MODEL,
        model_use=use,
        model_name=provider.model_name,
        content=content,
        rules_version=RULES_VERSION,
    )


def ask_once(provider: Provider, messages: Sequence[Message], *, shape: type[BaseModel] | None, seconds: float) -> Completion:
    """One call through the circuit breaker. Raises ``ModelFailure``."""
    if not circuit.lets_through(provider.base_url):
        raise ModelFailure(ModelOutcome.CIRCUIT_OPEN)
    try:
        completion = provider.complete(messages, shape=shape, seconds=seconds)
    except ModelFailure as exc:
        if exc.is_the_servers:
            circuit.note_failure(provider.base_url)
        else:
            circuit.note_success(provider.base_url)
        raise
    circuit.note_success(provider.base_url)
    return completion


def _ask(task: Task, provider: Provider, seconds: float) -> tuple[ModelUse, Verdict | None]:
    """Asks, and once more with the referee's reasons; the verdict is None or accepted."""
    ends_at = time.monotonic() + seconds
    messages, calls, sent, received = task.messages(), 0, 0, 0
    findings: list[str] = []

    def used(outcome: ModelOutcome) -> ModelUse:
        return ModelUse(outcome=outcome, calls=calls, findings=tuple(findings), prompt_tokens=sent, completion_tokens=received)

    for attempt in range(ATTEMPTS):
        left = ends_at - time.monotonic()
        if attempt and left < LEAST_SECONDS:
            break
        try:
            calls += 1
            completion = ask_once(provider, messages, shape=task.shape, seconds=left)
        except ModelFailure as failure:
            calls -= failure.outcome == ModelOutcome.CIRCUIT_OPEN
            return used(failure.outcome), None
        sent, received = sent + completion.prompt_tokens, received + completion.completion_tokens
        verdict = task.review(completion.text)
        if verdict.accepted:
            return used(ModelOutcome.ACCEPTED_SECOND if attempt else ModelOutcome.ACCEPTED), verdict
        findings.extend(finding.code for finding in verdict.findings)
        messages = prompts.again(messages, completion.text, verdict.findings)
    return used(ModelOutcome.REJECTED), None


def _own(kind: str, profile: AnimalProfile, pantry: Pantry) -> MealPlan | HealthReport:
    return nutrition.compose_meal_plan(profile, pantry) if kind == Kind.MEAL else nutrition.compose_health_report(profile)


def _task(own: MealPlan | HealthReport, profile: AnimalProfile, pantry: Pantry, private_words: Sequence[str]) -> Task:
    if isinstance(own, MealPlan):
        return Task(
            own=own,
            shape=ProposedMealPlan,
            messages=lambda: prompts.meal_messages(profile, own, pantry, private_words),
            review=lambda raw: referee.review_raw_meal_plan(raw, profile, pantry),
        )
    return Task(
        own=own,
        shape=ProposedHealthReport,
        messages=lambda: prompts.health_messages(profile, own, private_words),
        review=lambda raw: referee.review_raw_health_report(raw, profile),
    )


def _by_engine(kind: str, own: MealPlan | HealthReport, profile: AnimalProfile, pantry: Pantry, use: ModelUse) -> Draft:
    verdict = referee.review_meal_plan(own, profile, pantry) if isinstance(own, MealPlan) else referee.review_health_report(own, profile)
    content = verdict.plan or verdict.report
    if not verdict.accepted or content is None:
        logger.error("engine rejected", kind=kind, findings=[finding.code for finding in verdict.findings])
        raise NoSafeResult
    return Draft(kind=kind, source=Source.ENGINE, model_use=use, content=content, rules_version=RULES_VERSION)
