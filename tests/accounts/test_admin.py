"""People and plans in the Wagtail admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from fammo.accounts import services
from fammo.accounts.models import Erasure, Profile, Session, SubscriptionPlan, User
from fammo.accounts.selectors import person_of
from fammo.audit.models import Entry
from fammo.mail.models import OutgoingMail
from legal.services import Origin, record_decision
from tests.factories import accounts
from tests.factories.legal import legal_version

pytestmark = pytest.mark.django_db

NEW = "a brand new garden 9"


@pytest.fixture
def boss() -> User:
    return accounts.superuser("boss@fammo.example")


@pytest.fixture
def admin(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


def user_url(view: str, *args: Any) -> str:
    return reverse(f"wagtailusers_users:{view}", args=args)


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    fields = {
        "email": user.email,
        "first_name": "Anna",
        "last_name": "",
        "is_active": "on",
        "preferred_language": "fi",
        "subscription_plan": SubscriptionPlan.objects.get(code="optimal").pk,
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


class TestLogin:
    URL = "/admin/login/"

    def test_people_with_access_log_in_with_their_address(self, client: Client, boss: User) -> None:
        assert client.post(self.URL, {"username": "BOSS@fammo.example", "password": accounts.PASSWORD}).status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_app_users_do_not_get_in(self, client: Client, anna: User) -> None:
        client.post(self.URL, {"username": anna.email, "password": accounts.PASSWORD})

        assert client.get("/admin/").status_code == 302

    def test_a_deactivated_editor_does_not_get_in(self, client: Client) -> None:
        editor = accounts.deactivated()
        group = Group.objects.create(name="Access")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        editor.groups.add(group)

        assert client.post(self.URL, {"username": editor.email, "password": accounts.PASSWORD}).status_code == 200
        assert client.get("/admin/").status_code == 302

    def test_guesses_are_limited_here_too(self, client: Client, boss: User, limits: Callable[..., None]) -> None:
        limits(login_attempts="2/15minutes")
        for _ in range(2):
            client.post(self.URL, {"username": boss.email, "password": "wrong"})

        response = client.post(self.URL, {"username": boss.email, "password": accounts.PASSWORD}, follow=True)

        assert "Too many attempts" in response.content.decode()
        assert "_auth_user_id" not in client.session

    def test_guesses_at_many_accounts_are_limited_per_address(self, client: Client, boss: User, limits: Callable[..., None]) -> None:
        limits(auth="2/minute")
        right = {"username": boss.email, "password": accounts.PASSWORD}
        for number in range(2):
            client.post(self.URL, {"username": f"{number}@fammo.example", "password": "wrong"})

        assert "Too many attempts" in client.post(self.URL, right, follow=True).content.decode()
        assert client.post(self.URL, right, REMOTE_ADDR="192.0.2.7").status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_there_is_no_second_way_to_a_new_password(self, client: Client, boss: User) -> None:
        assert "/admin/password_reset/" not in client.get(self.URL).content.decode()
        assert client.post("/admin/password_reset/", {"email": boss.email}).status_code == 404

    def test_wagtails_account_page_changes_neither_password_nor_address(self, client: Client, boss: User) -> None:
        client.force_login(boss)
        page = client.get("/admin/account/").content.decode()
        wished = {"old_password": accounts.PASSWORD, "new_password1": "another-secret-77", "new_password2": "another-secret-77"}

        client.post(
            "/admin/account/", {f"password-{name}": value for name, value in wished.items()} | {"name_email-email": "new@fammo.example"}
        )

        assert "password-old_password" not in page
        assert "name_email-email" not in page
        now = User.objects.get(pk=boss.pk)
        assert now.email == boss.email
        assert now.check_password(accounts.PASSWORD)


class TestPeople:
    def test_the_list_shows_plan_and_language(self, admin: Client, anna: User) -> None:
        page = admin.get(user_url("index"), {"q": "anna@fammo"}).content.decode()

        assert "anna@fammo.example" in page
        assert "Essentials" in page
        assert "English" in page

    def test_a_new_person_has_a_profile_and_is_confirmed(self, admin: Client, boss: User) -> None:
        unsaved = User(email="Editor@fammo.example")
        assert admin.get(user_url("add")).status_code == 200

        admin.post(user_url("add"), form_of(unsaved, password1=NEW, password2=NEW, is_active=None))

        user = User.objects.get(email="editor@fammo.example")
        assert (user.is_active, user.profile.preferred_language, user.profile.subscription_plan.code) == (True, "fi", "optimal")
        assert user.email_confirmed_at is not None
        assert user.check_password(NEW)
        assert Entry.objects.filter(verb="accounts.user.registered", actor=boss, object_id=str(user.pk)).exists()

    def test_a_known_address_in_another_case_is_refused(self, admin: Client, anna: User) -> None:
        response = admin.post(user_url("add"), form_of(User(email="ANNA@fammo.example"), password1=NEW, password2=NEW))

        assert response.status_code == 200
        assert User.objects.filter(email__iexact="anna@fammo.example").count() == 1

    def test_plan_and_language_are_changed_and_logins_go_on(self, admin: Client, anna: User) -> None:
        accounts.login(anna)
        assert admin.get(user_url("edit", anna.pk)).status_code == 200

        admin.post(user_url("edit", anna.pk), form_of(anna))

        anna = User.objects.get(pk=anna.pk)
        assert (anna.first_name, anna.profile.preferred_language, anna.profile.subscription_plan.code) == ("Anna", "fi", "optimal")
        assert Session.objects.alive().exists()
        assert not OutgoingMail.objects.exists()

    def test_a_new_password_ends_logins_and_is_told(self, admin: Client, anna: User) -> None:
        accounts.login(anna)

        admin.post(user_url("edit", anna.pk), form_of(anna, password1=NEW, password2=NEW))

        assert User.objects.get(pk=anna.pk).check_password(NEW)
        assert Session.objects.get().ended_reason == Session.EndReason.CREDENTIALS
        assert OutgoingMail.objects.get().kind == "accounts.password_changed"

    def test_a_new_address_ends_logins(self, admin: Client, anna: User) -> None:
        accounts.login(anna)

        admin.post(user_url("edit", anna.pk), form_of(anna, email="anna.new@fammo.example"))

        assert User.objects.get(pk=anna.pk).email == "anna.new@fammo.example"
        assert Session.objects.get().ended_reason == Session.EndReason.CREDENTIALS
        mail = OutgoingMail.objects.get()
        assert (mail.kind, mail.to) == ("accounts.email_changed", "anna@fammo.example")
        assert "anna@fammo.example" in person_of(User.objects.get(pk=anna.pk)).addresses

    def test_deactivation_ends_logins_and_is_in_the_log(self, admin: Client, boss: User, anna: User) -> None:
        accounts.login(anna)

        admin.post(user_url("edit", anna.pk), form_of(anna, is_active=None))

        assert not User.objects.get(pk=anna.pk).is_active
        assert Session.objects.get().ended_reason == Session.EndReason.DEACTIVATED
        assert Entry.objects.get(verb="accounts.user.deactivated").actor == boss

    def test_many_are_deactivated_through_the_same_service(self, admin: Client, boss: User, anna: User, outsider: User) -> None:
        accounts.login(anna)
        url = reverse("wagtail_bulk_action", args=["accounts", "user", "set_active_state"])

        admin.post(f"{url}?id={anna.pk}&id={outsider.pk}&id={boss.pk}", {"mark_as_active": "False"})

        assert list(User.objects.filter(is_active=True)) == [boss]
        assert Session.objects.get().ended_reason == Session.EndReason.DEACTIVATED
        assert Entry.objects.filter(verb="accounts.user.deactivated", actor=boss).count() == 2

    def test_logins_are_shown_and_ended(self, admin: Client, boss: User, anna: User) -> None:
        accounts.login(anna, device="Lost phone")
        assert "Lost phone" in admin.get(user_url("sessions", anna.pk)).content.decode()

        admin.post(user_url("sessions", anna.pk))

        assert Session.objects.get().ended_reason == Session.EndReason.ENDED_BY_STAFF
        assert Entry.objects.get(verb="accounts.user.sessions_ended").actor == boss
        assert "Not logged in anywhere" in admin.get(user_url("sessions", anna.pk)).content.decode()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_logins_are_not_for_everybody_with_access(self, client: Client, anna: User, method: str) -> None:
        editor = accounts.person()
        group = Group.objects.create(name="Access")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        editor.groups.add(group)
        client.force_login(editor)
        accounts.login(anna)

        getattr(client, method)(user_url("sessions", anna.pk))

        assert Session.objects.alive().exists()


class TestDeletion:
    def test_the_page_says_what_goes_and_its_button_starts_the_wait(self, admin: Client, boss: User, anna: User) -> None:
        accounts.login(anna)
        page = admin.get(user_url("delete", anna.pk)).content.decode()
        assert "Profiles: 1" in page
        assert "7 days" in page

        admin.post(user_url("delete", anna.pk))

        erasure = Erasure.objects.get()
        assert (erasure.state, erasure.origin, erasure.user) == ("waiting", "staff", anna)
        assert Session.objects.get().ended_reason == Session.EndReason.ERASURE
        assert Entry.objects.get(verb="accounts.user.erasure_requested").actor == boss
        assert "will be deleted on" in admin.get(user_url("sessions", anna.pk)).content.decode()

    def test_staff_can_call_it_off(self, admin: Client, boss: User, anna: User) -> None:
        admin.post(user_url("delete", anna.pk))

        admin.post(user_url("sessions", anna.pk), {"action": "keep_account"})

        assert Erasure.objects.get().state == "cancelled"
        assert Entry.objects.get(verb="accounts.user.erasure_cancelled").actor == boss
        assert "The account stays" in admin.get(user_url("sessions", anna.pk)).content.decode()

    def test_many_at_once_go_the_same_way(self, admin: Client, boss: User, anna: User, outsider: User) -> None:
        url = reverse("wagtail_bulk_action", args=["accounts", "user", "delete"])

        admin.post(f"{url}?id={anna.pk}&id={outsider.pk}")

        assert User.objects.count() == 3
        assert {erasure.user for erasure in Erasure.objects.all()} == {anna, outsider}

    @pytest.mark.parametrize("codenames", [("access_admin",), ("access_admin", "change_user")])
    def test_it_is_not_for_everybody_with_access(self, client: Client, anna: User, codenames: tuple[str, ...]) -> None:
        editor = accounts.person()
        editor.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(editor)

        client.post(user_url("delete", anna.pk))
        assert not Erasure.objects.exists()
        services.request_erasure(user=anna, origin=Erasure.Origin.OWNER, actor=anna)
        client.post(user_url("sessions", anna.pk), {"action": "keep_account"})

        assert Erasure.objects.get().state == "waiting"


def test_the_account_page_shows_plan_and_consents(admin: Client, anna: User) -> None:
    version = legal_version()
    record_decision(user=anna, version_id=version.pk, accepted=True, language="en", origin=Origin())

    page = admin.get(user_url("sessions", anna.pk)).content.decode()

    assert "Plan: Essentials" in page
    assert "Accepted" in page


def test_the_account_page_says_where_it_is(admin: Client, anna: User) -> None:
    path = admin.get(user_url("sessions", anna.pk)).context["breadcrumbs_items"]

    assert [(str(step["label"]), step["url"]) for step in path[1:]] == [
        ("Users", user_url("index")),
        ("anna@fammo.example", user_url("edit", anna.pk)),
        ("Logins, consents, deletion", ""),
    ]


class TestPlans:
    def test_plans_are_listed_with_what_they_allow(self, admin: Client) -> None:
        page = admin.get(reverse("subscription_plans:index")).content.decode()

        assert "Essentials" in page
        assert "no limit" in page

    def test_a_plan_is_edited_in_every_language(self, admin: Client) -> None:
        plan = SubscriptionPlan.objects.get(code="wellness")
        url = reverse("subscription_plans:edit", args=[plan.pk])
        page = admin.get(url).content.decode()
        assert 'name="name_fi"' in page
        assert 'name="name"' not in page
        fields = {f"{field}_{code}": f"{field} {code}" for field in ("name", "description") for code in ("en", "fi", "nl", "tr")}

        admin.post(url, fields | {"code": "wellness", "monthly_price": "5.50", "order": 2, "monthly_meal_plans": "", "free_pets": 4})

        plan.refresh_from_db()
        assert (plan.name_tr, plan.monthly_meal_plans, plan.free_pets) == ("name tr", None, 4)

    @pytest.mark.parametrize("code", ["essentials", "wellness"])
    def test_a_plan_that_is_needed_cannot_be_deleted(self, admin: Client, anna: User, code: str) -> None:
        plan = SubscriptionPlan.objects.get(code=code)
        Profile.objects.update(subscription_plan=SubscriptionPlan.objects.get(code="wellness"))

        response = admin.post(reverse("subscription_plans:delete", args=[plan.pk]), follow=True)

        assert "This plan cannot be deleted" in response.content.decode()
        assert SubscriptionPlan.objects.filter(pk=plan.pk).exists()

    def test_another_plan_can(self, admin: Client) -> None:
        plan = SubscriptionPlan.objects.get(code="optimal")

        admin.post(reverse("subscription_plans:delete", args=[plan.pk]))

        assert not SubscriptionPlan.objects.filter(pk=plan.pk).exists()


def test_what_can_be_granted_is_users_and_plans(admin: Client) -> None:
    granted = Permission.objects.filter(content_type__app_label="accounts").values_list("codename", flat=True)

    assert sorted(granted) == [
        *("add_subscriptionplan", "add_user", "change_subscriptionplan", "change_user"),
        *("delete_subscriptionplan", "delete_user", "view_subscriptionplan", "view_user"),
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("email", "a@xn--\u202e.example"), ("first_name", "An\u202ena"), ("last_name", "Rauta\u2066suo")]
)
def test_staff_cannot_write_what_people_may_not(admin: Client, anna: User, field: str, value: str) -> None:
    answer = admin.post(user_url("edit", anna.pk), form_of(anna, **{field: value}))

    assert field in answer.context["form"].errors
    assert getattr(User.objects.get(pk=anna.pk), field) != value
