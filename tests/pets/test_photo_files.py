"""Photos on disk: all sizes go together, and nothing stays that no pet has."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from fammo.accounts.models import User
from pets import photo_files, services, tasks
from tests.factories import pets as make


def stored() -> set[str]:
    return set(default_storage.listdir(photo_files.FOLDER)[1])


def age(name: str, by: timedelta) -> None:
    moment = (timezone.now() - by).timestamp()
    os.utime(Path(default_storage.path(name)), (moment, moment))


def test_a_photo_goes_with_all_its_renditions(owner: User, run_tasks: Callable[[], int]) -> None:
    pet = make.pet(owner, photo=make.picture())
    assert len(stored()) == 3

    services.update_pet(actor=owner, pet_id=pet.pk, values={}, removes_photo=True)
    run_tasks()

    assert stored() == set()


@pytest.mark.django_db
def test_what_a_killed_process_left_is_swept_after_a_day(owner: User) -> None:
    pet = make.pet(owner, photo=make.picture())
    with photo_files.kept(make.picture()) as orphan, photo_files.kept(make.picture()) as fresh:
        pass
    for name in (pet.image.name, orphan):
        for file in photo_files.names_of(name).values():
            age(file, photo_files.ORPHAN_AGE + timedelta(minutes=1))

    assert tasks.remove_orphaned_photos.func() == 3

    kept = {name.rpartition("/")[2] for name in (*photo_files.names_of(pet.image.name).values(), *photo_files.names_of(fresh).values())}
    assert stored() == kept
    assert tasks.remove_orphaned_photos.func() == 0


@pytest.mark.django_db
def test_a_sweep_without_any_photo_does_nothing() -> None:
    assert photo_files.remove_orphans() == 0


def test_a_store_that_fails_half_way_leaves_nothing(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    save, calls = default_storage.save, []

    def failing(name: str, content: Any) -> str:
        calls.append(name)
        if len(calls) == 3:
            raise OSError("disk full")
        return save(name, content)

    monkeypatch.setattr(default_storage, "save", failing)

    with pytest.raises(OSError, match="disk full"):
        make.pet(owner, photo=make.picture())

    assert stored() == set()
