"""What each mail of accounts says; called at delivery, where links are made (design D2, D11)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from fammo.accounts import links
from fammo.accounts.models import DataExport, EmailChange, Erasure, MailLink, Session, User
from fammo.accounts.purposes import (
    ACTIVATE,
    ACTIVATE_LIFETIME,
    CANCEL_ERASURE,
    EMAIL_CHANGE_LIFETIME,
    EMAIL_NEW,
    EMAIL_OLD,
    EXPORT,
    RESET_LIFETIME,
    RESET_PASSWORD,
)
from fammo.mail.kinds import MailIsPointless, mail_kind


@mail_kind("accounts.activate")
def activate(context: Mapping[str, Any]) -> dict[str, Any]:
    """To confirm a new account's address; pointless for an address that is unknown or confirmed."""
    user = User.objects.filter(email=context["email"]).first()
    if user is None or not user.awaits_confirmation:
        raise MailIsPointless("no account waits for its activation")
    # Whose password was cancelled (docs/decisions/0007) chooses one on the page that confirms the address as well.
    purpose, view = (ACTIVATE, "accounts:activate") if user.has_usable_password() else (RESET_PASSWORD, "accounts:reset-password")
    return {"url": _address(view, _link(context, user, purpose, ACTIVATE_LIFETIME)), "days": ACTIVATE_LIFETIME.days}


@mail_kind("accounts.already_registered")
def already_registered(context: Mapping[str, Any]) -> dict[str, Any]:
    """To the owner of a known address that somebody tried to sign up with."""
    _existing_user(context)
    return {}


@mail_kind("accounts.reset_password")
def reset_password(context: Mapping[str, Any]) -> dict[str, Any]:
    """To choose a new password; pointless for an unknown address or a deactivated account."""
    user = User.objects.filter(email=context["email"]).first()
    if user is None or not (user.is_active or user.awaits_confirmation):
        raise MailIsPointless("no account can have its password reset")
    link = _link(context, user, RESET_PASSWORD, RESET_LIFETIME)
    return {"url": _address("accounts:reset-password", link), "hours": RESET_LIFETIME // timedelta(hours=1)}


@mail_kind("accounts.password_changed")
def password_changed(context: Mapping[str, Any]) -> dict[str, Any]:
    """That the password is another one now."""
    _existing_user(context)
    return {}


@mail_kind("accounts.session_reused")
def session_reused(context: Mapping[str, Any]) -> dict[str, Any]:
    """That a login was ended because a copy of its token turned up."""
    session = Session.objects.filter(pk=context["session_id"]).first()
    if session is None:
        raise MailIsPointless("the login is forgotten")
    return {"device": session.device, "created_at": session.created_at}


@mail_kind("accounts.google_linked")
def google_linked(context: Mapping[str, Any]) -> dict[str, Any]:
    """That a Google account opens this account from now on."""
    _existing_user(context)
    return {}


@mail_kind("accounts.confirm_email_old")
def confirm_email_old(context: Mapping[str, Any]) -> dict[str, Any]:
    """To the present mailbox: whether the account shall move."""
    change = _open_change(context)
    link = _link(context, change.user, EMAIL_OLD, EMAIL_CHANGE_LIFETIME, subject=str(change.pk))
    return {"url": _address("accounts:change-email-old", link), "new_email": change.new_email, "days": EMAIL_CHANGE_LIFETIME.days}


@mail_kind("accounts.confirm_email_new")
def confirm_email_new(context: Mapping[str, Any]) -> dict[str, Any]:
    """To the new mailbox: whether it is the person's; pointless where somebody has an account with it."""
    change = _open_change(context)
    if User.objects.filter(email=change.new_email).exists():
        raise MailIsPointless("somebody has an account with this address")
    link = _link(context, change.user, EMAIL_NEW, EMAIL_CHANGE_LIFETIME, subject=str(change.pk))
    return {"url": _address("accounts:change-email-new", link), "days": EMAIL_CHANGE_LIFETIME.days}


@mail_kind("accounts.email_changed")
def email_changed(context: Mapping[str, Any]) -> dict[str, Any]:
    """To the old mailbox: that it no longer opens the account."""
    _existing_user(context)
    return {}


@mail_kind("accounts.export_ready")
def export_ready(context: Mapping[str, Any]) -> dict[str, Any]:
    """Where the copy of the person's data can be fetched, and until when."""
    export = DataExport.objects.select_related("user").filter(pk=context["export_id"], expires_at__gt=timezone.now()).first()
    if export is None or export.expires_at is None:
        raise MailIsPointless("the export is gone")
    link = _link(context, export.user, EXPORT, export.expires_at - timezone.now(), subject=str(export.pk))
    return {"url": _address("accounts:export", link), "expires_at": export.expires_at}


@mail_kind("accounts.erasure_requested")
def erasure_requested(context: Mapping[str, Any]) -> dict[str, Any]:
    """That the account will go, when, and how to keep it."""
    erasure = Erasure.objects.waiting().select_related("user").filter(pk=context["erasure_id"], user__isnull=False).first()
    if erasure is None or erasure.due_at <= timezone.now():
        raise MailIsPointless("the erasure is called off or done")
    link = _link(context, erasure.user, CANCEL_ERASURE, erasure.due_at - timezone.now(), subject=str(erasure.pk))
    return {"url": _address("accounts:keep-account", link), "due_at": erasure.due_at}


@mail_kind("accounts.erasure_cancelled")
def erasure_cancelled(context: Mapping[str, Any]) -> dict[str, Any]:
    """That the account stays."""
    _existing_user(context)
    return {}


@mail_kind("accounts.erased", is_forgotten=True)
def erased(context: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt, the last mail of all."""
    erasure = Erasure.objects.get(pk=context["erasure_id"])
    return {"number": erasure.pk, **erasure.receipt}


def _open_change(context: Mapping[str, Any]) -> EmailChange:
    change = EmailChange.objects.open().select_related("user").filter(pk=context["change_id"], expires_at__gt=timezone.now()).first()
    if change is None:
        raise MailIsPointless("the wish was replaced, called off or done")
    return change


def _existing_user(context: Mapping[str, Any]) -> User:
    user = User.objects.filter(pk=context["user_id"]).first()
    if user is None:
        raise MailIsPointless("the account is gone")
    return user


def _link(context: Mapping[str, Any], user: User, purpose: str, lifetime: timedelta, *, subject: str = "") -> MailLink:
    """The link that this mail carries: made at its first delivery or before, the same at every later one."""
    link_id = uuid.UUID(context["link_id"])
    link = MailLink.objects.select_related("user").filter(pk=link_id).first()
    if link is None:
        return links.issue_link(user=user, purpose=purpose, lifetime=lifetime, subject=subject, link_id=link_id)
    if link.used_at or link.superseded_at or link.expires_at <= timezone.now() or not links.vouches(link):
        raise MailIsPointless("the link is used, replaced or expired")
    return link


def _address(view: str, link: MailLink) -> str:
    path = reverse(view, kwargs={"uid": links.uid_of(link.user), "token": link.token})
    return f"{settings.ENVIRONMENT.public_url}{path}"
