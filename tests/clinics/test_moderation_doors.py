"""Ways round the queue, each through the door that an owner or a member of staff has: none of them makes a word public."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image
from rest_framework.test import APIClient
from wagtail.models import APIToken, Page

from clinics import services
from clinics.models import Clinic, ClinicListing
from fammo.accounts.models import User
from tests.contract.routes import api_routes
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db

SECRET = "Unreviewed"
JSON: dict[str, Any] = {"content_type": "application/json"}
NONCE = re.compile(rb' nonce="[^"]*"')  # new in each answer of the web
MONDAY = [{"day_of_week": 0, "open_time": "01:11", "close_time": "02:22"}]


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    file.seek(0)
    file.name = f"{SECRET}.png"
    return file


def editors_api(page: Page, path: str = "") -> str:
    return f"/api/cms/pages/{page.pk}/{path}"


def url(clinic: Clinic, path: str = "") -> str:
    return f"/api/v1/clinics/{clinic.pk}/{path}"


def delete_and_create_again(owner: APIClient, clinic: Clinic) -> None:
    assert owner.delete(url(clinic)).status_code == 204
    assert owner.post("/api/v1/clinics/", {"name": f"{SECRET} Paws", "city": "Helsinki"}).status_code == 201


def register_again(owner: APIClient, clinic: Clinic) -> None:
    form = {"email": "vet@fammo.example", "password": "another horse 42", "password_confirm": "another horse 42"}
    assert APIClient().post("/api/v1/clinics/register/", {**form, "clinic_name": f"{SECRET} Paws", "city": "Helsinki"}).status_code == 201


def approve_oneself(owner: APIClient, clinic: Clinic) -> None:
    owner.patch(url(clinic), {"bio": SECRET})
    seen = clinics.seen(clinics.page_of(clinic))
    assert owner.post(f"/api/v1/admin/moderation/{clinic.page_id}/approve/", {"content_sha256": seen}).status_code == 403


def write_state(owner: APIClient, clinic: Clinic) -> None:
    owner.patch(url(clinic), {"bio": SECRET, "admin_approved": True, "state": "approved", "is_verified": True, "live": True})


def translate(owner: APIClient, clinic: Clinic) -> None:
    for language in ("en", "fi", "nl", "tr"):
        owner.patch(url(clinic), {"bio": f"{SECRET} {language}"}, headers={"Accept-Language": language})
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": SECRET}, actor=clinic.owner)


def change_while_sent_back(owner: APIClient, clinic: Clinic) -> None:
    owner.patch(url(clinic), {"bio": f"{SECRET} once"})
    page = clinics.page_of(clinic)
    services.request_changes(page=page, seen=clinics.seen(page), actor=clinics.moderator(), **clinics.REASON)
    owner.patch(url(clinic), {"bio": f"{SECRET} twice"})


WAYS: dict[str, Callable[[APIClient, Clinic], Any]] = {
    "profile": lambda owner, clinic: owner.patch(url(clinic), {"bio": SECRET, "vet_name": SECRET, "website": f"https://{SECRET}.fi"}),
    "whole profile": lambda owner, clinic: owner.put(url(clinic), {"name": SECRET, "city": SECRET, "address": SECRET}),
    "multipart": lambda owner, clinic: owner.patch(url(clinic), {"bio": SECRET}, format="multipart"),
    "name": lambda owner, clinic: owner.patch(url(clinic), {"name": SECRET}),
    "slug": lambda owner, clinic: owner.patch(url(clinic), {"slug": SECRET.lower()}),
    "coordinates": lambda owner, clinic: owner.patch(url(clinic), {"latitude": 1.111111, "longitude": 2.222222}),
    "week": lambda owner, clinic: owner.post(url(clinic, "working-hours/"), MONDAY),
    "one day": lambda owner, clinic: owner.patch(url(clinic, "working-hours/"), MONDAY),
    "dated exception": lambda owner, clinic: owner.put(url(clinic, "special-hours/"), [{"date": "2026-12-25", "is_closed": True}]),
    "vet profile": lambda owner, clinic: owner.post(url(clinic, "vet-profile/"), {"vet_name": SECRET, "bio": SECRET}),
    "part of the vet profile": lambda owner, clinic: owner.patch(url(clinic, "vet-profile/"), {"degrees": SECRET}),
    "logo": lambda owner, clinic: owner.patch(url(clinic), {"logo": picture()}, format="multipart"),
    "contact": lambda owner, clinic: owner.patch(url(clinic), {"email": "unreviewed@fammo.example", "phone": "+358 9 1111111"}),
    "old path": lambda owner, clinic: owner.patch(f"/api/clinics/{clinic.pk}/", {"bio": SECRET}),
    "state": write_state,
    "translation": translate,
    "sent back": change_while_sent_back,
    "own approval": approve_oneself,
}
OTHER_CLINICS = {"delete and create again": delete_and_create_again, "register again": register_again}


def readable() -> list[str]:
    """Every route below one clinic that can be read, also those that are yet to come."""
    return [path for path, methods in api_routes().items() if path.startswith("/api/v1/clinics/{clinic_id}/") and "GET" in methods]


def everything_public(clinic: Clinic) -> list[bytes]:
    """What a stranger reads, through every route that names clinics, in every language."""
    stranger = APIClient()
    paths = [path.format(clinic_id=clinic.pk) for path in readable()]
    paths += [
        "/api/v1/clinics/",
        "/api/v1/clinics/?show_all=true",
        "/api/v1/clinics/search/?lat=60.1699&lng=24.9384&radius=50",
        "/clinics/",
    ]
    paths += [
        "/api/v1/clinics/search/?search=unreviewed",
        "/api/v1/clinics/search/?lat=1.111111&lng=2.222222&radius=5",
        f"/clinics/{clinic.page.slug}/",
    ]
    read = [(path, language) for path in paths for language in ("en", "fi")]
    answers = [stranger.get(path, headers={"Accept-Language": language}).content for path, language in read]
    return [NONCE.sub(b"", answer) for answer in answers]


@time_machine.travel("2026-11-23 12:00:30+02:00", tick=False)  # answers say who is open now
@pytest.mark.parametrize("way", WAYS)
def test_no_way_round_the_queue_changes_a_public_byte(vet: User, way: str) -> None:
    clinic = clinics.approved(vet)
    before = everything_public(clinic)
    assert any(b"Happy Paws" in answer for answer in before)

    answer = WAYS[way](accounts.client_of(vet), clinic)

    assert answer is None or answer.status_code in {200, 201}
    assert everything_public(clinic) == before
    assert clinics.page_of(clinic).workflow_in_progress


@time_machine.travel("2026-11-23 12:00:30+02:00", tick=False)
@pytest.mark.parametrize("way", OTHER_CLINICS)
def test_a_new_clinic_is_as_unknown_as_the_first_was(vet: User, way: str) -> None:
    clinic = clinics.approved(vet)
    public = everything_public(clinic)

    OTHER_CLINICS[way](accounts.client_of(vet), clinic)

    now = everything_public(clinic)
    assert not any(SECRET.encode() in answer for answer in now)
    assert now == public or not ClinicListing.objects.exists()


def test_the_page_editor_publishes_nothing(client: Client, vet: User) -> None:
    clinic = clinics.pending(vet)
    client.force_login(accounts.superuser())

    client.post(reverse("wagtailadmin_pages:edit", args=[clinic.page_id]), {"action-publish": "1", "title": SECRET})

    assert ClinicListing.objects.count() == 0


EDITORS_API: dict[str, Callable[[Client, Clinic, dict[str, str]], Any]] = {
    "publish": lambda robot, clinic, key: robot.post(editors_api(clinic.page, "actions/publish/"), headers=key),
    "edit and publish": lambda robot, clinic, key: robot.patch(
        editors_api(clinic.page), {"meta": {"type": "clinics.ClinicPage", "action": "publish"}, "bio": SECRET}, **JSON, headers=key
    ),
    "create and publish": lambda robot, clinic, key: robot.post(
        "/api/cms/pages/",
        {
            "meta": {"type": "clinics.ClinicPage", "action": "publish", "parent_id": clinic.page.get_parent().pk},
            "title": SECRET,
            "slug": "unreviewed",
            "city": "Helsinki",
            "country": "FI",
        },
        **JSON,
        headers=key,
    ),
    "copy": lambda robot, clinic, key: robot.post(editors_api(clinic.page, "actions/copy/"), {"title": SECRET}, **JSON, headers=key),
    "alias": lambda robot, clinic, key: robot.post(
        editors_api(clinic.page, "actions/create_alias/"), {"slug": "unreviewed"}, **JSON, headers=key
    ),
    "alias as a translation": lambda robot, clinic, key: robot.post(
        editors_api(clinic.page, "actions/copy_for_translation/"), {"locale": "fi", "alias": True}, **JSON, headers=key
    ),
    "unpublish": lambda robot, clinic, key: robot.post(editors_api(clinic.page, "actions/unpublish/"), {}, **JSON, headers=key),
    "unpublish the directory": lambda robot, clinic, key: robot.post(
        editors_api(clinic.page.get_parent(), "actions/unpublish/"), {"recursive": True}, **JSON, headers=key
    ),
    "delete": lambda robot, clinic, key: robot.delete(editors_api(clinic.page), headers=key),
    "delete by its action": lambda robot, clinic, key: robot.delete(editors_api(clinic.page, "actions/delete/"), headers=key),
    "move": lambda robot, clinic, key: robot.post(
        editors_api(clinic.page, "actions/move/"), {"destination_id": other_directory(clinic).pk}, **JSON, headers=key
    ),
}


def other_directory(clinic: Clinic) -> Page:
    return clinic.page.get_parent().get_translations().get(locale__language_code="fi")


@time_machine.travel("2026-11-23 12:00:30+02:00", tick=False)
@pytest.mark.parametrize("way", EDITORS_API)
@pytest.mark.parametrize("is_superuser", [True, False])
def test_the_editors_api_leads_nobody_round_the_queue(client: Client, vet: User, way: str, is_superuser: bool) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"bio": SECRET}, actor=vet)
    before = everything_public(clinic)
    robot = accounts.superuser() if is_superuser else clinics.moderator()
    _token, key = APIToken.create_token(user=robot, name="Automation")

    answer = EDITORS_API[way](client, clinic, {"Authorization": f"Bearer {key}"})

    assert answer.status_code == 403
    assert everything_public(clinic) == before


@time_machine.travel("2026-11-23 12:00:30+02:00", tick=False)
def test_reverting_to_older_words_makes_nothing_public(client: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"bio": SECRET}, actor=vet)
    older = clinics.page_of(clinic).latest_revision
    services.update_clinic(clinic=clinic, changes={"bio": "Newer"}, actor=vet)
    before = everything_public(clinic)
    _token, key = APIToken.create_token(user=accounts.superuser(), name="Automation")

    answer = client.post(
        editors_api(clinic.page, "actions/revert/"), {"revision_id": older.pk}, **JSON, headers={"Authorization": f"Bearer {key}"}
    )

    assert answer.status_code == 200
    assert everything_public(clinic) == before
    assert clinics.page_of(clinic).workflow_in_progress


@pytest.mark.parametrize(
    "make", [clinics.unconfirmed, clinics.pending, clinics.rejected, clinics.suspended], ids=lambda make: make.__name__
)
def test_what_is_not_approved_is_nowhere(api: APIClient, as_outsider: APIClient, vet: User, make: Callable[..., Clinic]) -> None:
    clinic = make(vet, name=f"{SECRET} Paws", slug="unreviewed-paws", latitude="61.500000", longitude="23.800000")
    nested = [path.format(clinic_id=clinic.pk) for path in readable()]
    assert len(nested) >= 4

    for stranger in (api, as_outsider):
        for path in [*nested, "/clinics/unreviewed-paws/", f"/api/cms/pages/{clinic.page_id}/", "/api/v1/clinics/unreviewed-paws/"]:
            assert stranger.get(path).status_code == (401 if "cms" in path else 404), path
        for path in [
            "/api/v1/clinics/",
            "/api/v1/clinics/?show_all=true",
            "/api/v1/clinics/search/?search=unreviewed",
            "/sitemap-clinics.xml",
            "/sitemap-pages.xml",
            "/clinics/",
        ]:
            answer = stranger.get(path)
            assert answer.status_code == 200
            assert SECRET.lower() not in answer.content.decode().lower(), path
        near = stranger.get("/api/v1/clinics/search/?lat=61.5&lng=23.8&radius=5")
        assert near.json()["count"] == 0
