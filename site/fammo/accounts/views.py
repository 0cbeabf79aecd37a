"""Pages behind the links in mails: looking at one changes nothing, its button does (design D11). One asks for such a mail."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fammo.accounts import export_files, limits, links, selectors, services
from fammo.accounts.errors import AddressTaken, ExportNotFound, LinkExpired, LinkInvalid, LinkSuperseded, LinkUsed, TooManyAttempts
from fammo.accounts.forms import ForgottenPasswordForm, NewPasswordForm
from fammo.accounts.models import MailLink
from fammo.accounts.purposes import ACTIVATE, CANCEL_ERASURE, EMAIL_NEW, EMAIL_OLD, EXPORT, RESET_PASSWORD
from fammo.api.language import request_language
from fammo.common.errors import InvalidInput

APP_LOGIN = "fammo://login"

Page = Callable[[HttpRequest, MailLink], HttpResponseBase]


def link_page(purpose: str) -> Callable[[Page], Callable[..., HttpResponseBase]]:
    """A page for the holder of a link, in the link owner's language; anything wrong with the link is said on a page of its own.

    Of a token that is nobody's no owner is known: that page is in the visitor's language.
    """

    def decorate(page: Page) -> Callable[..., HttpResponseBase]:
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(page)
        def view(request: HttpRequest, uid: str, token: str) -> HttpResponseBase:
            response: HttpResponseBase
            try:
                link = links.find_link(token=token, purpose=purpose, uid=uid)
            except LinkInvalid as exc:
                with translation.override(request_language(request)):
                    response = _link_is_over(request, exc)
            else:
                with translation.override(link.user.profile.preferred_language):
                    response = _for_holder(page, request, link)
            # The address holds the secret: it stays out of other sites' logs and of search engines. (Not "no-referrer": browsers
            # would then send the form with "Origin: null", which the protection against forged forms refuses.)
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
            return response

        return view

    return decorate


def _for_holder(page: Page, request: HttpRequest, link: MailLink) -> HttpResponseBase:
    try:
        return page(request, links.check_link(token=link.token, purpose=link.purpose))
    except (LinkInvalid, LinkExpired, LinkUsed, LinkSuperseded) as exc:
        return _link_is_over(request, exc)


def _link_is_over(request: HttpRequest, exc: InvalidInput) -> HttpResponse:
    status = 404 if isinstance(exc, LinkInvalid) else 410
    return render(request, "accounts/link_is_over.html", {"sentence": exc.message, "app_url": APP_LOGIN}, status=status)


@link_page(ACTIVATE)
def activate(request: HttpRequest, link: MailLink) -> HttpResponse:
    """Asks for a click, then activates the account and leads to the app."""
    context: dict[str, Any] = {"email": link.user.email}
    if request.method == "POST":
        user = services.activate_user(token=link.token)
        context["app_url"] = f"{APP_LOGIN}?{urlencode({'activated': 'true', 'email': user.email})}"
        return render(request, "accounts/activated.html", context)
    return render(request, "accounts/activate.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Asks for the mail with a link to a new password, in the visitor's language; the answer does not tell whether there is an account."""
    language = request_language(request)
    with translation.override(language):
        form = ForgottenPasswordForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return render(request, "accounts/forgot_password.html", {"form": form}, status=400 if form.errors else 200)
        try:
            limits.count_page(request)
        except TooManyAttempts as exc:
            form.add_error(None, str(exc.message))
            response = render(request, "accounts/forgot_password.html", {"form": form}, status=429)
            response.headers["Retry-After"] = str(exc.retry_after_seconds)
            return response
        services.request_password_reset(email=form.cleaned_data["email"], language=language)
        return render(request, "accounts/password_mail_sent.html", {"email": form.cleaned_data["email"]})


@link_page(RESET_PASSWORD)
def reset_password(request: HttpRequest, link: MailLink) -> HttpResponse:
    """Asks for a new password and sets it."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.reset_password(token=link.token, new_password=form.cleaned_data["new_password"])
        except InvalidInput as exc:
            if not exc.fields:
                raise
            for field, sentences in exc.fields.items():
                form.add_error(field, [str(sentence) for sentence in sentences])
        else:
            context = {"app_url": APP_LOGIN, "works_here": user.has_perm("wagtailadmin.access_admin")}
            return render(request, "accounts/password_reset.html", context)
    return render(request, "accounts/reset_password.html", {"form": form, "email": link.user.email}, status=400 if form.errors else 200)


@link_page(EMAIL_OLD)
def change_email_old(request: HttpRequest, link: MailLink) -> HttpResponse:
    """Asks the present mailbox whether the account shall move."""
    return _change_email(request, link)


@link_page(EMAIL_NEW)
def change_email_new(request: HttpRequest, link: MailLink) -> HttpResponse:
    """Asks the new mailbox whether it is the person's."""
    return _change_email(request, link)


def _change_email(request: HttpRequest, link: MailLink) -> HttpResponse:
    change = services.open_change_of(link)
    if change is None:
        raise LinkSuperseded
    context: dict[str, Any] = {"old_email": change.old_email, "new_email": change.new_email, "app_url": APP_LOGIN}
    if request.method != "POST":
        return render(request, "accounts/change_email.html", context)
    try:
        change = services.confirm_email_change(token=link.token, purpose=link.purpose)
    except AddressTaken as exc:
        return render(request, "accounts/cannot_be_done.html", context | {"sentence": exc.message}, status=409)
    if change.is_confirmed:
        return render(request, "accounts/email_changed.html", context | {"email": change.new_email})
    other_email = change.new_email if link.purpose == EMAIL_OLD else change.old_email
    return render(request, "accounts/change_email_half.html", context | {"other_email": other_email})


@link_page(EXPORT)
def export(request: HttpRequest, link: MailLink) -> HttpResponseBase:
    """Hands the copy of one's data over, as often as the download fails, until it is removed."""
    found = selectors.export_of(link.user, uuid.UUID(link.subject))
    if found is None:
        raise LinkExpired
    if request.method == "POST":
        return export_files.as_download(found)
    return render(request, "accounts/export.html", {"expires_at": found.expires_at})


@link_page(CANCEL_ERASURE)
def keep_account(request: HttpRequest, link: MailLink) -> HttpResponse:
    """Calls the deletion of the account off."""
    erasure = selectors.waiting_erasure(link.user)
    if erasure is None:
        raise LinkUsed
    if request.method == "POST":
        services.cancel_erasure_by_link(token=link.token)
        return render(request, "accounts/account_kept.html", {"app_url": APP_LOGIN})
    return render(request, "accounts/keep_account.html", {"email": link.user.email, "due_at": erasure.due_at})


@never_cache
@require_safe
def export_file(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    """A copy of somebody's data, for whoever has an address that we signed a moment ago; 404 for any other address."""
    try:
        found = export_files.checked(export_id, request.GET.get("expires", ""), request.GET.get("signature", ""))
    except ExportNotFound as exc:
        raise Http404 from exc
    return export_files.as_download(found)
