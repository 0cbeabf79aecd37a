"""Clinics on the web: page, directory, sitemap, previews."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinics import hours, services
from clinics.models import Clinic
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db
NEXT_YEAR = datetime.now(tz=UTC).year + 1
ORIGIN = "http://testserver"


def address_of(clinic: Clinic, language: str = "") -> str:
    return str(clinics.page_of(clinic, language).get_url())


def json_ld(response: HttpResponse) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', response.content.decode(), re.S)
    assert found
    said: dict[str, Any] = json.loads(found[1])
    return said


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    return re.findall(r"<loc>(.*?)</loc>", response.content.decode())


def translated(clinic: Clinic, translator: User, *languages: str) -> None:
    for language in languages:
        services.translate_clinic(clinic=clinic, language=language, words={"bio": f"bio in {language}"}, actor=translator)
        clinics.approve(clinic, language=language)


def test_the_page_says_what_is_listed(client: Client) -> None:
    special = hours.special_from_json([[f"{NEXT_YEAR}-12-24", []], ["2020-01-01", []]])
    clinic = clinics.approved(name="Happy Paws", address="1 Main Street", special_days=special, closed_on_holidays=True)

    body = client.get(address_of(clinic)).content.decode()

    assert "<h1>Happy Paws</h1>" in body
    assert f'<link rel="canonical" href="{ORIGIN}{address_of(clinic)}">' in body
    assert "09:00 - 18:00" in body
    assert f'<time datetime="{NEXT_YEAR}-12-24">' in body
    assert "2020-01-01" not in body
    assert "Closed on public holidays." in body


def test_search_engines_read_a_veterinary_care(client: Client) -> None:
    special = hours.special_from_json([[f"{NEXT_YEAR}-12-24", [["09:00", "12:00"]]], [f"{NEXT_YEAR}-12-25", []]])
    week = hours.make_week([hours.Interval(4, hours.parse_time("22:00"), hours.parse_time("02:00"))])
    clinic = clinics.approved(name="Happy Paws", address="1 Main Street", week=week, special_days=special)

    said = json_ld(client.get(address_of(clinic)))

    url = f"{ORIGIN}{address_of(clinic)}"
    assert said == {
        "@context": "https://schema.org",
        "@type": "VeterinaryCare",
        "@id": url,
        "url": url,
        "name": "Happy Paws",
        "description": "Full-service veterinary clinic.",
        "telephone": "+358 9 1234567",
        "email": "info@happypaws.fi",
        "sameAs": "https://happypaws.fi",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "1 Main Street",
            "postalCode": "00100",
            "addressLocality": "Helsinki",
            "addressCountry": "FI",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 60.1699, "longitude": 24.9384},
        "openingHoursSpecification": [
            {"@type": "OpeningHoursSpecification", "opens": "22:00", "closes": "02:00", "dayOfWeek": "Friday"},
            {
                "@type": "OpeningHoursSpecification",
                "opens": "09:00",
                "closes": "12:00",
                "validFrom": f"{NEXT_YEAR}-12-24",
                "validThrough": f"{NEXT_YEAR}-12-24",
            },
            {
                "@type": "OpeningHoursSpecification",
                "opens": "00:00",
                "closes": "00:00",
                "validFrom": f"{NEXT_YEAR}-12-25",
                "validThrough": f"{NEXT_YEAR}-12-25",
            },
        ],
    }


def test_no_text_leaves_its_place(client: Client) -> None:
    nasty = '</script><script>alert("1")</script><!-- & \u2028'
    clinic = clinics.approved(bio=nasty)

    response = client.get(address_of(clinic))

    assert json_ld(response)["description"] == nasty
    assert "<script>alert" not in response.content.decode()
    nonce = re.search(r'nonce="([^"]+)"', response.content.decode())
    assert nonce
    assert f"'nonce-{nonce[1]}'" in response["Content-Security-Policy"]


def test_a_town_is_no_door(client: Client) -> None:
    clinic = clinics.approved()
    Clinic.objects.filter(pk=clinic.pk).update(place_precision="town")

    assert "geo" not in json_ld(client.get(address_of(clinic)))


def test_each_language_names_the_others(client: Client, moderator: User) -> None:
    clinic = clinics.approved()
    translated(clinic, moderator, "fi", "nl", "tr")

    pages = {code: client.get(address_of(clinic, code)).content.decode() for code in ("en", "fi", "nl", "tr")}

    links = {code: set(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', body)) for code, body in pages.items()}
    expected = {(code, f"{ORIGIN}{address_of(clinic, code)}") for code in pages} | {("x-default", f"{ORIGIN}{address_of(clinic)}")}
    assert all(found == expected for found in links.values())
    assert "bio in fi" in pages["fi"]
    assert '<html lang="fi">' in pages["fi"]
    assert "Maanantai" in pages["fi"]


@pytest.mark.parametrize("state", ["unconfirmed", "pending", "rejected", "suspended"])
def test_what_is_not_approved_is_nowhere(client: Client, state: str) -> None:
    listed = clinics.approved()
    hidden = getattr(clinics, state)()

    assert client.get(address_of(hidden)).status_code == 404
    assert client.get(address_of(hidden) + "?page=1").status_code == 404
    assert locations(client, "/sitemap-clinics.xml") == [f"{ORIGIN}{address_of(listed)}"]
    assert hidden.page.title not in client.get(clinics.page_of(hidden).get_parent().get_url()).content.decode()


def test_the_sitemap_holds_every_language_and_costs_the_same_for_many(client: Client, moderator: User) -> None:
    clinic = clinics.approved()
    translated(clinic, moderator, "fi")
    locations(client, "/sitemap-clinics.xml")  # the process learns where its sites begin
    counts = []
    for more in (0, 3):
        for _ in range(more):
            clinics.approved()
        with CaptureQueriesContext(connection) as queries:
            found = locations(client, "/sitemap-clinics.xml")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert set(found[:2]) == {f"{ORIGIN}{address_of(clinic, code)}" for code in ("en", "fi")}
    assert len(found) == 5


def test_the_sitemap_and_robots_name_the_public_origin(client: Client) -> None:
    parts = locations(client, "/sitemap.xml")

    assert parts == [f"{ORIGIN}/sitemap-pages.xml", f"{ORIGIN}/sitemap-clinics.xml"]
    assert all(place.startswith(ORIGIN) for place in locations(client, "/sitemap-pages.xml"))
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_the_directory_comes_in_batches(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from clinics.templatetags import clinics as tags

    monkeypatch.setattr(tags, "ENTRIES", 2)
    for name in "ABC":
        clinic = clinics.approved(name=f"Clinic {name}")
    index = clinics.page_of(clinic).get_parent().get_url()

    first, second = (client.get(index, {"page": number}).content.decode() for number in (1, 2))

    assert ("Clinic A" in first, "Clinic C" in first, 'rel="next"' in first) == (True, False, True)
    assert ("Clinic A" in second, "Clinic C" in second, 'rel="prev"' in second) == (False, True, True)


@pytest.mark.parametrize(("mode", "text"), [("", "nobody sees this before it is approved"), ("app", "How the app shows this clinic")])
def test_the_preview_shows_the_page_and_the_apps_card(desk: Client, mode: str, text: str) -> None:
    clinic = clinics.pending(name="Draft Paws")
    page = clinics.page_of(clinic)

    response = desk.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]) + f"?mode={mode}")

    assert response.status_code == 200
    assert "Draft Paws" in response.content.decode()
    assert text in response.content.decode()
