"""The page that says what is left to do in the reference lists."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from pets import selectors
from pets.models import Breed, FoodAllergy, FoodType, Gender
from tests.factories import pets as make

URL = "/admin/reference-data-health/"


@pytest.fixture
def translator(db: None, client: Client) -> Client:
    user = make.owner(is_staff=True)
    user.groups.set(Group.objects.filter(name="Translators"))
    client.force_login(user)
    return client


def health(model: type) -> selectors.ListHealth:
    return next(each for each in selectors.reference_health() if each.model is model)


@pytest.mark.django_db
def test_a_fresh_install_lacks_no_words() -> None:
    assert all(count == 0 for each in selectors.reference_health() for count in each.untranslated.values())
    assert health(Breed).unreviewed > 0


@pytest.mark.django_db
def test_rows_without_a_name_or_without_words_that_english_has_are_counted() -> None:
    Gender.objects.filter(pk=1).update(name_fi="")
    Gender.objects.filter(pk=2).update(name_fi=None, reviewed=False)
    Gender.objects.filter(pk=3).update(name_fi="", is_retired=True)
    FoodType.objects.filter(pk=1).update(description_tr="")
    FoodType.objects.filter(pk=2).update(description_tr="", description_en="")
    FoodAllergy.objects.filter(pk=3).update(synonyms_nl=None)

    assert health(Gender).untranslated == {"en": 0, "fi": 2, "nl": 0, "tr": 0}
    assert (health(Gender).rows, health(Gender).unreviewed) == (2, 1)
    assert health(FoodType).untranslated == {"en": 0, "fi": 0, "nl": 0, "tr": 1}
    assert FoodType.objects.get(pk=1).missing_translations == ["tr"]
    assert FoodType.objects.get(pk=2).missing_translations == []
    assert health(FoodAllergy).untranslated["nl"] == 1


def test_each_number_leads_to_its_rows(translator: Client) -> None:
    Breed.objects.filter(pk__in=[2, 15]).update(name_tr="")
    page = translator.get(URL).content.decode()

    found = re.search(r'href="([^"]*/breed/[^"]*missing=tr[^"]*)">2</a>', page)

    assert found, page
    listed = translator.get(found[1].replace("&amp;", "&")).context["page_obj"]
    assert {row.pk for row in listed} == {2, 15}


def test_the_menu_leads_to_it(translator: Client) -> None:
    assert URL in translator.get("/admin/").content.decode()


@pytest.mark.django_db
def test_it_is_closed_to_those_who_keep_no_list(client: Client) -> None:
    user = make.owner(is_staff=True)
    user.groups.set(Group.objects.filter(name="Clinic moderators"))
    client.force_login(user)

    assert client.get(URL).status_code in {302, 403}
    assert URL not in client.get("/admin/").content.decode()
