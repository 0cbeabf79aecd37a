"""The reference lists, in four languages, and one row of each."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from pets.api.views import LISTS
from pets.models import Breed

PATHS = [path for path, _model, _answer in LISTS]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PATHS)
def test_no_list_is_empty_and_ids_do_not_depend_on_the_language(api: APIClient, path: str) -> None:
    lists = {code: api.get(f"/api/v1/{path}/", headers={"Accept-Language": code}).json() for code in ("en", "fi", "nl", "tr")}

    ids = {code: {row["id"] for row in rows} for code, rows in lists.items()}
    assert ids["en"]
    assert ids["en"] == ids["fi"] == ids["nl"] == ids["tr"]
    for code, rows in lists.items():
        for row in rows:
            assert row["name"] == row[f"name_{code}"]
            assert row["name"]
            assert row.get("description") is None or isinstance(row["description"], str)


@pytest.mark.parametrize("path", PATHS)
def test_one_row(api: APIClient, path: str) -> None:
    row = api.get(f"/api/v1/{path}/").json()[0]

    assert api.get(f"/api/v1/{path}/{row['id']}/").json() == row
    assert api.get(f"/api/v1/{path}/99999/").status_code == 404


def test_a_breed_as_documented(api: APIClient) -> None:
    row = api.get("/api/v1/breeds/15/", headers={"Accept-Language": "fi"}).json()

    assert row["name"] == row["name_fi"] == "Kultainennoutaja"
    assert (row["name_en"], row["pet_type"]) == ("Golden Retriever", {"id": 1, "name": "Koira"})


@pytest.mark.parametrize("path", ["breeds", "age-categories"])
@pytest.mark.parametrize("parameter", ["pet_type", "filter[pet_type]"])
def test_lists_of_one_species(api: APIClient, path: str, parameter: str) -> None:
    rows = api.get(f"/api/v1/{path}/", {parameter: 2}).json()

    assert {row["pet_type"]["id"] for row in rows} == {2}


def test_hundreds_of_breeds(api: APIClient) -> None:
    assert len(api.get("/api/v1/breeds/", {"pet_type": 1}).json()) >= 350
    assert len(api.get("/api/v1/breeds/", {"pet_type": 2}).json()) >= 70
    assert api.get("/api/v1/breeds/", {"pet_type": 999}).json() == []


@pytest.mark.parametrize("value", ["dog", "-1", "1.5", "9" * 30])
def test_a_species_that_is_no_id_is_refused(api: APIClient, value: str) -> None:
    assert api.get("/api/v1/breeds/", {"pet_type": value}).status_code == 400


def test_an_unknown_parameter_is_refused(api: APIClient) -> None:
    assert api.get("/api/v1/genders/", {"pet_type": 1}).status_code == 400


def test_a_turkish_list_is_sorted_as_turks_sort(api: APIClient) -> None:
    Breed.objects.filter(pk=2).update(name_tr="Çoban", order=100)
    Breed.objects.filter(pk=3).update(name_tr="Coker", order=100)
    Breed.objects.filter(pk=4).update(name_tr="Dalmaçyalı", order=100)

    names = [row["name"] for row in api.get("/api/v1/breeds/", {"pet_type": 1}, headers={"Accept-Language": "tr"}).json()]

    assert names.index("Coker") < names.index("Çoban") < names.index("Dalmaçyalı")


def test_a_retired_row_is_not_offered_but_still_read(api: APIClient) -> None:
    Breed.objects.filter(pk=15).update(is_retired=True)

    assert 15 not in {row["id"] for row in api.get("/api/v1/breeds/").json()}
    assert api.get("/api/v1/breeds/15/").status_code == 200


@pytest.mark.usefixtures("real_transactions")
def test_a_repeated_etag_is_answered_304_until_a_row_changes(api: APIClient) -> None:
    from pets.services import load_reference_data

    load_reference_data()
    first = api.get("/api/v1/genders/")
    assert api.get("/api/v1/genders/", headers={"If-None-Match": first["ETag"]}).status_code == 304

    Breed.objects.filter(pk=15).update(order=101)
    assert api.get("/api/v1/genders/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    breeds = api.get("/api/v1/breeds/")
    Breed.objects.filter(pk=15).update(order=100)

    # PostgreSQL says so on a line of its own, a moment after the commit.
    deadline = time.monotonic() + 30
    while api.get("/api/v1/breeds/", headers={"If-None-Match": breeds["ETag"]}).status_code != 200:
        assert time.monotonic() < deadline


def test_a_list_costs_one_query(api: APIClient) -> None:
    with CaptureQueriesContext(connection) as captured:
        api.get("/api/v1/breeds/", {"pet_type": 1})

    assert len([query for query in captured if "pets_" in query["sql"]]) == 1
