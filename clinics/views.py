"""The page behind the confirmation mail: looking at it changes nothing, its button does (design D11)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from fammo.accounts import links
from fammo.accounts.errors import LinkInvalid
from fammo.common.errors import InvalidInput

from . import services
from .errors import BrokenConfirmationLink
from .models import Clinic
from .purposes import CONFIRM_CLINIC


@method_decorator(never_cache, name="dispatch")
class ConfirmEmailPage(View):
    """Asks for a click, then confirms the clinic's address; in the language of the clinic's owner."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except InvalidInput as exc:
            status = 404 if isinstance(exc, LinkInvalid | BrokenConfirmationLink) else 410
            response = render(request, "clinics/link_is_over.html", {"sentence": exc.message}, status=status)
        # The address holds the secret: it stays out of other sites' logs and of search engines. Not "no-referrer": with
        # that, browsers send the button's POST with "Origin: null", which the CSRF check must refuse.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request: HttpRequest, clinic_id: int, token: str) -> HttpResponse:
        link = links.check_link(token=token, purpose=CONFIRM_CLINIC)
        clinic = Clinic.objects.select_related("page").filter(pk=clinic_id).first()
        if clinic is None or link.subject != str(clinic.pk):
            raise BrokenConfirmationLink
        with translation.override(link.user.profile.preferred_language):
            return render(request, "clinics/confirm_email.html", {"name": clinic.page.title, "email": clinic.confirmation_email})

    def post(self, request: HttpRequest, clinic_id: int, token: str) -> HttpResponse:
        clinic = services.confirm_clinic_email(token=token, clinic_id=clinic_id)
        owner = clinic.owner
        language = owner.profile.preferred_language if owner else translation.get_language()
        with translation.override(language):
            return render(request, "clinics/email_confirmed.html", {"name": clinic.page.title})
