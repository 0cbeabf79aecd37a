"""What the service asks of a language model, whichever server runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from pydantic import BaseModel

from ai.flags import MODEL
from ai.models import Generation
from fammo.api.flags import is_on

if TYPE_CHECKING:
    from fammo.accounts.models import User

Message = dict[str, Any]
DEFAULT_BASE_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What the model wrote, as it came, and what that took."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


class ModelFailure(Exception):
    """The model gave nothing that can be judged; ``outcome`` says why, in the words of the register."""

    def __init__(self, outcome: Generation.Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.value)

    @property
    def is_the_servers(self) -> bool:
        """Whether asking again soon would only cost time."""
        return self.outcome in {Generation.Outcome.TIMED_OUT, Generation.Outcome.UNAVAILABLE}


class Provider(Protocol):
    """A server with one model."""

    model_name: str
    base_url: str

    def complete(self, messages: Sequence[Message], *, shape: type[BaseModel] | None, seconds: float) -> Completion:
        """The model's answer, in the JSON shape if one is given. Raises ``ModelFailure``, at the latest after ``seconds``."""
        ...


def configured() -> Provider | None:
    """The model that the environment names; None when there is none and the engine answers."""
    environment = settings.ENVIRONMENT
    if not environment.openai_api_key:
        return None
    from .openai_server import OpenAIServer  # the client takes a second to load; without a model nobody waits for it

    return OpenAIServer(
        api_key=environment.openai_api_key,
        base_url=environment.openai_base_url or DEFAULT_BASE_URL,
        model_name=environment.openai_model,
        max_bytes=settings.AI_MODEL_MAX_BYTES,
    )


def model_for(user: User) -> Provider | None:
    """As ``configured``, for a person for whom operators have the model switched on (feature flag ``ai_model``)."""
    provider = configured()
    return provider if provider is not None and is_on(MODEL, user) else None
