"""A request is found again in the tasks that it asked for, and in the mails that they sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient
from structlog.contextvars import clear_contextvars, get_contextvars

from fammo.jobs.tasks import clear_expired_sessions

pytestmark = pytest.mark.django_db


def test_the_id_goes_from_the_request_into_task_and_mail(api: APIClient, delivered: Callable[[], list[EmailMessage]]) -> None:
    body = {"email": "new@fammo.example", "password": "a garden of 9 cats", "password_confirm": "a garden of 9 cats"}

    api.post("/api/v1/auth/signup/", body, format="json", headers={"X-Request-ID": "phone-1"})

    assert {row.args_kwargs.get("request_id") for row in DBTaskResult.objects.all()} == {"phone-1"}
    (mail,) = delivered()
    assert mail.extra_headers["X-Request-ID"] == "phone-1"


def test_work_that_nobody_asked_for_has_none(run_tasks: Callable[[], int]) -> None:
    clear_contextvars()  # what another test's request has left to this thread

    clear_expired_sessions.enqueue()

    assert "request_id" not in DBTaskResult.objects.get().args_kwargs
    run_tasks()
    assert get_contextvars().get("request_id", "") == ""
