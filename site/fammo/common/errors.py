"""Domain errors: what went wrong, in words of the domain and free of HTTP; ``fammo.api.errors`` maps them to answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """A refusal with a stable machine ``code`` and a translated sentence.

    ``fields`` names the inputs at fault (``{"weight": ["…"]}``); ``extra`` holds further members of the answer
    (``limit``, ``allowed_actions`` …). Subclasses fix the meaning; raising needs no arguments where the class says it all.
    """

    code = "error"
    message: Text = _("This cannot be done.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, Sequence[Text]] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        super().__init__(str(self.code))


class InvalidInput(DomainError):
    """What was sent cannot be right; ``fields`` says where."""

    code = "invalid"
    message = _("Please correct the marked fields.")


class NotAuthenticated(DomainError):
    """The caller must say who they are, or said it wrongly."""

    code = "not_authenticated"
    message = _("Authentication credentials were not provided or are not valid.")


class NotAllowed(DomainError):
    """The caller sees the thing but may not do this to it."""

    code = "permission_denied"
    message = _("You do not have permission to do this.")


class NotFound(DomainError):
    """There is no such thing, or none that the caller may see."""

    code = "not_found"
    message = _("Not found.")


class Conflict(DomainError):
    """The state of the thing does not allow this now."""

    code = "conflict"
    message = _("This is not possible in the current state.")


class PreconditionFailed(DomainError):
    """Somebody changed the thing since the caller read it."""

    code = "precondition_failed"
    message = _("This was changed by somebody else since you opened it.")


class LimitReached(DomainError):
    """A quota or a rate is used up; ``retry_after_seconds`` says for how long, ``headers`` what the limiter says of itself."""

    code = "limit_reached"
    message = _("Too many requests. Please try again later.")

    def __init__(
        self, message: Text | None = None, *, retry_after_seconds: int | None = None, headers: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(message, **kwargs)
        self.retry_after_seconds = retry_after_seconds
        self.headers = dict(headers)


class Unavailable(DomainError):
    """Something outside of us that this needs does not answer; trying again later may help."""

    code = "unavailable"
    message = _("This is not available at the moment. Please try again later.")
