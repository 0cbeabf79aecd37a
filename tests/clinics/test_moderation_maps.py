"""The map that is drawn from shipped outlines: everything is where it belongs, and a click can be read back."""

from __future__ import annotations

import math

import pytest

from clinics.models import Town
from clinics.moderation import maps
from clinics.moderation.whereabouts import Spot

pytestmark = pytest.mark.django_db
HELSINKI, TAMPERE = Spot("found", 60.1695, 24.9354, "Helsinki"), Spot("stated", 61.4978, 23.7610, "Tampere")


def read_back(picture: maps.Picture, x: float, y: float) -> tuple[float, float]:
    """As moderation.js does it."""
    longitude = ((picture.left + x / picture.width * picture.reach) * 360 - 180 + 540) % 360 - 180
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (picture.top + y / picture.width * picture.reach)))))
    return latitude, longitude


@pytest.mark.parametrize(
    "spots",
    [
        [HELSINKI],
        [HELSINKI, TAMPERE],
        [Spot("stated", 0, 0, "the middle"), HELSINKI],
        [Spot("stated", -16.8, 179.9, "Fiji, east"), Spot("found", -16.8, -179.9, "Fiji, west")],
        [Spot("stated", 84.9, 10, "far north")],
        [Spot("stated", -33.9, 151.2, "Sydney"), HELSINKI],
    ],
)
def test_every_spot_is_on_the_picture_and_can_be_read_back(spots: list[Spot]) -> None:
    picture = maps.draw(spots)

    assert picture is not None
    for spot, dot in zip(spots, picture.spots, strict=True):
        assert 0 <= dot.x <= picture.width
        assert 0 <= dot.y <= picture.height
        there = read_back(picture, dot.x, dot.y)
        assert there == pytest.approx((spot.latitude, spot.longitude), abs=picture.reach * 360 / picture.width)


def test_what_is_near_is_drawn_near() -> None:
    near, far = maps.draw([HELSINKI]), maps.draw([HELSINKI, TAMPERE])

    assert near is not None
    assert far is not None
    assert (near.span_km, far.span_km) == (50, 500)
    assert near.line is None
    assert far.line is not None
    assert maps.draw([HELSINKI], span_km=100).span_km == 100  # type: ignore[union-attr]
    assert maps.draw([HELSINKI], span_km=99).span_km == 50  # type: ignore[union-attr]


def test_nothing_known_is_no_map() -> None:
    assert maps.draw([]) is None


def test_land_is_drawn_finely_where_we_have_clinics_and_coarsely_elsewhere() -> None:
    here, elsewhere = maps.draw([HELSINKI]), maps.draw([Spot("stated", -33.9, 151.2, "Sydney")])

    assert sum(map(len, here.land)) > sum(map(len, elsewhere.land)) > 0  # type: ignore[union-attr]


def test_towns_do_not_cover_each_other() -> None:
    Town.objects.all().delete()
    for number in range(40):
        town = {"latitude": 60.17 + number / 400, "longitude": 24.8 + number / 400, "population": 1000 - number}
        Town.objects.create(id=number + 1, name=f"Town {number}", country="FI", **town)

    dots = maps.draw([HELSINKI]).towns  # type: ignore[union-attr]

    assert dots[0].label == "Town 0"
    assert 1 < len(dots) <= maps.MOST_TOWNS
    pairs = [(one, other) for one in dots for other in dots if one is not other]
    assert all(abs(one.x - other.x) > maps.LABEL_WIDTH or abs(one.y - other.y) > maps.LABEL_HEIGHT for one, other in pairs)


def test_nothing_is_fetched_unless_there_is_a_tile_server() -> None:
    assert maps.draw([HELSINKI]).tiles == []  # type: ignore[union-attr]


def test_tiles_cover_the_picture() -> None:
    frame = maps._Frame.around([HELSINKI], 50)

    tiles = maps._tiles(frame, "https://tiles.example/{z}/{x}/{y}.png")

    assert tiles[0].url.startswith("https://tiles.example/")
    assert "{" not in tiles[0].url
    assert min(tile.x for tile in tiles) <= 0
    assert max(tile.x + tile.size for tile in tiles) >= maps.WIDTH
    assert min(tile.y for tile in tiles) <= 0
    assert max(tile.y + tile.size for tile in tiles) >= maps.HEIGHT
    assert 128 <= tiles[0].size <= 512
