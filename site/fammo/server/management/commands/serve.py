"""``manage.py serve``: prepare everything, then keep web, workers and the clock running until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection
from rich.console import Console

from fammo.jobs.services import enqueue_due
from fammo.server.preparation import only_one, prepare, refuse_busy_port, refuse_dead_services
from fammo.server.processes import Child, stop

logger = structlog.get_logger(__name__)
CLOCK_SECONDS = 20
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEMO_PEOPLE = (
    ("admin@fammo.example", "superuser"),
    ("editor@fammo.example", "legal texts and onboarding"),
    ("translator@fammo.example", "Finnish, Dutch, Turkish"),
    ("moderator@fammo.example", "clinics"),
    ("vet@fammo.example", "owns an approved clinic"),
    ("anna@fammo.example", "app user with a dog and a cat"),
)


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class Command(BaseCommand):
    help = "Serve web and workers until Ctrl-C; brings database, reference data, demo content and static files up to date first."

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(highlight=False)
        self.environment = settings.ENVIRONMENT
        for number in STOP_SIGNALS:
            signal.signal(number, self._request_stop)
        children: list[Child] = []
        try:
            with only_one(self.environment.data_dir):
                refuse_busy_port(self.environment.host, self.environment.port)
                refuse_dead_services(self.environment)
                self._prepare()
                children = self._children()
                self._run(children)
        except StopRequested:
            self.console.print("Stopping …")
        finally:
            self._ignore_signals()
            stop(children)
        self.console.print("Stopped.")

    @classmethod
    def _request_stop(cls, signum: int, frame: FrameType | None) -> None:
        cls._ignore_signals()  # a second Ctrl-C must not interrupt the orderly end
        raise StopRequested

    @staticmethod
    def _ignore_signals() -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _prepare(self) -> None:
        if not self.console.is_terminal:
            prepare(lambda step: self.stdout.write(f"preparing: {step}"))
            return
        with self.console.status("Preparing") as status:
            prepare(lambda step: status.update(f"Preparing: {step}"))

    def _children(self) -> list[Child]:
        environment = dict(os.environ)
        root = Path(sys.argv[0]).resolve().parent
        environment["PYTHONPATH"] = os.pathsep.join([str(root / "site"), str(root), environment.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        children = [Child("web", self._web_command(), environment)]
        if self.environment.tasks != "immediate":
            work = [sys.executable, str(root / "manage.py"), "work"]
            children += [Child(f"worker {number + 1}", work, environment) for number in range(self.environment.workers)]
        return children

    def _web_command(self) -> list[str]:
        environment = self.environment
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", environment.host, "--port", str(environment.port)),
            *("--workers", str(environment.web_concurrency), "--blocking-threads", str(environment.web_threads)),
            *("--log-level", "warning", "--workers-kill-timeout", "5", "--respawn-failed-workers"),
            "fammo.wsgi:application",
        ]

    def _run(self, children: list[Child]) -> None:
        connection.close()
        for child in children:
            child.start()
        announced = False
        next_tick = 0.0
        while True:
            self._revive(children)
            if not announced and self._answers():
                self._announce()
                announced = True
            if announced and time.monotonic() >= next_tick:
                next_tick = time.monotonic() + CLOCK_SECONDS
                self._tick()
            time.sleep(1 if announced else 0.1)

    def _revive(self, children: list[Child]) -> None:
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                child.note_death()
                logger.warning("process ended", process=child.name, exit_code=code)
                if child.is_hopeless:
                    raise CommandError(f"The {child.name} process keeps ending (last exit code {code}); its messages are above.")
            if child.process is None and time.monotonic() >= child.restart_at:
                child.start()

    @staticmethod
    def _tick() -> None:
        try:
            close_old_connections()
            enqueue_due()
        except DatabaseError:
            logger.warning("the clock could not reach the database; it tries again", exc_info=True)
        finally:
            connection.close()

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.environment.host, self.environment.host)  # noqa: S104 - recognised, not bound
        request = urllib.request.Request(
            f"http://{host}:{self.environment.port}/api/v1/ping/", headers={"Host": self.environment.public_host}
        )
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _announce(self) -> None:
        url = self.environment.public_url
        lines = [
            "",
            f"Fammo is at {url}/",
            f"  admin      {url}/admin/",
            f"  API        {url}/api/v1/",
        ]
        if self.environment.api_docs_enabled:
            lines.append(f"  API docs   {url}/api/docs/")
        if self.environment.email_url.startswith("file:"):
            lines.append(f"  mail       {settings.EMAIL_FILE_PATH}")
        lines += ["", "Demo logins, password fammo-demo-2026 each:"]
        lines += [f"  {email:<26} {role}" for email, role in DEMO_PEOPLE]
        lines += ["", "Ctrl-C stops web and workers."]
        for line in lines:
            self.console.print(line, markup=False, soft_wrap=True)
