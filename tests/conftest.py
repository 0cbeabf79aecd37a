"""The cast, the clients and the queue; nothing clever."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient
from wagtail.models import Site

from fammo.api import watch
from fammo.common import written_once
from tests import snapshots
from tests.server import running


@pytest.fixture(autouse=True)
def _own_surroundings(settings: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Media and cache of one test are nobody else's; mail goes to ``mail.outbox`` only after the queue ran."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.CONSENT_HEADS_FILE = tmp_path / "consent_heads.jsonl"
    settings.EMAIL_BACKEND = "fammo.mail.backends.QueueingBackend"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def api() -> APIClient:
    """A caller without a token."""
    return APIClient()


@pytest.fixture
def run_tasks(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Do all queued work now, as a worker would; gives the number of tasks that were in the queue."""
    # The worker drops its idle connection; here it is the test's own, in the middle of a transaction.
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)

    def run() -> int:
        waiting = DBTaskResult.objects.ready().count()
        call_command("db_worker", queue_name="*", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)
        return waiting

    return run


@pytest.fixture
def delivered(run_tasks: Callable[[], int], mailoutbox: list[EmailMessage]) -> Callable[[], list[EmailMessage]]:
    """The mails that reached a mailbox once the queue has run."""

    def run() -> list[EmailMessage]:
        run_tasks()
        return mailoutbox

    return run


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Makes the named folder what a first start leaves; that start happens once for all test processes."""
    is_alone = "PYTEST_XDIST_WORKER" not in os.environ
    session = tmp_path_factory.getbasetemp() if is_alone else tmp_path_factory.getbasetemp().parent
    return lambda data_dir: running.prepared(data_dir, shared=session / "first_start")


PUT_BACK = pytest.StashKey[Callable[[], None]]()


@pytest.fixture
def real_transactions(transactional_db: None, request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Commits that other connections see. Django empties all tables afterwards; what migrations made is put back then."""
    restore = snapshots.take(connection)

    def put_back() -> None:
        with django_db_blocker.unblock():
            restore()
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()

    request.node.stash[PUT_BACK] = put_back
    yield
    written_once.remove(connection)  # its triggers would refuse the emptying; it puts them in place again


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    try:
        yield
    finally:  # a test that fails must not fail its neighbours
        put_back = item.stash.get(PUT_BACK, None)
        is_dropped = nextitem is None and not item.config.getoption("reuse_db")  # the last test's database is gone by now
        if put_back is not None and not is_dropped:
            put_back()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """pytest-django's; before the database is dropped, the listener of the stored answers lets go of it."""
    yield
    watch.stop()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The folder is the first process's, which made it; the others work in it and end earlier, each in its own time."""
    data_dir = Path(django_settings.ENVIRONMENT.data_dir)
    if data_dir.name.startswith("fammo-tests-") and "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(data_dir, ignore_errors=True)
