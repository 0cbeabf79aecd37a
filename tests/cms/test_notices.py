"""Reviewers hear of a submission once; a submitter who works in the admin hears of its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from wagtail.models import WorkflowState
from wagtail.signals import workflow_approved, workflow_rejected

from fammo.cms import notices
from fammo.cms.workflow import submit_for_approval
from tests.factories.legal import legal_draft, legal_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> str:
    return legal_person("reviewer", groups=("Legal editors",), is_staff=True).email


def test_reviewers_hear_once_however_often_the_author_saves(reviewer: str, delivered: Callable[[], list[EmailMessage]]) -> None:
    author = legal_person("author", groups=("Legal editors",), is_staff=True)
    page = legal_draft(actor=author)
    page.save_revision(user=author)
    submit_for_approval(page, user=author)

    for number in range(3):
        page.title = f"Terms, draft {number}"
        page.save_revision(user=author)

    assert [message.to for message in delivered()] == [[reviewer]]


def test_ours_are_the_only_receivers_for_the_end_of_a_review() -> None:
    for signal, expected in (
        (workflow_approved, notices.tell_submitter_of_approval),
        (workflow_rejected, notices.tell_submitter_of_rejection),
    ):
        receivers, _ = signal._live_receivers(WorkflowState)
        mailers = [receiver for receiver in receivers if "notice" in receiver.__module__ or "admin.mail" in type(receiver).__module__]
        assert mailers == [expected]
