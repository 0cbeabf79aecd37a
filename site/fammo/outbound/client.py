"""HTTP GET with everything that can go wrong on the other side bounded.

The address is checked where the socket is opened, after the name has been resolved: a name on the list that leads into the
operator's own network, today or after its next DNS answer, is refused like any other. Redirects are not followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from fammo import __version__

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
MAX_BYTES = 1024 * 1024
PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """We do not ask this: the host is not on the list, or its address is not public."""


class Unreachable(Exception):
    """The other side gave no usable answer in time; says which kind of failure, never what was asked."""


def fetch_json(url: str, *, max_bytes: int = MAX_BYTES, seconds: float = TOTAL_SECONDS) -> Any:
    """The parsed JSON at the address; raises as ``fetch`` does, and Unreachable for what is no JSON."""
    try:
        return json.loads(fetch(url, max_bytes=max_bytes, seconds=seconds))
    except (ValueError, RecursionError) as exc:
        raise Unreachable("the answer is no JSON") from exc


def fetch(url: str, *, max_bytes: int = MAX_BYTES, seconds: float = TOTAL_SECONDS) -> bytes:
    """The body of a 200 within ``seconds`` in all and ``max_bytes``. Raises Refused and Unreachable."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or host not in settings.OUTBOUND_HOSTS:
        raise Refused(f"{host or 'this address'} is not on the list of hosts that Fammo may ask")
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    call = _Call(seconds)
    try:
        with call.cut_off_in_time():
            return call.get(parts.scheme, host, parts.port, target, max_bytes)
    except (OSError, http.client.HTTPException) as exc:
        raise Unreachable("no answer in time" if call.is_over else type(exc).__name__) from exc


class _Call:
    """One request. When its time is over its line is cut: a time-out per byte would let a slow server go on for ever."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self.line: socket.socket | None = None

    @contextlib.contextmanager
    def cut_off_in_time(self) -> Iterator[None]:
        clock = threading.Timer(self.seconds, self._cut)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            if self.line is not None:
                self.line.close()

    def _cut(self) -> None:
        self.is_over = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)

    def get(self, scheme: str, host: str, port: int | None, target: str, max_bytes: int) -> bytes:
        connection = http.client.HTTPConnection(host, port or PORTS[scheme])
        self.line = connection.sock = self._open(host, port or PORTS[scheme])
        if scheme == "https":
            self.line = connection.sock = ssl.create_default_context().wrap_socket(self.line, server_hostname=host)
        connection.request("GET", target, headers=_headers())
        response = connection.getresponse()
        if response.status != 200:
            raise Unreachable(f"status {response.status}")
        body = response.read(max_bytes + 1)
        if self.is_over:
            raise TimeoutError
        if len(body) > max_bytes:
            raise Unreachable(f"the answer is longer than {max_bytes} bytes")
        if response.length:
            raise Unreachable("the answer is cut short")
        return body

    def _open(self, host: str, port: int) -> socket.socket:
        """A connection to the first address that may be asked and answers; the very address that was checked."""
        problem: OSError = ConnectionError("no address")
        for family, kind, protocol, _name, address in _allowed_addresses(host, port):
            line = socket.socket(family, kind, protocol)
            line.settimeout(min(CONNECT_SECONDS, self.seconds))
            try:
                line.connect(address)
            except OSError as exc:
                line.close()
                problem = exc
            else:
                line.settimeout(self.seconds)
                return line
        raise problem


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"Fammo/{__version__} (+{settings.ENVIRONMENT.public_url})",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # what is small on the line and large in memory is nobody's answer
        "Connection": "close",
    }


def _allowed_addresses(host: str, port: int) -> list[Any]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [row for row in found if _may_be_asked(row[4][0], settings.OUTBOUND_PRIVATE_NETWORKS)]
    if not allowed:
        raise Refused(f"{host} leads to an address that is not public; OUTBOUND_PRIVATE_NETWORKS names those that may be asked")
    return allowed


def _may_be_asked(text: str | int, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    address = ipaddress.ip_address(str(text).split("%", 1)[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return (address.is_global and not address.is_multicast) or any(address in network for network in networks)
