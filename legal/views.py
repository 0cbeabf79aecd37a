"""The public pages that check a receipt: pasted, or by the link that stands in it."""

from __future__ import annotations

import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView
from rest_framework.exceptions import ParseError

from fammo.api.parsers import JSONParser

from . import receipts
from .models import ConsentEvent

LONGEST_RECEIPT = 20_000


class CheckReceiptView(View):
    """A form for a receipt, and what its checks say. Nothing is kept."""

    template_name = "legal/receipts/check.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template_name)

    def post(self, request: HttpRequest) -> HttpResponse:
        pasted = request.POST.get("receipt", "").strip()
        receipt = _read(pasted)
        if receipt is None:
            error = _("This is not a receipt. Please paste all of it, from the first brace to the last.")
            return render(request, self.template_name, {"pasted": pasted[:LONGEST_RECEIPT], "error": error}, status=400)
        checks = receipts.check(receipt)
        context = {"pasted": pasted, "checks": checks, "is_good": all(each.passed for each in checks)}
        return render(request, self.template_name, context)


class ReceiptView(TemplateView):
    """What the ledger says about one event, for whoever has its receipt: the decision, not the person."""

    template_name = "legal/receipts/event.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = ConsentEvent.objects.select_related("version").filter(hash=kwargs["receipt_id"]).first()
        if event is None:
            raise Http404
        text = event.version.texts.get(language=event.language)
        checks = receipts.check(receipts.receipt_for(event))
        return super().get_context_data(**kwargs) | {
            "event": event,
            "text": text,
            "checks": checks,
            "is_good": all(each.passed for each in checks),
        }


def _read(pasted: str) -> dict[str, Any] | None:
    """The receipt in this text; None for what is none."""
    if len(pasted) > LONGEST_RECEIPT:
        return None
    try:
        members = JSONParser().parse(io.BytesIO(pasted.encode()))
    except ParseError:
        return None
    return members if isinstance(members, dict) else None
