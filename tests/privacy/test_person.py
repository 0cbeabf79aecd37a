"""One person through export and erasure: everything comes out, and nothing is left."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from wagtail.models import PageLogEntry

from clinics.models import ModerationDecision
from clinics.services import delete_clinic
from fammo.accounts import services
from fammo.accounts.models import Erasure
from fammo.common.privacy import Erase, personal_columns
from fammo.privacy.exporting import write_archive
from fammo.privacy.rows import personal_models, rows_about
from legal import ledger
from legal.models import ConsentEvent
from pets.services import load_reference_data
from tests.factories import accounts, clinics
from tests.factories.planted import ADDRESS, OLD_ADDRESS, Planted, dump_cache, dump_database, planted_person

pytestmark = pytest.mark.django_db

AT_ONCE = timedelta(0)
TEXTS = (models.CharField, models.TextField, models.JSONField)


@pytest.fixture
def planted(db: None) -> Planted:
    load_reference_data()
    return planted_person()


def export_of(planted: Planted) -> tuple[dict[str, Any], zipfile.ZipFile]:
    target = io.BytesIO()
    write_archive(planted.person, target)
    archive = zipfile.ZipFile(target)
    return json.loads(archive.read("data.json")), archive


def plantable() -> list[tuple[str, str]]:
    return [
        (model._meta.label, name)
        for model in personal_models()
        for name, column in personal_columns(model).items()
        if column.erase is not Erase.KEEP and isinstance(field := model._meta.get_field(name), TEXTS) and not field.choices
    ]


def test_the_export_holds_every_exported_column_and_no_other(planted: Planted) -> None:
    assert len(planted.marks) >= 0.7 * len(plantable()) > 20, "the search is worth as much as what was planted"
    document, _archive = export_of(planted)
    parts = {part["kind"]: part for part in document["parts"]}

    for model in personal_models():
        exported = {name for name, column in personal_columns(model).items() if column.export}
        if not exported:
            assert model._meta.label_lower not in parts
            continue
        rows = parts[model._meta.label_lower]["rows"]
        assert len(rows) == rows_about(model, planted.person).count() > 0, model
        assert exported <= {name for row in rows for name in row}, model
        for name, mark in [(name, mark) for (label, name), mark in planted.marks.items() if label == model._meta.label]:
            assert (mark in json.dumps(rows)) == (name in exported), f"{model._meta.label}.{name}"


def test_the_export_holds_the_photos_and_nothing_about_others(planted: Planted) -> None:
    other = accounts.person("somebody.else@fammo.example")
    accounts.login(other, device="Somebody's phone")

    document, archive = export_of(planted)

    (pets,) = [part for part in document["parts"] if part["kind"] == "pets.pet"]
    photos = [row["image"] for row in pets["rows"]]
    assert all(archive.read(photo).startswith(b"\xff\xd8") for photo in photos)
    assert len(set(photos)) == 2
    assert document["missing_files"] == []
    text = json.dumps(document)
    assert "omebody" not in text
    assert str(other.pk) not in text


def test_after_an_erasure_nothing_leads_to_the_person(
    planted: Planted, run_tasks: Callable[[], int], settings: Any, mailoutbox: list[Any]
) -> None:
    secrets = [*planted.marks.values(), ADDRESS, OLD_ADDRESS, "192.0.2.77", "Halla", "Routa"]
    before = " ".join(text for _table, text in dump_database())
    assert all(secret in before for secret in (*planted.marks.values(), ADDRESS, OLD_ADDRESS)), "what was planted must be there at first"
    assert list(Path(settings.MEDIA_ROOT).rglob("*.*"))
    other = accounts.person("somebody.else@fammo.example")
    accounts.login(other)
    run_tasks()  # what was queued about the person while they were our user
    events = ConsentEvent.objects.count()

    erasure = services.request_erasure(user=planted.user, origin=Erasure.Origin.OPERATOR, actor=None, delay=AT_ONCE)
    run_tasks()

    assert other.sessions.alive().count() == 1
    left = [(table, secret, text[:300]) for table, text in dump_database() for secret in secrets if secret in text]
    assert left == []
    by_id = {table for table, text in dump_database() if str(planted.user.pk) in text}
    assert by_id <= {"audit_entry"}, "the log keeps the random id, which leads to nobody"
    assert [str(file) for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()] == []
    remembered = dump_cache()
    assert not any(secret.encode() in remembered for secret in secrets)
    assert ConsentEvent.objects.count() == events > 0
    assert ledger.verify().fault is None
    erasure.refresh_from_db()
    kept = {part["kind"] for part in erasure.receipt["kept"]}
    assert "legal.consentevent" in kept
    assert not {"pets.pet", "accounts.user", "clinics.clinic", "mail.outgoingmail"} & kept
    assert mailoutbox[-1].to == [ADDRESS]
    assert str(erasure.pk) in mailoutbox[-1].body


def test_after_an_erasure_no_word_of_the_clinics_is_left(db: None, run_tasks: Callable[[], int]) -> None:
    vet = accounts.person("vet@fammo.example")
    rejected = clinics.rejected(vet, name="Qwanja Rejected", bio="Qwanja treats animals.")
    suspended = clinics.suspended(vet, name="Qwanja Suspended", bio="Qwanja treats animals.")
    early = clinics.approved(vet, name="Qwanja Early", bio="Qwanja treats animals.")
    numbers = {rejected.pk, suspended.pk, early.pk}
    other = clinics.rejected(name="Other")
    delete_clinic(clinic=early, actor=vet)
    run_tasks()
    decisions = ModerationDecision.objects.count()
    assert "Qwanja" in " ".join(text for _table, text in dump_database())

    services.request_erasure(user=vet, origin=Erasure.Origin.OPERATOR, actor=None, delay=AT_ONCE)
    run_tasks()

    left = [(table, text[:300]) for table, text in dump_database() if "qwanja" in text.lower()]
    assert left == []
    assert ModerationDecision.objects.count() == decisions
    blanked = ModerationDecision.objects.filter(clinic_number__in=numbers)
    assert set(blanked.values_list("clinic_name", flat=True)) == {"[erased]"}
    assert set(blanked.values_list("reason_text", flat=True)) == {"", "[erased]"}
    kept = ModerationDecision.objects.get(clinic_number=other.pk)
    assert (kept.clinic_name, kept.reason_text) == ("Other", clinics.REASON["reason_text"])
    assert PageLogEntry.objects.filter(label__contains="Other").exists()
