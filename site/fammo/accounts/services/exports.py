"""A copy of one's own data."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fammo.accounts.audit import Verb, record
from fammo.accounts.exporting import build_export
from fammo.accounts.models import DataExport, User

AS_GOOD_AS_NEW = timedelta(hours=1)


@transaction.atomic
def request_export(*, user: User, actor: User | None) -> DataExport:
    """Have a copy made in the background. Asking while one is being made, or within an hour of it, gives that one."""
    user = User.objects.select_for_update().get(pk=user.pk)  # two requests take turns, so that the second finds the first
    recent = Q(state=DataExport.State.QUEUED) | Q(ready_at__gt=timezone.now() - AS_GOOD_AS_NEW)
    export: DataExport | None = DataExport.objects.visible_to(user).filter(recent).first()
    if export is None:
        export = DataExport.objects.create(user=user)
        record(Verb.EXPORT_REQUESTED, user=user, actor=actor)
        build_export.enqueue(str(export.pk))
    return export
