"""Signing what the ledger is, outside the database."""

from __future__ import annotations

from django.utils import timezone

from legal import canonical, heads
from legal.errors import LedgerDiffers
from legal.models import ConsentEvent, LegalText


def seal_ledger() -> int:
    """Sign heads over all events and texts that no head covers yet; returns how many heads were written.

    Reads what is committed, so call it outside of transactions that write events. Raises LedgerDiffers, and signs nothing, when the
    ledger does not go on from the last head: a signature must not make a forgery good.
    """
    written = 0
    with heads.sole_writer() as writer:
        last_text, texts_sha256 = texts_digest()
        while True:
            last = writer.last.members if writer.last else None
            hashes = _hashes_after(last["last"] if last else 0, last["tip"] if last else heads.GENESIS)
            if not hashes and (last is None or last["texts_sha256"] == texts_sha256):
                return written
            writer = writer.write(
                hashes=hashes,
                tip=hashes[-1] if hashes else last["tip"] if last else heads.GENESIS,
                last_text=last_text,
                texts_sha256=texts_sha256,
                signed_at=canonical.utc_text(timezone.now()),
            )
            written += 1


def texts_digest(last_text: int | None = None) -> tuple[int, str]:
    """The number of the last published text, and the SHA-256 over all up to it (or up to ``last_text``)."""
    texts = LegalText.objects.order_by("pk")
    if last_text is not None:
        texts = texts.filter(pk__lte=last_text)
    rows = [list(row) for row in texts.values_list("pk", "version_id", "language", "sha256")]
    return (rows[-1][0] if rows else 0), canonical.sha256_hex({"texts": rows})


def _hashes_after(sequence: int, tip: str) -> list[str]:
    """The hashes of the next events, each following from the one before it and the first from ``tip``."""
    events = ConsentEvent.objects.filter(sequence__gte=sequence).in_order().values("sequence", "hash", "previous_hash")
    rows = list(events[: heads.EVENTS_PER_HEAD + 1])
    if sequence and (not rows or (rows[0]["sequence"], rows[0]["hash"]) != (sequence, tip)):
        raise LedgerDiffers
    followers = rows[1:] if sequence else rows[: heads.EVENTS_PER_HEAD]
    for number, row in enumerate(followers, start=sequence + 1):
        if (row["sequence"], row["previous_hash"]) != (number, tip):
            raise LedgerDiffers
        tip = row["hash"]
    return [row["hash"] for row in followers]
