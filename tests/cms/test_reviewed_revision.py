"""An approval publishes exactly what was reviewed, or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connections
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from fammo.accounts.models import User
from fammo.cms.errors import OwnWork, StaleReview
from fammo.cms.models import ReviewedTaskState, digest_revision
from fammo.cms.workflow import submit_for_approval
from legal.models import LegalPage
from legal.querysets import today
from tests.factories.legal import legal_draft, legal_person, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return legal_person("author", groups=("Legal editors",), is_staff=True)


@pytest.fixture
def reviewer() -> User:
    return legal_person("reviewer", groups=("Legal editors",), is_staff=True)


@pytest.fixture
def page(author: User) -> LegalPage:
    return legal_draft(actor=author)


def decide(review: TaskState, user: User, action: str = "approve") -> None:
    review.task.specific.on_action(review, user, action, comment="Looks right.")


def edit(page: LegalPage, title: str, user: User, **kwargs: Any) -> None:
    page.title = title
    page.save_revision(user=user, **kwargs)


def test_review_notes_what_it_is_about(page: LegalPage, author: User) -> None:
    review = submitted(page, user=author)

    assert isinstance(review, ReviewedTaskState)
    assert review.content_sha256 == digest_revision(page.get_latest_revision())
    assert review.is_current()


def test_approval_publishes_the_reviewed_revision(page: LegalPage, author: User, reviewer: User) -> None:
    review = submitted(page, user=author)

    decide(review, reviewer)

    page.refresh_from_db()
    assert page.live
    assert page.live_revision_id == review.revision_id


def test_newer_save_ends_the_review_that_was_open(page: LegalPage, author: User, reviewer: User) -> None:
    review = submitted(page, user=author)
    edit(page, "Something else", author)

    with pytest.raises(StaleReview):
        decide(review, reviewer)

    page.refresh_from_db()
    assert not page.live
    assert page.current_workflow_task_state.pk != review.pk
    decide(page.current_workflow_task_state, reviewer)
    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Something else")


def test_autosave_over_the_same_revision_ends_the_review_too(page: LegalPage, author: User, reviewer: User) -> None:
    review = submitted(page, user=author)
    edit(page, "Something else", author, overwrite_revision=page.get_latest_revision())
    assert page.get_latest_revision().pk == review.revision_id

    with pytest.raises(StaleReview):
        decide(review, reviewer)

    page.refresh_from_db()
    assert not page.live


def test_content_changed_behind_the_review_is_refused(page: LegalPage, author: User, reviewer: User) -> None:
    review = submitted(page, user=author)
    revision = page.get_latest_revision()
    revision.content["title"] = "Slipped in"
    revision.save()

    with pytest.raises(StaleReview):
        decide(review, reviewer)


def test_save_without_a_change_leaves_the_review_open(page: LegalPage, author: User) -> None:
    review = submitted(page, user=author)

    page.save_revision(user=author, overwrite_revision=page.get_latest_revision())

    assert page.current_workflow_task_state.pk == review.pk


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_approves_their_own_submission(page: LegalPage, author: User, superuser: bool) -> None:
    author.is_superuser = superuser
    author.save()
    review = submitted(page, user=author)

    with pytest.raises(OwnWork):
        decide(review, author)

    assert "approve" not in {name for name, *_ in review.task.specific.get_actions(page, author)}
    page.refresh_from_db()
    assert not page.live


def test_rejected_submission_can_be_resubmitted(page: LegalPage, author: User, reviewer: User) -> None:
    review = submitted(page, user=author)
    decide(review, reviewer, "reject")
    assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES

    edit(page, "Corrected", author)
    again = submit_for_approval(page, user=author)

    assert again.status == WorkflowState.STATUS_IN_PROGRESS
    assert again.pk == review.workflow_state_id
    decide(page.current_workflow_task_state, reviewer)
    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Corrected")


def test_admin_says_why_a_stale_decision_is_refused(page: LegalPage, author: User, reviewer: User, client: Any) -> None:
    review = submitted(page, user=author)
    edit(page, "Something else", author)
    client.force_login(reviewer)

    answer = client.post(reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", review.pk)), {"comment": ""}, follow=True)

    assert "changed since you opened it" in answer.content.decode()
    page.refresh_from_db()
    assert not page.live


@pytest.mark.postgres
@pytest.mark.usefixtures("real_transactions")
def test_approval_and_save_at_the_same_moment() -> None:
    author = legal_person("author", groups=("Legal editors",), is_staff=True)
    reviewer = legal_person("reviewer", groups=("Legal editors",), is_staff=True)
    page_id = legal_draft(actor=author).pk
    outcomes = []

    for number in range(12):
        page = LegalPage.objects.get(pk=page_id)
        page.version, page.effective_on = f"2.{number}", today()  # once one is live, the next may not be dated back
        edit(page, f"Reviewed {number}", author)
        submit_for_approval(page, user=author)
        review = page.current_workflow_task_state

        approved = _at_once(lambda review=review: decide(review, reviewer), lambda n=number: _save_unseen(page_id, n, author))

        page = LegalPage.objects.get(pk=page_id)
        assert page.get_latest_revision().content["title"] == f"Unseen {number}"
        assert (page.title == f"Reviewed {number}" and page.live_revision_id == review.revision_id) is approved
        assert not page.title.startswith("Unseen")
        outcomes.append(approved)

    assert len(outcomes) == 12


def _save_unseen(page_id: int, number: int, user: User) -> None:
    edit(LegalPage.objects.get(pk=page_id).get_latest_revision_as_object(), f"Unseen {number}", user)


def _at_once(approve: Callable[[], None], save: Callable[[], None]) -> bool:
    """Both in the same moment, each on a connection of its own; true when the approval was not refused."""
    barrier = threading.Barrier(2)

    def run(what: Callable[[], None]) -> None:
        barrier.wait()
        try:
            what()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        approval, saving = people.submit(run, approve), people.submit(run, save)
    saving.result()
    try:
        approval.result()
    except StaleReview:
        return False
    return True


def test_reviewer_who_wrote_some_of_it_is_told_why_the_approval_is_refused(page: LegalPage, author: User, client: Client) -> None:
    review = submitted(page, user=author)
    client.force_login(author)

    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", review.pk])
    answer = client.post(url, {"comment": ""}, follow=True)

    assert str(OwnWork.message) in answer.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_somebody_who_reviews_nothing_is_told_no_more_than_that(page: LegalPage, author: User, client: Client) -> None:
    review = submitted(page, user=author)
    author.groups.set([])
    author.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(author)

    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", review.pk])
    answer = client.post(url, {"comment": ""}, follow=True)

    assert str(OwnWork.message) not in answer.content.decode()
    assert answer.redirect_chain
