"""A section stays up as long as approved content hangs below it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from clinics.models import ClinicIndexPage
from fammo.accounts.models import User
from home.models import HomePage
from tests.factories import clinics
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return legal_person("root", is_staff=True, is_superuser=True)


def english_home() -> HomePage:
    home: HomePage = HomePage.objects.get(locale__language_code="en")
    return home


@pytest.mark.parametrize("door", ["wagtailadmin_pages:unpublish", "wagtailadmin_pages:delete"])
def test_front_page_above_a_published_text_stays(superuser: User, client: Client, door: str) -> None:
    legal_version()
    home = english_home()
    client.force_login(superuser)

    client.post(reverse(door, args=[home.pk]), {"include_descendants": "on"})

    assert Page.objects.get(pk=home.pk).live


def test_front_page_with_nothing_published_below_can_be_taken_down(superuser: User) -> None:
    assert english_home().permissions_for_user(superuser).can_unpublish()


def test_clinic_directory_follows_the_same_rule(superuser: User) -> None:
    section = ClinicIndexPage.objects.get(locale__language_code="en")
    before = section.permissions_for_user(superuser).can_delete()

    clinics.approved()

    assert before
    assert not section.permissions_for_user(superuser).can_delete()
    assert not section.permissions_for_user(superuser).can_move()
