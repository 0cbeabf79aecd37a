"""GET and POST /clinics/search/"""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from geopy.distance import geodesic
from rest_framework.test import APIClient

from clinics.models import Clinic, ClinicListing
from tests.factories import clinics

pytestmark = pytest.mark.django_db
URL = "/api/v1/clinics/search/"


def copies_at(points: list[tuple[float, float]]) -> list[Clinic]:
    """Listed clinics at the points, made from one real one without going through the queue for each."""
    model = clinics.approved()
    listing = ClinicListing.objects.get(pk=model.pk)
    listing.delete()
    made = []
    for number, (latitude, longitude) in enumerate(points):
        clinic = clinics.unconfirmed(name=f"At {number}")
        listing.pk = clinic.pk
        listing.name, listing.latitude, listing.longitude = f"At {number}", round(latitude, 6), round(longitude, 6)
        listing.save(force_insert=True)
        made.append(clinic)
    return made


def ids(response: Any) -> list[int]:
    return [row["id"] for row in response.json()["results"]]


def test_the_documented_search(api: APIClient) -> None:
    near = clinics.approved(name="Near")
    far = clinics.approved(name="Far", latitude=60.4518, longitude=22.2666, city="Turku")

    response = api.get(URL, {"lat": 60.1699, "lng": 24.9384, "radius": 200})

    body = response.json()
    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    assert [(row["id"], row["distance_km"]) for row in body["results"]] == [
        (near.pk, 0.0),
        (far.pk, round(geodesic((60.1699, 24.9384), (60.4518, 22.2666)).km, 1)),
    ]
    assert body["results"][0]["latitude"] == "60.169900"
    assert body["results"][0]["working_hours_formatted"][6] == "Sunday: Closed"
    assert ids(api.get(URL, {"lat": 60.1699, "lng": 24.9384})) == [near.pk]
    assert ids(api.get(URL, {"lat": 60.1699, "lng": 24.9384, "radius": 200, "city": "turku"})) == [far.pk]


def test_the_apps_search_is_the_same(api: APIClient) -> None:
    near = clinics.approved(clinic_eoi=True)
    clinics.approved(latitude=61.5, longitude=23.8)
    body = {"latitude": 60.17, "longitude": 24.94, "radius": 25, "search": "", "eoi": True}

    response = api.post(URL, body)

    assert response.status_code == 200
    assert ids(response) == [near.pk]


def test_without_a_place_the_answer_is_by_name(api: APIClient) -> None:
    second, first = clinics.approved(name="B"), clinics.approved(name="A")

    response = api.post(URL, {"latitude": None, "longitude": None, "radius": 50})

    assert ids(response) == [first.pk, second.pk]
    assert response.json()["results"][0]["distance_km"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"lat": "north", "lng": 0},
        {"lat": "nan", "lng": 0},
        {"lat": "1_0", "lng": 0},
        {"lat": "٦٠", "lng": 0},
        {"lat": 0, "lng": "inf"},
        {"lat": 91, "lng": 0},
        {"lat": 0, "lng": 180.1},
        {"lat": 0},
        {"lat": 0, "lng": 0, "radius": -1},
        {"lat": 0, "lng": 0, "radius": "1_0"},
        {"lat": 0, "lng": 0, "radius": "nan"},
        {"colour": "red"},
        {"lat": 0, "lng": 0, "page_size": 0},
    ],
)
def test_what_is_no_place_is_refused(api: APIClient, query: dict[str, Any]) -> None:
    assert api.get(URL, query).status_code == 400


def test_zero_is_a_place(api: APIClient) -> None:
    clinic = clinics.approved(latitude=0, longitude=0, country="GH")

    assert ids(api.get(URL, {"lat": 0, "lng": 0, "radius": 1})) == [clinic.pk]


def test_random_searches_equal_brute_force(api: APIClient) -> None:
    randomness = random.Random(7)
    points = [(randomness.uniform(-89, 89), randomness.uniform(-180, 180)) for _ in range(60)]
    points += [(randomness.uniform(60, 61), randomness.uniform(24, 26)) for _ in range(20)]
    points += [(10, 179.99), (10, -179.99), (90, 0), (89.9, 120), (-90, 10), (60.5, 25), (60.5, 25)]
    made = copies_at(points)
    centres = [(randomness.uniform(-90, 90), randomness.uniform(-180, 180)) for _ in range(20)]
    for latitude, longitude in [*centres, (10, 180), (10, -180), (89.99, -60), (-90, 0), (60.5, 25)]:
        radius = randomness.choice([5, 80, 700, 6000, 20_050])
        measured = [
            (geodesic((round(latitude, 6), round(longitude, 6)), (round(there[0], 6), round(there[1], 6))).km, clinic.pk)
            for clinic, there in zip(made, points, strict=True)
        ]
        expected = sorted(found for found in measured if found[0] <= radius)

        response = api.get(URL, {"lat": f"{latitude:.6f}", "lng": f"{longitude:.6f}", "radius": radius, "page_size": 200})

        assert [(row["distance_km"], row["id"]) for row in response.json()["results"]] == [(round(km, 1), pk) for km, pk in expected]
        assert response.json()["count"] == len(expected)


def test_pages_have_neither_gaps_nor_repeats(api: APIClient) -> None:
    made = copies_at([(60.5, 25)] * 7)
    url: str | None = f"{URL}?lat=60.5&lng=25&page_size=3"
    seen: list[int] = []
    while url:
        body = api.get(url).json()
        seen += [row["id"] for row in body["results"]]
        url = body["next"] and body["next"].removeprefix("http://testserver")

    assert seen == sorted(clinic.pk for clinic in made)
    assert api.get(f"{URL}?lat=60.5&lng=25&page_size=3&page=4").status_code == 404


def test_a_search_takes_the_same_few_queries_for_one_and_for_sixty(api: APIClient) -> None:
    counts = []
    for points in ([(60.5, 25.0)], [(60.5, 25.0)] * 59):
        copies_at(points)
        for query in ({"lat": 60.5, "lng": 25}, {"city": "Helsinki"}, {"search": "happy"}):
            with CaptureQueriesContext(connection) as queries:
                assert api.get(URL, query).status_code == 200
            counts.append(len(queries))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 5
