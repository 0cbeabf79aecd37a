"""A language model's server as far as the protocol goes: answers what it is told to, and remembers all that it received."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Call"], "Reply"]


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    number: int
    path: str
    headers: dict[str, str]
    body: str

    @property
    def task(self) -> dict[str, Any]:
        """What the first message of the user asks for."""
        message = next(each for each in json.loads(self.body)["messages"] if each["role"] == "user")
        found: dict[str, Any] = json.loads(message["content"])
        return found


@dataclass(frozen=True)
class Reply:
    """What goes back: ``raw`` as the whole body, else ``content`` as the model's message; ``drip`` seconds between its pieces."""

    content: Any = ""
    status: int = 200
    raw: bytes | None = None
    refusal: str | None = None
    finish_reason: str = "stop"
    delay: float = 0
    drip: float = 0
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        content = self.content if isinstance(self.content, str) or self.content is None else json.dumps(self.content)
        message = {"role": "assistant", "content": content, "refusal": self.refusal}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        answer = {"id": "x", "object": "chat.completion", "created": 1, "model": "test", "choices": [choice], "usage": usage}
        return json.dumps(answer).encode()


def example_of(call: Call) -> Reply:
    """A good model: the plan that it was given as an example, in its own words."""
    task = call.task
    if "readings" in task:
        return Reply({"summary": "All looks well, in other words.", "suggestions": task["readings"]["suggestions"]})
    plan = task["example"]
    plan["options"][0]["overview"] = "Worded by the model."
    return Reply(plan | {"safety_notes": task["safety_notes_to_keep"]})


@dataclass
class ModelServer:
    """``answer`` may be changed at any time; ``calls`` grows."""

    url: str
    answer: Answer = example_of
    calls: list[Call] = field(default_factory=list)

    @property
    def received(self) -> str:
        """Everything that ever arrived, headers included."""
        return "\n".join(f"{call.path}\n{call.headers}\n{call.body}" for call in self.calls)


@contextlib.contextmanager
def serving(answer: Answer = example_of, port: int = 0) -> Iterator[ModelServer]:
    """The server on a free port for the length of the block."""
    state = ModelServer(url="", answer=answer)
    lock = threading.Lock()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            with lock:
                call = Call(len(state.calls) + 1, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                state.calls.append(call)
            reply = state.answer(call)
            over.wait(reply.delay)
            with contextlib.suppress(OSError):
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            content = reply.body()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            step = max(1, len(content) // 50) if reply.drip else len(content) or 1
            for start in range(0, len(content), step):
                self.wfile.write(content[start : start + step])
                self.wfile.flush()
                if reply.drip:
                    time.sleep(reply.drip)

        def log_message(self, *args: Any) -> None:
            """Tests print what they need themselves."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads = True
        state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            over.set()
            server.shutdown()
            thread.join()
