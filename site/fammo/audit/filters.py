"""How the audit log is searched, in the admin's report and over HTTP."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from . import verbs
from .models import Entry


class EntryFilters(django_filters.FilterSet):
    verb = django_filters.ChoiceFilter(label=_("Act"), choices=verbs.choices)
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=Entry.Outcome.choices)
    actor = django_filters.NumberFilter(label=_("By (number of the account)"), field_name="actor_id", min_value=1, max_value=2**53)
    object_type = django_filters.CharFilter(label=_("Kind of object"), max_length=100)
    object_id = django_filters.CharFilter(label=_("Object"), max_length=64)
    request_id = django_filters.CharFilter(label=_("Request"), max_length=64)
    recorded_after = django_filters.IsoDateTimeFilter(label=_("Not before"), field_name="recorded_at", lookup_expr="gte")
    recorded_before = django_filters.IsoDateTimeFilter(label=_("Before"), field_name="recorded_at", lookup_expr="lt")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()
