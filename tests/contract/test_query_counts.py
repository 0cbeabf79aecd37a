"""What every list costs: as many queries for many rows as for one, and no more than is written here."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ai.services import send_message
from clinics.services import mark_email_confirmed
from fammo.api import stored
from home.demo.loading import PARTS
from tests.factories import accounts as people
from tests.factories.legal import legal_version

from .world import Role, World

# Wagtail leaves the temporary file of a rendition that it draws to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

ANONYMOUS, OWNER, STAFF = "nobody", "owner", "staff"
MANY = 3


class List(NamedTuple):
    """A list, who asks for it, and how many queries the first answer takes. The token costs a signed-in caller one of them."""

    path: str
    role: str
    queries: int


LISTS = (
    List("onboarding/", ANONYMOUS, 3),
    List("legal/documents/", ANONYMOUS, 4),
    List("legal/consent/user/", OWNER, 2),
    List("legal/consent/status/", OWNER, 6),
    List("legal/logs/", STAFF, 4),
    List("me/", OWNER, 3),
    List("me/sessions/", OWNER, 2),
    List("pets/", OWNER, 7),  # four of them for the words of the lists, which a process otherwise keeps
    List("pets/{pet}/weights/", OWNER, 3),
    List("pet-types/", ANONYMOUS, 1),
    List("breeds/", ANONYMOUS, 1),
    List("breeds/?pet_type=1", ANONYMOUS, 1),
    List("age-categories/", ANONYMOUS, 1),
    List("food-types/", ANONYMOUS, 1),
    List("admin/audit/?page_size=50", STAFF, 5),
    List("admin/flags/", STAFF, 6),
    List("admin/metrics/", STAFF, 10),
    List("admin/moderation/", STAFF, 7),
    List("admin/plans/", STAFF, 4),
    List("admin/tasks/?page_size=50", STAFF, 5),
    List("admin/users/?page_size=50", STAFF, 5),
    List("ai/recommendations/", OWNER, 2),
    List("ai/health-reports/", OWNER, 2),
    List("chat/sessions/", OWNER, 2),
    List("chat/active/", OWNER, 3),
    List("clinics/", ANONYMOUS, 1),
    List("clinics/?show_all=true", OWNER, 5),
    List("clinics/?show_all=true", STAFF, 5),
    List("clinics/search/?lat=60.17&lng=24.94&radius=5", ANONYMOUS, 2),
    List("clinics/search/?city=Helsinki", ANONYMOUS, 2),
)


def test_lists_take_the_same_queries_for_one_row_and_for_many(world: World) -> None:
    roles = {role.name: role for role in world.roles}
    for person in PARTS["people"]():
        person.make()
    _add_slide(0)
    written = {(each.path, each.role): each.queries for each in LISTS}

    for_one = {(path, role): _queries(world, roles[role], path) for path, role in written}
    _make_many(world)
    for_many = {(path, role): _queries(world, roles[role], path) for path, role in written}

    grown = [
        f"{path} as {role}: {len(for_one[path, role])} for one; for many:\n  " + "\n  ".join(queries)
        for (path, role), queries in for_many.items()
        if len(queries) != len(for_one[path, role])
    ]
    assert not grown, "\n".join(grown)
    assert {place: len(queries) for place, queries in for_one.items()} == written


def _queries(world: World, role: Role, path: str) -> list[str]:
    """Of the second answer, made anew: the first one draws pictures and fills what a process keeps for its life."""
    for _ in range(2):
        stored.answers.clear()
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = role.client.get(f"/api/v1/{world.fill(path)}", headers={"Accept-Language": "fi"})
        assert answer.status_code == 200, answer.content
    return [query["sql"] for query in captured.captured_queries]


def _make_many(world: World) -> None:
    for number in range(1, MANY + 1):
        _add_slide(number)
        world.approved_clinic(f"Approved {number}")
        world.unconfirmed_clinic(f"Hidden {number}")
        mark_email_confirmed(clinic=world.unconfirmed_clinic(f"Waiting {number}"))
        world.new_pet(f"Max {number}")
        world.weigh(world.pet, f"{20 + number / 100:.2f}")
        people.login(world.owner)
        world.advise("meal")
        world.advise("health")
        send_message(actor=world.owner, text="And now?", language="en")
    for kind in ("user_privacy", "clinic_terms"):
        world.accept(legal_version(document_type=kind, languages=("fi",)))


def _add_slide(number: int) -> None:
    slides = PARTS["onboarding slides"]()
    if number < len(slides):
        slides[number].make()
