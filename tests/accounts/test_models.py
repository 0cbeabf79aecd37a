from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from fammo.accounts.models import Profile, Session, SubscriptionPlan, User
from fammo.accounts.models.people import USER_ID_LIMIT, random_user_id
from fammo.common.privacy import undeclared_columns
from tests.factories import accounts

pytestmark = pytest.mark.django_db


def test_user_ids_are_random_and_exact_in_json() -> None:
    ids = {random_user_id() for _ in range(200)}

    assert len(ids) == 200
    assert all(0 < user_id < USER_ID_LIMIT for user_id in ids)


def test_an_address_is_one_in_any_case() -> None:
    accounts.person("Anna@Fammo.Example ")

    assert User.objects.get_by_natural_key(" ANNA@fammo.example").email == "anna@fammo.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="ANNA@FAMMO.EXAMPLE").save()


def test_every_user_has_a_profile_with_the_first_plan() -> None:
    profile = accounts.person(language="fi").profile

    assert (profile.preferred_language, profile.subscription_plan.code, profile.time_zone) == ("fi", "essentials", "UTC")


def test_plans_are_there_with_their_words_in_every_language() -> None:
    plans = {plan.code: plan for plan in SubscriptionPlan.objects.all()}
    essentials, optimal = plans["essentials"], plans["optimal"]

    assert list(plans) == ["essentials", "wellness", "optimal"]
    assert (essentials.monthly_meal_plans, essentials.monthly_health_reports, essentials.free_pets) == (3, 1, 1)
    assert optimal.monthly_meal_plans is None
    assert all(
        getattr(plan, f"{field}_{code}")
        for plan in plans.values()
        for field in ("name", "description")
        for code in ("en", "fi", "nl", "tr")
    )


@pytest.mark.parametrize(
    "values",
    [
        {"latitude": 60.1, "longitude": 24.9},
        {"location_consent": True, "location_consent_at": timezone.now(), "latitude": 60.1},
        {"location_consent": True, "location_consent_at": timezone.now(), "latitude": 91, "longitude": 0},
        {"location_consent": True},
    ],
    ids=["without consent", "half a place", "not on earth", "consent without its time"],
)
def test_database_refuses_impossible_locations(anna: User, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Profile.objects.filter(user=anna).update(**values)


def test_a_deactivated_account_waits_for_nothing() -> None:
    assert accounts.unconfirmed().awaits_confirmation
    assert not accounts.deactivated().awaits_confirmation
    assert not accounts.person().awaits_confirmation


def test_session_dies_with_password_address_and_account(anna: User) -> None:
    accounts.login(anna)
    session = Session.objects.select_related("user").get()
    alive = [session.is_alive()]

    for change in ({"password": make_password("another 41 secret")}, {"email": "new@fammo.example"}, {"is_active": False}):
        for name, value in change.items():
            old = getattr(session.user, name)
            setattr(session.user, name, value)
            alive.append(session.is_alive())
            setattr(session.user, name, old)

    assert alive == [True, False, False, False]


def test_an_upgraded_hash_logs_nobody_out(anna: User, settings: object) -> None:
    accounts.login(anna)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]

    assert anna.check_password(accounts.PASSWORD)
    assert anna.password.startswith("scrypt$")
    assert Session.objects.select_related("user").get().is_alive()


@pytest.mark.parametrize("model", list(apps.get_app_config("accounts").get_models()), ids=lambda model: model.__name__)
def test_every_column_says_whether_it_is_personal(model: type[models.Model]) -> None:
    assert undeclared_columns(model) == []
