"""From a stranger's form to a clinic that waits for its approval."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from clinics.errors import BrokenConfirmationLink
from clinics.models import Clinic, ClinicIndexPage, ClinicPage, random_clinic_id
from clinics.purposes import CONFIRM_CLINIC
from fammo.accounts import limits, links
from fammo.accounts import services as accounts
from fammo.accounts.models import User
from fammo.common import languages
from fammo.common.errors import InvalidInput
from fammo.mail.services import send_mail

from .drafts import ClinicChanges, apply_changes, free_slug
from .moderation import submit_clinic

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ClinicRegistration:
    """What a registration may be told. ``clinic`` is None when the address was known already, and only our own code may look at it."""

    user_id: int
    clinic_id: int
    email: str
    clinic: Clinic | None


class _RehearsalOver(Exception):
    """Undoes a rehearsed registration."""


@transaction.atomic
def register_clinic(*, email: str, password: str, changes: ClinicChanges, language: str, clinic_eoi: bool = False) -> ClinicRegistration:
    """User, clinic and draft page in one transaction; one mail confirms both account and clinic.

    With a known address all of it is done and undone, so that answer and time tell nobody (design D10); the mailbox's owner
    is told by accounts. Raises InvalidInput for a weak password and ValidationError for a page that cannot be.
    """
    person = accounts.register_user(email=email, password=password, language=language, has_activation_mail=False)
    if person.user is None:
        _rehearse(person.email, changes, language, clinic_eoi)
        return ClinicRegistration(user_id=person.user_id, clinic_id=random_clinic_id(), email=person.email, clinic=None)
    clinic = create_clinic(owner=person.user, changes=changes, language=language, confirmation_email=person.email, clinic_eoi=clinic_eoi)
    _send_confirmation(clinic, language)
    return ClinicRegistration(user_id=person.user_id, clinic_id=clinic.pk, email=person.email, clinic=clinic)


def _rehearse(email: str, changes: ClinicChanges, language: str, clinic_eoi: bool) -> None:
    try:
        with transaction.atomic():
            clinic = create_clinic(owner=None, changes=changes, language=language, confirmation_email=email, clinic_eoi=clinic_eoi)
            _send_confirmation(clinic, language)
            raise _RehearsalOver
    except _RehearsalOver:
        pass


@transaction.atomic
def register_own_clinic(*, owner: User, changes: ClinicChanges, language: str, clinic_eoi: bool = False) -> Clinic:
    """A (further) clinic of somebody who is logged in. The link goes to the address that the public will see, if it has one."""
    address = changes.get("email") or owner.email
    clinic = create_clinic(owner=owner, changes=changes, language=language, confirmation_email=address, clinic_eoi=clinic_eoi)
    _send_confirmation(clinic, language)
    return clinic


@transaction.atomic
def create_clinic(
    *,
    owner: User | None,
    changes: ClinicChanges,
    language: str,
    confirmation_email: str,
    clinic_eoi: bool = False,
    external_id: str = "",
) -> Clinic:
    """A clinic with its draft page in the owner's language; sends nothing. Raises ValidationError and InvalidInput."""
    index = _directory(language)
    # The row lock makes two registrations of one name take turns, so that each finds a slug of its own.
    Page.objects.select_for_update().get(pk=index.pk)
    page = ClinicPage(live=False, has_unpublished_changes=True, owner=owner, locale=index.locale)
    apply_changes(page, changes)
    page.slug = changes.get("slug") or free_slug(page.title)
    index.add_child(instance=page)
    page.save_revision(user=owner, log_action=True)
    clinic = Clinic(
        owner=owner,
        page=page,
        confirmation_email=User.normalise_email(confirmation_email),
        clinic_eoi=clinic_eoi,
        external_id=external_id,
    )
    clinic.full_clean()
    clinic.save(force_insert=True)
    return clinic


@transaction.atomic
def confirm_clinic_email(*, token: str, clinic_id: int | None = None) -> Clinic:
    """Redeem the mail's link: the owner's account is active, the clinic goes before the moderators.

    Raises BrokenConfirmationLink when the link is another clinic's or its clinic is gone, and the errors of ``links.redeem_link``.
    """
    link = links.redeem_link(token=token, purpose=CONFIRM_CLINIC)
    clinic = Clinic.objects.filter(pk=int(link.subject)).first()
    if clinic is None or clinic_id not in {None, clinic.pk}:
        raise BrokenConfirmationLink
    owner = accounts.confirm_user(user=link.user)
    if not owner.is_active:
        raise BrokenConfirmationLink
    return mark_email_confirmed(clinic=clinic)


@transaction.atomic
def mark_email_confirmed(*, clinic: Clinic, at: datetime | None = None) -> Clinic:
    """The mailbox is proved: the clinic waits for approval. Confirming again changes nothing."""
    # The page before the clinic: the order in which every writer takes them.
    Page.objects.select_for_update().get(pk=clinic.page_id)
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("page").get(pk=clinic.pk)
    if clinic.email_confirmed:
        return clinic
    clinic.email_confirmed_at = at or timezone.now()
    clinic.move_to(Clinic.State.PENDING)
    clinic.save(update_fields=["email_confirmed_at", "state"])
    submit_clinic(clinic=clinic)
    return clinic


def resend_confirmation(*, email: str, language: str = languages.DEFAULT_CODE) -> None:
    """Another mail for what waits at this address. Whether anything does is found out at delivery, so nobody can time it here."""
    email = User.normalise_email(email)
    if limits.may_mail(email):
        send_mail(kind=CONFIRM_CLINIC, to=email, language=language, context={"email": email, "link_id": str(uuid.uuid4())})


def _send_confirmation(clinic: Clinic, language: str) -> None:
    context = {"clinic_id": clinic.pk, "email": clinic.confirmation_email, "link_id": str(uuid.uuid4())}
    send_mail(kind=CONFIRM_CLINIC, to=clinic.confirmation_email, language=language, context=context)


def _directory(language: str) -> ClinicIndexPage:
    """The directory of the language, else of English; raises InvalidInput when the site has none."""
    wanted = (language, languages.DEFAULT_CODE)
    pages = {page.locale.language_code: page for page in ClinicIndexPage.objects.select_related("locale").order_by("-pk")}
    index = next((pages[code] for code in wanted if code in pages), None)
    if index is None:
        raise InvalidInput(code="no_directory")
    return index
