"""Accounts and plans for staff."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import SubscriptionPlan, User
from fammo.api.models import IdempotentRequest
from fammo.audit.models import Entry
from tests.factories import accounts

pytestmark = pytest.mark.django_db

USERS, PLANS = "/api/v1/admin/users/", "/api/v1/admin/plans/"
RIGHTS = ("accounts.view_user", "server.manage_accounts", "accounts.view_subscriptionplan", "accounts.change_subscriptionplan")


@pytest.fixture
def clerk() -> User:
    return accounts.grant(accounts.person("clerk@fammo.example", is_staff=True), *RIGHTS)


@pytest.fixture
def desk(clerk: User) -> APIClient:
    return accounts.client_of(clerk)


@pytest.fixture
def anna() -> User:
    return accounts.person("anna@fammo.example", first_name="Anna", last_name="Virtanen")


def refusals() -> list[tuple[str, Any, str]]:
    return list(Entry.objects.filter(outcome="refused").values_list("verb", "actor_id", "detail"))


class TestList:
    def test_it_shows_accounts_newest_first(self, desk: APIClient, clerk: User, anna: User) -> None:
        answer = desk.get(USERS)

        assert [row["id"] for row in answer.json()] == [anna.pk, clerk.pk]
        assert answer.json()[0] == {
            "id": anna.pk,
            "email": "anna@fammo.example",
            "first_name": "Anna",
            "last_name": "Virtanen",
            "is_active": True,
            "is_staff": False,
            "is_superuser": False,
            "date_joined": ANY,
            "email_confirmed_at": ANY,
            "last_login": None,
            "preferred_language": "en",
            "subscription_plan": anna.profile.subscription_plan_id,
            "is_writer": False,
        }

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=VIRTA", True),
            ("q=nobody", False),
            ("q={id}", True),
            ("filter[is_active]=false", False),
            ("is_staff=false", True),
            ("sort=email&q=anna", True),
        ],
    )
    def test_it_is_searched_and_filtered(self, desk: APIClient, anna: User, query: str, found: bool) -> None:
        rows = desk.get(f"{USERS}?{query.format(id=anna.pk)}").json()

        assert (anna.pk in [row["id"] for row in rows]) is found

    @pytest.mark.parametrize("query", ["password=x", "filter[email]=x", "sort=password"])
    def test_what_is_not_declared_is_refused(self, desk: APIClient, query: str) -> None:
        assert desk.get(f"{USERS}?{query}").status_code == 400


class TestOneAccount:
    def test_deactivating_ends_the_logins_and_is_in_the_log(self, desk: APIClient, clerk: User, anna: User) -> None:
        her_app = accounts.client_of(anna)

        answer = desk.post(f"{USERS}{anna.pk}/deactivate/")

        assert (answer.status_code, answer.json()["is_active"]) == (200, False)
        assert her_app.get("/api/v1/me/").status_code == 401
        entry = Entry.objects.get(verb="accounts.user.deactivated")
        assert (entry.actor, entry.object_id, entry.outcome) == (clerk, str(anna.pk), "done")
        assert entry.request_id == answer["X-Request-ID"]

    def test_reactivating_undoes_it(self, desk: APIClient, anna: User) -> None:
        desk.post(f"{USERS}{anna.pk}/deactivate/")

        assert desk.post(f"{USERS}{anna.pk}/reactivate/").json()["is_active"] is True
        assert Entry.objects.filter(verb="accounts.user.activated", outcome="done").exists()

    def test_ending_logins_says_how_many(self, desk: APIClient, anna: User) -> None:
        apps = [accounts.client_of(anna) for _ in range(2)]

        assert desk.post(f"{USERS}{anna.pk}/end-sessions/").json() == {"ended": 2}
        assert [app.get("/api/v1/me/").status_code for app in apps] == [401, 401]

    def test_a_repeated_request_is_done_once(self, desk: APIClient, anna: User) -> None:
        accounts.client_of(anna)
        first, second = (desk.post(f"{USERS}{anna.pk}/end-sessions/", headers={"Idempotency-Key": "k-1"}) for _ in range(2))

        assert second.content == first.content == b'{"ended":1}'
        assert second["Idempotency-Replayed"] == "true"
        assert Entry.objects.filter(verb="accounts.user.sessions_ended").count() == 1

    def test_unknown_account_is_404(self, desk: APIClient) -> None:
        assert desk.get(f"{USERS}1/").status_code == 404
        assert desk.post(f"{USERS}1/deactivate/").json()["code"] == "account_not_found"

    def test_own_account_is_left_alone(self, desk: APIClient, clerk: User) -> None:
        answer = desk.post(f"{USERS}{clerk.pk}/deactivate/")

        assert (answer.status_code, answer.json()["code"]) == (403, "own_account")
        clerk.refresh_from_db()
        assert clerk.is_active
        assert refusals() == [("accounts.user.deactivated", clerk.pk, f"own_account POST {USERS}{clerk.pk}/deactivate/")]

    def test_a_superuser_is_out_of_reach(self, desk: APIClient) -> None:
        boss = accounts.superuser()

        for act in ("deactivate", "reactivate", "end-sessions"):
            assert desk.post(f"{USERS}{boss.pk}/{act}/").json()["code"] == "superuser_only"
        boss.refresh_from_db()
        assert boss.is_active


class TestWhoMay:
    @pytest.mark.parametrize("missing", ["is_staff", "permission"])
    def test_staff_and_the_permission_are_both_needed(self, anna: User, missing: str) -> None:
        curious = accounts.person("curious@fammo.example", is_staff=missing != "is_staff")
        if missing != "permission":
            curious = accounts.grant(curious, *RIGHTS)
        client = accounts.client_of(curious)

        assert client.get(USERS).status_code == 403
        assert client.post(f"{USERS}{anna.pk}/deactivate/", headers={"Idempotency-Key": "k"}).status_code == 403
        anna.refresh_from_db()
        assert anna.is_active
        assert not IdempotentRequest.objects.exists()
        assert sorted(refusals()) == [
            ("accounts.user.deactivated", curious.pk, f"permission_denied POST {USERS}{anna.pk}/deactivate/"),
            ("api.administration.read", curious.pk, f"permission_denied GET {USERS}"),
        ]

    def test_looking_is_not_changing(self, anna: User) -> None:
        reader = accounts.client_of(accounts.grant(accounts.person(is_staff=True), "accounts.view_user"))

        assert reader.get(f"{USERS}{anna.pk}/").status_code == 200
        assert reader.post(f"{USERS}{anna.pk}/deactivate/").status_code == 403

    def test_strangers_are_not_in_the_log(self, api: APIClient) -> None:
        assert api.get(USERS).status_code == 401
        assert not Entry.objects.exists()

    def test_other_methods_are_405(self, desk: APIClient) -> None:
        assert desk.delete(USERS).status_code == 405

    def test_admins_have_a_window_of_their_own(self, desk: APIClient, settings: Any) -> None:
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"admin": "2/minute"}
        settings.RATE_LIMIT_SCALE = 1

        statuses = [desk.get(USERS).status_code for _ in range(3)]

        assert statuses == [200, 200, 429]
        assert desk.get("/api/v1/me/").status_code == 200


class TestPlans:
    @pytest.fixture
    def plan(self) -> SubscriptionPlan:
        return SubscriptionPlan.objects.get(code="essentials")

    def test_a_plan_is_changed_by_who_has_read_it(self, desk: APIClient, clerk: User, plan: SubscriptionPlan) -> None:
        etag = desk.get(f"{PLANS}{plan.pk}/")["ETag"]

        answer = desk.patch(f"{PLANS}{plan.pk}/", {"monthly_meal_plans": 5}, format="json", headers={"If-Match": etag})

        assert (answer.status_code, answer.json()["monthly_meal_plans"]) == (200, 5)
        assert answer["ETag"] != etag
        entry = Entry.objects.get(verb="accounts.plan.changed")
        assert (entry.before, entry.after) == ({"monthly_meal_plans": plan.monthly_meal_plans}, {"monthly_meal_plans": 5})

    @pytest.mark.parametrize(("headers", "status"), [({}, 428), ({"If-Match": '"older"'}, 412)])
    def test_who_has_not_changes_nothing(self, desk: APIClient, plan: SubscriptionPlan, headers: dict[str, str], status: int) -> None:
        answer = desk.patch(f"{PLANS}{plan.pk}/", {"monthly_meal_plans": 5}, format="json", headers=headers)

        assert answer.status_code == status
        assert SubscriptionPlan.objects.get(pk=plan.pk).monthly_meal_plans == plan.monthly_meal_plans
        assert [verb for verb, *_ in refusals()] == ["accounts.plan.changed"]

    @pytest.mark.parametrize("body", [{"monthly_meal_plans": -1}, {"monthly_price": "x"}, {"name_en": ""}, {"order": 10**9}])
    def test_bad_values_are_named(self, desk: APIClient, plan: SubscriptionPlan, body: dict[str, Any]) -> None:
        answer = desk.patch(f"{PLANS}{plan.pk}/", body, format="json", headers={"If-Match": "*"})

        assert (answer.status_code, list(answer.json()["details"])) == (400, list(body))

    def test_the_list_has_every_language(self, desk: APIClient, plan: SubscriptionPlan) -> None:
        (row,) = [row for row in desk.get(PLANS).json() if row["id"] == plan.pk]

        assert {"name_en", "name_fi", "name_nl", "name_tr"} <= set(row)
