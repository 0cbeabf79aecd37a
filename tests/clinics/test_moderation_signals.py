"""What a moderator is told to look at twice, each signal by itself."""

from __future__ import annotations

from typing import Any

import pytest

from clinics import services
from clinics.models import Clinic, Town, TownName
from clinics.moderation import signals
from clinics.moderation.cases import case_of
from clinics.moderation.signals import Signal
from fammo.accounts.models import User
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def helsinki(db: None) -> Town:
    Town.objects.all().delete()
    town = Town.objects.create(id=1, name="Helsinki", country="FI", latitude="60.16952", longitude="24.93545", population=658864)
    TownName.objects.create(town=town, key="helsinki")
    return town


def of(clinic: Clinic, code: str) -> Signal:
    return next(signal for signal in case_of(clinic.page_id, clinics.moderator()).signals() if signal.code == code)


def verdict(code: str, owner: User | None = None, **changes: Any) -> str:
    return of(clinics.pending(owner, **changes), code).verdict.value


@pytest.mark.parametrize(
    ("mailbox", "website", "expected"),
    [
        ("vet@happypaws.fi", "https://www.happypaws.fi/en", "fine"),
        ("vet@mail.happypaws.fi", "https://happypaws.fi", "fine"),
        ("vet@happypaws.fi", "https://booking.happypaws.fi", "fine"),
        ("vet@nothappypaws.fi", "https://happypaws.fi", "look"),
        ("happypaws@gmail.com", "https://happypaws.fi", "look"),
        ("vet@happypaws.fi", "", "unknown"),
    ],
)
def test_the_confirmed_mailbox_is_compared_with_the_website(mailbox: str, website: str, expected: str) -> None:
    assert verdict("mail_domain", accounts.person(mailbox), website=website) == expected


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [("+358 9 1234567", "FI", "fine"), ("+31 20 123 4567", "FI", "look"), ("+358 18 12345", "AX", "fine"), ("", "FI", "unknown")],
)
def test_the_phone_belongs_to_the_country_of_the_address(phone: str, country: str, expected: str) -> None:
    assert verdict("phone_country", phone=phone, country=country) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "fine"),
        ({"latitude": "61.4978", "longitude": "23.7610"}, "look"),  # Tampere
        ({"latitude": "59.4370", "longitude": "24.7536", "country": "FI"}, "look"),  # Tallinn
        ({"latitude": None, "longitude": None}, "unknown"),
        ({"city": "Nowhere"}, "unknown"),
        ({"latitude": "24.9384", "longitude": "60.1699", "country": "FI"}, "look"),  # the two swapped
    ],
)
def test_the_stated_point_is_near_the_town_of_the_address(changes: dict[str, Any], expected: str) -> None:
    assert verdict("place", **changes) == expected


def test_the_distance_is_said_in_kilometres() -> None:
    clinic = clinics.pending(latitude="61.4978", longitude="23.7610")

    assert of(clinic, "place").sentence == "The point is 161.2 km from the middle of Helsinki."


class TestDuplicates:
    FIRST = {"name": "Happy Paws", "phone": "+358 9 1111111", "website": "https://first.fi"}
    SECOND = {"name": "Furry Friends", "phone": "+358 9 2222222", "website": "https://second.fi", "latitude": "60.3", "longitude": "25.1"}

    def reasons(self, **changes: Any) -> list[list[str]]:
        clinics.approved(**self.FIRST)
        return [found.reasons for found in of(clinics.pending(**self.SECOND | changes), "duplicates").duplicates]

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, []),
            ({"latitude": "60.171100", "longitude": "24.938400"}, [["134 m away"]]),
            ({"latitude": "60.171400", "longitude": "24.938400"}, []),  # 167 m
            ({"name": "Happy  Päws"}, [["nearly the same name"]]),
            ({"name": "Happy Paws", "city": "Turku"}, []),
            ({"phone": "+358 9 1111111"}, [["same phone"]]),
            ({"website": "http://www.first.fi/contact"}, [["same website"]]),
            ({"website": "https://first.fi.example"}, []),
            ({"phone": "+358 9 1111111", "website": "https://first.fi"}, [["same phone", "same website"]]),
        ],
    )
    def test_by_place_name_phone_and_site(self, changes: dict[str, Any], expected: list[list[str]]) -> None:
        assert self.reasons(**changes) == expected

    def test_two_pages_of_one_host_that_many_share_are_two_sites(self) -> None:
        assert signals.site_of("https://www.facebook.com/first") != signals.site_of("https://facebook.com/second/")
        assert signals.site_of("https://www.facebook.com/First/") == signals.site_of("https://facebook.com/first")

    def test_one_that_was_sent_back_is_found_and_one_that_nobody_confirmed_is_not(self) -> None:
        clinics.rejected(**self.FIRST)
        clinics.unconfirmed(**self.FIRST | {"name": "Happy Paws Again"})

        found = of(clinics.pending(**self.SECOND | {"phone": "+358 9 1111111"}), "duplicates").duplicates

        assert [other.name for other in found] == ["Happy Paws"]

    def test_a_clinic_is_no_duplicate_of_itself(self, vet: User) -> None:
        clinic = clinics.approved(vet, **self.FIRST)
        services.update_clinic(clinic=clinic, changes={"bio": "New words."}, actor=vet)

        assert of(clinic, "duplicates").duplicates == []
