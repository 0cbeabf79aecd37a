"""/clinics/{id}/ and /clinics/my/"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from clinics import services
from clinics.models import Clinic, ClinicListing
from fammo.accounts.models import User
from tests.factories import clinics

pytestmark = pytest.mark.django_db


def url_of(clinic: Clinic) -> str:
    return f"/api/v1/clinics/{clinic.pk}/"


def photo(file_format: str = "JPEG") -> SimpleUploadedFile:
    picture = Image.new("RGB", (2000, 1000), "teal")
    exif = picture.getexif()
    exif[0x010E] = "Secret place"
    exif[0x0112] = 6  # turned by a quarter
    raw = io.BytesIO()
    picture.save(raw, file_format, exif=exif)
    return SimpleUploadedFile("logo.jpg", raw.getvalue(), content_type="image/jpeg")


def test_the_public_reads_the_listing_and_no_moderation(api: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    body = api.get(url_of(clinic)).json()

    assert body["id"] == clinic.pk
    assert "moderation" not in body


def test_an_owners_change_is_theirs_to_read_and_nobody_elses_yet(api: APIClient, as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    response = as_vet.patch(url_of(clinic), {"bio": "New words", "clinic_eoi": True})

    assert response.status_code == 200
    assert response.json()["bio"] == "New words"
    assert response.json()["moderation"]["is_waiting"]
    assert response.json()["is_active_clinic"]
    assert as_vet.get(url_of(clinic)).json()["bio"] == "New words"
    assert api.get(url_of(clinic)).json()["bio"] == "Full-service veterinary clinic."
    assert api.get(url_of(clinic)).json()["clinic_eoi"]


def test_put_needs_name_and_city_and_keeps_what_is_absent(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)

    assert as_vet.put(url_of(clinic), {"name": "Only a name"}).status_code == 400
    response = as_vet.put(url_of(clinic), {"name": "New name", "city": "Oulu"})

    assert (response.json()["name"], response.json()["city"]) == ("New name", "Oulu")
    assert response.json()["bio"] == "Full-service veterinary clinic."


def test_coordinates_come_in_pairs(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet)

    assert as_vet.patch(url_of(clinic), {"latitude": 1}).status_code == 400
    response = as_vet.patch(url_of(clinic), {"latitude": 0, "longitude": 0.123456789})

    assert (response.json()["latitude"], response.json()["longitude"]) == ("0.000000", "0.123457")


@pytest.mark.filterwarnings(
    "ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"
)  # Wagtail's rendition leaves it to Python
def test_a_logo_is_drawn_anew_and_public_after_approval(api: APIClient, as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    response = as_vet.patch(url_of(clinic), {"logo": photo()}, format="multipart")

    assert response.status_code == 200
    assert response.json()["logo"].startswith("http://testserver/media/images/")
    assert api.get(url_of(clinic)).json()["logo"] is None
    image = clinics.page_of(clinic).get_latest_revision_as_object().logo
    with image.file.open("rb") as file, Image.open(file) as drawn:
        assert drawn.size == (512, 1024)
        assert not drawn.getexif()
    assert image.title == "Clinic logo"
    assert image.filename != "logo.png"
    clinics.approve(clinic)
    logo = api.get(url_of(clinic)).json()["logo"]
    assert logo == response.json()["logo"].partition("?")[0]
    file = api.get(logo.removeprefix("http://testserver"))
    assert b"".join(file.streaming_content)[8:12] == b"WEBP"
    file.close()


def test_a_logo_that_is_no_picture_is_refused(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)
    file = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", content_type="image/png")

    response = as_vet.patch(url_of(clinic), {"logo": file, "bio": "x"}, format="multipart")

    assert response.status_code == 400
    assert "logo" in response.json()["details"]
    assert not clinics.page_of(clinic).has_unpublished_changes


def test_deleting_answers_204_and_is_final(api: APIClient, as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)

    assert as_vet.delete(url_of(clinic)).status_code == 204
    assert as_vet.get(url_of(clinic)).status_code == 404
    assert ClinicListing.objects.count() == 0


def test_my_clinic_is_the_first_one_as_last_written(as_vet: APIClient, vet: User) -> None:
    first = clinics.rejected(vet)
    clinics.pending(vet)

    body = as_vet.get("/api/v1/clinics/my/").json()

    assert body["id"] == first.pk
    assert body["moderation"]["state"] == "rejected"
    assert body["moderation"]["reason"] == "The street number is missing."


def refuse(how: str, clinic: Clinic) -> None:
    page = clinics.page_of(clinic)
    getattr(services, how)(page=page, seen=clinics.seen(page), actor=clinics.moderator(), **clinics.REASON)


def told(client: APIClient, clinic: Clinic) -> dict[str, Any]:
    """What the owner reads about moderation, the same at both addresses."""
    mine, one = client.get("/api/v1/clinics/my/").json()["moderation"], client.get(url_of(clinic)).json()["moderation"]
    assert mine == one
    return {name: mine[name] for name in ("state", "is_waiting", "reason_code", "reason")}


WHY = {"reason_code": "wrong_address", "reason": "The street number is missing."}
NOTHING = {"reason_code": "", "reason": ""}


@pytest.mark.parametrize("how", ["reject_clinic", "request_changes"])
def test_who_was_sent_back_reads_why_until_they_send_it_again(as_vet: APIClient, vet: User, how: str) -> None:
    clinic = clinics.pending(vet)

    refuse(how, clinic)
    assert told(as_vet, clinic) == {"state": "rejected", "is_waiting": False, **WHY}

    assert as_vet.patch(url_of(clinic), {"address": "5 Main Street"}).status_code == 200
    assert told(as_vet, clinic) == {"state": "pending", "is_waiting": True, **NOTHING}

    clinics.approve(clinic)
    assert told(as_vet, clinic) == {"state": "approved", "is_waiting": False, **NOTHING}


@pytest.mark.parametrize("how", ["reject_clinic", "request_changes"])
def test_a_change_of_a_live_clinic_that_was_sent_back_says_why(as_vet: APIClient, vet: User, how: str) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"address": "Nowhere"}, actor=vet)

    refuse(how, clinic)
    assert told(as_vet, clinic) == {"state": "approved", "is_waiting": False, **WHY}

    services.update_clinic(clinic=clinic, changes={"address": "5 Main Street"}, actor=vet)
    assert told(as_vet, clinic) == {"state": "approved", "is_waiting": True, **NOTHING}
    clinics.approve(clinic)
    assert told(as_vet, clinic) == {"state": "approved", "is_waiting": False, **NOTHING}


def test_why_a_translation_was_sent_back_stays_while_something_else_waits(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Klinikka"}, actor=vet)
    services.update_clinic(clinic=clinic, changes={"phone": "+358 9 7654321"}, actor=vet)
    page = clinics.page_of(clinic, "fi")

    services.reject_clinic(page=page, seen=clinics.seen(page), actor=clinics.moderator(), **clinics.REASON)
    assert told(as_vet, clinic) == {"state": "approved", "is_waiting": True, **WHY}

    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Parempi klinikka"}, actor=vet)
    assert told(as_vet, clinic) == {"state": "approved", "is_waiting": True, **NOTHING}


def test_a_suspension_says_why_whatever_the_owner_sends(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.suspended(vet)
    services.update_clinic(clinic=clinic, changes={"address": "5 Main Street"}, actor=vet)

    assert told(as_vet, clinic) == {"state": "suspended", "is_waiting": True, **WHY}


def test_my_clinic_is_for_owners(api: APIClient, as_outsider: APIClient) -> None:
    assert api.get("/api/v1/clinics/my/").status_code == 401
    assert as_outsider.get("/api/v1/clinics/my/").status_code == 404


def test_me_names_the_owned_clinics(as_vet: APIClient, vet: User) -> None:
    clinic = clinics.pending(vet, name="Mine")

    body = as_vet.get("/api/v1/me/").json()

    assert body["is_clinic_owner"]
    assert body["owned_clinics"] == [{"id": clinic.pk, "name": "Mine"}]
