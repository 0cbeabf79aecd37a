"""Two ways to the same product: inside this process (any database), and as ``manage.py serve`` runs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from playwright.sync_api import Browser, sync_playwright

from home.demo.loading import PARTS
from pets.services import load_reference_data
from tests.server.running import Server, running

from .desk import ARGUMENTS, CHROMIUM, Desk
from .product import Product

CONTENT = ("people", "legal documents", "onboarding slides")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, first_start: Callable[[Path], Path]) -> Iterator[Server]:
    """The demo as a person starts it, once for all journeys; tests that use it are marked ``server`` and grouped."""
    data_dir = first_start(tmp_path_factory.mktemp("demo") / "data")
    with running(Server(data_dir, RATE_LIMIT_SCALE="100")) as server:  # every journey comes from one address
        yield server


@pytest.fixture
def in_process(db: None, settings: Any, tmp_path: Path, run_tasks: Callable[[], int]) -> Iterator[Product]:
    """The whole middleware chain and the real database, called without a socket; mail goes to files as it does by default."""
    settings.MAIL_TRANSPORT = "fammo.mail.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    load_reference_data()
    for part in CONTENT:
        for each in PARTS[part]():
            each.make()
    application = WSGIHandler()
    # As Django's test client does it: the end of a request must not close the connection that holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    product = Product(
        url="http://testserver",
        connect=lambda: httpx2.WSGITransport(app=application),
        mail_folder=tmp_path / "mail",
        work=run_tasks,
    )
    yield product
    product.close()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def served(demo: Server) -> Iterator[Product]:
    product = Product(
        url=f"http://127.0.0.1:{demo.port}",
        connect=httpx2.HTTPTransport,
        mail_folder=demo.data_dir / "mail",
        work=lambda: time.sleep(0.1),
    )
    yield product
    product.close()


@pytest.fixture(
    params=[
        pytest.param("in_process", marks=pytest.mark.django_db),  # said here too: databases are made for what collected tests name
        pytest.param("served", marks=[pytest.mark.server, pytest.mark.xdist_group("demo")]),
    ],
)
def product(request: pytest.FixtureRequest) -> Product:
    """The same story inside this process and on the served demo."""
    made: Product = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with its module: Playwright keeps an event loop running, in which Django would refuse to touch its database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def desk_of(chromium: Browser, served: Product) -> Iterator[Callable[[str], Desk]]:
    """Opens windows on the served demo: ``desk_of("editor")`` names the pictures; what broke in one fails the test."""
    opened: list[Desk] = []

    def open_desk(story: str) -> Desk:
        opened.append(Desk(chromium, served.url, story))
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.close()
