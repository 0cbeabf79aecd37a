"""What the legal app does when Wagtail or accounts say that something happened."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail.models import Revision, TaskState
from wagtail.signals import page_published, task_submitted

from fammo.accounts.models import Profile, User
from fammo.accounts.signals import address_confirmed, location_consent_changed

from . import services, tasks
from .models import LegalApprovalTask, LegalPage


def freeze_published_page(sender: type[LegalPage], instance: LegalPage, revision: Revision, **kwargs: Any) -> None:
    """Every door that publishes ends here: approval, a script's ``revision.publish()``, the scheduler."""
    if instance.live_revision_id == revision.pk:  # and not merely scheduled
        services.publish_legal_version(revision=revision, actor=getattr(revision, "published_by", None))
        tasks.seal_ledger.enqueue()


def show_draft_to_translators(sender: type[TaskState], instance: TaskState, **kwargs: Any) -> None:
    """Translators work on what was submitted, not on what is live."""
    if isinstance(instance.task.specific, LegalApprovalTask):
        services.offer_for_translation(revision=instance.revision)


def join_device_of_sign_up(sender: type[User], user: User, device_id: uuid.UUID | None, **kwargs: Any) -> None:
    """What was decided before there was an account belongs to it, now that nobody else can have signed up with the address."""
    if device_id is not None:
        services.join_device(user=user, device_id=device_id)


def record_location_choice(sender: type[Profile], profile: Profile, **kwargs: Any) -> None:
    """Allowing or forbidding the location in the profile is a consent like any other."""
    services.record_location_choice(user=profile.user, accepted=profile.location_consent)


def connect() -> None:
    address_confirmed.connect(join_device_of_sign_up, dispatch_uid="legal.join_device")
    location_consent_changed.connect(record_location_choice, dispatch_uid="legal.location_choice")
    page_published.connect(freeze_published_page, sender=LegalPage, dispatch_uid="legal.freeze")
    task_submitted.connect(show_draft_to_translators, dispatch_uid="legal.offer_for_translation")
