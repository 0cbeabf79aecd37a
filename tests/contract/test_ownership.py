"""Every operation with an id, asked by those who stand between: an unverified account, an editor, a moderator.

Nobody, another user, the owner and staff with every role are columns of the table itself (``test_permissions``); what these three
get follows from it, so a new line is a new row here.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from fammo.api import stored
from tests.factories import accounts as people

from .test_permissions import BODIES, HEADERS, LINES, Line, _encoded
from .world import Role, World

WITH_ID = [line for line in LINES if "{" in line.path]
NOBODY, OTHER, OWNER, STAFF = range(4)
# What of the admin API a group has; the rest of it is Operators'.
SHARES = {"moderator": ("admin/moderation/",)}


def roles(world: World) -> list[Role]:
    made = []
    for name, groups in (("editor", ("Legal editors", "Content editors")), ("moderator", ("Clinic moderators",))):
        user = people.person(f"{name}@fammo.example", is_staff=True)
        user.groups.set(Group.objects.filter(name__in=groups))
        made.append(Role(name, user, people.login(user)))
    unverified = people.unconfirmed("unverified@fammo.example")
    return [*made, Role("unverified", unverified, people.login(unverified))]


def expected(line: Line, role: str) -> set[int]:
    if role == "unverified":
        # Their token is no good: refused where one is needed, and not looked at where none is.
        return {401} if line.statuses[NOBODY] in {401, 404} else {401, line.statuses[NOBODY]}
    if line.path.startswith("admin/"):
        return {line.statuses[STAFF]} if line.path.startswith(SHARES.get(role, ("-",))) else {403}
    return {line.statuses[STAFF]}


@pytest.mark.parametrize("name", ["editor", "moderator", "unverified"])
def test_nobody_gets_more_than_their_share(world: World, name: str) -> None:
    role = next(role for role in roles(world) if role.name == name)
    wrong = []
    for line in WITH_ID:
        path, body = f"/api/v1/{world.fill(line.path)}", world.body(BODIES.get(line.name, ""))
        stored.answers.clear()
        with transaction.atomic():
            answer = role.client.generic(line.method, path, *_encoded(body), headers=HEADERS.get(line.name))
            transaction.set_rollback(True)
        if answer.status_code not in expected(line, name):
            wrong.append(f"{line.name} as {name}: {answer.status_code}, not {expected(line, name)}")

    assert wrong == []
