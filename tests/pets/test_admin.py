"""Reference lists and the register of pets in the Wagtail admin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from fammo.accounts.models import User
from pets import services
from pets.errors import ReferenceRowInUse
from pets.models import REFERENCE_MODELS, Breed, FoodAllergy, Gender, Pet, ReferenceRow
from tests.factories import pets as make


def admin_url(model: type[ReferenceRow], name: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)  # type: ignore[attr-defined]


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    """A superuser at the desk."""
    client.force_login(make.owner(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def desk(db: None, client: Client) -> Client:
    return client


def staff(*codenames: str) -> User:
    user = make.owner(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


@pytest.mark.parametrize("model", REFERENCE_MODELS)
def test_every_list_can_be_read_searched_and_exported(editor: Client, model: type[ReferenceRow]) -> None:
    row = model.objects.first()
    assert row is not None

    assert row.name_en in editor.get(admin_url(model, "list")).content.decode().replace("&#x27;", "'").replace("&amp;", "&")
    assert editor.get(admin_url(model, "list"), {"q": row.name_fi, "reviewed": "true", "missing": "tr"}).status_code == 200
    export = editor.get(admin_url(model, "list"), {"export": "csv"})
    assert export["Content-Type"].startswith("text/csv")
    assert editor.get(admin_url(model, "edit", row.pk)).status_code == 200


def test_an_editor_changes_a_name_in_one_language(editor: Client) -> None:
    url = admin_url(Gender, "edit", 1)
    form = {"name_en": "Male", "name_fi": "Koiras", "name_nl": "Reu", "name_tr": "Erkek", "order": "10", "source": "", "source_id": ""}

    response = editor.post(url, form)

    assert response.status_code == 302
    row = Gender.objects.get(pk=1)
    assert (row.name_en, row.name_fi, row.slug) == ("Male", "Koiras", "male")


def test_a_new_row_gets_a_slug_and_an_id_of_the_editors(editor: Client) -> None:
    form = {"name_en": "House Hound", "pet_type": "1", "order": "100", "name_fi": "", "name_nl": "", "name_tr": ""}

    assert editor.post(admin_url(Breed, "add"), form).status_code == 302

    row = Breed.objects.get(slug="house-hound")
    assert row.pk >= 100_000
    assert row.missing_translations == ["fi", "nl", "tr"]


def delete(editor: Client, row: ReferenceRow, in_bulk: bool) -> Any:
    model = type(row)
    url = admin_url(model, "delete", row.pk)
    if in_bulk:
        url = reverse("wagtail_bulk_action", args=("pets", model._meta.model_name, "delete")) + f"?id={row.pk}"
    return editor.post(url, follow=True)


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_row_in_use_cannot_be_deleted(editor: Client, in_bulk: bool) -> None:
    row = FoodAllergy.objects.create(name_en="Kelp")
    make.pet(food_allergies=[row])

    assert "This row is in use" in delete(editor, row, in_bulk).content.decode()
    assert FoodAllergy.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("in_bulk", [False, True])
def test_a_row_of_the_files_cannot_be_deleted(editor: Client, in_bulk: bool) -> None:
    row = Gender.objects.get(pk=3)

    assert "belongs to the product" in delete(editor, row, in_bulk).content.decode()
    assert Gender.objects.filter(pk=3).exists()


@pytest.mark.parametrize("in_bulk", [False, True])
def test_an_editors_row_that_nobody_uses_can_be_deleted(editor: Client, in_bulk: bool) -> None:
    row = Gender.objects.create(name_en="Neutral")

    assert "deleted" in delete(editor, row, in_bulk).content.decode()

    assert not Gender.objects.filter(pk=row.pk).exists()
    assert ModelLogEntry.objects.filter(action="wagtail.delete", object_id=str(row.pk), deleted=True).count() == 1


def test_translators_cannot_delete_in_bulk(desk: Client) -> None:
    row = Gender.objects.create(name_en="Neutral")
    desk.force_login(staff("change_gender", "view_gender"))

    delete(desk, row, in_bulk=True)

    assert Gender.objects.filter(pk=row.pk).exists()


def test_the_service_refuses_a_row_that_came_into_use_meanwhile(editor: Client) -> None:
    row = Gender.objects.create(name_en="Neutral")
    actor = make.owner()
    make.pet(gender=row)

    with pytest.raises(ReferenceRowInUse):
        services.delete_reference_rows(rows=[row], actor=actor)


def test_the_way_to_delete_and_retire_is_shown_by_use(editor: Client) -> None:
    make.pet(breed=Breed.objects.get(pk=15))
    make.pet(breed=Breed.objects.get(pk=15))

    page = editor.get(admin_url(Breed, "list"), {"q": "Golden Retriever"}).context["page_obj"]

    assert {row.pk: row.pet_count for row in page}[15] == 2


def test_a_range_that_ends_before_it_begins_is_refused_in_words(editor: Client) -> None:
    form = {"name_en": "House Hound", "pet_type": "1", "order": "1", "adult_weight_min_kg": "9", "adult_weight_max_kg": "3"}

    response = editor.post(admin_url(Breed, "add"), form)

    assert "less than where the range begins" in response.content.decode()
    assert not Breed.objects.filter(slug="house-hound").exists()


def test_a_breed_that_pets_have_stays_in_its_species(editor: Client) -> None:
    make.pet(breed=Breed.objects.get(pk=15))

    response = editor.post(admin_url(Breed, "edit", 15), {"name_en": "Golden Retriever", "pet_type": "2", "order": "100"})

    assert "cannot move to another species" in response.content.decode()
    assert Breed.objects.get(pk=15).pet_type_id == 1


def test_the_register_shows_owners_only_to_those_who_may_see_users(desk: Client) -> None:
    pet: Pet = make.pet(weight=Decimal("25.5"))
    pages = ("/admin/pets/register/", f"/admin/pets/register/inspect/{pet.pk}/")

    desk.force_login(staff("view_pet"))
    without = [desk.get(page).content.decode() for page in pages]
    desk.force_login(staff("view_pet", "view_user"))
    with_owner = [desk.get(page).content.decode() for page in pages]

    for page in without:
        assert "Max" in page
        assert "25.50" in page
        assert pet.user.email not in page
    assert all(pet.user.email in page for page in with_owner)


def test_owners_are_found_by_their_address_only_by_those_who_may_see_it(desk: Client) -> None:
    pet: Pet = make.pet()

    desk.force_login(staff("view_pet"))
    assert "Max" not in desk.get("/admin/pets/register/", {"q": pet.user.email}).content.decode()
    desk.force_login(staff("view_pet", "view_user"))
    assert "Max" in desk.get("/admin/pets/register/", {"q": pet.user.email}).content.decode()


def test_the_register_is_closed_to_others_and_read_only_for_all(desk: Client, editor: Client) -> None:
    pet = make.pet()

    assert editor.get(f"/admin/pets/register/inspect/{pet.pk}/").status_code == 200
    assert editor.post(f"/admin/pets/register/edit/{pet.pk}/").status_code in {302, 403, 404}
    assert editor.post(f"/admin/pets/register/delete/{pet.pk}/").status_code in {302, 403, 404}
    assert Pet.objects.kept().filter(pk=pet.pk).exists()
    desk.force_login(staff())
    assert desk.get("/admin/pets/register/").status_code in {302, 403}
