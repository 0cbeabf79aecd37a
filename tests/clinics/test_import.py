"""import_clinics: CSV and GeoJSON, again and again, with a line for each row that is refused."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clinics import hours, services
from clinics.importing import opening_hours, readers
from clinics.models import Clinic, ClinicListing, ModerationDecision
from fammo.accounts.models import User
from tests.factories import accounts, clinics

HEADER = ("external_id", "name", "address", "zip_code", "city", "country", "latitude", "longitude", "phone", "website", "opening_hours")
GOOD = ("1", "Hyvä Klinikka", "Katu 1", "00100", "Helsinki", "FI", "60.17", "24.94", "+358 9 1234567", "hyva.example", "Mo-Fr 09:00-17:00")
NODE = {
    "type": "Feature",
    "id": "node/42",
    "properties": {
        "amenity": "veterinary",
        "name": "Dierenkliniek De Poot",
        "addr:street": "Damstraat",
        "addr:housenumber": "7",
        "addr:postcode": "1012 JL",
        "addr:city": "Amsterdam",
        "addr:country": "NL",
        "phone": "+31 20 555 0101; +31 20 555 0102",
        "website": "https://depoot.example",
        "opening_hours": "Mo-Fr 08:00-12:00,13:00-18:00; Sa 22:00-02:00; PH off; 2026 Dec 24 08:00-12:00",
    },
    "geometry": {"type": "Point", "coordinates": [4.8936, 52.373]},
}


def csv_file(folder: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    path = folder / "clinics.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def geojson_file(folder: Path, *features: Any) -> Path:
    path = folder / "osm.geojson"
    document = {"type": "FeatureCollection", "generator": "overpass", "features": list(features), "timestamp": "2026"}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def run(path: Path, **options: Any) -> list[str]:
    said = StringIO()
    call_command("import_clinics", path, stdout=said, **options)
    return said.getvalue().splitlines()


@pytest.mark.django_db
def test_rows_wait_in_the_queue(tmp_path: Path) -> None:
    lines = run(csv_file(tmp_path, GOOD))

    assert lines == ["Clinics: 1 added, 0 changed, 0 unchanged, 0 kept, 0 refused, 0 remark."]
    clinic = Clinic.objects.get(external_id="clinics:1")
    page = clinic.page.get_latest_revision_as_object()
    assert (clinic.state, clinic.owner, clinic.email_confirmed) == ("pending", None, False)
    assert not ClinicListing.objects.exists()
    assert services.waiting_for_a_place().count() == 0
    assert (page.title, page.address, page.city, page.country) == ("Hyvä Klinikka", "Katu 1", "Helsinki", "FI")
    assert (page.latitude, page.website, str(page.phone)) == (Decimal("60.170000"), "https://hyva.example", "+358 9 1234567")
    assert len(page.week()) == 5
    assert clinic.page.current_workflow_task_state is not None


@pytest.mark.django_db
def test_a_named_moderator_can_publish_at_once(tmp_path: Path, moderator: User) -> None:
    run(geojson_file(tmp_path, NODE), approve_as=moderator.email, source="osm", language="nl")

    clinic = Clinic.objects.get(external_id="osm:node/42")
    listing = ClinicListing.objects.get(pk=clinic.pk)
    decision = ModerationDecision.objects.get(clinic_number=clinic.pk)
    assert (listing.name, listing.address, listing.zip_code, listing.city) == (
        "Dierenkliniek De Poot",
        "Damstraat 7",
        "1012 JL",
        "Amsterdam",
    )
    assert (listing.latitude, listing.longitude, listing.phone) == (Decimal("52.373000"), Decimal("4.893600"), "+31 20 555 0101")
    assert (listing.clock, listing.closed_on_holidays, listing.source_language) == ("NL Europe/Amsterdam", True, "nl")
    assert listing.special_hours == [["2026-12-24", [["08:00", "12:00"]]]]
    assert listing.shifts.count() == 11
    assert (decision.decision, decision.actor, decision.content_sha256) == ("approved", moderator, listing.content_sha256)


@pytest.mark.django_db
def test_a_second_run_changes_what_changed_and_nothing_else(tmp_path: Path, moderator: User) -> None:
    other = ("2", "Toinen", *GOOD[2:])
    run(csv_file(tmp_path, GOOD, other), approve_as=moderator.email)
    before = ClinicListing.objects.get(clinic__external_id="clinics:2").revision_id

    lines = run(csv_file(tmp_path, (*GOOD[:2], "Katu 2", *GOOD[3:]), other), approve_as=moderator.email)

    assert lines == ["Clinics: 0 added, 1 changed, 1 unchanged, 0 kept, 0 refused, 0 remark."]
    assert ClinicListing.objects.get(clinic__external_id="clinics:1").address == "Katu 2"
    assert ClinicListing.objects.get(clinic__external_id="clinics:2").revision_id == before
    assert Clinic.objects.count() == 2


@pytest.mark.django_db
def test_owners_and_moderators_know_better_than_a_file(tmp_path: Path, moderator: User, vet: User) -> None:
    rows = [GOOD, ("2", "Toinen", *GOOD[2:])]
    run(csv_file(tmp_path, *rows), approve_as=moderator.email)
    Clinic.objects.filter(external_id="clinics:1").update(owner=vet)
    suspended = Clinic.objects.get(external_id="clinics:2")
    services.suspend_clinic(clinic=suspended, seen=clinics.seen(clinics.page_of(suspended)), actor=clinics.moderator(), **clinics.REASON)

    changed = [(*row[:1], "Uusi", *row[2:]) for row in rows]
    lines = run(csv_file(tmp_path, *changed), approve_as=moderator.email)

    assert lines == ["Clinics: 0 added, 1 changed, 0 unchanged, 1 kept, 0 refused, 0 remark."]
    suspended.refresh_from_db()
    assert suspended.state == "suspended"
    assert [listing.name for listing in ClinicListing.objects.all()] == ["Hyvä Klinikka"]


@pytest.mark.django_db
def test_each_refused_row_has_its_line_and_the_others_are_in(tmp_path: Path) -> None:
    bad = [
        ("", *GOOD[1:]),
        ("2", "", *GOOD[2:]),
        (*("3", "No city", "Katu", "00100", ""), *GOOD[5:]),
        (*("4", "Bad phone"), *GOOD[2:8], "12", *GOOD[9:]),
        (*("5", "Nowhere"), *GOOD[2:6], "north", *GOOD[7:]),
        (*("6", "Off the earth"), *GOOD[2:6], "95", *GOOD[7:]),
        (*("7", "Half a place"), *GOOD[2:7], "", *GOOD[8:]),
        (*("8", "Atlantis"), *GOOD[2:5], "XX", *GOOD[6:]),
    ]
    report = tmp_path / "report.csv"

    lines = run(csv_file(tmp_path, *bad, GOOD), report=report)

    assert [line.split(":")[0] for line in lines[:-1]] == [f"line {number}" for number in range(2, 10)]
    assert lines[0] == "line 2: refused: Hyvä Klinikka: it has no external_id, so a second run could not know it again"
    assert lines[1] == "line 3: refused: name: A clinic needs a name."
    assert "city" in lines[2]
    assert "phone" in lines[3]
    assert lines[-1] == "Clinics: 1 added, 0 changed, 0 unchanged, 0 kept, 8 refused, 0 remark."
    assert len(report.read_text(encoding="utf-8").splitlines()) == 9
    assert Clinic.objects.count() == 1


@pytest.mark.django_db
def test_hours_that_are_not_understood_stay_a_note(tmp_path: Path) -> None:
    lines = run(csv_file(tmp_path, (*GOOD[:-1], "sunrise-sunset")))

    page = Clinic.objects.get().page.get_latest_revision_as_object()
    assert lines[0] == "line 2: remark: Hyvä Klinikka: opening_hours not understood, kept as a note: sunrise-sunset"
    assert (page.hours_note, page.week()) == ("sunrise-sunset", ())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("clinics.xls", b"", "neither"),
        ("clinics.csv", b"title,city\nA,B\n", "no column called name"),
        ("clinics.csv", "name,city\nKöpek,Şile\n".encode("utf-16"), "UTF-8"),
        ("clinics.geojson", b'{"type": "FeatureCollection"}', "no list called"),
        ("clinics.geojson", b'{"features": [{"type": "Feature", "properties": {}', "not complete"),
        ("clinics.geojson", b'{"features": [7]}', "no feature"),
    ],
)
def test_what_is_no_such_file_is_said_in_a_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CommandError, match=sentence):
        run(path)
    assert not Clinic.objects.exists()


@pytest.mark.django_db
def test_only_moderators_approve(tmp_path: Path) -> None:
    accounts.person("anna@fammo.example")

    for email in ("anna@fammo.example", "nobody@fammo.example"):
        with pytest.raises(CommandError, match="nobody who may approve"):
            run(csv_file(tmp_path, GOOD), approve_as=email)
    assert not Clinic.objects.exists()


def test_features_are_read_one_by_one() -> None:
    feature = json.dumps(NODE | {"properties": NODE["properties"] | {"description": "x" * 2_000}})  # type: ignore[operator]
    file = BytesIO(('{"features": [' + ",\n".join([feature] * 2_000) + "]}").encode())
    records = readers.read(file, readers.GEOJSON)

    first = next(records)

    assert (first.place, first.values["@id"], first.point) == ("feature 1", "node/42", (52.373, 4.8936))
    assert file.tell() < 1024 * 1024
    assert sum(1 for _record in records) == 1_999


def test_a_building_stands_in_the_middle_of_its_outline() -> None:
    outline = {"type": "Polygon", "coordinates": [[[4.0, 52.0], [4.2, 52.0], [4.2, 52.4], [4.0, 52.4], [4.0, 52.0]]]}
    document = json.dumps({"features": [NODE | {"geometry": outline}]}).encode()

    (record,) = readers.read(BytesIO(document), readers.GEOJSON)

    assert record.point == pytest.approx((52.2, 4.1))


def test_a_number_of_hundreds_of_digits_is_no_degree() -> None:
    document = json.dumps({"features": [NODE | {"geometry": {"type": "Point", "coordinates": [10**400, 52]}}]}).encode()

    (record,) = readers.read(BytesIO(document), readers.GEOJSON)

    assert record.point is None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("24/7", ["Open 24 hours"] * 7),
        ("Mo-Fr 09:00-17:00", ["09:00 - 17:00"] * 5 + ["Closed"] * 2),
        ("Mo-Su 00:00-24:00", ["Open 24 hours"] * 7),
        ("09:00-17:00", ["09:00 - 17:00"] * 7),
        ("Mo-Fr 09:00-17:00; We off", ["09:00 - 17:00"] * 2 + ["Closed"] + ["09:00 - 17:00"] * 2 + ["Closed"] * 2),
        ("Sa-Mo 10:00-12:00", ["10:00 - 12:00"] + ["Closed"] * 4 + ["10:00 - 12:00"] * 2),
        ("Fr 22:00-26:00", ["Closed"] * 4 + ["22:00 - 02:00"] + ["Closed"] * 2),
        ("Tu,Th: 08:00-12:00, 13:00-17:00", ["Closed", "08:00 - 12:00, 13:00 - 17:00"] * 2 + ["Closed"] * 3),
    ],
)
def test_opening_hours_of_openstreetmap(text: str, lines: list[str]) -> None:
    found = opening_hours.parse(text)

    assert [day.hours_text for day in hours.days(found.week)] == lines


def test_holidays_and_dates() -> None:
    found = opening_hours.parse("Mo-Fr 09:00-17:00; PH off; 2026 Dec 25 off")

    assert found.closed_on_holidays
    assert found.special_days == (hours.SpecialDay(date(2026, 12, 25)),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sunrise-sunset",
        "Mo-Fr",
        "Mo-Fr 9-17",
        "PH 10:00-12:00",
        "Mo 09:00-12:00,11:00-13:00",
        "Mo 25:00-26:00",
        "Dec 24 off",
        "Mo-Fr 09:00-17:00; 2206 Dec 24 off",
        "Mo off",
        "by appointment",
    ],
)
def test_other_hours_are_not_guessed(text: str) -> None:
    with pytest.raises(opening_hours.NotUnderstood):
        opening_hours.parse(text)
