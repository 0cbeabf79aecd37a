"""Child processes that never outlive their supervisor."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1  # linux/prctl.h
QUICK_DEATH_SECONDS = 20
QUICK_DEATHS_ALLOWED = 5
STOP_SECONDS = 10


@dataclass
class Child:
    """One process that is kept running: its name for people, its command and its environment."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0
    restart_at: float = field(default=0.0, repr=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops everything in order.
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command, env=self.environment, start_new_session=True, preexec_fn=die_with_parent(os.getpid())
        )

    def note_death(self) -> None:
        """Plan the next start: at once after a long life, with a growing pause after quick deaths."""
        if self.process is not None:
            kill_group(self.process.pid)  # what it started must not answer beside its successor
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < QUICK_DEATH_SECONDS else 0
        self.process = None
        self.restart_at = time.monotonic() + min(2**self.quick_deaths, 30) - 1

    @property
    def is_hopeless(self) -> bool:
        return self.quick_deaths >= QUICK_DEATHS_ALLOWED


def die_with_parent(supervisor: int) -> Callable[[], None] | None:
    """For Linux: the child gets SIGTERM when the supervisor is gone, even by kill -9."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it died between the fork and the call
            os._exit(1)

    return ask


def stop(children: Sequence[Child]) -> None:
    """End all children: politely, then for good; returns when none is left."""
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
    for process in running:
        kill_group(process.pid)
        process.wait()


def kill_group(leader: int) -> None:
    """End a child's whole session, whether or not the child itself still lives."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
