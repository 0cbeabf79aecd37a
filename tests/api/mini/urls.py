"""Groups as they are now, kept; a list that is true for a moment; and a way to make a group."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.urls import path
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.api.stored import StoredAnswer
from fammo.api.views import APIView

BUILT: list[str] = []


class Groups(StoredAnswer, APIView):
    stored_tables = (Group, Group.permissions.through)

    def get(self, request: Request) -> Response:
        BUILT.append(request.path)
        rows = Group.objects.order_by("pk").values("name", "permissions")
        return Response([f"{row['name']}:{row['permissions'] or 0}" for row in rows])


class Momentary(Groups):
    def get(self, request: Request) -> Response:
        self.stored_until = timezone.now() + timedelta(seconds=2)
        return super().get(request)


class NewGroup(APIView):
    """Takes its time with a name that starts with "slow"; dies after the commit, before the answer, with "dies"."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        name = request.data["name"]
        if name.startswith("slow"):
            time.sleep(1)
        return Response({"id": Group.objects.create(name=name).pk}, status=201)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 201 and b"dies" in request.META.get("HTTP_IDEMPOTENCY_KEY", "").encode() and "MINI_DIES" in os.environ:
            os._exit(9)
        return response


urlpatterns = [
    path("api/groups/", Groups.as_view()),
    path("api/momentary/", Momentary.as_view()),
    path("api/new/", NewGroup.as_view()),
]
