"""One process of the mini project: does what each line of its input says and answers with a line.

Started by tests as ``python -m tests.api.mini.process``; ``Process`` is the other end.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """A mini project in a process of its own, over one database."""

    def __init__(self, database: str, **environment: str) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.api.mini.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ
            | {
                "MINI_DATABASE": database,
                "DJANGO_SETTINGS_MODULE": "tests.api.mini.settings",
                "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            }
            | environment,
        )

    def send(self, verb: str, **arguments: Any) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps({"verb": verb, **arguments}) + "\n")
        self.child.stdin.flush()

    def receive(self) -> Any:
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        return json.loads(line) if line else None

    def ask(self, verb: str, **arguments: Any) -> Any:
        self.send(verb, **arguments)
        return self.receive()

    def get(self, path: str = "/api/groups/", **headers: str) -> Any:
        return self.ask("call", method="GET", path=path, headers=headers)

    def post(self, data: Any, **headers: str) -> Any:
        return self.ask("call", method="POST", path="/api/new/", data=data, headers=headers)

    def close(self) -> None:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.close()
        self.child.wait(timeout=30)
        self.child.stdout.close()


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.db import connection, transaction

    from fammo.api import stored, watch

    from . import urls

    application = stored.StoredAnswersFirst(get_wsgi_application())

    def call(method: str, path: str, headers: dict[str, str], data: Any = None) -> dict[str, Any]:
        body = json.dumps(data).encode() if data is not None else b""
        answer: dict[str, Any] = {}

        def start_response(status: str, sent: list[tuple[str, str]]) -> None:
            answer["status"], answer["headers"] = int(status[:3]), dict(sent)

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "10.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        before = len(urls.BUILT)
        chunks = application(environ, start_response)
        content = b"".join(chunks).decode()
        if hasattr(chunks, "close"):
            chunks.close()
        return answer | {"built": len(urls.BUILT) - before, "body": json.loads(content) if content else None}

    def run(code: str) -> Any:
        names: dict[str, Any] = {"connection": connection, "transaction": transaction, "watch": watch, "call": call}
        exec("from django.contrib.auth.models import Group, Permission", names)  # noqa: S102 - the tests' own code
        exec(code, names)  # noqa: S102
        return names.get("result")

    def forked_get() -> Any:
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            connection.inc_thread_sharing()
            connection.connection = None  # the parent's
            os.write(writable, json.dumps([call("GET", "/api/groups/", {}) for _ in range(2)]).encode())
            os._exit(0)
        os.waitpid(child, 0)
        return json.loads(os.read(readable, 65536))

    def call_together(requests: list[dict[str, Any]]) -> list[Any]:
        answers: list[Any] = [None] * len(requests)

        def one(number: int) -> None:
            answers[number] = call(**requests[number])
            connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(requests))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def migrate() -> None:
        call_command("migrate", verbosity=0)

    verbs = {"call": call, "run": run, "migrate": migrate, "forked_get": forked_get, "call_together": call_together}
    for line in sys.stdin:
        task = json.loads(line)
        result = verbs[task.pop("verb")](**task)
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
