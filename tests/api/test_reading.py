"""Serializers that only show: the same answers as DRF's own, from the same declarations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from rest_framework import serializers

from fammo.api.reading import ReadSerializer


@dataclass
class Owner:
    name: str
    age: int | None = None


@dataclass
class Animal:
    id: int = 7
    name: str = "Rufus"
    weight: Decimal | None = Decimal("4.5")
    seen_at: datetime | None = datetime(2026, 11, 21, 12, tzinfo=UTC)
    born_on: date | None = None
    is_grown: bool = True
    tags: list[str] = field(default_factory=lambda: ["old", "calm"])
    owner: Owner | None = field(default_factory=lambda: Owner("Anna", 40))
    former_owners: list[Owner] = field(default_factory=lambda: [Owner("Bo"), Owner("Ceren", 31)])


def declared(base: type[Any]) -> type[Any]:
    """The same declarations on DRF's serializer and on ours."""
    owner = type("OwnerSerializer", (base,), {"name": serializers.CharField(), "age": serializers.IntegerField(allow_null=True)})
    members = {
        "id": serializers.IntegerField(),
        "name": serializers.CharField(),
        "weight": serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True),
        "seen_at": serializers.DateTimeField(allow_null=True),
        "born_on": serializers.DateField(allow_null=True),
        "is_grown": serializers.BooleanField(),
        "tags": serializers.ListField(child=serializers.CharField()),
        "owner": owner(allow_null=True),
        "owner_name": serializers.CharField(source="owner.name", allow_null=True, default=None),
        "former_owners": owner(many=True),
        "shout": serializers.SerializerMethodField(),
        "get_shout": lambda self, animal: (animal["name"] if isinstance(animal, dict) else animal.name).upper(),
    }
    return type("AnimalSerializer", (base,), members)


STOCK, OURS = declared(serializers.Serializer), declared(ReadSerializer)
ANIMALS = [Animal(), Animal(weight=None, seen_at=None, born_on=date(2020, 2, 29), owner=None, former_owners=[], tags=[])]


@pytest.mark.parametrize("animal", ANIMALS)
def test_a_row_is_shown_as_drf_shows_it(animal: Animal) -> None:
    assert OURS.read(animal) == dict(STOCK(animal).data) == dict(OURS(animal).data)


def test_a_mapping_is_shown_as_drf_shows_it() -> None:
    animal = vars(Animal()) | {"owner": {"name": "Anna", "age": None}}

    assert OURS.read(animal) == dict(STOCK(animal).data)


def test_many_rows_are_shown_as_drf_shows_them() -> None:
    assert [OURS.read(animal) for animal in ANIMALS] == [dict(row) for row in STOCK(ANIMALS, many=True).data]


def test_what_may_be_left_out_is_absent_rather_than_null() -> None:
    class Short(ReadSerializer[Any]):
        left_out_when_none = frozenset({"age"})
        name = serializers.CharField()
        age = serializers.IntegerField(required=False)

    assert Short.read(Owner("Anna")) == {"name": "Anna"}
    assert Short.read(Owner("Anna", 40)) == {"name": "Anna", "age": 40}
