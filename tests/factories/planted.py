"""A person of whom we know something in every column, each of them with a mark that can be looked for."""

from __future__ import annotations

import contextlib
import datetime
import pickle
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from wagtail.users.models import UserProfile

from clinics import services as clinics
from clinics.models import Clinic
from fammo.accounts.models import EmailChange, User
from fammo.api.models import IdempotentRequest, RateWindow
from fammo.common.privacy import Erase, Person, personal_columns
from fammo.privacy.rows import personal_models, rows_about
from legal.services import Origin, record_decision
from pets.models import FoodType
from tests.factories import accounts, pets
from tests.factories import clinics as clinic_factory
from tests.factories.legal import legal_version

ADDRESS = "planted.anna@fammo.example"
OLD_ADDRESS = "planted.before@fammo.example"


@dataclass
class Planted:
    """The person, and the mark in each column: (model's label, column) -> text that stands nowhere else."""

    user: User
    marks: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        return Person(id=self.user.pk, addresses=frozenset({ADDRESS, OLD_ADDRESS}))


def planted_person() -> Planted:
    """Anna: two pets with photos, consents, an approved clinic with a logo, logins, links, mails, and whatever later models hold."""
    version = legal_version()
    anna = accounts.person(ADDRESS)
    change = EmailChange(user=anna, old_email=OLD_ADDRESS, new_email=ADDRESS, expires_at=timezone.now(), ended_at=timezone.now())
    change.save()
    accounts.login(anna)
    for name in ("Halla", "Routa"):
        pets.pet(anna, name=name, weight=Decimal("12.5"), photo=pets.picture(), food_types=list(FoodType.objects.all()[:2]))
    for accepted in (True, False):
        record_decision(user=anna, version_id=version.pk, accepted=accepted, language="en", origin=Origin(ip_address="192.0.2.77"))
    _own_clinic(anna)
    UserProfile.objects.create(user=anna, avatar=ContentFile(b"planted", name="avatar.png"))
    RateWindow.objects.create(key=f"LIMITER/user/user:{anna.pk}/600/1/minute", hits=1, expires_at=0)
    make_row(IdempotentRequest, anna, principal=f"user:{anna.pk}")
    planted = Planted(anna)
    for model in personal_models():
        if not rows_about(model, planted.person).exists():
            make_row(model, anna)
        _mark(model, planted)
    return planted


def _own_clinic(owner: User) -> None:
    clinic = clinics.mark_email_confirmed(clinic=clinic_factory.unconfirmed(owner))
    clinics.set_logo(clinic=clinic, upload=pets.picture("PNG"), actor=owner)
    clinic_factory.approve(Clinic.objects.get(pk=clinic.pk))


_numbers = count(1)


def make_row(model: type[models.Model], owner: User, **known: Any) -> models.Model:
    """A row of any model about this person, every column filled with something of its type."""
    filling = {column.name: value for column in model._meta.concrete_fields if (value := _filling(column, owner)) is not None}
    row = model(**filling | known)
    models.Model.save(row, force_insert=True)
    return row


def _filling(column: Any, owner: User) -> Any:
    if column.null and column.related_model is not get_user_model():
        return None
    if column.is_relation:
        return _related(column, owner)
    if column.primary_key and column.has_default() is False and isinstance(column, models.AutoField):
        return None
    if column.has_default() and not isinstance(column, models.JSONField | models.CharField):
        return column.get_default()
    if column.choices:
        return column.get_default() or column.flatchoices[0][0]
    number = next(_numbers)
    by_type: tuple[tuple[Any, Any], ...] = (
        (models.AutoField, None),
        (models.EmailField, ADDRESS),
        (models.FileField, ""),
        (models.URLField, f"https://fammo.example/{number}"),
        (models.GenericIPAddressField, "192.0.2.77"),
        (models.JSONField, column.get_default() if column.has_default() else {}),
        (models.UUIDField, uuid.uuid4()),
        (models.BooleanField, False),
        (models.DateTimeField, timezone.now() + datetime.timedelta(minutes=number)),
        (models.DateField, timezone.localdate().replace(day=1)),
        (models.DurationField, datetime.timedelta(0)),
        (models.DecimalField, Decimal(1)),
        (models.FloatField, 1.0),
        (models.IntegerField, 1),
        (models.BinaryField, b"1"),
        ((models.CharField, models.TextField), f"row{number}"),
    )
    return next(value for kind, value in by_type if isinstance(column, kind))


def _related(column: Any, owner: User) -> Any:
    target = column.related_model
    if target is get_user_model():
        return owner
    if personal_columns(target):
        person = Person(id=owner.pk, addresses=frozenset({owner.email}))
        return rows_about(target, person).first() or make_row(target, owner)
    found = target._base_manager.first()
    return found if found is not None or column.null else make_row(target, owner)


def _mark(model: type[models.Model], planted: Planted) -> None:
    """Write a mark into every column that takes one. Registers that nobody may change, and columns with rules, keep what they have."""
    for name, column in personal_columns(model).items():
        target = model._meta.get_field(name)
        keys = list(rows_about(model, planted.person).values_list("pk", flat=True))
        if isinstance(target, models.FileField):
            _store(model, name, keys[0])
            continue
        if column.erase is Erase.KEEP or (model, name) in {(User, "email"), (EmailChange, "old_email")}:
            continue
        mark = f"planted{next(_numbers):05d}"
        value = _marked(target, mark)
        if value is None:
            continue
        with contextlib.suppress(IntegrityError), transaction.atomic():
            models.QuerySet(model).filter(pk=keys[0]).update(**{name: value})
            if not rows_about(model, planted.person).filter(pk=keys[0]).exists():
                raise IntegrityError("by this column the row is known as the person's")
            planted.marks[model._meta.label, name] = mark


def _store(model: type[models.Model], name: str, key: Any) -> None:
    """Every file column gets a real file, so that the media folder can be searched for what is left."""
    row = model._base_manager.get(pk=key)
    stored = str(getattr(row, name) or f"private/planted/{next(_numbers)}.bin")
    if not default_storage.exists(stored):
        default_storage.save(stored, ContentFile(b"planted"))
    models.QuerySet(model).filter(pk=key).update(**{name: stored})


def _marked(target: Any, mark: str) -> Any:
    if target.is_relation or target.primary_key or getattr(target, "choices", None):
        return None
    if isinstance(target, models.EmailField):
        return f"{mark}@fammo.example"
    if isinstance(target, models.JSONField):
        return {"mark": mark}
    if isinstance(target, models.BinaryField):
        return mark.encode()
    if isinstance(target, models.GenericIPAddressField) or type(target).__name__ in {"PhoneNumberField", "SpecializationsField"}:
        return None
    if isinstance(target, (models.CharField, models.TextField)):
        return mark if target.max_length is None or target.max_length >= len(mark) else None
    return None


def dump_database() -> Iterator[tuple[str, str]]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - table names from the database itself
            for row in cursor.fetchall():
                yield table, " ".join(_text(value) for value in row)


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def dump_cache() -> bytes:
    """Every key and value of the cache, wherever it is."""
    held: Any = getattr(cache, "_cache", {})
    if isinstance(held, dict):
        return pickle.dumps(list(held.items()))
    redis = held.get_client()
    return b" ".join(key + b" " + (redis.get(key) or b"") for key in redis.scan_iter(_type="string"))
