"""Requests that mean harm, against the running server: a refusal within a second, never a 5xx, and nobody else notices."""

from __future__ import annotations

import contextlib
import gzip
import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.server.running import Server

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("demo")]

SECONDS = 10  # patience of the test; what counts is that an answer comes, measured by benchmarks and by eye
QUIET_SECONDS = 5  # without a further answer: nobody else is told anything
Say = Callable[[bytes], tuple[int, bytes]]


@pytest.fixture
def say(demo: Server) -> Say:
    """Sends bytes as they are and gives status and body."""

    def ask(request: bytes) -> tuple[int, bytes]:
        with socket.create_connection(("127.0.0.1", demo.port), timeout=SECONDS) as line:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the answer may come before all is sent
                line.sendall(request)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while chunk := line.recv(65536):
                    answer += chunk
        return int(answer.split(b" ", 2)[1]), answer

    return ask


def get(path: str, *headers: bytes) -> bytes:
    return b"\r\n".join([b"GET %s HTTP/1.1" % path.encode(), b"Host: 127.0.0.1", b"Connection: close", *headers, b"", b""])


def post(body: bytes, *headers: bytes, content_type: bytes = b"application/json") -> bytes:
    lines = [b"POST /api/v1/auth/token/ HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close", b"Content-Type: " + content_type]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), *headers, b"", body])


REQUESTS = {
    "depth of 10,000": (post(b"[" * 10_000 + b"]" * 10_000), {400}),
    "1e400": (post(b'{"email": 1e400}'), {400}),
    "NaN": (post(b'{"email": NaN}'), {400}),
    "lone surrogate": (post(rb'{"email": "\ud800"}'), {400}),
    "NUL": (post(rb'{"email": "a\u0000"}'), {400}),
    "NUL in the path": (get("/api/v1/pets/%00/"), {400}),
    "NUL in the query": (get("/api/v1/clinics/?search=%00"), {400}),
    "a member twice": (post(b'{"email": "a@b.fi", "email": "c@d.fi", "password": "x"}'), {400}),
    "10,000 parameters": (get("/api/v1/clinics/?" + "&".join(f"a{n}=1" for n in range(10_000))), {400, 414}),
    "10,001 form fields": (post(b"&".join(b"a%d=1" % n for n in range(10_001)), content_type=b"application/x-www-form-urlencoded"), {400}),
    "a header of 1 MB": (get("/api/v1/ping/", b"X-Large: " + b"a" * 1_000_000), {400, 431}),
    "a token of 300 kB": (get("/api/v1/me/", b"Authorization: Bearer " + b"a" * 300_000), {401, 431}),
    "gzip bomb": (post(gzip.compress(b"0" * 50_000_000), b"Content-Encoding: gzip"), {415}),
    "negative length": (post(b"{}").replace(b"Content-Length: 2", b"Content-Length: -5"), {400}),
    "another host": (get("/api/v1/me/").replace(b"127.0.0.1", b"evil.example"), {400}),
    "Wagtail's search for NUL": (get("/api/cms/pages/?search=%00", b"Authorization: Bearer x"), {400}),
    "Wagtail's largest offset": (get("/api/cms/pages/?offset=99999999999999999999", b"Authorization: Bearer x"), {400}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_refused_and_others_are_served(say: Say, name: str) -> None:
    request, expected = REQUESTS[name]

    status, answer = say(request)

    assert status in expected, answer[:500]
    assert say(get("/api/v1/ping/"))[0] == 200


def test_a_body_in_chunks_is_read(say: Say) -> None:
    request = post(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n"

    status, answer = say(request)

    assert status == 400
    assert b"email" in answer


def test_a_body_that_comes_byte_by_byte_is_given_up(demo: Server, say: Say) -> None:
    with socket.create_connection(("127.0.0.1", demo.port), timeout=0.05) as line:
        line.sendall(post(b"{" + b" " * 999)[:-999])
        answer = b""
        deadline = time.monotonic() + SECONDS
        while not answer and time.monotonic() < deadline:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have closed; its answer is still to be read
                line.sendall(b" ")
            with contextlib.suppress(TimeoutError):
                answer = line.recv(65536)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body_too_slow" in answer
    assert say(get("/api/v1/ping/"))[0] == 200


@pytest.fixture
def silent_senders(demo: Server) -> Iterator[list[socket.socket]]:
    """Ten clients that promise a body and send its first byte."""
    lines = [socket.create_connection(("127.0.0.1", demo.port), timeout=SECONDS) for _ in range(10)]
    for line in lines:
        line.sendall(post(b"{" + b" " * 999)[:-999])
    time.sleep(0.5)
    yield lines
    for line in lines:
        line.close()


def test_silent_senders_hold_all_places_but_one_and_nobody_who_reads(say: Say, silent_senders: list[socket.socket]) -> None:
    waiting, answers = set(silent_senders), []
    while answered := select.select(list(waiting), [], [], QUIET_SECONDS)[0]:
        waiting -= set(answered)
        answers += [line.recv(4096).split(b"\r\n")[0] for line in answered]

    assert [answer.split()[1] for answer in answers] == [b"429"] * (10 - 3)  # WEB_THREADS is 4: one is left for the others
    for path in ("/api/v1/ping/", "/api/v1/clinics/?search=vet", "/api/v1/breeds/"):
        assert say(get(path))[0] == 200
