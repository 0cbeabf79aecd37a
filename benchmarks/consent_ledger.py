"""How long does it take to check a large consent ledger? Events, their origins, the states and the signed heads.

    .venv/bin/python benchmarks/consent_ledger.py [--events 1000000] [--seconds 60]

Works on an empty SQLite file of its own, or on the empty database of DATABASE_URL. Builds the ledger by bulk inserts, seals it, then
runs the check of `manage.py verify_consent_ledger` with its progress bar. Beside the check it times a bare read of the same rows,
so that the ratio says how much of the time is the database's. Exits 1 when the check takes longer than ``--seconds``.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
PEOPLE_SHARE = 5  # events per person
CHUNK = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "fammo.settings"
        import django

        django.setup()
        return measure(options.events, options.seconds)


def measure(events: int, limit: float) -> int:
    from django.core.management import call_command
    from django.db import connection

    from legal import services
    from legal.models import ConsentEvent

    call_command("migrate", verbosity=0)
    print(f"{events:,} events on {connection.vendor}, {os.cpu_count()} cores")
    timed("built", lambda: build(events))
    timed("sealed", services.seal_ledger)
    bare = timed("bare read", lambda: sum(1 for _ in ConsentEvent.objects.in_order().values_list().iterator(5_000)))
    took = timed("checked", lambda: call_command("verify_consent_ledger"))
    print(f"{events / took:,.0f} events a second; {took / bare:.1f} times a bare read")
    return 0 if took <= limit else 1


def timed(what: str, act: Any) -> float:
    begin, begin_here = time.perf_counter(), time.process_time()
    act()
    took = time.perf_counter() - begin
    print(f"{what:>10}: {took:6.1f} s, {time.process_time() - begin_here:6.1f} s of them at work in this process")
    return took


def build(events: int) -> None:
    """A ledger as the services would have written it, without asking them a million times."""
    from django.db import transaction

    from legal.models import ConsentEvent, ConsentHead, ConsentOrigin, ConsentSubject, LegalText, LegalVersion, UserConsent

    version = LegalVersion.objects.create(
        document_type="user_terms",
        version="1",
        effective_on="2026-01-01",
        requires_acceptance=True,
        change_class="material",
        source_revision_id=1,
    )
    text = LegalText(version=version, language="en", title="T", summary="S", content="<p>C</p>", change_note="N")
    version.refresh_from_db()
    text.sha256 = hashed(text.members())
    text.save()
    people = max(1, events // PEOPLE_SHARE)
    subjects = ConsentSubject.objects.bulk_create(
        (ConsentSubject(kind="device", reference=f"{number:064x}", subject=uuid.uuid4()) for number in range(people)), batch_size=CHUNK
    )
    rows = chain(events, subjects, text)
    last: dict[int, Any] = {}
    while batch := list(islice(rows, CHUNK)):
        with transaction.atomic():
            ConsentEvent.objects.bulk_create([event for event, _origin in batch])
            ConsentOrigin.objects.bulk_create([origin for _event, origin in batch])
        last |= {origin.subject_id: event for event, origin in batch}
        final = batch[-1][0]
    ConsentHead.objects.update_or_create(pk=ConsentHead.ONLY, defaults={"sequence": final.pk, "hash": final.hash})
    UserConsent.objects.bulk_create(
        (
            UserConsent(subject_id=subject, document_type="user_terms", version=version, event=event, state=event.action)
            for subject, event in last.items()
        ),
        batch_size=CHUNK,
    )


def chain(events: int, subjects: list[Any], text: Any) -> Iterator[tuple[Any, Any]]:
    from legal.models import ConsentEvent, ConsentOrigin

    previous, now = "0" * 64, datetime.datetime.now(tz=datetime.UTC)
    for number in range(1, events + 1):
        subject = subjects[number % len(subjects)]
        origin = ConsentOrigin(subject=subject, event_id=number, ip_address="192.0.2.1", salt=f"{number:032x}")
        event = ConsentEvent(
            sequence=number,
            action=("accepted", "withdrawn")[number // len(subjects) % 2],
            subject=subject.subject,
            version_id=text.version_id,
            language="en",
            text_sha256=text.sha256,
            app_version="3.1.0",
            origin_sha256=hashed(origin.members()),
            recorded_at=now,
            previous_hash=previous,
        )
        event.hash = previous = hashed(event.members())
        yield event, origin


def hashed(members: Any) -> str:
    from legal import canonical

    return canonical.sha256_hex(members)


if __name__ == "__main__":
    sys.exit(main())
