"""What the database refuses, whoever writes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fammo.common.privacy import undeclared_columns
from pets.models import Pet, WeightRecord
from tests.factories import pets as make


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"name": ""},
        {"weight": 0},
        {"weight": -3},
        {"weight": 2000},
        {"age_years": 151, "age_as_of": date(2026, 1, 1)},
        {"age_years": 3},
        {"age_as_of": date(2026, 1, 1)},
        {"birth_date": date(2020, 1, 1), "age_years": 3, "age_as_of": date(2026, 1, 1)},
    ],
)
def test_an_impossible_pet_is_refused(columns: dict[str, Any]) -> None:
    pet = make.pet()

    with pytest.raises(IntegrityError), transaction.atomic():
        Pet.objects.filter(pk=pet.pk).update(**columns)


@pytest.mark.parametrize("model", [Pet, WeightRecord])
def test_every_column_says_whether_it_is_personal(model: Any) -> None:
    assert undeclared_columns(model) == []
