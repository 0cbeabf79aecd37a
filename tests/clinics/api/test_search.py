"""GET and POST /clinics/search/"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from geopy.distance import geodesic
from rest_framework.test import APIClient

from clinics import selectors, services
from clinics.models import Clinic, ClinicListing
from fammo.accounts.models import User
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


def rounded(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """As they are stored."""
    return [(round(latitude, 6), round(longitude, 6)) for latitude, longitude in points]


def spy(points: Callable[..., Any], measured: list[float]) -> Callable[..., Any]:
    def within(wanted: Any, latitude: float, longitude: float, radius_km: float) -> Any:
        measured.append(radius_km)
        return points(wanted, latitude, longitude, radius_km)

    return within


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


@pytest.mark.parametrize("words", [{"city": "Helsinki"}, {"search": "happy"}])
def test_without_a_radius_a_point_only_sorts_what_is_found(api: APIClient, words: dict[str, str]) -> None:
    far = clinics.approved(name="Happy far", latitude=-33.9, longitude=151.2)
    unplaced = [clinics.approved(name=f"Happy {name}") for name in ("without", "nowhere")]
    ClinicListing.objects.filter(pk__in=[clinic.pk for clinic in unplaced]).update(latitude=None, longitude=None)
    near = clinics.approved(name="Happy near")
    clinics.approved(name="Other", city="Turku", latitude=0, longitude=0)
    point = {"lat": 60.17, "lng": 24.94}
    expected = [near.pk, far.pk, unplaced[1].pk, unplaced[0].pk]

    body = api.get(URL, {**words, **point}).json()
    pages = [api.get(URL, {**words, **point, "page_size": 1, "page": number}).json() for number in (1, 2, 3, 4)]

    assert body["count"] == 4
    assert [row["id"] for row in body["results"]] == expected
    assert [row["distance_km"] is None for row in body["results"]] == [False, False, True, True]
    assert [(page["count"], page["results"][0]["id"]) for page in pages] == [(4, pk) for pk in expected]
    assert ids(api.get(URL, {**words, **point, "page_size": 3})) == expected[:3]
    assert ids(api.get(URL, {**words, **point, "page_size": 3, "page": 2})) == expected[3:]
    assert api.get(URL, {**words, **point, "page_size": 1, "page": 5}).status_code == 404
    assert ids(api.get(URL, {**words, **point, "radius": 50})) == [near.pk]
    assert ids(api.get(URL, point)) == [near.pk]


@pytest.mark.parametrize("few", [0, 1_000])
def test_sorting_everything_equals_brute_force_in_pages(monkeypatch: pytest.MonkeyPatch, api: APIClient, few: int) -> None:
    monkeypatch.setattr(selectors, "FEW", few)
    randomness = random.Random(11)
    points = [(randomness.uniform(-89, 89), randomness.uniform(-180, 180)) for _ in range(25)]
    points += [(randomness.uniform(60, 61), randomness.uniform(24, 26)) for _ in range(15)]
    points += [(10, 179.99), (10, -179.99), (90, 0), (-90, 10), (60.5, 25), (60.5, 25)]
    made = copies_at(points)
    for latitude, longitude in [(60.5, 25), (-60.5, -155), (10, 180), (90, 0), (0, 0)]:
        measured = [(geodesic((latitude, longitude), point).km, clinic.pk) for clinic, point in zip(made, rounded(points), strict=True)]
        found: list[int] = []
        for number in (1, 2, 3):
            body = api.get(URL, {"city": "Helsinki", "lat": latitude, "lng": longitude, "page_size": 20, "page": number}).json()
            found += [row["id"] for row in body["results"]]
            assert body["count"] == len(points)

        assert found == [pk for _km, pk in sorted(measured)]


def test_among_many_a_near_page_reads_only_what_is_near(monkeypatch: pytest.MonkeyPatch, api: APIClient) -> None:
    monkeypatch.setattr(selectors, "FEW", 0)
    copies_at([(60.5, 25.0), (60.6, 25.0), (-30, 100)])
    measured: list[float] = []
    monkeypatch.setattr(selectors, "_points", spy(selectors._points, measured))

    api.get(URL, {"city": "Helsinki", "lat": 60.5, "lng": 25, "page_size": 2})
    assert measured == [50.0]
    api.get(URL, {"city": "Helsinki", "lat": 60.5, "lng": 25, "page_size": 3})
    assert measured == [50.0, 50.0, 200.0, 800.0, 3_200.0, 12_800.0]


@pytest.mark.parametrize(
    "name", ["city", "search", "specialization", "is_verified", "verified", "eoi", "open_now", "open_at", "radius", "lat"]
)
def test_null_is_as_good_as_absent(api: APIClient, name: str) -> None:
    clinic = clinics.approved()

    response = api.post(URL, {name: None})

    assert (response.status_code, ids(response)) == (200, [clinic.pk])


def test_verified_is_another_name(api: APIClient, moderator: User) -> None:
    first, second = clinics.approved(), clinics.approved()
    services.verify_clinic(clinic=first, actor=moderator, is_verified=True)

    assert ids(api.get(URL, {"verified": "true"})) == ids(api.post(URL, {"verified": True})) == [first.pk]
    assert ids(api.get(URL, {"filter[verified]": "false"})) == ids(api.post(URL, {"verified": False})) == [second.pk]


def test_the_apps_switch_is_off_for_all_and_a_querys_for_the_others(api: APIClient) -> None:
    interested, other = clinics.approved(name="A", clinic_eoi=True), clinics.approved(name="B")

    assert ids(api.post(URL, {"eoi": False})) == [interested.pk, other.pk]
    assert ids(api.get(URL, {"eoi": "false"})) == [other.pk]
    assert ids(api.post(URL, {"open_now": False})) == ids(api.get(URL, {"open_now": "false"})) == [interested.pk, other.pk]


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
        for query in ({"lat": 60.5, "lng": 25}, {"city": "Helsinki"}, {"search": "happy"}, {"city": "Helsinki", "lat": 60.5, "lng": 25}):
            with CaptureQueriesContext(connection) as queries:
                assert api.get(URL, query).status_code == 200
            counts.append(len(queries))

    assert counts[:4] == counts[4:]
    assert max(counts) <= 5
