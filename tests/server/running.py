"""``manage.py serve`` for tests: on a data folder of its own, empty or as a first start leaves it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``manage.py serve`` on a data folder of its own, with settings from outside if any are given."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.settings = settings
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
        environment |= {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), **self.settings}
        with (self.data_dir.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log
            )

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.get("/api/v1/ping/")[0] != 200:
            assert self.process is not None
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.2)

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def end(self) -> None:
        """By force if it still runs; its children go with it."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def output(self) -> str:
        return (self.data_dir.parent / "serve.log").read_text(errors="replace")[-4000:]


def processes_of(data_dir: Path) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"DATA_DIR={data_dir}".encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, started and answering; afterwards it is ended, whatever happened."""
    server.start()
    try:
        server.wait_until_ready()
        yield server
        assert server.stop() == 0, server.output()
    finally:
        server.end()


def prepared(data_dir: Path, *, shared: Path) -> Path:
    """``data_dir`` as a first start on SQLite leaves it; the first caller makes it in ``shared``, the others copy it."""
    shared.mkdir(exist_ok=True)
    first = shared / "first_start"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (first / "complete").exists():
            shutil.rmtree(first, ignore_errors=True)
            (first / "data").mkdir(parents=True)
            with running(Server(first / "data")):
                pass
            (first / "complete").touch()
    shutil.copytree(first / "data", data_dir)
    return data_dir
