"""Somebody at work in a real browser, with a picture of every step."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, expect

from home.demo.people import PASSWORD
from tests.run import CHROMIUM_NAMES

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
# As root there is no sandbox; the rest keeps it from calling home at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
SCREEN = {"width": 1440, "height": 900}
MOST_TABS = 60
MOST_LINES = 40
# Wagtail looks for changes in its own time, so that there are none counts only when it stays so for a second.
IS_SAVED = """() => {
    const hasEdits = document.querySelector("[data-edit-form]").dataset.wUnsavedHasEditsValue;
    window.calm = hasEdits === "false" ? (window.calm ?? 0) + 1 : 0;
    return window.calm > 10;
}"""
PICKED = "document.activeElement.selectedOptions[0].innerText"
FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText ?? ''"
expect.set_options(timeout=PATIENCE_MS)


class Desk:
    """A browser window of its own: ``page`` to work in; whatever fails to load or breaks on a page is in ``broken``."""

    def __init__(self, chromium: Browser, url: str, story: str) -> None:
        self.url = url
        self.story = story
        self.steps = 0
        self.broken: list[str] = []
        self.context = chromium.new_context(viewport=SCREEN, base_url=url, locale="en-GB", color_scheme="light", reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("response", self._note_refusal)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on("console", lambda message: self.broken.append(message.text) if message.type == "error" else None)

    def sign_in(self, address: str) -> None:
        self.open("/admin/")
        self.page.get_by_label("E-mail address").fill(address)
        self.page.get_by_label("Password").fill(PASSWORD)
        with self.leaving():
            self.page.get_by_role("button", name="Sign in").click()
        assert self.page.url == f"{self.url}/admin/"

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.settle()

    def settle(self) -> None:
        """Wait until the page's scripts have run and nothing is being fetched: before that, keys are lost and leaving breaks off."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_load_state("networkidle")

    @contextlib.contextmanager
    def leaving(self) -> Iterator[None]:
        """What is done inside leads to another page; afterwards that page is ready."""
        self.settle()
        with self.page.expect_navigation():
            yield
        self.settle()

    def shot(self, step: str) -> None:
        """A picture of the window as it is, kept for people to look at."""
        self.steps += 1
        ARTEFACTS.mkdir(exist_ok=True)
        self.settle()
        self.page.wait_for_function(
            "document.getAnimations().every(each => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity)"
        )
        self.page.screenshot(path=ARTEFACTS / f"{self.story}-{self.steps:02}-{step}.png")

    def press(self, key: str) -> None:
        """One key, and whatever it leads to."""
        self.settle()
        self.page.keyboard.press(key)
        self.settle()

    def tab_to(self, name: str) -> None:
        """Tab until the focus is on the thing with this label or text."""
        self.settle()
        for _step in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if name in self.page.evaluate(FOCUSED):
                return
        raise AssertionError(f"The Tab key does not lead to {name!r}.")

    def pick(self, line: str) -> None:
        """Go down the list that has the focus, to the line that begins so."""
        for _step in range(MOST_LINES):
            if self.page.evaluate(PICKED).startswith(line):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The list has no line {line!r}.")

    def choose_for(self, title: str, action: str) -> None:
        """An action from the dots of this title's row on the dashboard."""
        self.settle()
        row = self.page.get_by_role("row").filter(has_text=title)
        row.get_by_role("button", name="Actions").click()
        row.get_by_role("button", name=action, exact=True).click()

    def wait_for_autosave(self) -> None:
        """All that was written is saved. A submission that overtakes an autosave makes Wagtail refuse the late one."""
        self.page.wait_for_function(IS_SAVED, polling=100)

    def press_in_footer(self, action: str) -> None:
        """One of the page editor's actions; those that are not on top are behind the arrow."""
        self.settle()
        footer = self.page.locator("footer")
        button = footer.get_by_role("button", name=action, exact=True)
        if not button.is_visible():
            footer.get_by_role("button", name="More actions").click()
        button.click()
        self.settle()

    def close(self) -> None:
        self.context.close()
        assert not self.broken, self.broken

    def _note_refusal(self, response: Response) -> None:
        if response.status >= 400:
            self.broken.append(f"{response.status} {response.url}")
