"""Points on the earth."""

from __future__ import annotations

import random

import pytest
from geopy.distance import geodesic

from clinics import places


def holds(box: places.Box, latitude: float, longitude: float) -> bool:
    return box.south <= latitude <= box.north and any(west <= longitude <= east for west, east in box.longitudes)


def test_the_box_holds_every_point_of_the_circle() -> None:
    randomness = random.Random(5)
    for _ in range(3000):
        latitude, longitude = randomness.uniform(-90, 90), randomness.uniform(-180, 180)
        radius, bearing = 10 ** randomness.uniform(-1, 3.9), randomness.uniform(0, 360)
        edge = geodesic(kilometers=radius * 0.9999).destination((latitude, longitude), bearing)

        assert holds(places.box_around(latitude, longitude, radius), edge.latitude, edge.longitude), (latitude, longitude, radius, bearing)


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 0), (-90, 0), (89.9, 100), (0, 180), (0, -180), (65, 179.99)])
def test_the_box_is_right_at_poles_and_antimeridian(latitude: float, longitude: float) -> None:
    for bearing in range(0, 360, 5):
        edge = geodesic(kilometers=99.9).destination((latitude, longitude), bearing)

        assert holds(places.box_around(latitude, longitude, 100), edge.latitude, edge.longitude)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone", "country"),
    [(60.1699, 24.9384, "Europe/Helsinki", "FI"), (52.374, 4.8897, "Europe/Amsterdam", "NL"), (41.0138, 28.9497, "Europe/Istanbul", "TR")],
)
def test_zone_and_country_of_a_point(latitude: float, longitude: float, zone: str, country: str) -> None:
    assert places.time_zone_at(latitude, longitude) == zone
    assert places.country_at(latitude, longitude) == country


def test_there_is_no_country_at_sea() -> None:
    assert places.country_at(0, -30) == ""
