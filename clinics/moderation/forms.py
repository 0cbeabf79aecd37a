"""What a moderator sends from the screen."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinics.models import DecisionForm, ModerationDecision
from clinics.services import Ruling

from .actions import DECISIONS, NEED_A_REASON, Action

Decisions = [(action.value, action.label) for action in DECISIONS]
ITEM = re.compile(r"[0-9]{1,18}:[0-9a-f]{64}")
FOR_MANY = (Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT)


class RulingForm(DecisionForm):
    """One decision; a reason only where the decision needs one."""

    action = forms.ChoiceField(choices=Decisions)
    seen = forms.CharField(max_length=64)

    field_order = ("reason_field", "reason_code", "comment")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("action") not in NEED_A_REASON:
            for name in ("reason_code", "reason_field", "comment"):
                self.fields[name].required = False

    def ruling(self, page_id: int) -> Ruling:
        said = self.cleaned_data
        return Ruling(page_id=page_id, action=said["action"], seen=said["seen"], reason=self.reason())


class BulkForm(DecisionForm):
    """One decision about many pages: each ``item`` is a page and the digest of what was on the list, ``12:ab…``."""

    action = forms.ChoiceField(label=_("Decision"), choices=[(action.value, action.label) for action in FOR_MANY])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("reason_code", "reason_field", "comment"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("action") in NEED_A_REASON:
            for name in ("reason_code", "reason_field", "comment"):
                if not said.get(name):
                    self.add_error(name, ValidationError(_("Say why, in words that the owner can act on."), code="required"))
        return said

    def rulings(self, items: list[str]) -> list[Ruling]:
        """What was chosen; what cannot be an item of the list is left out."""
        pairs = (item.partition(":") for item in items if ITEM.fullmatch(item))
        action = self.cleaned_data["action"]
        return [Ruling(page_id=int(page), action=action, seen=seen, reason=self.reason()) for page, _colon, seen in pairs]


class PinForm(forms.Form):
    """Where a moderator puts the clinic."""

    latitude = forms.DecimalField(
        label=_("Latitude"), min_value=Decimal(-90), max_value=Decimal(90), max_digits=9, decimal_places=6, localize=False
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), min_value=Decimal(-180), max_value=Decimal(180), max_digits=9, decimal_places=6, localize=False
    )


def empty_reason(action: Action) -> RulingForm:
    """The form of a dialog; its fields have ids of their own, because a page has several."""
    form = RulingForm(auto_id=f"{action.value}_%s")
    form.fields["comment"].widget.attrs["rows"] = 5
    if action == Action.SUSPEND:
        form.initial["reason_field"] = ModerationDecision.Subject.CLINIC
    return form
