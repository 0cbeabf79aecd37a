"""The bases of every view under ``/api/v1/admin/``: nobody may do anything that the view has not named a permission for.

A view says ``permissions = {"GET": "accounts.view_user", "POST": "accounts.change_user"}`` and, for each method that
changes something, the audit verb of the act: ``verbs = {"POST": Verb.DEACTIVATED}``. Its service writes that verb when it is done;
the base writes it as refused. POSTs take ``Idempotency-Key`` as everywhere. Apps contribute routes in their ``api/admin_urls.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Model, TextChoices
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.audit.models import Entry
from fammo.audit.services import record

from .audit import Verb
from .views import SAFE_METHODS, APIView, GenericAPIView, ListAPIView, RetrieveAPIView

ADMIN_SCOPE = "admin"
# Strangers are not in the log, and a flood is in the web server's: the table cannot be emptied.
NOT_LOGGED = frozenset({401, 429})


class HasNamedPermission(BasePermission):
    """Members of staff who have the permission that the view names for this method; a method without one is nobody's."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not hasattr(view, (request.method or "").lower()):
            return bool(user.is_authenticated)  # there is nothing to allow: 405 follows
        needed = view.permission_needed(request.method)
        return bool(needed and user.is_authenticated and user.is_staff and user.has_perm(needed))


class Administration:
    """Mixin of the bases below. ``target`` is what the act is about, as soon as the view knows it."""

    permission_classes: Sequence[Any] = [HasNamedPermission]
    throttle_scope: ClassVar[str | None] = ADMIN_SCOPE
    permissions: ClassVar[Mapping[str, str]] = {}
    verbs: ClassVar[Mapping[str, TextChoices]] = {}
    target: Model | None = None

    def permission_needed(self, method: str | None) -> str | None:
        """The permission that this method takes; HEAD takes that of GET."""
        return self.permissions.get("GET" if method == "HEAD" else method or "")

    def handle_exception(self, exc: Exception) -> Response:
        """The refusal as everywhere, and a line about it: outside of the transaction that was undone."""
        response: Response = super().handle_exception(exc)  # type: ignore[misc]
        request: Request = self.request  # type: ignore[attr-defined]
        self._write_refusal(request, response)
        return response

    def _write_refusal(self, request: Request, response: Response) -> None:
        status, method = response.status_code, request.method or ""
        if not 400 <= status < 500 or status in NOT_LOGGED or not request.user.is_authenticated:
            return
        is_read = method in SAFE_METHODS
        if is_read and status != 403:
            return
        record(
            Verb.ADMINISTRATION_READ if is_read else self.verbs.get(method, Verb.ADMINISTRATION_READ),
            actor=request.user,
            target=self.target,
            outcome=Entry.Outcome.REFUSED,
            detail=f"{response.data['code']} {method} {request.path}",
        )


class AdminAPIView(Administration, APIView):
    pass


class AdminGenericAPIView(Administration, GenericAPIView):
    pass


class AdminListAPIView(Administration, ListAPIView):
    pass


class AdminRetrieveAPIView(Administration, RetrieveAPIView):
    pass
