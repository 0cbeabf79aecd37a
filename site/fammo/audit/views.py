"""The audit log among Wagtail's reports."""

from __future__ import annotations

import json
from typing import Any

import django_filters
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from .filters import EntryFilters
from .models import Entry


class ReportFilters(EntryFilters, WagtailFilterSet):
    """As over HTTP; the time is a range of days here, and a person is found by e-mail address."""

    recorded_after = None
    recorded_before = None
    actor = django_filters.CharFilter(label=_("By (e-mail address)"), field_name="actor__email", lookup_expr="iexact")
    recorded_at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)


def in_words(entry: Entry) -> str:
    """What changed, as one line for a person."""
    names = dict.fromkeys([*entry.before, *entry.after])
    return ", ".join(f"{name}: {entry.before.get(name, '–')} → {entry.after.get(name, '–')}" for name in names)


def who(entry: Entry) -> Any:
    """The person, while the account exists; then its number."""
    return entry.actor or (f"#{entry.actor_id}" if entry.actor_id else "–")


class AuditReport(ReportView):
    """Who did what to which thing. People show as long as their accounts exist."""

    page_title = _("Audit log")
    header_icon = "history"
    model = Entry
    permission_policy = ModelPermissionPolicy(Entry)
    permission_required = "view"
    filterset_class = ReportFilters
    default_ordering = "-recorded_at"
    index_url_name = "audit_report"
    index_results_url_name = "audit_report_results"
    columns = (
        DateColumn("recorded_at", label=_("Time"), sort_key="recorded_at"),
        Column("verb_label", label=_("Act")),
        Column("outcome", label=_("Outcome"), accessor="get_outcome_display"),
        Column("actor", label=_("By"), accessor=who),
        Column("object_id", label=_("Object"), accessor=lambda entry: f"{entry.object_type} {entry.object_id}".strip()),
        Column("change", label=_("Change"), accessor=in_words),
        Column("detail", label=_("Detail")),
        Column("request_id", label=_("Request")),
    )
    list_export = ("recorded_at", "verb", "outcome", "actor_id", "object_type", "object_id", "before", "after", "detail", "request_id")
    custom_field_preprocess = {
        name: dict.fromkeys(("csv", "xlsx"), lambda values: json.dumps(values, cls=DjangoJSONEncoder)) for name in ("before", "after")
    }

    def get_base_queryset(self) -> QuerySet[Entry]:
        return Entry.objects.select_related("actor")
