"""A material change of the privacy policy: refused as editorial, translated, approved by a second pair of eyes, in force tomorrow."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .desk import Desk
from .product import ADMIN, EDITOR, Product, ok

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("demo")]

TRANSLATOR = "translator@fammo.example"
ANNA = "anna@fammo.example"
TITLE = "Privacy policy"
TITLE_IN_FINNISH = "Tietosuojaseloste"
SENTENCE = "We keep deleted photos for thirty days."
LAST_PARAGRAPH_IN_FINNISH = "Kun selostetta muutetaan olennaisesti, julkaisemme uuden version ja kysymme sinulta uudelleen."
FINNISH = "Säilytämme poistettuja kuvia kolmekymmentä päivää."
NOTE = "Deleted photos are kept for thirty days, so that you can have them back."
NOTE_IN_FINNISH = "Poistettuja kuvia säilytetään kolmekymmentä päivää, jotta saat ne takaisin."
TOMORROW = datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(days=1)


def test_policy_is_changed_for_tomorrow_and_its_readers_will_be_asked_again(served: Product, desk_of: Callable[[str], Desk]) -> None:
    anna = served.device(token=_token(served), language="en")
    before = _policy(served, "en")
    ok(anna.post("/api/v1/legal/consent/user/", json={"document": before["id"], "accepted": True}), 201)

    editor = desk_of("legal-editor")
    editor.sign_in(EDITOR)
    _open_page(editor, TITLE)
    expect(editor.page.get_by_text("A material change asks 2 people")).to_be_visible()
    _write_version_1_1(editor, "editorial")
    editor.press_in_footer("Submit to Legal approval")
    editor.page.get_by_role("link", name="Go to the first error").or_(
        editor.page.get_by_role("button", name="Go to the first error")
    ).click()
    expect(editor.page.get_by_text(f"“{SENTENCE}”").first).to_be_visible()
    editor.shot("refused-as-editorial")
    editor.page.get_by_role("combobox", name="Kind of change").select_option("material")
    editor.press_in_footer("Submit to Legal approval")
    _overwrite_the_autosaved_draft(editor)
    editor.shot("submitted")

    translator = desk_of("legal-translator")
    translator.sign_in(TRANSLATOR)
    _translate_into_finnish(translator)

    approver = desk_of("legal-approver")
    approver.sign_in(ADMIN)
    approver.choose_for(TITLE, "Approve")
    expect(approver.page.get_by_text("This was changed since you opened it")).to_be_visible()
    approver.shot("translation-came-after-submission")
    approver.choose_for(TITLE, "Approve")
    expect(approver.page.get_by_role("row").filter(has_text=TITLE)).to_have_count(0)
    approver.shot("approved")

    assert _policy(served, "en") == before, "until tomorrow the old version is in force"
    _new_version_waits_for_its_day(served, anna, before)
    approver.open("/admin/legal/consent-rates/")
    expect(approver.page.get_by_text("Privacy policy 1.1")).to_be_visible()
    approver.shot("consent-rates")
    _receipt_is_good(desk_of("legal-receipt"), anna)


def _token(served: Product) -> str:
    answer = ok(served.device().post("/api/v1/auth/token/", json={"email": ANNA, "password": "fammo-demo-2026"}))
    return str(answer["access"])


def _policy(served: Product, language: str) -> dict[str, Any]:
    (policy,) = ok(served.device(language=language).get("/api/v1/legal/documents/", params={"document_type": "user_privacy"}))
    assert isinstance(policy, dict)
    return policy


def _open_page(desk: Desk, title: str) -> None:
    desk.page.get_by_placeholder("Search all pages").fill(title)
    with desk.leaving():
        desk.page.keyboard.press("Enter")
    with desk.leaving():
        desk.page.get_by_role("link", name=title, exact=True).first.click()


def _overwrite_the_autosaved_draft(editor: Desk) -> None:
    """Wagtail asks, because it saved a draft by itself before the refused submission."""
    dialog = editor.page.get_by_role("dialog").get_by_role("button", name="Submit to Legal approval")
    messages = editor.page.locator(".messages").get_by_text("submitted")
    expect(dialog.or_(messages).first).to_be_visible()
    if dialog.is_visible():
        dialog.click()
    expect(messages).to_be_visible()
    editor.broken.clear()  # Wagtail's autosave was answered 400 in between: it must not overwrite a newer draft unasked


def _write_version_1_1(editor: Desk, kind: str) -> None:
    page = editor.page
    page.locator(".public-DraftEditor-content p, .public-DraftEditor-content [data-block]").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {SENTENCE}")
    page.get_by_role("textbox", name="Version").fill("1.1")
    page.get_by_role("textbox", name="In force from").fill(TOMORROW.isoformat())
    calendar = page.locator(".xdsoft_datetimepicker").filter(visible=True)
    expect(calendar).to_be_visible()  # it opens a moment after the field has the focus, and then lies over the footer
    page.keyboard.press("Tab")
    expect(calendar).to_be_hidden()
    page.get_by_role("combobox", name="Kind of change").select_option(kind)
    page.get_by_role("textbox", name="What changed").fill(NOTE)
    page.get_by_role("textbox", name="What changed").scroll_into_view_if_needed()
    editor.wait_for_autosave()
    editor.shot("version")


def _translate_into_finnish(translator: Desk) -> None:
    """Two pieces of the new version wait for their words; each is saved as it is written, and none is published."""
    page = translator.page
    _open_page(translator, TITLE_IN_FINNISH)
    translator.shot("waiting-sentences")
    for words in (f"{LAST_PARAGRAPH_IN_FINNISH} {FINNISH}", NOTE_IN_FINNISH):
        page.get_by_role("button", name="Translate", exact=True).first.click()
        page.locator("textarea").first.fill(words)
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Translate", exact=True)).to_have_count(0)
    page.locator("footer").get_by_role("button", name="More actions").click()
    expect(page.get_by_text("Convert to alias page")).not_to_be_visible()
    translator.shot("translated")


def _new_version_waits_for_its_day(served: Product, anna: Any, before: dict[str, Any]) -> None:
    new_id = _newest_id(anna, before)
    in_english = ok(anna.get(f"/api/v1/legal/documents/{new_id}/", headers={"Accept-Language": "en"}))
    assert (in_english["version"], in_english["is_active"], in_english["effective_date"]) == ("1.1", False, TOMORROW.isoformat())
    assert in_english["change_class"] == "material"
    assert in_english["available_languages"] == ["en", "fi"]
    for language, sentence in (("en", SENTENCE), ("fi", FINNISH)):
        difference = ok(
            anna.get(f"/api/v1/legal/documents/{new_id}/diff/", params={"from": before["id"]}, headers={"Accept-Language": language})
        )
        assert [(change["type"], change["after"]) for change in difference["changes"]] == [("added", sentence)]
    missing = anna.get(f"/api/v1/legal/documents/{new_id}/", headers={"Accept-Language": "tr"})
    assert (missing.status_code, missing.json()["available_languages"]) == (404, ["en", "fi"])
    early = anna.post("/api/v1/legal/consent/user/", json={"document": new_id, "accepted": True})
    assert (early.status_code, early.json()["current_document"]) == (409, before["id"])


def _newest_id(anna: Any, before: dict[str, Any]) -> int:
    (policy,) = ok(anna.get("/api/v1/legal/documents/", params={"document_type": "user_privacy", "version": "1.1"}))
    assert policy["id"] > before["id"]
    return int(policy["id"])


def _receipt_is_good(desk: Desk, anna: Any) -> None:
    (consent,) = [row for row in ok(anna.get("/api/v1/legal/consent/user/")) if row["document_type"] == "user_privacy"]
    receipt = anna.get(f"/api/v1/legal/receipts/{consent['event']}/").text
    desk.open("/receipts/")
    desk.page.get_by_label("Receipt").fill(receipt)
    desk.page.get_by_role("button", name="Check").click()
    expect(desk.page.get_by_text("This receipt is good.")).to_be_visible()
    desk.shot("good")
    desk.open(consent_page(receipt))
    expect(desk.page.get_by_text("This receipt is good.")).to_be_visible()
    desk.shot("linked")


def consent_page(receipt: str) -> str:
    return str(json.loads(receipt)["verification_url"])
