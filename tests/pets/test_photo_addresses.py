"""Signed addresses of photos: good without a token, for a while, for nobody who alters them."""

from __future__ import annotations

import io
import time
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test.signals import setting_changed
from PIL import Image
from rest_framework.test import APIClient

from fammo.accounts.models import User
from fammo.common.signed_links import WINDOW_SECONDS
from pets import photo_files
from pets.models import Pet
from tests.factories import pets as make


@pytest.fixture
def pet(owner: User) -> Pet:
    return make.pet(owner, photo=make.picture())


@pytest.fixture
def address(pet: Pet) -> str:
    return photo_files.urls_of(pet.image.name)["large"]


def test_an_image_loader_without_a_token_gets_the_photo(api: APIClient, address: str) -> None:
    response = api.get(address)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private, max-age=")
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")


@pytest.mark.parametrize(("rendition", "longer_side"), [("thumbnail", 256), ("medium", 1024), ("large", 2048)])
def test_each_rendition_has_its_address(api: APIClient, owner: User, rendition: str, longer_side: int) -> None:
    pet = make.pet(owner, photo=make.picture(size=(3000, 1500)))

    response = api.get(photo_files.urls_of(pet.image.name)[rendition])

    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).size == (longer_side, longer_side // 2)


@pytest.mark.parametrize(
    "alter",
    [
        lambda address: urlsplit(address).path,
        lambda address: address[:-1] + ("A" if address[-1] != "A" else "B"),
        lambda address: address.replace("expires=", "expires=9"),
        lambda address: address.replace("expires=", "expires=x"),
        lambda address: address.replace("/pets/", "/pets/a"),
        lambda address: address.replace(".jpg", ".tiny.jpg"),
        lambda address: address.replace("/pets/", "/pets/..%2f"),
        lambda address: address.partition("&")[0] + "&signature=",
        lambda address: address.partition("&")[0] + "&signature=%00",
    ],
)
def test_an_altered_address_leads_nowhere(api: APIClient, address: str, alter: object) -> None:
    assert api.get(alter(address)).status_code == 404  # type: ignore[operator]


def test_an_address_is_signed_even_if_nothing_was_stored_in_this_process_yet(pet: Pet) -> None:
    setting_changed.send(sender=None, setting="STORAGES", value=None, enter=True)  # as in a process that has just started

    assert "signature=" in photo_files.urls_of(pet.image.name)["large"]


def test_an_address_ends(api: APIClient, address: str) -> None:
    with time_machine.travel(time.time() + 2 * WINDOW_SECONDS + 1):
        assert api.get(address).status_code == 403


def test_an_address_stays_the_same_for_a_while_so_that_caches_work(pet: Pet) -> None:
    with time_machine.travel("2026-11-21T12:00:01Z"):
        first = photo_files.urls_of(pet.image.name)
    with time_machine.travel("2026-11-21T12:59:59Z"):
        assert photo_files.urls_of(pet.image.name) == first
    with time_machine.travel("2026-11-21T13:00:01Z"):
        assert photo_files.urls_of(pet.image.name) != first


def test_public_media_does_not_serve_it(api: APIClient, pet: Pet) -> None:
    assert api.get(f"/media/{pet.image.name}").status_code == 404
