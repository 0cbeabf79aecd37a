"""What this app does when Wagtail or its own workflow announces something; connected in ``apps.ready``."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished

from fammo.accounts.models import User
from fammo.accounts.selectors import OwnedClinic, register_owned_clinics
from fammo.cms.media import register_private_media

from . import logos, services, tasks
from .models import Clinic, ClinicApprovalTask, ClinicListing, ClinicPage
from .signals import review_decided


@receiver(page_published, sender=ClinicPage)
def on_page_published(sender: type, instance: ClinicPage, revision: Revision, **kwargs: Any) -> None:
    if not instance.live:
        return
    listing = services.publish_listing(page=instance, revision=revision)
    if listing is not None and listing.latitude is None:
        tasks.locate_clinic.enqueue(listing.pk)
    if listing is not None:
        services.delete_unneeded_logos(listing.clinic)


@receiver(page_unpublished, sender=ClinicPage)
def on_page_unpublished(sender: type, instance: ClinicPage, **kwargs: Any) -> None:
    services.withdraw_listing(page=instance)


@receiver(review_decided, sender=ClinicApprovalTask)
def on_review_decided(sender: type, signal: object, **facts: Any) -> None:
    services.record_review(**facts)


@register_owned_clinics
def owned_clinics(user: User) -> list[OwnedClinic]:
    """For ``/me/``."""
    rows = Clinic.objects.owned_by(user).order_by("created_at", "pk").values_list("pk", "page__draft_title")
    return [OwnedClinic(id=pk, name=name) for pk, name in rows]


@register_private_media
def is_private_logo(name: str) -> bool:
    """A logo is for everybody only while a listing shows this very file."""
    return logos.is_logo(name) and not ClinicListing.objects.filter(logo=name).exists()
