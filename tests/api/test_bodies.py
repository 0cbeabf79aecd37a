"""How long a body may take: patience with what starts late, none with what trickles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory

from fammo.api import bodies


class Line:
    """A body on a line: before each of its pieces the clock goes on by so many seconds."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self.now = 1000.0
        self._arrivals = [(seconds, byte) for seconds, piece in pieces for seconds, byte in _bytes(seconds, piece)]

    def read(self, size: int) -> bytes:
        taken, self._arrivals = self._arrivals[:size], self._arrivals[size:]
        self.now += sum(seconds for seconds, _byte in taken)
        return b"".join(byte for _seconds, byte in taken)

    readline = read


def _bytes(seconds: float, piece: bytes) -> list[tuple[float, bytes]]:
    return [(seconds if number == 0 else 0.0, piece[number : number + 1]) for number in range(len(piece))]


@pytest.fixture
def status_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Line], int]:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    def ask(line: Line) -> int:
        monkeypatch.setattr(bodies.time, "monotonic", lambda: line.now)
        statuses: list[str] = []
        environ = RequestFactory().post("/api/v1/auth/token/", {"told": "apart"}).META | {"wsgi.input": line}
        bodies.BodiesFirst(application)(environ, lambda status, headers: statuses.append(status))
        return int(statuses[0].split()[0])

    return ask


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (Line((0, b"{}" * 200)), 200),
        (Line((30, b"{}" * 200)), 200),
        (Line((0, b"a" * 1400), (1.5, b"b" * 1400), (1.0, b"c" * 1400)), 200),
        (Line(*((0.05, b" ") for _ in range(100))), 408),
        (Line((5, b"{"), *((0.5, b" ") for _ in range(4))), 408),
    ],
    ids=["at once", "all of it late", "with lost packets", "byte by byte", "late and byte by byte"],
)
def test_what_starts_late_is_read_and_what_trickles_is_given_up(status_of: Callable[[Line], int], line: Line, status: int) -> None:
    assert status_of(line) == status
