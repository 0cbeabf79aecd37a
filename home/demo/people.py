"""The demo people. Staff have exactly the groups that their work needs; the others use the app."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from fammo.accounts.models import User
from fammo.accounts.services import update_profile

from .objects import DemoObject, PersonGone

PASSWORD = "fammo-demo-2026"  # noqa: S105  (printed at every start: these accounts hold nothing but demo content)

ADMIN = "admin@fammo.example"
EDITOR = "editor@fammo.example"
TRANSLATOR = "translator@fammo.example"
MODERATOR = "moderator@fammo.example"
VET = "vet@fammo.example"
ANNA = "anna@fammo.example"
MIKKO = "mikko@fammo.example"


@dataclass(frozen=True, kw_only=True)
class Person:
    """One row of the cast; whoever has a group, or is the superuser, is staff."""

    email: str
    first_name: str
    last_name: str
    language: str
    groups: tuple[str, ...] = ()
    is_superuser: bool = False
    profile: dict[str, Any] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        return self.is_superuser or bool(self.groups)


PEOPLE = (
    Person(email=ADMIN, first_name="Outi", last_name="Salmenkallio", language="en", is_superuser=True),
    Person(email=EDITOR, first_name="Eleanor", last_name="Whitcombe", language="en", groups=("Legal editors", "Content editors")),
    Person(email=TRANSLATOR, first_name="Selin", last_name="Vermeer-Kaya", language="en", groups=("Translators",)),
    Person(email=MODERATOR, first_name="Pieter", last_name="Hoekstra", language="en", groups=("Clinic moderators",)),
    Person(
        email=VET,
        first_name="Laura",
        last_name="Kivistö-Aalto",
        language="fi",
        profile={"city": "Tampere", "zip_code": "33200", "country": "Finland", "time_zone": "Europe/Helsinki"},
    ),
    Person(
        email=ANNA,
        first_name="Anna",
        last_name="Rautasuo",
        language="en",
        profile={
            "address": "Vaasankatu 9",
            "zip_code": "00500",
            "city": "Helsinki",
            "country": "Finland",
            "time_zone": "Europe/Helsinki",
        },
    ),
    Person(
        email=MIKKO,
        first_name="Mikko",
        last_name="Leppäkoski",
        language="fi",
        profile={"city": "Oulu", "zip_code": "90100", "country": "Finland", "time_zone": "Europe/Helsinki"},
    ),
)


def demo_objects() -> list[DemoObject]:
    return [DemoObject(f"person:{person.email}", partial(_make, person)) for person in PEOPLE]


def find(email: str) -> User:
    """The account of a demo person; raises PersonGone when it was deleted."""
    user = User.objects.select_related("profile").filter(email=email).first()
    if user is None:
        raise PersonGone(email)
    return user


def _make(person: Person) -> None:
    if User.objects.filter(email=person.email).exists():
        return
    user = User.objects.create_with_hash(
        person.email,
        make_password(PASSWORD),
        language=person.language,
        first_name=person.first_name,
        last_name=person.last_name,
        is_active=True,
        is_staff=person.is_staff,
        is_superuser=person.is_superuser,
    )
    user.groups.set(Group.objects.filter(name__in=person.groups))
    if person.profile:
        update_profile(user=user, changes=person.profile)
