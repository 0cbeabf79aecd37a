"""Logos: nobody but owner and staff sees one before it is approved, or when no listing shows it any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from clinics import services
from clinics.models import Clinic
from clinics.services.editing import LOGO_TITLE
from fammo.accounts.models import User
from fammo.common.signed_links import WINDOW_SECONDS
from tests.factories import clinics, pets

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's rendition leaves it to Python
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("mine.png", pets.picture("PNG").read())


def url_of(clinic: Clinic) -> str:
    return f"/api/v1/clinics/{clinic.pk}/"


def upload(owner: APIClient, clinic: Clinic) -> str:
    """The address that the owner is told, without its host."""
    response = owner.patch(url_of(clinic), {"logo": picture()}, format="multipart")
    assert response.status_code == 200, response.content
    return str(response.json()["logo"]).removeprefix("http://testserver")


def plain(address: str) -> str:
    return address.partition("?")[0]


def opened(client: Any, address: str) -> Any:
    """The answer, read to its end."""
    response = client.get(address)
    b"".join(response)
    return response


def status_of(client: Any, address: str) -> int:
    return int(opened(client, address).status_code)


@pytest.mark.parametrize("make", [clinics.unconfirmed, clinics.pending, clinics.approved, clinics.rejected, clinics.suspended])
def test_an_unreviewed_logo_is_shown_to_whoever_has_a_signed_address(as_vet: APIClient, vet: User, client: Client, make: Any) -> None:
    address = upload(as_vet, make(vet))

    assert status_of(client, address) == 200
    assert opened(client, address)["Cache-Control"].startswith("private, max-age=")
    assert status_of(client, plain(address)) == 404
    assert status_of(client, f"{plain(address)}?expires=9999999999&signature=mine") == 404


@pytest.mark.parametrize("spelling", ["./", "/", "x/../", "%2e/", "x%2f..%2f"])
def test_no_spelling_of_its_address_helps(as_vet: APIClient, vet: User, client: Client, spelling: str) -> None:
    address = plain(upload(as_vet, clinics.approved(vet)))

    assert status_of(client, address.replace("/images/", f"/images/{spelling}")) == 404


def test_a_signature_is_good_for_one_file_and_not_for_ever(as_vet: APIClient, vet: User, client: Client) -> None:
    first, second = (upload(as_vet, clinics.pending(vet)) for _ in range(2))

    assert status_of(client, f"{plain(first)}?{second.partition('?')[2]}") == 404
    with time_machine.travel(time.time() + 2 * WINDOW_SECONDS + 1):
        assert status_of(client, first) == 403


def test_staff_see_it_in_the_admin_and_on_the_case_page(as_vet: APIClient, vet: User, desk: Client) -> None:
    clinic = clinics.approved(vet)
    address = upload(as_vet, clinic)

    assert status_of(desk, plain(address)) == 200
    assert opened(desk, plain(address))["Cache-Control"] == "private, no-store"
    assert plain(address) in desk.get(reverse("clinics_case", args=[clinic.page_id])).content.decode()


def test_moderators_in_an_app_get_a_signed_address(as_vet: APIClient, vet: User, as_moderator: APIClient, client: Client) -> None:
    clinic = clinics.approved(vet)
    upload(as_vet, clinic)

    case = as_moderator.get(f"/api/v1/admin/moderation/{clinic.page_id}/").json()

    logo = next(change for change in case["changes"] if change["field"] == "logo")
    assert logo["is_changed"]
    assert status_of(client, logo["after"].removeprefix("http://testserver")) == 200


def test_a_listed_logo_is_for_everybody_while_it_is_listed(as_vet: APIClient, vet: User, api: APIClient, client: Client) -> None:
    clinic = clinics.approved(vet)
    address = plain(upload(as_vet, clinic))
    clinics.approve(clinic)

    assert api.get(url_of(clinic)).json()["logo"] == f"http://testserver{address}"
    assert status_of(client, address) == 200
    assert opened(client, address)["Cache-Control"].startswith("public")

    newer = plain(upload(as_vet, clinic))
    assert (status_of(client, address), status_of(client, newer)) == (200, 404)
    clinics.approve(clinic)
    assert (status_of(client, address), status_of(client, newer)) == (404, 200)


def test_a_removed_logo_is_gone_once_that_is_approved(as_vet: APIClient, vet: User, client: Client) -> None:
    clinic = clinics.approved(vet)
    address = plain(upload(as_vet, clinic))
    clinics.approve(clinic)

    as_vet.patch(url_of(clinic), {"logo": None})
    assert status_of(client, address) == 200
    clinics.approve(clinic)

    assert status_of(client, address) == 404


def test_the_logo_of_a_deleted_clinic_is_not_served(as_vet: APIClient, vet: User, client: Client) -> None:
    clinic = clinics.approved(vet)
    address = plain(upload(as_vet, clinic))
    clinics.approve(clinic)

    assert as_vet.delete(url_of(clinic)).status_code == 204

    assert status_of(client, address) == 404


def test_uploads_have_a_limit_of_their_own(as_vet: APIClient, vet: User, settings: Any) -> None:
    clinic = clinics.pending(vet)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": "2/hour"}
    settings.RATE_LIMIT_SCALE = 1
    form = {"name": "With a logo", "city": "Helsinki"}

    upload(as_vet, clinic)
    assert as_vet.post("/api/v1/clinics/", form | {"logo": picture()}, format="multipart").status_code == 201

    assert as_vet.patch(url_of(clinic), {"logo": picture()}, format="multipart").status_code == 429
    assert as_vet.put(url_of(clinic), form | {"logo": picture()}, format="multipart").status_code == 429
    assert as_vet.post("/api/v1/clinics/", form | {"logo": picture()}, format="multipart").status_code == 429
    assert as_vet.patch(url_of(clinic), {"bio": "Words"}).status_code == 200


def stored() -> set[str]:
    """The files of all logos, as they were uploaded."""
    return set(get_image_model().objects.filter(title=LOGO_TITLE).values_list("file", flat=True))


def kept_files() -> set[str]:
    return {f"original_images/{name}" for name in default_storage.listdir("original_images")[1]}


def test_what_nothing_needs_any_more_is_deleted(
    as_vet: APIClient, vet: User, client: Client, run_tasks: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    clinic = clinics.approved(vet)
    with django_capture_on_commit_callbacks(execute=True):
        upload(as_vet, clinic)
        listed = plain(upload(as_vet, clinic))
    run_tasks()
    assert len(stored()) == 1
    assert kept_files() == stored()

    clinics.approve(clinic)
    with django_capture_on_commit_callbacks(execute=True):
        upload(as_vet, clinic)
        as_vet.patch(url_of(clinic), {"logo": None})
    assert len(stored()) == 1
    assert status_of(client, listed) == 200

    with django_capture_on_commit_callbacks(execute=True):
        clinics.approve(clinic)
    run_tasks()
    assert (stored(), kept_files()) == (set(), set())


def test_a_suspended_clinic_keeps_the_logo_that_it_had_until_it_is_reinstated(
    as_vet: APIClient, vet: User, client: Client, moderator: User
) -> None:
    clinic = clinics.approved(vet)
    address = plain(upload(as_vet, clinic))
    clinics.approve(clinic)
    clinic = Clinic.objects.get(pk=clinic.pk)
    seen = clinic.listing.content_sha256
    services.suspend_clinic(clinic=clinic, seen=seen, actor=moderator, **clinics.REASON)
    assert status_of(client, address) == 404

    upload(as_vet, clinic)
    services.reinstate_clinic(clinic=clinic, seen=seen, actor=moderator)

    assert status_of(client, address) == 200


def test_a_deleted_clinic_takes_its_logos_along_but_no_other_picture(
    as_vet: APIClient, vet: User, run_tasks: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    clinic, other = clinics.approved(vet), clinics.approved(vet)
    upload(as_vet, other)
    of_other = stored()
    upload(as_vet, clinic)
    clinics.approve(clinic)
    editors = get_image_model().objects.create(title="Slide", file=get_test_image_file())
    services.update_clinic(clinic=clinic, changes={"logo": editors}, actor=vet)
    assert len(stored()) == 2

    as_vet.delete(url_of(clinic))
    with django_capture_on_commit_callbacks(execute=True):
        run_tasks()
    run_tasks()

    assert stored() == of_other
    assert kept_files() == of_other | {editors.file.name}


def test_a_logo_that_another_clinic_has_too_stays(as_vet: APIClient, vet: User, run_tasks: Callable[[], int]) -> None:
    clinic, branch = clinics.pending(vet), clinics.pending(vet)
    upload(as_vet, clinic)
    services.update_clinic(clinic=branch, changes={"logo": clinics.page_of(clinic).logo}, actor=vet)

    as_vet.delete(url_of(clinic))
    run_tasks()

    assert {clinics.page_of(branch).logo.file.name} == stored()
