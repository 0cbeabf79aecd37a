"""From signing up to a clinic that a phone finds: the line that the whole product hangs on, request by request."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from openapi_spec_validator import validate

from fammo.common.languages import CODES
from home.demo.people import PASSWORD as DEMO_PASSWORD
from tests.contract.routes import described_routes

from .product import MODERATOR, Product, link_in, ok, text_of

# Wagtail leaves the temporary file of a rendition that it draws to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

PASSWORD = "kaura-ja-riisi-41"
HERE = {"lat": "64.227", "lng": "27.728"}  # Kajaani, where the demo has no clinic


def test_sign_up_consent_pet_and_a_clinic_from_registration_to_search(product: Product) -> None:
    _app_starts(product)
    _onboarding_is_shown(product)

    anybody = product.device()
    signed_up = ok(anybody.post("/api/v1/auth/signup/", json=_new_credentials("ilona@kajaani.example") | {"language": "fi"}), 201)
    assert signed_up["user"]["email"] == "ilona@kajaani.example"
    assert anybody.post("/api/v1/auth/token/", json=_credentials("ilona@kajaani.example")).status_code == 401
    _account_is_activated_by_the_button_of_its_page(product, "ilona@kajaani.example")

    ilona = product.device(token=_access_token(product, "ilona@kajaani.example"))
    me = ok(ilona.get("/api/v1/me/"))
    assert me["user"] | {"id": 0} == signed_up["user"] | {
        "id": 0,
        "is_active": True,
        "is_staff": False,
        "date_joined": me["user"]["date_joined"],
    }
    assert me["preferred_language"] == "fi"

    _every_document_is_read_in_four_languages_and_accepted(product, ilona)
    _pet_is_created(ilona)

    clinic_id = _clinic_is_registered(product, "vastaanotto@kajaani.example")
    assert product.device().get(f"/api/v1/clinics/{clinic_id}/").status_code == 404
    _clinic_is_confirmed_by_the_app(product, "vastaanotto@kajaani.example", clinic_id)
    assert (
        product.device().get(f"/api/v1/clinics/{clinic_id}/").status_code == ilona.get(f"/api/v1/clinics/{clinic_id}/").status_code == 404
    )
    assert _found(product) == []
    vet = product.device(token=_access_token(product, "vastaanotto@kajaani.example"))
    assert ok(vet.get("/api/v1/clinics/my/"))["moderation"]["is_waiting"] is True

    _moderator_approves(product, "Kajaanin Kissaklinikka")

    assert [clinic["id"] for clinic in _found(product)] == [clinic_id]
    assert ok(product.device().get(f"/api/v1/clinics/{clinic_id}/"))["admin_approved"] is True
    assert ok(vet.get("/api/v1/me/"))["owned_clinics"] == [{"id": clinic_id, "name": "Kajaanin Kissaklinikka"}]
    assert "Kajaanin Kissaklinikka" in text_of(product.next_mail_to("vastaanotto@kajaani.example"))

    _document_describes_every_route_that_was_used(product)


def _credentials(address: str) -> dict[str, str]:
    return {"email": address, "password": PASSWORD}


def _new_credentials(address: str) -> dict[str, str]:
    return _credentials(address) | {"password_confirm": PASSWORD}


def _access_token(product: Product, address: str, **more: str) -> str:
    pair = ok(product.device().post("/api/v1/auth/token/", json=_credentials(address) | more))
    assert set(pair) == {"access", "refresh"}
    return str(pair["access"])


def _app_starts(product: Product) -> None:
    phone = product.device(language="tr")
    assert ok(phone.get("/api/v1/ping/"))["status"] == "ok"
    config = ok(phone.get("/api/v1/config/"))
    assert config["base_url"] == product.url
    assert all(address.startswith(product.url) for address in config["assets"].values())
    assert [language["code"] for language in ok(phone.get("/api/v1/languages/"))["languages"]] == list(CODES)


def _onboarding_is_shown(product: Product) -> None:
    slides = {language: ok(product.device(language=language).get("/api/v1/onboarding/")) for language in CODES}
    assert len(slides["en"]) == 5
    assert len({tuple(slide["id"] for slide in shown) for shown in slides.values()}) == 1
    assert len({shown[0]["title"] for shown in slides.values()}) == 4
    picture = product.device().get(urlsplit(slides["fi"][0]["icon_url"]).path)
    assert picture.status_code == 200
    assert picture.headers["Content-Type"].startswith("image/")


def _account_is_activated_by_the_button_of_its_page(product: Product, address: str) -> None:
    link = link_in(product.next_mail_to(address))
    assert link.startswith(f"{product.url}/activate/")
    _button_is_pressed(product, link)
    assert product.device().get(link).status_code == 410, "the link works once"


def _button_is_pressed(product: Product, link: str) -> str:
    """Opens the page of a mail's link as a scanner and again as a person, who then presses its one button."""
    assert product.device().get(link).status_code == 200
    browser = product.device()
    page = browser.get(link)
    assert page.status_code == 200
    assert page.text.count("<button") == 1
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert secret is not None
    pressed = browser.post(link, data={"csrfmiddlewaretoken": secret[1]})
    assert pressed.status_code == 200, pressed.text
    return pressed.text


def _every_document_is_read_in_four_languages_and_accepted(product: Product, ilona: httpx2.Client) -> None:
    read = {language: ok(product.device(language=language).get("/api/v1/legal/documents/")) for language in CODES}
    assert len(read["en"]) == 5
    assert len({tuple(document["id"] for document in documents) for documents in read.values()}) == 1
    privacy = {
        language: next(each for each in documents if each["document_type"] == "user_privacy") for language, documents in read.items()
    }
    assert [privacy[language]["language"] for language in CODES] == list(CODES)
    assert len({text["content"] for text in privacy.values()}) == 4
    of_her_own = ok(ilona.get(f"/api/v1/legal/documents/{privacy['fi']['id']}/"))
    assert of_her_own == privacy["fi"], "a signed-in caller is answered in their own language"

    outstanding = ok(ilona.get("/api/v1/legal/consent/status/"))
    assert not outstanding["up_to_date"]
    for each in outstanding["outstanding"]:
        # Where a new version is not translated yet, the app shows the English text and says so.
        language = "fi" if "fi" in each["available_languages"] else "en"
        shown = next(document for document in read[language] if document["id"] == each["document"])
        decision = {"document": shown["id"], "accepted": True, "language": language}
        accepted = ok(ilona.post("/api/v1/legal/consent/user/", json=decision), 201)
        assert (accepted["version"], accepted["language"], accepted["sha256"]) == (shown["version"], language, shown["sha256"])
    assert ok(ilona.get("/api/v1/legal/consent/status/")) == {"up_to_date": True, "outstanding": []}


def _pet_is_created(ilona: httpx2.Client) -> None:
    dog = next(kind for kind in ok(ilona.get("/api/v1/pet-types/")) if kind["name_en"] == "Dog")
    made = ok(ilona.post("/api/v1/pets/", json={"name": "Halla", "pet_type": dog["id"], "age_years": 4, "weight": "23.5"}), 201)
    assert made["pet_type_detail"] == {"id": dog["id"], "name": dog["name_fi"]}
    assert ok(ilona.get("/api/v1/pets/")) == [made]


def _clinic_is_registered(product: Product, address: str) -> int:
    form: dict[str, Any] = _new_credentials(address) | {
        "clinic_name": "Kajaanin Kissaklinikka",
        "address": "Kauppakatu 12",
        "zip_code": "87100",
        "city": "Kajaani",
        "phone": "+358 8 612 3456",
        "latitude": float(HERE["lat"]),
        "longitude": float(HERE["lng"]),
        "specializations": "cats, dentistry",
    }
    answer = ok(product.device(language="fi").post("/api/v1/clinics/register/", json=form), 201)
    assert answer["id"] == answer["clinic_id"]
    return int(answer["id"])


def _clinic_is_confirmed_by_the_app(product: Product, address: str, clinic_id: int) -> None:
    link = link_in(product.next_mail_to(address))
    prefix = f"{product.url}/vets/confirm-email/{clinic_id}/"
    assert link.startswith(prefix)
    assert "<button" in product.device().get(link).text, "a mail scanner sees a page and confirms nothing"
    confirmed = product.device().get(f"/api/v1/clinics/confirm-email/{link.removeprefix(prefix).strip('/')}/")
    assert ok(confirmed)["email_confirmed"] is True
    assert confirmed.json()["clinic_id"] == clinic_id


def _moderator_approves(product: Product, name: str) -> None:
    moderator = product.device(token=_access_token(product, MODERATOR, password=DEMO_PASSWORD))
    (case,) = [each for each in ok(moderator.get("/api/v1/admin/moderation/")) if each["name"] == name]
    decided = moderator.post(f"/api/v1/admin/moderation/{case['id']}/approve/", json={"content_sha256": case["content_sha256"]})
    assert ok(decided)


def _found(product: Product) -> list[dict[str, Any]]:
    """The search as documented and as the app asks; both must say the same."""
    phone = product.device(language="fi")
    documented = ok(phone.get("/api/v1/clinics/search/", params=HERE | {"radius": "10"}))
    point = {"latitude": float(HERE["lat"]), "longitude": float(HERE["lng"])}
    of_the_app = ok(phone.post("/api/v1/clinics/search/", json=point | {"radius": 10, "search": ""}))
    assert documented["results"] == of_the_app["results"]
    assert documented["count"] == len(documented["results"])
    results: list[dict[str, Any]] = documented["results"]
    return results


def _document_describes_every_route_that_was_used(product: Product) -> None:
    document = ok(product.device().get("/api/schema/", params={"format": "json"}))
    validate(document)
    known = [
        (method, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))))
        for path, methods in described_routes(document).items()
        for method in methods
    ]
    used = {(method, path) for method, path in product.asked if path.startswith("/api/v1/")}
    assert len(used) > 15
    assert [each for each in sorted(used) if not any(each[0] == method and path.fullmatch(each[1]) for method, path in known)] == []
