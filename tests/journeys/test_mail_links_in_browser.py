"""The pages behind the links in mails, opened and pressed in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .desk import Desk
from .product import Product, link_in, ok

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("demo")]

PASSWORD = "kaura-ja-riisi-41"


def test_account_is_activated_by_pressing_the_button(served: Product, desk_of: Callable[[str], Desk]) -> None:
    form = {"email": "saara@browser.example", "password": PASSWORD, "password_confirm": PASSWORD, "language": "en"}
    ok(served.device().post("/api/v1/auth/signup/", json=form), 201)
    desk = desk_of("mail-link")

    desk.open(link_in(served.next_mail_to("saara@browser.example")))
    desk.shot("activate")
    with desk.leaving():
        desk.page.get_by_role("button", name="Activate my account").click()

    expect(desk.page.get_by_role("heading", name="Your account is active")).to_be_visible()
    desk.shot("activated")
    opens_the_app = desk.page.get_by_role("link", name="Open the Fammo app").get_attribute("href")
    assert opens_the_app == "fammo://login?activated=true&email=saara%40browser.example"
    ok(served.device().post("/api/v1/auth/token/", json={"email": "saara@browser.example", "password": PASSWORD}))


def test_clinic_is_confirmed_by_pressing_the_button(served: Product, desk_of: Callable[[str], Desk]) -> None:
    form = {"email": "vet@browser.example", "password": PASSWORD, "password_confirm": PASSWORD}
    clinic = {"clinic_name": "Selainklinikka", "city": "Oulu", "phone": "+358 8 123 4567"}
    ok(served.device(language="en").post("/api/v1/clinics/register/", json=form | clinic), 201)
    desk = desk_of("clinic-link")

    desk.open(link_in(served.next_mail_to("vet@browser.example")))
    desk.shot("confirm")
    with desk.leaving():
        desk.page.get_by_role("button").click()

    desk.shot("confirmed")
    tokens = ok(served.device().post("/api/v1/auth/token/", json={"email": "vet@browser.example", "password": PASSWORD}))
    mine = ok(served.device(token=tokens["access"]).get("/api/v1/clinics/my/"))
    assert (mine["email_confirmed"], mine["moderation"]["is_waiting"]) == (True, True)
