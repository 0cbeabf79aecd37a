"""What can be wrong with generations and chat, each with a stable code."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from fammo.common.errors import Conflict, DomainError, InvalidInput, LimitReached, NotAllowed, NotFound, Text

from .models.generations import Kind

USED_UP: dict[str, Text] = {
    Kind.MEAL: _("All %(limit)d meal plans of this month are used. The next month begins on %(reset_date)s."),
    Kind.HEALTH: _("All %(limit)d health reports of this month are used. The next month begins on %(reset_date)s."),
    Kind.CHAT: _("All %(limit)d answers of this month are used. The next month begins on %(reset_date)s."),
}


class QuotaUsedUp(LimitReached):
    """The month's last place is taken; says the numbers and when there is room again."""

    code = "quota_used_up"

    def __init__(self, kind: str, *, limit: int, used: int, resets_on: date, seconds: int) -> None:
        reset_date = resets_on.isoformat()
        super().__init__(
            str(USED_UP[kind]) % {"limit": limit, "reset_date": reset_date},
            retry_after_seconds=max(1, seconds),
            extra={"limit": limit, "used": used, "reset_date": reset_date},
        )


class ConsentWithdrawn(NotAllowed):
    """The person said no to AI; nothing is generated until they agree again."""

    code = "ai_consent_withdrawn"
    message = _("You have withdrawn your consent to AI features. Give it again to use them.")


class NoSafeResult(DomainError):
    """Not even the engine's own result passed the referee. Nothing was stored and nothing is charged."""

    code = "no_safe_result"
    message = _("No safe advice could be put together for this pet. Nothing was charged. Please ask your vet.")


class WeightNeeded(InvalidInput):
    """A meal plan is amounts, and every amount depends on the weight. Nothing was stored and nothing is charged."""

    code = "weight_needed"
    message = _("The weight is not known. Weigh your pet and enter its weight: every amount depends on it.")

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message, fields={"pet_id": [message or self.message]})


class AlreadyBegun(Conflict):
    """The same request came twice at the same instant; the other one is at work."""

    code = "idempotency_key_in_use"
    message = _("A request with this Idempotency-Key is still being worked on. Please try again in a moment.")


class GenerationNotFound(NotFound):
    code = "generation_not_found"


class ResultNotFound(NotFound):
    code = "result_not_found"


class PetGone(Conflict):
    """The pet was deleted while its result was being made."""

    code = "pet_gone"
    message = _("The pet was deleted in the meantime. Nothing was charged.")


class SessionNotFound(NotFound):
    code = "chat_session_not_found"


class MessageNotFound(NotFound):
    code = "chat_message_not_found"


class NothingSaid(InvalidInput):
    """A message needs a text or a picture."""

    code = "nothing_said"
    message = _("Please write something or send a picture.")

    def __init__(self) -> None:
        super().__init__(fields={"message": [self.message]})
