"""Where an address is: towns offline, streets from a server that may be slow, lying or dead."""

from __future__ import annotations

import dataclasses
import ipaddress
import time
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from clinics import geocoding, services
from clinics.geocoding import Address, GeocoderUnavailable, NominatimGeocoder, OfflineGeocoder, Spot
from clinics.models import Clinic, ClinicListing, Town, TownName
from clinics.text import fold
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db
NOWHERE = {"latitude": None, "longitude": None}
ISTANBUL = Spot(latitude=Decimal("41.013840"), longitude=Decimal("28.949660"), precision="town")
DOOR = {"lat": "60.1853", "lon": "24.9525", "place_rank": 30}


def town(number: int, name: str, country: str, latitude: float, longitude: float, population: int) -> None:
    Town.objects.create(id=number, name=name, country=country, latitude=latitude, longitude=longitude, population=population)
    TownName.objects.create(town_id=number, key=fold(name))


@pytest.fixture
def towns(db: None) -> None:
    town(1, "Helsinki", "FI", 60.16952, 24.93545, 658_864)
    town(2, "Istanbul", "TR", 41.01384, 28.94966, 15_701_602)
    town(3, "Kadıköy", "TR", 37.82163, 27.81019, 1_752)
    town(4, "Kadıköy", "TR", 40.62015, 29.22536, 2_741)
    town(5, "Helsinki", "US", 47.0, -92.0, 500)


def address(city: str, country: str = "TR", street: str = "") -> Address:
    return Address(street=street, zip_code="", city=city, country=country)


@pytest.mark.parametrize("city", ["Istanbul", "İSTANBUL", "istanbul ", "Kadıköy / İstanbul", "Istanbul (Kadıköy)", "Moda, İstanbul"])
def test_the_gazetteer_knows_the_town_and_says_that_it_knows_no_more(towns: None, city: str) -> None:
    assert OfflineGeocoder().locate(address(city)) == ISTANBUL


@pytest.mark.parametrize(("city", "country"), [("Kadıköy", "TR"), ("Atlantis", "TR"), ("Helsinki", "TR"), (" / ", "TR"), ("", "TR")])
def test_it_does_not_guess(towns: None, city: str, country: str) -> None:
    assert OfflineGeocoder().locate(address(city, country)) is None


def test_publishing_places_a_clinic_in_the_background(towns: None, run_tasks: Callable[[], int]) -> None:
    clinic = clinics.approved(**NOWHERE, city="Helsinki", country="FI")
    assert (clinic.latitude, clinic.time_zone) == (None, "Europe/Helsinki")

    run_tasks()

    clinic.refresh_from_db()
    listing = ClinicListing.objects.get(pk=clinic.pk)
    assert (clinic.coordinate_source, clinic.place_precision) == ("geocoded", "town")
    assert (listing.latitude, listing.longitude) == (clinic.latitude, clinic.longitude) == (Decimal("60.169520"), Decimal("24.935450"))
    assert listing.clock == "FI Europe/Helsinki"


def test_stated_coordinates_are_not_asked_for(towns: None) -> None:
    clinic = clinics.approved()

    assert (clinic.coordinate_source, clinic.place_precision) == ("stated", "exact")
    assert not DBTaskResult.objects.filter(task_path__endswith="locate_clinic").exists()
    assert not services.locate_clinic(clinic_id=clinic.pk)


def test_another_address_is_another_place(towns: None, run_tasks: Callable[[], int], vet: User) -> None:
    clinic = clinics.approved(vet, **NOWHERE, city="Helsinki", country="FI")
    run_tasks()
    services.update_clinic(clinic=clinic, changes={"phone": "+358 9 7654321"}, actor=vet)
    clinics.approve(clinic)
    clinic.refresh_from_db()
    assert clinic.coordinate_source == "geocoded"

    services.update_clinic(clinic=clinic, changes={"city": "Istanbul", "country": "TR", "phone": "+90 212 555 0101"}, actor=vet)
    clinics.approve(clinic)
    clinic.refresh_from_db()
    assert clinic.latitude is None
    run_tasks()

    clinic.refresh_from_db()
    assert (clinic.latitude, clinic.time_zone) == (ISTANBUL.latitude, "Europe/Istanbul")


def test_a_moderators_pin_set_while_the_geocoder_thinks_wins(towns: None, moderator: User) -> None:
    clinic = clinics.approved(**NOWHERE, city="Helsinki", country="FI")

    class Slow:
        def locate(self, address: Address) -> Spot:
            services.place_clinic(clinic=clinic, latitude=Decimal("60.2"), longitude=Decimal("25.0"), actor=moderator)
            return ISTANBUL

    assert not services.locate_clinic(clinic_id=clinic.pk, ask=Slow())
    clinic.refresh_from_db()
    assert (clinic.latitude, clinic.coordinate_source) == (Decimal("60.2"), "pinned")


def test_an_address_that_is_not_found_is_asked_for_once(towns: None, run_tasks: Callable[[], int]) -> None:
    clinic = clinics.approved(**NOWHERE, city="Atlantis", country="FI")
    run_tasks()

    class Never:
        def locate(self, address: Address) -> Spot:
            pytest.fail("asked again")

    assert not services.locate_clinic(clinic_id=clinic.pk, ask=Never())


@pytest.fixture
def nominatim(httpserver: HTTPServer, settings: Any) -> HTTPServer:
    """GEOCODER=nominatim, and the server is this one."""
    settings.NOMINATIM_URL = httpserver.url_for("").rstrip("/")
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, geocoder="nominatim")
    settings.OUTBOUND_HOSTS = frozenset({urlsplit(settings.NOMINATIM_URL).hostname})
    settings.OUTBOUND_PRIVATE_NETWORKS = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
    return httpserver


def test_nominatim_knows_the_door(nominatim: HTTPServer, run_tasks: Callable[[], int]) -> None:
    nominatim.expect_request("/search").respond_with_json([DOOR])
    clinic = clinics.approved(**NOWHERE, address="Fleminginkatu 12", zip_code="00530", city="Helsinki", country="FI")

    run_tasks()

    clinic.refresh_from_db()
    assert (clinic.latitude, clinic.longitude, clinic.place_precision) == (Decimal("60.185300"), Decimal("24.952500"), "exact")
    asked, _answer = nominatim.log[0]
    assert dict(asked.args) == {
        "street": "Fleminginkatu 12",
        "postalcode": "00530",
        "city": "Helsinki",
        "countrycodes": "fi",
        "format": "jsonv2",
        "limit": "1",
    }
    assert asked.headers["User-Agent"].startswith("Fammo/")


@pytest.mark.parametrize(("rank", "precision"), [(30, "exact"), (27, "street"), (16, "town"), (0, "town")])
def test_how_precise_the_answer_is_comes_with_it(nominatim: HTTPServer, rank: int, precision: str, settings: Any) -> None:
    nominatim.expect_request("/search").respond_with_json([DOOR | {"place_rank": rank}])

    spot = NominatimGeocoder(settings.NOMINATIM_URL).locate(address("Helsinki", "FI"))

    assert spot is not None
    assert spot.precision == precision


@pytest.mark.parametrize(
    "answer",
    [
        [{"lat": "north", "lon": "1"}],
        [{"lat": "nan", "lon": "1"}],
        [{"lat": "1e400", "lon": "1"}],
        [{"lat": 95, "lon": 1}],
        [{"lat": 5, "lon": 181}],
        [{"lon": 1}],
        [None],
        {"error": "busy"},
        "no",
    ],
)
def test_a_lying_geocoder_places_nothing(nominatim: HTTPServer, answer: Any, settings: Any) -> None:
    nominatim.expect_request("/search").respond_with_json(answer)

    with pytest.raises(GeocoderUnavailable):
        NominatimGeocoder(settings.NOMINATIM_URL).locate(address("Helsinki", "FI"))


def test_slow_and_dead_geocoders_never_block_a_save_and_are_asked_again(
    nominatim: HTTPServer, run_tasks: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(request: Request) -> Response:
        time.sleep(1)
        return Response("[]")

    monkeypatch.setattr(geocoding, "SECONDS", 0.2)
    nominatim.expect_request("/search").respond_with_handler(slow)
    clinic = clinics.approved(**NOWHERE)
    assert ClinicListing.objects.filter(pk=clinic.pk).exists()
    assert nominatim.log == []

    run_tasks()

    task = DBTaskResult.objects.get(task_path__endswith="locate_clinic")
    assert (task.status, task.run_after is not None) == ("READY", True)


def test_one_question_a_second(monkeypatch: pytest.MonkeyPatch, nominatim: HTTPServer, settings: Any) -> None:
    nominatim.expect_request("/search").respond_with_json([])
    waits: list[float] = []

    def pass_time(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            cache.clear()

    monkeypatch.setattr(geocoding.time, "sleep", pass_time)
    geocoder = NominatimGeocoder(settings.NOMINATIM_URL)

    assert geocoder.locate(address("Helsinki", "FI")) is None
    assert waits == []
    assert geocoder.locate(address("Helsinki", "FI")) is None
    assert sum(waits) == 1


def test_the_command_places_what_waits_and_says_so(towns: None) -> None:
    clinics.approved(**NOWHERE, city="Helsinki", country="FI")
    clinics.approved(**NOWHERE, city="Atlantis", country="FI")
    clinics.approved()
    said = StringIO()

    call_command("geocode_clinics", stdout=said)

    assert said.getvalue() == "Clinics asked for: 2, placed: 1, not found: 1, failed: 0.\n"
    assert Clinic.objects.filter(coordinate_source="geocoded").count() == 1


def test_the_command_gives_up_on_a_dead_geocoder(nominatim: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocoding, "_wait_for_a_turn", lambda: None)
    nominatim.expect_request("/search").respond_with_data("busy", status=503)
    for _ in range(6):
        clinics.approved(**NOWHERE)

    with pytest.raises(CommandError, match=r"The geocoder does not answer \(status 503\)"):
        call_command("geocode_clinics")

    assert [answer.status_code for _request, answer in nominatim.log].count(503) == 5  # a slow answer of the test before may come in late


def test_a_better_geocoder_is_asked_again_for_what_is_known_by_its_town(towns: None, nominatim: HTTPServer) -> None:
    nominatim.expect_request("/search").respond_with_json([DOOR])
    clinic = clinics.approved(**NOWHERE, city="Helsinki", country="FI")
    services.locate_clinic(clinic_id=clinic.pk, ask=OfflineGeocoder())

    call_command("geocode_clinics", again=True, stdout=StringIO())

    clinic.refresh_from_db()
    assert clinic.place_precision == "exact"
