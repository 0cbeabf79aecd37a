"""Feature flags: asked by code, turned over HTTP and in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient
from waffle.models import Flag

from fammo.accounts.models import User
from fammo.api import flags
from fammo.audit.models import Entry
from tests.factories import accounts

pytestmark = pytest.mark.django_db

FLAGS = "/api/v1/admin/flags/"


@pytest.fixture
def feature() -> Iterator[flags.Feature]:
    yield flags.declare("trial", purpose="For this test.", is_on_at_first=False)
    flags._declared.pop("trial")


@pytest.fixture
def flag(feature: flags.Feature) -> Flag:
    flags.make_missing_rows()
    return Flag.objects.get(name="trial")


@pytest.fixture
def operator() -> User:
    return accounts.grant(accounts.person("operator@fammo.example", is_staff=True), "waffle.view_flag", "waffle.change_flag")


@pytest.fixture
def desk(operator: User) -> APIClient:
    return accounts.client_of(operator)


def turn(desk: APIClient, **changes: Any) -> Any:
    return desk.patch(f"{FLAGS}trial/", changes, format="json", headers={"If-Match": "*"})


class TestAsking:
    def test_it_stands_as_declared_until_somebody_turns_it(self, feature: flags.Feature) -> None:
        assert not flags.is_on(feature)
        assert flags.is_on(flags.Feature(name="other", purpose="", is_on_at_first=True))

    def test_everyone_decides_alone(self, feature: flags.Feature, flag: Flag) -> None:
        person = accounts.person()
        flag.users.add(person)

        for everyone in (True, False):
            Flag.objects.update(everyone=everyone)
            assert flags.is_on(feature, person) is everyone

    def test_a_person_or_a_group_may_have_it(self, feature: flags.Feature, flag: Flag) -> None:
        chosen, member, other = accounts.person(), accounts.person(), accounts.person()
        group = Group.objects.create(name="Testers")
        member.groups.add(group)
        Flag.objects.update(everyone=None)
        flag.users.add(chosen)
        flag.groups.add(group)

        assert [flags.is_on(feature, user) for user in (chosen, member, other, None)] == [True, True, False, False]

    def test_a_share_is_always_the_same_people(self, feature: flags.Feature, flag: Flag) -> None:
        people = [User(pk=number) for number in range(1, 301)]
        Flag.objects.update(everyone=None, percent=Decimal("30.0"))

        first = [flags.is_on(feature, user) for user in people]

        assert first == [flags.is_on(feature, user) for user in people]
        assert 60 < sum(first) < 120
        Flag.objects.update(percent=Decimal("60.0"))
        more = [flags.is_on(feature, user) for user in people]
        assert all(later for earlier, later in zip(first, more, strict=True) if earlier)

    def test_the_language_model_has_one(self) -> None:
        assert "ai_model" in {feature.name for feature in flags.declared()}
        assert Flag.objects.get(name="ai_model").everyone is True


class TestTurning:
    def test_it_is_read_and_turned(self, desk: APIClient, operator: User, feature: flags.Feature, flag: Flag) -> None:
        read = desk.get(f"{FLAGS}trial/")
        expected = {"name": "trial", "purpose": "For this test.", "everyone": False, "percent": None, "groups": [], "users": []}
        assert read.json() == expected
        assert expected in desk.get(FLAGS).json()

        body = {"everyone": None, "percent": 12.5, "groups": ["Operators"], "users": [operator.pk]}
        answer = desk.patch(f"{FLAGS}trial/", body, format="json", headers={"If-Match": read["ETag"]})

        assert (answer.status_code, answer.json()) == (200, expected | body)
        assert flags.is_on(feature, operator)
        entry = Entry.objects.get(verb="api.flag.changed")
        assert (entry.actor, entry.outcome) == (operator, "done")
        assert entry.detail == "trial: everyone, groups, percent, users; 12.5 %, 1 groups, 1 people"
        assert entry.before == {"everyone": False, "percent": None, "groups": [], "users": []}
        assert entry.after == {"everyone": None, "percent": "12.5", "groups": ["Operators"], "users": [operator.pk]}

    def test_an_older_state_is_not_overwritten(self, desk: APIClient, flag: Flag) -> None:
        etag = desk.get(f"{FLAGS}trial/")["ETag"]
        turn(desk, everyone=True)

        answer = desk.patch(f"{FLAGS}trial/", {"everyone": False}, format="json", headers={"If-Match": etag})

        assert answer.status_code == 412
        assert Flag.objects.get(name="trial").everyone is True

    @pytest.mark.parametrize(
        "changes", [{"percent": 100}, {"percent": -1}, {"groups": ["No such group"]}, {"users": [1]}, {"everyone": "maybe"}]
    )
    def test_what_cannot_be_is_refused_and_nothing_saved(self, desk: APIClient, flag: Flag, changes: dict[str, Any]) -> None:
        answer = turn(desk, **changes)

        assert (answer.status_code, list(answer.json()["details"])) == (400, [next(iter(changes))])
        assert not Entry.objects.filter(outcome="done", verb="api.flag.changed").exists()

    def test_flags_that_no_code_asks_for_are_not_there(self, desk: APIClient) -> None:
        Flag.objects.create(name="leftover")

        assert "leftover" not in desk.get(FLAGS).content.decode()
        assert desk.patch(f"{FLAGS}leftover/", {}, format="json", headers={"If-Match": "*"}).status_code == 404

    def test_looking_is_not_turning(self, flag: Flag) -> None:
        reader = accounts.client_of(accounts.grant(accounts.person(is_staff=True), "waffle.view_flag"))

        assert reader.get(FLAGS).status_code == 200
        assert turn(reader, everyone=True).status_code == 403
        assert Flag.objects.get(name="trial").everyone is False


class TestInTheAdmin:
    def test_it_is_turned_there_too_and_is_in_the_log(self, client: Client, flag: Flag) -> None:
        boss = accounts.superuser()
        client.force_login(boss)
        address = reverse("feature_flags:edit", args=[flag.pk])

        assert "trial" in client.get(reverse("feature_flags:index")).content.decode()
        assert client.get(address).status_code == 200
        answer = client.post(address, {"everyone": "true", "percent": "", "groups": []})

        assert answer.status_code == 302
        assert Flag.objects.get(name="trial").everyone is True
        assert Entry.objects.get(verb="api.flag.changed").actor == boss

    def test_nobody_adds_or_deletes_one(self, client: Client, flag: Flag) -> None:
        client.force_login(accounts.superuser())

        for address in (reverse("feature_flags:add"), reverse("feature_flags:delete", args=[flag.pk])):
            assert client.get(address).status_code in {302, 403}
