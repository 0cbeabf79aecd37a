"""Signed heads of the consent ledger, kept outside the database: what the ledger was, in a file that whoever owns the tables does not own.

One line of JSON per head, written to the end and synced to the disk. A head covers the events from ``first`` to ``last``
(none, when only texts were published) and all published texts; it is signed, numbered, and names the hash of the head before it.
Beside it stand the ``marks``: eight digits of each event's hash. They prove nothing; they tell which event it is that is not
what was signed.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypedDict, cast

from django.conf import settings

from . import canonical, keys, merkle

EVENTS_PER_HEAD: Final = 1024
MARK_LENGTH: Final = 8
GENESIS: Final = "0" * 64


class HeadMembers(TypedDict):
    """What a head says. ``root`` is the Merkle root over the hashes of its events, ``tip`` the hash of the last event there is."""

    canonical_form: int
    number: int
    first: int
    last: int
    tip: str
    root: str
    last_text: int
    texts_sha256: str
    previous_head: str
    signed_at: str
    key: str
    signature: str


@dataclass(frozen=True)
class Head:
    """A line of the file."""

    members: HeadMembers
    marks: str

    @property
    def digest(self) -> str:
        return canonical.sha256_hex(self.members)

    def is_ours(self) -> bool:
        return keys.is_signed_here(self.members)

    def follows(self, before: Head | None) -> bool:
        """Is this the very next head after ``before`` (None: the first of all)?"""
        number, last, digest = (before.members["number"], before.members["last"], before.digest) if before else (0, 0, GENESIS)
        mine = self.members
        return (mine["number"], mine["first"], mine["previous_head"]) == (number + 1, last + 1, digest)

    def first_difference(self, hashes: Sequence[str]) -> int | None:
        """The number of the first event that is not, by these hashes, the one that was signed: another one, or missing at the end."""
        if merkle.root_of(hashes) == self.members["root"]:
            return None
        marks = [self.marks[at : at + MARK_LENGTH] for at in range(0, len(self.marks), MARK_LENGTH)]
        differing = (at for at, (mark, now) in enumerate(zip(marks, hashes, strict=False)) if not now.startswith(mark))
        return self.members["first"] + next(differing, len(hashes) % len(marks) if marks else 0)


class HeadFileDamaged(Exception):
    """A line of the file of heads cannot be read."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} of the file of heads cannot be read")


def read_heads() -> Iterator[Head]:
    """Every head in order; raises HeadFileDamaged. A last line without an end was never finished and is none."""
    try:
        file = _path().open("rb")
    except FileNotFoundError:
        return
    with file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n"):
                yield _parse(line, number)


def head_covering(sequence: int) -> Head | None:
    """The head that covers this event; found by bisecting the file, so it takes as long for the millionth as for the first."""
    try:
        file = _path().open("rb")
    except FileNotFoundError:
        return None
    with file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            start = _line_start(file, middle)
            line = file.readline()
            if not line.endswith(b"\n"):
                high = start
                continue
            head = _parse(line, 0)
            if head.members["last"] < sequence:
                low = start + len(line)
            elif head.members["first"] > sequence:
                high = start
            else:
                return head
    return None


@dataclass(frozen=True)
class HeadWriter:
    """Whoever holds it is the only one who writes heads on this machine."""

    descriptor: int
    last: Head | None

    def write(self, *, hashes: Sequence[str], tip: str, last_text: int, texts_sha256: str, signed_at: str) -> HeadWriter:
        """Sign and append the next head, over events with these hashes, and give the writer of the one after it."""
        before = self.last.members if self.last else None
        first = before["last"] + 1 if before else 1
        members = keys.signed(
            {
                "canonical_form": 1,
                "number": before["number"] + 1 if before else 1,
                "first": first,
                "last": first + len(hashes) - 1,
                "tip": tip,
                "root": merkle.root_of(hashes),
                "last_text": last_text,
                "texts_sha256": texts_sha256,
                "previous_head": self.last.digest if self.last else GENESIS,
                "signed_at": signed_at,
            }
        )
        head = Head(cast(HeadMembers, members), "".join(each[:MARK_LENGTH] for each in hashes))
        os.write(self.descriptor, canonical.canonical_bytes({"head": head.members, "marks": head.marks}) + b"\n")
        os.fsync(self.descriptor)
        return HeadWriter(self.descriptor, head)


@contextmanager
def sole_writer() -> Iterator[HeadWriter]:
    """The right to append, for one process at a time; what a writer that was killed left unfinished is cut off first."""
    path = _path()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with path.open("rb") as file:
            end = _end_of_complete_lines(file)
            os.ftruncate(descriptor, end)
            last = None
            if end:
                _line_start(file, end - 1)
                last = _parse(file.readline(), 0)
        yield HeadWriter(descriptor, last)
    finally:
        os.close(descriptor)


def _path() -> Path:
    return Path(settings.CONSENT_HEADS_FILE)


def _parse(line: bytes, number: int) -> Head:
    try:
        stored = json.loads(line)
        return Head(stored["head"], stored["marks"])
    except (ValueError, KeyError, TypeError) as exc:
        raise HeadFileDamaged(number) from exc


def _line_start(file: Any, position: int) -> int:
    """Moves to the start of the line that holds the byte at ``position``, and gives it."""
    block = 4096
    end = position
    while end > 0:
        begin = max(0, end - block)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return int(file.seek(begin + found + 1))
        end = begin
    return int(file.seek(0))


def _end_of_complete_lines(file: Any) -> int:
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return 0
    file.seek(size - 1)
    return size if file.read(1) == b"\n" else _line_start(file, size - 1)
