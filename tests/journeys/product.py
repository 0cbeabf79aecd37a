"""The product as people meet it: over HTTP from their devices, and in their mailbox."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2

PATIENCE_SECONDS = 60
MODERATOR = "moderator@fammo.example"
EDITOR = "editor@fammo.example"
ADMIN = "admin@fammo.example"


class Product:
    """One Fammo with its demo people: ``connect`` opens a connection to it, ``work`` lets its worker get on."""

    def __init__(self, *, url: str, connect: Callable[[], httpx2.BaseTransport], mail_folder: Path, work: Callable[[], object]) -> None:
        self.url = url
        self.mail_folder = mail_folder
        self.asked: set[tuple[str, str]] = set()
        self._connect = connect
        self._work = work
        self._read: set[Path] = set(mail_folder.glob("*.eml"))
        self._devices: list[httpx2.Client] = []

    def device(self, *, token: str = "", language: str = "") -> httpx2.Client:
        """A phone or a browser with its own cookies; redirects are seen, not followed."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Accept-Language": language} if language else {}
        hooks = {"request": [self._note]}
        self._devices.append(httpx2.Client(transport=self._connect(), base_url=self.url, headers=headers, event_hooks=hooks, timeout=20))
        return self._devices[-1]

    def next_mail_to(self, address: str) -> EmailMessage:
        """The oldest unread mail in this mailbox; waits for the worker to deliver one."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._work()
            for path in sorted(set(self.mail_folder.glob("*.eml")) - self._read):
                mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                assert isinstance(mail, EmailMessage)
                if mail["To"] == address:
                    self._read.add(path)
                    return mail
            assert time.monotonic() < deadline, f"no mail for {address} in {self.mail_folder}"
            time.sleep(0.1)

    def close(self) -> None:
        for device in self._devices:
            device.close()

    def _note(self, request: httpx2.Request) -> None:
        self.asked.add((request.method, request.url.path))


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """The one address that a mail leads to."""
    addresses: list[str] = re.findall(r"https?://\S+", text_of(mail))
    assert len(addresses) == 1, addresses
    return addresses[0]


def ok(answer: httpx2.Response, status: int = 200) -> Any:
    """The JSON of an answer that has this status."""
    assert answer.status_code == status, (answer.status_code, answer.text[:2000])
    return answer.json()
