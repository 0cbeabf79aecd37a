from __future__ import annotations

import django_filters

from legal.models import ConsentEvent, DocumentType


class ConsentEventFilter(django_filters.FilterSet):
    """What the ledger can be narrowed to."""

    user = django_filters.NumberFilter(field_name="origin__subject__user")
    document = django_filters.NumberFilter(field_name="version")
    document_type = django_filters.ChoiceFilter(field_name="version__document_type", choices=DocumentType.choices)
    action = django_filters.ChoiceFilter(choices=ConsentEvent.Action.choices)

    class Meta:
        model = ConsentEvent
        fields = ("user", "document", "document_type", "action")
