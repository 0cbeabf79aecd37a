"""A legal text from an editor's change to the next version, in a real browser and with a second pair of eyes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from .desk import Desk
from .product import ADMIN, EDITOR, Product, ok

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("demo")]

TITLE = "Terms of use"
SENTENCE = "You may lend your phone, but not your account."
NOTE = "We say more clearly that an account belongs to one person."


def test_terms_are_changed_approved_by_somebody_else_and_served(served: Product, desk_of: Callable[[str], Desk]) -> None:
    before = _terms(served, "en")
    assert before["version"] == "1.0"

    editor = desk_of("editor")
    editor.sign_in(EDITOR)
    editor.shot("dashboard")
    _find_the_terms(editor)
    _write_version_1_1(editor)
    editor.press_in_footer("Submit to Legal approval")
    editor.shot("submitted")
    assert _terms(served, "en") == before, "nothing is published by submitting it"
    _author_cannot_approve(editor)

    approver = desk_of("approver")
    approver.sign_in(ADMIN)
    approver.shot("dashboard")
    approver.choose_for(TITLE, "Approve")
    expect(approver.page.get_by_role("row").filter(has_text=TITLE)).to_have_count(0)
    approver.shot("approved")

    _new_version_is_served_and_the_old_one_stays(served, before)


def _terms(served: Product, language: str) -> dict[str, Any]:
    documents = ok(served.device(language=language).get("/api/v1/legal/documents/", params={"document_type": "user_terms"}))
    (terms,) = documents
    assert isinstance(terms, dict)
    return terms


def _find_the_terms(editor: Desk) -> None:
    editor.page.get_by_placeholder("Search all pages").fill(TITLE)
    with editor.leaving():
        editor.page.keyboard.press("Enter")
    editor.shot("search")
    with editor.leaving():
        editor.page.get_by_role("link", name=TITLE, exact=True).first.click()
    editor.shot("editor")


def _write_version_1_1(editor: Desk) -> None:
    page = editor.page
    page.get_by_text("Give a working e-mail address and confirm it.").click()
    page.keyboard.press("End")
    page.keyboard.type(f" {SENTENCE}")
    editor.shot("sentence")
    page.get_by_role("textbox", name="Version").fill("1.1")
    page.get_by_role("textbox", name="In force from").fill(datetime.datetime.now(tz=datetime.UTC).date().isoformat())
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Kind of change").select_option("editorial")
    page.get_by_role("textbox", name="What changed").fill(NOTE)
    page.get_by_role("textbox", name="What changed").scroll_into_view_if_needed()
    editor.wait_for_autosave()
    editor.shot("version")


def _author_cannot_approve(editor: Desk) -> None:
    with editor.leaving():
        editor.page.locator(".messages").get_by_role("link", name="Edit").click()
    editor.page.locator("footer").get_by_role("button", name="More actions").click()
    editor.shot("own-work")
    expect(editor.page.get_by_role("button", name="Approve")).to_have_count(0)
    editor.open("/admin/")
    expect(editor.page.get_by_role("button", name="Approve")).to_have_count(0)
    editor.shot("dashboard-afterwards")


def _new_version_is_served_and_the_old_one_stays(served: Product, before: dict[str, Any]) -> None:
    now = _terms(served, "en")
    assert (now["version"], now["change_class"], now["change_note"], now["available_languages"]) == ("1.1", "editorial", NOTE, ["en"])
    assert SENTENCE in now["content"]
    assert now["sha256"] != before["sha256"]
    in_finnish = _terms(served, "fi")
    assert (in_finnish["id"], in_finnish["language"], in_finnish["content"]) == (now["id"], None, ""), "what is not translated is said"

    for language in ("en", "fi", "nl", "tr"):
        old = ok(served.device(language=language).get(f"/api/v1/legal/documents/{before['id']}/"))
        assert (old["version"], old["language"], old["is_active"]) == ("1.0", language, False)
        assert SENTENCE not in old["content"]
