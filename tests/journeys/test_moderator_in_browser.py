"""A moderator's morning in a real browser, without a mouse: three clinics wait, and each gets the answer that it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from home.demo.clinics import FILE
from home.demo.people import PASSWORD

from .desk import Desk
from .product import MODERATOR, Product, ok, text_of

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("demo")]

WAITING = {entry["name"]: entry for entry in json.loads(FILE.read_text(encoding="utf-8")) if entry["state"] == "waiting"}
DUPLICATE, MISPLACED, CLEAN = "Runeberginkadun Eläinlääkärit", "Dierenartspraktijk Kralingse Zoom", "Porsuk Nilüferi Veteriner Kliniği"
CHANGE = "Tampereen Eläinklinikka Pyynikintassu"
VET = "vet@fammo.example"
WISH = "Het punt op de kaart ligt in Eindhoven; zet het in Rotterdam en sla opnieuw op."


def test_three_cases_are_cleared_from_the_keyboard(served: Product, desk_of: Callable[[str], Desk]) -> None:
    assert {*WAITING} == {DUPLICATE, MISPLACED, CLEAN}
    assert CLEAN not in _names_near(served, WAITING[CLEAN])
    desk = desk_of("moderator")
    desk.sign_in(MODERATOR)
    desk.tab_to("Start reviewing")
    desk.shot("first-page")
    desk.press("Enter")
    for name in [*WAITING, CHANGE]:
        expect(desk.page.get_by_role("link", name=name)).to_be_visible()
    desk.press("j")
    expect(desk.page.get_by_role("link", name=DUPLICATE)).to_be_focused()
    desk.shot("queue")

    desk.press("Enter")
    _is_before(desk, DUPLICATE)
    expect(desk.page.get_by_text("same phone")).to_be_visible()
    desk.shot("duplicate")
    desk.press("x")
    _say_why(
        desk, about="The clinic as a whole", reason="This clinic is in Fammo already", words="Tämä klinikka on jo Fammossa.", send="Reject"
    )

    _is_before(desk, CHANGE)
    desk.shot("change")
    desk.press("n")

    _is_before(desk, MISPLACED)
    expect(desk.page.get_by_text("86.9 km apart")).to_be_visible()
    desk.press("m")
    desk.shot("misplaced")
    desk.press("r")
    desk.shot("reason-asked")
    _say_why(desk, about="Place on the map", reason="The address or the place", words=WISH, send="Ask for changes")

    _is_before(desk, CLEAN)
    desk.press("c")
    expect(desk.page.get_by_role("button", name="Give back")).to_be_visible()
    desk.shot("clean")
    desk.press("a")
    expect(desk.page.locator(".case__title")).not_to_have_text(CLEAN)  # whoever waits next, other journeys' clinics too
    desk.press("q")
    for name in WAITING:
        expect(desk.page.get_by_role("link", name=name)).to_have_count(0)
    desk.shot("queue-afterwards")

    assert CLEAN in _names_near(served, WAITING[CLEAN])
    assert MISPLACED not in _names_near(served, WAITING[MISPLACED])
    mail = served.next_mail_to(WAITING[MISPLACED]["email"])
    assert WISH in text_of(mail)
    assert mail["Content-Language"] == "nl"
    assert "Tämä klinikka on jo Fammossa." in text_of(served.next_mail_to(WAITING[DUPLICATE]["email"]))


def test_an_approval_that_comes_too_late_shows_what_changed(served: Product, desk_of: Callable[[str], Desk]) -> None:
    owner = served.device(token=_token(served, VET), language="fi")
    clinic = ok(owner.get("/api/v1/clinics/my/"))["id"]
    public = ok(served.device(language="fi").get(f"/api/v1/clinics/{clinic}/"))["bio"]
    ok(owner.patch(f"/api/v1/clinics/{clinic}/", json={"bio": "Neljän vuodenajan klinikka."}))
    desk = desk_of("moderator-late")
    desk.sign_in(MODERATOR)
    desk.open("/admin/clinics/queue/")
    with desk.leaving():
        desk.page.get_by_role("link", name=CHANGE).click()
    _is_before(desk, CHANGE)

    ok(owner.patch(f"/api/v1/clinics/{clinic}/", json={"bio": "Viiden vuodenajan klinikka."}))
    desk.press("a")

    heading = desk.page.get_by_role("heading", name="Changed since you opened it")
    expect(heading).to_be_visible()
    expect(desk.page.locator(".case__panel--since ins")).to_have_text("Viiden")
    assert heading.locator(".icon").bounding_box()["height"] < 40  # type: ignore[index]
    desk.shot("changed-since")
    assert ok(served.device(language="fi").get(f"/api/v1/clinics/{clinic}/"))["bio"] == public


@pytest.mark.parametrize(("look", "width", "scheme"), [("phone", 390, "light"), ("dark", 1280, "dark")])
def test_the_screens_fit(served: Product, desk_of: Callable[[str], Desk], look: str, width: int, scheme: Any) -> None:
    desk = desk_of(f"moderator-{look}")
    desk.page.set_viewport_size({"width": width, "height": 844})
    desk.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    desk.sign_in(MODERATOR)
    desk.open("/admin/clinics/queue/")
    _needs_no_sideways_scrolling(desk)
    desk.shot("queue")

    with desk.leaving():
        desk.page.get_by_role("link", name=CHANGE).click()

    _is_before(desk, CHANGE)
    _needs_no_sideways_scrolling(desk)
    desk.shot("case")


def _token(served: Product, address: str) -> str:
    return str(ok(served.device().post("/api/v1/auth/token/", json={"email": address, "password": PASSWORD}))["access"])


def _is_before(desk: Desk, name: str) -> None:
    expect(desk.page.locator(".case__title")).to_have_text(name)


def _say_why(desk: Desk, *, about: str, reason: str, words: str, send: str) -> None:
    """Choose and write as people do without a mouse."""
    desk.tab_to("What it is about")
    desk.pick(about)
    desk.press("Tab")
    desk.pick(reason)
    desk.press("Tab")
    desk.page.keyboard.type(words)
    desk.tab_to(send)
    desk.press("Enter")


def _needs_no_sideways_scrolling(desk: Desk) -> None:
    assert desk.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def _names_near(served: Product, entry: dict[str, Any]) -> list[str]:
    place = {"lat": entry["latitude"], "lng": entry["longitude"], "radius": 1}
    return [clinic["name"] for clinic in ok(served.device().get("/api/v1/clinics/search/", params=place))["results"]]
