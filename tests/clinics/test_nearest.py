"""Distance and nearness: against another formula, and against measuring everything."""

from __future__ import annotations

import math
import random

import pytest

from clinics import nearest, places, selectors
from clinics.models import ClinicListing
from clinics.selectors import DirectoryFilter
from tests.clinics.api.test_search import copies_at

A, F = 6378.137, 1 / 298.257223563
B = A * (1 - F)


def vincenty_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float | None:
    """Vincenty's inverse formula on WGS-84; None for nearly opposite points, where it does not converge."""
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(degrees))) for degrees in (latitude, other_latitude))
    wanted = math.radians(other_longitude - longitude)
    lam = wanted
    for _ in range(200):
        across = math.cos(u2) * math.sin(lam)
        along = math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam)
        sin_sigma = math.hypot(across, along)
        if sin_sigma == 0:
            return 0.0
        cos_sigma = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        sigma = math.atan2(sin_sigma, cos_sigma)
        sin_alpha = math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_sigma
        cos2_alpha = 1 - sin_alpha**2
        middle = cos_sigma - 2 * math.sin(u1) * math.sin(u2) / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        c = F / 16 * cos2_alpha * (4 + F * (4 - 3 * cos2_alpha))
        before, lam = lam, wanted + (1 - c) * F * sin_alpha * (sigma + c * sin_sigma * (middle + c * cos_sigma * (2 * middle**2 - 1)))
        if abs(lam - before) < 1e-12:
            break
    else:
        return None
    u_squared = cos2_alpha * (A**2 - B**2) / B**2
    big_a = 1 + u_squared / 16384 * (4096 + u_squared * (u_squared * (320 - 175 * u_squared) - 768))
    big_b = u_squared / 1024 * (256 + u_squared * (u_squared * (74 - 47 * u_squared) - 128))
    inner = cos_sigma * (2 * middle**2 - 1) - big_b / 6 * middle * (4 * sin_sigma**2 - 3) * (4 * middle**2 - 3)
    return B * big_a * (sigma - big_b * sin_sigma * (middle + big_b / 4 * inner))


def random_pairs(number: int) -> list[tuple[float, float, float, float]]:
    """Everywhere, near each other, along meridians, at poles and across the antimeridian."""
    randomness = random.Random(17)
    pairs = []
    for index in range(number):
        latitude, longitude = randomness.uniform(-90, 90), randomness.uniform(-180, 180)
        if index % 3 == 0:
            near = 10 ** randomness.uniform(-6, 0)
            other = max(-90.0, min(90.0, latitude + randomness.uniform(-near, near))), longitude + randomness.uniform(-near, near)
        elif index % 3 == 1:
            other = randomness.uniform(-90, 90), randomness.uniform(-180, 180)
        else:
            latitude, other = randomness.choice([0.0, 89.99, -90.0, 10.0]), (randomness.uniform(-90, 90), -179.9)
        pairs.append((latitude, longitude, other[0], (other[1] + 180) % 360 - 180))
    return pairs


def test_ten_thousand_distances_are_those_of_the_ellipsoid() -> None:
    wrong, compared = [], 0
    for pair in random_pairs(10_000):
        measured, other = places.distance_km(*pair), vincenty_km(*pair)
        sphere = nearest._sphere_km(*pair)
        assert sphere * nearest.SHORTEST - nearest.SLACK_KM <= measured <= sphere * nearest.LONGEST + nearest.SLACK_KM, pair
        if other is not None:
            compared += 1
            if abs(measured - other) > 0.001 * other + 1e-6:
                wrong.append((pair, measured, other))

    assert wrong == []
    assert compared > 9_900


@pytest.mark.django_db
def test_a_thousand_searches_equal_measuring_everything() -> None:
    randomness = random.Random(23)
    points = [(randomness.uniform(-89, 89), randomness.uniform(-180, 180)) for _ in range(12)]
    points += [(randomness.uniform(60, 60.2), randomness.uniform(24.8, 25.1)) for _ in range(8)]
    points += [(10, 179.99), (10, -179.99), (90, 0), (90, 90), (-90, 10), (0, 0), (60.1, 25), (60.1, 25), (60.1, 25)]
    copies_at(points)
    rows = [(pk, float(north), float(east)) for pk, north, east in ClinicListing.objects.values_list("pk", "latitude", "longitude")]
    assert len(rows) == len(points)
    for _ in range(1_000):
        latitude, longitude = randomness.choice(
            [
                (randomness.uniform(-90, 90), randomness.uniform(-180, 180)),
                (randomness.uniform(59.9, 60.3), randomness.uniform(24.7, 25.2)),
                (randomness.choice([90.0, -90.0, 0.0, 10.0, 60.1]), randomness.choice([180.0, -180.0, 0.0, 25.0])),
            ]
        )
        radius, offset, limit = (
            randomness.choice([0.0, 1, 12, 300, 5_000, 20_050]),
            randomness.choice([0, 0, 3, 7]),
            randomness.choice([1, 5, 50]),
        )
        everything = sorted((places.distance_km(latitude, longitude, north, east), pk) for pk, north, east in rows)
        within = [found for found in everything if found[0] <= radius]

        found = selectors.search(
            DirectoryFilter(),
            latitude=latitude,
            longitude=longitude,
            radius_km=radius,
            language="en",
            offset=offset,
            limit=limit,  # type: ignore[arg-type]
        )

        expected = [(pk, round(km, 1)) for km, pk in within[offset : offset + limit]]
        assert [(card.id, card.distance_km) for card in found.cards] == expected, (latitude, longitude, radius, offset, limit)
        assert found.count == len(within)
