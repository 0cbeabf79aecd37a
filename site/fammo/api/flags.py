"""Feature flags: switches that operators turn for a part of the people, without a release.

An app declares its switch in its ``flags.py`` (``MODEL = declare("ai_model", …)``) and asks ``is_on(MODEL, user)``. The rows are
django-waffle's; they are read from the database each time, because waffle's cache is one per process and would tell each of
them something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db import connections, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from waffle.models import Flag

from fammo.audit.services import record
from fammo.common.errors import InvalidInput, NotFound
from fammo.common.privacy import NOT_PERSONAL

from .audit import Verb

if TYPE_CHECKING:
    from fammo.accounts.models import User


class FlagNotFound(NotFound):
    """No code asks for such a flag."""

    code = "flag_not_found"
    message = _("There is no such feature flag.")


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A switch that code asks for: its name, what it does, and how it stands until somebody turns it."""

    name: str
    purpose: str | Promise
    is_on_at_first: bool


# For the audit log, on behalf of waffle's model; people stand there by number, which leads to nobody once they are erased.
Flag.personal = dict.fromkeys(("everyone", "percent", "groups", "users"), NOT_PERSONAL)

_declared: dict[str, Feature] = {}


def declare(name: str, *, purpose: str | Promise, is_on_at_first: bool) -> Feature:
    """Makes a switch known; its row is made after the next migrate."""
    return _declared.setdefault(name, Feature(name=name, purpose=purpose, is_on_at_first=is_on_at_first))


def declared() -> list[Feature]:
    """Every switch, by name."""
    return [_declared[name] for name in sorted(_declared)]


def is_on(feature: Feature, user: User | None = None) -> bool:
    """Whether the feature is on for this person (for nobody in particular: only if it is on for everybody)."""
    flag = Flag.objects.filter(name=feature.name).first()
    if flag is None:
        return feature.is_on_at_first
    if flag.everyone is not None or user is None:
        return bool(flag.everyone)
    if (flag.superusers and user.is_superuser) or (flag.staff and user.is_staff) or flag.authenticated:
        return True
    if flag.percent is not None and _share_of(feature.name, user) < flag.percent:
        return True
    return bool(flag.users.filter(pk=user.pk).exists() or flag.groups.filter(user=user.pk).exists())


@transaction.atomic
def turn(*, name: str, changes: Mapping[str, Any], actor: User, refuse_if_changed: Callable[[Flag], None]) -> Flag:
    """Turn a switch: ``everyone`` (true, false, or null for "by the rules below"), ``percent``, ``groups`` (names), ``users`` (numbers).

    ``refuse_if_changed`` sees the locked row first. Raises ``FlagNotFound`` and ``InvalidInput``.
    """
    flag = Flag.objects.select_for_update().filter(name=name).first() if name in _declared else None
    if flag is None:
        raise FlagNotFound
    refuse_if_changed(flag)
    before = _as_it_stands(flag)
    for column in ("everyone", "percent"):
        if column in changes:
            setattr(flag, column, changes[column])
    flag.save()
    if "groups" in changes:
        flag.groups.set(_all_of(Group.objects.filter(name__in=changes["groups"]), changes["groups"], "groups"))
    if "users" in changes:
        people = flag.users.model._default_manager.filter(pk__in=changes["users"])
        flag.users.set(_all_of(people, changes["users"], "users"))
    record(
        Verb.FLAG_CHANGED,
        actor=actor,
        target=flag,
        before=before,
        after=_as_it_stands(flag),
        detail=f"{name}: {', '.join(sorted(changes))}; {in_words(flag)}",
    )
    return flag


def _as_it_stands(flag: Flag) -> dict[str, Any]:
    """For whom a switch is on, as the audit log keeps it: people by number."""
    return {
        "everyone": flag.everyone,
        "percent": None if flag.percent is None else str(flag.percent),
        "groups": sorted(flag.groups.values_list("name", flat=True)),
        "users": sorted(flag.users.values_list("pk", flat=True)),
    }


def in_words(flag: Flag) -> str:
    """How a switch stands, without names of people."""
    if flag.everyone is not None:
        return "on" if flag.everyone else "off"
    return f"{flag.percent or 0} %, {flag.groups.count()} groups, {flag.users.count()} people"


def make_missing_rows(using: str = "default", **kwargs: Any) -> None:
    """Receiver of post_migrate: a row for every declared switch."""
    if Flag._meta.db_table not in connections[using].introspection.table_names():
        return
    for feature in declared():
        defaults = {"everyone": feature.is_on_at_first, "superusers": False, "note": str(feature.purpose)}
        Flag.objects.using(using).get_or_create(name=feature.name, defaults=defaults)


def _share_of(name: str, user: User) -> float:
    """Where a person stands among all, from 0 to 100: the same at every request, another for every flag."""
    digest = hashlib.sha256(f"{name}:{user.pk}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 * 100


def _all_of(rows: Any, wanted: list[Any], field: str) -> list[Any]:
    found = list(rows)
    if len(found) != len(set(wanted)):
        raise InvalidInput(fields={field: [_("One of these does not exist.")]})
    return found
