"""Checking the consent ledger: is every event what it was, where it was, as it was signed, and is nothing missing?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from . import canonical, heads
from .heads import Head, HeadFileDamaged
from .models import ConsentEvent, ConsentHead, LegalText, UserConsent
from .models.ledger import GENESIS
from .services.sealing import texts_digest

CHUNK = 5_000
SEALED_WITHIN = timedelta(hours=1)
EVENT = ("sequence", "action", "subject", "version_id", "purpose", "language", "text_sha256", "app_version")
LINKS = ("origin_sha256", "recorded_at", "previous_hash", "hash")
ORIGIN = ("origin__ip_address", "origin__salt", "origin__acted_by_id")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The first place at which the ledger is not what was written: ``where`` names the row, ``why`` what is wrong with it."""

    where: str
    why: str


class Broken(Exception):
    """Raised inside the check, at the first fault."""

    def __init__(self, where: str, why: str) -> None:
        self.fault = Fault(where=where, why=why)
        super().__init__(where)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found: events read, heads that signed them, the hash at the end, and the first fault if there is one."""

    events: int
    signed: int
    head: str
    fault: Fault | None

    @property
    def is_sound(self) -> bool:
        return self.fault is None


def count_events() -> int:
    return ConsentEvent.objects.count()


def verify(on_progress: Callable[[int], object] = lambda checked: None) -> Report:
    """Read the whole ledger in order, beside its signed heads, up to the first fault.

    ``on_progress`` hears how many events were checked.
    """
    check = _Check(on_progress)
    try:
        check.run()
    except Broken as found:
        return Report(events=check.checked, signed=check.signed, head=check.tip, fault=found.fault)
    return Report(events=check.checked, signed=check.signed, head=check.tip, fault=None)


@dataclass
class _Check:
    """One pass over texts, events and heads."""

    on_progress: Callable[[int], object]
    checked: int = 0
    signed: int = 0
    tip: str = GENESIS
    hashes: list[str] = field(default_factory=list)

    def run(self) -> None:
        self._texts()
        self.heads = self._signed_heads()
        self.head = next(self.heads, None)
        self._events()
        self._end()
        self._states()

    def _texts(self) -> None:
        for text in LegalText.objects.select_related("version").order_by("pk").iterator(CHUNK):
            if not text.is_intact():
                where = f"text {text.pk} (version {text.version_id}, {text.language})"
                raise Broken(where, "the words do not have the stored hash")

    def _signed_heads(self) -> Iterator[Head]:
        """The heads in order, each checked by itself before it vouches for anything."""
        before = None
        try:
            for head in heads.read_heads():
                if not head.is_ours():
                    raise Broken(f"head {self.signed + 1}", "its signature is not ours")
                if not head.follows(before):
                    raise Broken(f"head {self.signed + 1}", "it does not follow from the head before it")
                self.signed, before = self.signed + 1, head
                yield head
        except HeadFileDamaged as exc:
            raise Broken(f"head {exc.line}", "its line cannot be read") from exc
        if before is not None and texts_digest(before.members["last_text"])[1] != before.members["texts_sha256"]:
            raise Broken(
                f"texts up to {before.members['last_text']}", f"they are not those that were signed at {before.members['signed_at']}"
            )

    def _events(self) -> None:
        texts = {(version, language): sha for version, language, sha in LegalText.objects.values_list("version_id", "language", "sha256")}
        names, count = EVENT + LINKS, len(EVENT + LINKS)
        self._pass_empty_heads()
        for row in ConsentEvent.objects.in_order().values_list(*names, *ORIGIN).iterator(CHUNK):
            event = dict(zip(names, row, strict=False))
            self._event(event, texts)
            self._origin(event, *row[count:])
            self._step(event["hash"], event["recorded_at"])
        self.on_progress(self.checked)

    def _event(self, event: dict[str, Any], texts: dict[tuple[int, str], str]) -> None:
        where = f"event {event['sequence']}"
        if event["sequence"] != self.checked + 1:
            raise Broken(where, f"event {self.checked + 1} is missing before it")
        if event["previous_hash"] != self.tip:
            raise Broken(where, "it does not follow from the event before it")
        if event["hash"] != canonical.sha256_hex(canonical.event_members(event)):
            raise Broken(where, "its content does not have its hash")
        if texts.get((event["version_id"], event["language"])) != event["text_sha256"]:
            raise Broken(where, "the text that it names was not the published one")

    def _origin(self, event: dict[str, Any], ip_address: str | None, salt: str | None, acted_by: int | None) -> None:
        # None: forgotten together with the person.
        if salt is not None and event["origin_sha256"] != canonical.sha256_hex(canonical.origin_members(ip_address, salt, acted_by)):
            raise Broken(f"origin of event {event['sequence']}", "its content does not have the hash in the event")

    def _step(self, event_hash: str, recorded_at: datetime) -> None:
        self.checked, self.tip = self.checked + 1, event_hash
        if self.checked % CHUNK == 0:
            self.on_progress(self.checked)
        if self.head is None:
            if timezone.now() - recorded_at > SEALED_WITHIN:
                raise Broken(f"event {self.checked}", "no signed head covers it, though it is older than an hour")
            return
        self.hashes.append(event_hash)
        if self.checked == self.head.members["last"]:
            self._compare(self.head)
            self.hashes = []
            self.head = next(self.heads, None)
            self._pass_empty_heads()

    def _pass_empty_heads(self) -> None:
        """Heads that were signed for a publication, while there was no new event."""
        while self.head is not None and self.head.members["last"] < self.head.members["first"]:
            self._compare(self.head)
            self.head = next(self.heads, None)

    def _compare(self, head: Head) -> None:
        signed = f"signed at {head.members['signed_at']}"
        differs = head.first_difference(self.hashes)
        if differs is not None:
            raise Broken(f"event {differs}", f"it is not the event that was {signed}")
        if head.members["tip"] != self.tip:
            raise Broken(f"head {head.members['number']}", "it names another end of the ledger than its events have")

    def _end(self) -> None:
        """Is everything there that the heads, inside and outside the database, promise?"""
        if self.head is not None:
            differs, moment = self.head.first_difference(self.hashes), self.head.members["signed_at"]
            if differs is not None and differs <= self.checked:
                raise Broken(f"event {differs}", f"it is not the event that was signed at {moment}")
            raise Broken(
                f"event {self.checked + 1}", f"the ledger ends before it, but {self.head.members['last']} events were signed at {moment}"
            )
        stored = ConsentHead.objects.filter(pk=ConsentHead.ONLY).values_list("sequence", "hash").first() or (0, GENESIS)
        if stored != (self.checked, self.tip):
            where = f"event {min(self.checked, stored[0]) + 1}"
            raise Broken(where, f"the ledger ends at event {self.checked}, its head says {stored[0]}")

    def _states(self) -> None:
        behind = UserConsent.objects.behind_the_ledger().order_by("event_id").first()
        if behind is not None:
            raise Broken(f"consent {behind.pk}", "it is not what the last decision in the ledger says")
