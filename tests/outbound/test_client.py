"""Asking other servers: the list, the addresses behind names, slow, endless, lying and dead answers."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fammo.outbound import Refused, Unreachable, fetch, fetch_json

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
Serve = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture(autouse=True)
def _local_servers_may_be_asked(settings: Any) -> None:
    settings.OUTBOUND_HOSTS = frozenset({"127.0.0.1", "localhost", "geo.example"})
    settings.OUTBOUND_PRIVATE_NETWORKS = LOOPBACK


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that does with each line what the test says, once the request has been read."""
    listeners: list[socket.socket] = []

    def start(answer: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def run() -> None:
            while True:
                try:
                    line, _address = listener.accept()
                except OSError:
                    return
                with line:
                    try:
                        line.recv(65536)
                        answer(line)
                    except OSError:
                        pass

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/search?q=1"

    yield start
    for listener in listeners:
        listener.close()


def says(head: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(f"HTTP/1.1 {head}\r\n\r\n".encode() + body)


def test_a_fair_answer(serve: Serve) -> None:
    assert fetch_json(serve(says("200 OK\r\nContent-Length: 8", b'{"a": 1}'))) == {"a": 1}


def test_only_hosts_on_the_list_are_asked(settings: Any, serve: Serve) -> None:
    url = serve(says("200 OK", b"{}"))
    settings.OUTBOUND_HOSTS = frozenset({"geo.example"})

    for other in (url, "file:///etc/passwd", "ftp://geo.example/", "http://geo.example.evil.example/", "http://geo.example@127.0.0.1/"):
        with pytest.raises(Refused):
            fetch(other)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.9", "::1", "fd00::1", "::ffff:127.0.0.1", "100.64.0.1"]
)
def test_a_name_on_the_list_that_leads_inside_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    settings.OUTBOUND_PRIVATE_NETWORKS = ()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(family, socket.SOCK_STREAM, 6, "", (address, 80))])
    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("a socket was opened"))

    with pytest.raises(Refused):
        fetch("http://geo.example/")


def test_the_name_is_resolved_once_so_that_what_was_checked_is_what_is_asked(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    url = serve(says("200 OK", b"{}"))
    port = int(url.split(":")[2].split("/")[0])
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers.pop())

    assert fetch(f"http://geo.example:{port}/") == b"{}"
    assert answers == []


def drip(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(200):
        line.sendall(b"X-More: yes\r\n")
        time.sleep(0.05)


def drip_body(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(200):
        line.sendall(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [drip, drip_body, lambda line: time.sleep(10)])
def test_slow_servers_are_cut_off(serve: Serve, answer: Callable[[socket.socket], None]) -> None:
    with pytest.raises(Unreachable):
        fetch(serve(answer), seconds=0.4)


def endless(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        line.sendall(b"x" * 65536)


@pytest.mark.parametrize(
    "answer",
    [
        endless,
        says("200 OK\r\nContent-Length: 100", b"{}"),
        says("302 Found\r\nLocation: http://127.0.0.1/"),
        says("500 Oops"),
        says("200 OK", b"<html>"),
        says("200 OK", b"[" * 100_000),
        lambda line: line.sendall(b"what?\r\n\r\n"),
        lambda line: None,
    ],
)
def test_what_is_no_answer_is_unreachable(serve: Serve, answer: Callable[[socket.socket], None]) -> None:
    with pytest.raises(Unreachable):
        fetch_json(serve(answer), max_bytes=200_000)


def test_a_dead_server_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    with pytest.raises(Unreachable):
        fetch(f"http://127.0.0.1:{port}/")
