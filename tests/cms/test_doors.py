"""Doors that must stay shut, and admin screens that must open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import APIToken, Page

from fammo.accounts.models import User
from fammo.cms.errors import AlreadyTranslated
from legal.models import LegalPage
from tests.factories.legal import legal_index, legal_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings: Any) -> Path:
    root = Path(settings.MEDIA_ROOT)
    for name in ("images/logo.png", "original_images/logo.png", "private/pets/secret.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"picture")
    return root


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@fammo.example", "a-long-secret-41"))
    return client


def test_renditions_are_public(client: Client, media: Path) -> None:
    answer = client.get("/media/images/logo.png")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"picture")


@pytest.mark.parametrize(
    "path",
    [
        "/media/original_images/logo.png",
        "/media/private/pets/secret.jpg",
        "/media/images/../private/pets/secret.jpg",
        "/media/images/%2e%2e/private/pets/secret.jpg",
        "/media/images/..%2foriginal_images/logo.png",
        "/media/images//../../private/pets/secret.jpg",
        "/media/images/" + "a" * 400,
    ],
)
def test_nothing_else_is_however_it_is_spelled(client: Client, media: Path, path: str) -> None:
    assert client.get(path, follow=True).status_code == 404


@pytest.mark.parametrize("path", ["/api/cms/pages/", "/api/cms/images/"])
def test_editors_api_answers_nobody_without_a_token(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="cms"')


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer of-nobody", "Bearer \x00", "Basic Og==", "Token abc"])
def test_editors_api_answers_no_token_that_is_nobodys(client: Client, header: str) -> None:
    assert client.get("/api/cms/images/", headers={"Authorization": header}).status_code == 401


def test_editors_api_answers_whoever_has_a_token_until_they_leave(client: Client) -> None:
    editor = User.objects.create_superuser("root@fammo.example", "a-long-secret-41")
    _token, key = APIToken.create_token(user=editor, name="Automation")
    headers = {"Authorization": f"Bearer {key}"}

    assert client.get("/api/cms/images/", headers=headers).status_code == 200
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert client.get("/api/cms/images/", headers=headers).status_code == 401


def test_editors_api_translates_a_page_once_into_each_language(client: Client) -> None:
    _token, key = APIToken.create_token(user=User.objects.create_superuser("root@fammo.example", "a-long-secret-41"), name="Automation")
    page, pages = legal_index(), Page.objects.count()

    answer = client.post(
        f"/api/cms/pages/{page.pk}/actions/copy_for_translation/",
        {"locale": "fi"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == str(AlreadyTranslated.message)
    assert Page.objects.count() == pages


def test_editors_api_makes_no_alias_of_a_legal_page(client: Client) -> None:
    _token, key = APIToken.create_token(user=User.objects.create_superuser("root@fammo.example", "a-long-secret-41"), name="Automation")
    legal_version()
    pages = Page.objects.count()

    answer = client.post(
        f"/api/cms/pages/{LegalPage.objects.get().pk}/actions/copy_for_translation/",
        {"locale": "fi", "alias": True},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert answer.status_code == 403
    assert Page.objects.count() == pages


def test_admin_editors_can_read_the_pictures_they_choose(root: Client) -> None:
    image = Image.objects.create(title="Slide", file=get_test_image_file())

    assert root.get(f"/admin/api/main/images/{image.pk}/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/admin/operations/tasks/", "/admin/operations/mail/", "/admin/legal/versions/", "/admin/legal/consents/"]
)
def test_registers_open(root: Client, path: str) -> None:
    assert root.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/fi/", "/nl/", "/tr/", "/onboarding/", "/fi/esittely/", "/legal/", "/clinics/"])
def test_every_section_of_the_site_tree_opens(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
