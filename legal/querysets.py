"""The vocabulary for many legal texts, versions and consents."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from .errors import ImmutableRecord

if TYPE_CHECKING:
    from fammo.accounts.models import User

    from .models import LegalText


def today() -> datetime.date:
    """The date by which versions take effect: the day in UTC."""
    return timezone.now().astimezone(datetime.UTC).date()


def people_to_ask_again(document_type: str) -> int:
    """How many people and clinics have accepted this document: a material change asks all of them again."""
    consents = apps.get_model("legal", "UserConsent").objects.on_documents()
    return int(consents.filter(document_type=document_type, state="accepted").count())


class WriteOnceQuerySet(models.QuerySet[Any]):
    """Rows that are inserted and never touched again; the database's own triggers say the same to everybody else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise ImmutableRecord

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRecord

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRecord

    def delete(self) -> NoReturn:
        raise ImmutableRecord

    def bulk_create(self, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[Any]:
        if update_conflicts:
            raise ImmutableRecord
        return super().bulk_create(*args, **kwargs)

    for _refusal in (update, bulk_update, update_or_create, delete):
        _refusal.queryset_only = False  # type: ignore[attr-defined]
        _refusal.alters_data = True  # type: ignore[attr-defined]
    del _refusal


class LegalVersionQuerySet(WriteOnceQuerySet):
    def in_force(self, on: datetime.date | None = None) -> Self:
        """The newest version of each type that has taken effect by ``on`` (today)."""
        newest = (
            self.model.objects.filter(document_type=OuterRef("document_type"), effective_on__lte=on or today())
            .order_by("-effective_on", "-pk")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest))

    def newest_first(self) -> Self:
        return self.order_by("document_type", "-effective_on", "-pk")


class LegalTextQuerySet(WriteOnceQuerySet):
    def in_force(self, *, document_type: str, language: str) -> LegalText | None:
        """The text that binds today, in this language; None before the first publication and where it was not translated."""
        versions = LegalVersionQuerySet(self.model._meta.get_field("version").related_model, using=self.db)
        version = versions.in_force().filter(document_type=document_type)
        return self.filter(version__in=version, language=language).select_related("version").first()


class ConsentEventQuerySet(WriteOnceQuerySet):
    def in_order(self) -> Self:
        return self.order_by("sequence")

    def visible_to(self, user: User) -> Self:
        """What this person decided, for themselves or for a clinic."""
        return self.filter(Q(origin__subject__user=user) | Q(origin__acted_by=user))

    def decisions(self) -> Self:
        """Events that change what a person agreed to; reading does not."""
        return self.exclude(action=self.model.Action.VIEWED)


class UserConsentQuerySet(models.QuerySet[Any]):
    def of(self, user: User) -> Self:
        return self.filter(subject__user=user)

    def on_documents(self) -> Self:
        """Decisions on a document as a whole, not on one of its purposes."""
        return self.filter(purpose="")

    def behind_the_ledger(self) -> Self:
        """States that are not what the last decision in the ledger says: there should never be any."""
        events = ConsentEventQuerySet(self.model._meta.get_field("event").related_model, using=self.db)
        later = events.decisions().filter(
            subject=OuterRef("subject__subject"),
            version__document_type=OuterRef("document_type"),
            purpose=OuterRef("purpose"),
            sequence__gt=OuterRef("event_id"),
        )
        return self.filter(~Q(state=models.F("event__action")) | ~Q(version=models.F("event__version")) | Exists(later))
