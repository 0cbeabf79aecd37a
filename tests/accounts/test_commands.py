"""The operator's commands about one person."""

from __future__ import annotations

import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fammo.accounts.models import Erasure, User
from fammo.audit.models import Entry

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_export_person_writes_a_private_file(anna: User, tmp_path: Path) -> None:
    file = tmp_path / "anna.zip"

    assert str(file) in run("export_person", "Anna@fammo.example", str(file))

    assert file.stat().st_mode & 0o777 == 0o600
    assert anna.email in zipfile.ZipFile(file).read("data.json").decode()
    assert json.loads(zipfile.ZipFile(file).read("data.json"))["person"] == anna.pk
    assert Entry.objects.get().verb == "accounts.user.export_requested"


def test_export_person_overwrites_nothing(anna: User, tmp_path: Path) -> None:
    file = tmp_path / "anna.zip"
    file.write_text("kept")

    with pytest.raises(CommandError, match="cannot be written"):
        run("export_person", anna.email, str(file))
    assert file.read_text() == "kept"


def test_erase_person_erases_at_once_and_prints_the_receipt(anna: User) -> None:
    text = run("erase_person", anna.email)

    assert not User.objects.filter(pk=anna.pk).exists()
    erasure = Erasure.objects.get()
    assert (erasure.state, erasure.origin) == (Erasure.State.DONE, Erasure.Origin.OPERATOR)
    assert f"Receipt {erasure.pk}" in text
    assert "erased: 1 profiles" in text


@pytest.mark.parametrize("arguments", [("export_person", "nobody@fammo.example", "x.zip"), ("erase_person", "nobody@fammo.example")])
def test_of_a_stranger_nothing_is_done(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="Nobody"):
        run(*arguments)
    assert not Path("x.zip").exists()
