"""Published texts and consent events cannot be changed or removed by any door: instance, queryset, deletion, SQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from fammo.accounts.models import User
from legal import guards, services
from legal.errors import ImmutableRecord
from legal.models import ConsentEvent, LegalText, LegalVersion
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db
MODELS = [LegalVersion, LegalText, ConsentEvent]
TABLES = {"legal_legalversion": "version", "legal_legaltext": "title", "legal_consentevent": "language"}


@pytest.fixture(autouse=True)
def one_of_each(person: User) -> None:
    version = legal_version(actor=person)
    services.record_decision(user=person, version_id=version.pk, accepted=True, language="en", origin=services.Origin())


def everything() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "act",
    [
        lambda model: model.objects.get().save(),
        lambda model: model.objects.get().delete(),
        lambda model: model.objects.all().delete(),
        lambda model: model.objects.update(language="nl"),
        lambda model: model.objects.bulk_update([model.objects.get()], ["pk"]),
        lambda model: model.objects.update_or_create(pk=1, defaults={}),
        lambda model: model.objects.bulk_create([model.objects.get()], update_conflicts=True),
    ],
    ids=["save", "delete", "queryset delete", "update", "bulk_update", "update_or_create", "upsert"],
)
def test_orm_refuses(model: type[LegalText], act: Callable[[type[LegalText]], object]) -> None:
    before = everything()

    with pytest.raises(ImmutableRecord):
        act(model)

    assert everything() == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = 'x'", "DELETE FROM {table}"])
def test_sql_is_refused(table: str, statement: str) -> None:
    before = everything()

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table, column=TABLES[table]))

    assert everything() == before


@pytest.mark.parametrize("table", TABLES)
def test_the_databases_own_back_doors_are_refused(table: str) -> None:
    before = everything()
    connection.check_constraints()  # PostgreSQL truncates nothing while foreign keys wait to be checked
    back_door = {"sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", "postgresql": f"TRUNCATE {table} CASCADE"}  # noqa: S608

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(back_door[connection.vendor])

    assert everything() == before


def test_sql_may_forget_who_published_but_name_nobody_else(person: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE legal_legalversion SET published_by_id = NULL")
    assert LegalVersion.objects.get().published_by is None

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE legal_legalversion SET published_by_id = %s", [person.pk])


def test_guards_can_be_installed_again() -> None:
    guards.install(connection)

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM legal_legaltext")
