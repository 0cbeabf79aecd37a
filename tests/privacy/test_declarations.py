"""The declarations of all models: complete, and such that export and erasure can follow them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from fammo.accounts.models import Profile, User
from fammo.common.privacy import NOT_PERSONAL, Declaration, Erase, Personal
from fammo.privacy.checks import check_model
from fammo.privacy.rows import our_models, paths_to_person
from legal.models import LegalVersion, UserConsent
from pets.models import WeightRecord

SAID = Personal(purpose="To try it.", retention="Never.")
KEPT = Personal(purpose="To try it.", retention="For good.", erase=Erase.KEEP)
BLANK = Personal(purpose="To try it.", retention="Never.", erase=Erase.BLANK)


class Named(models.Model):
    """What the models below have in common."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


def test_every_column_of_every_model_is_declared() -> None:
    assert run_checks(tags=["privacy"]) == []
    assert len(list(our_models())) > 40


def codes(model: type[models.Model]) -> list[str]:
    return [message.id.rpartition(".")[2] for message in check_model(model) if message.id]


@pytest.fixture
def _apart() -> Iterator[None]:
    """Models made here are nobody else's."""
    with isolate_apps("fammo.privacy"):
        yield


@pytest.mark.usefixtures("_apart")
class TestRefusals:
    def test_a_forgotten_column(self) -> None:
        class Diary(Named):
            user = models.ForeignKey(User, on_delete=models.CASCADE)
            secret = models.TextField()
            personal: ClassVar[Declaration] = {"id": NOT_PERSONAL, "user": SAID}

            class Meta:
                app_label = "privacy"

        (message,) = check_model(Diary)

        assert message.id == "privacy.E001"
        assert "secret" in message.msg

    def test_a_model_without_any_declaration(self) -> None:
        class Diary(Named):
            class Meta:
                app_label = "privacy"

        assert codes(Diary) == ["E001"]

    def test_a_row_that_leads_to_nobody(self) -> None:
        class Diary(Named):
            secret = models.TextField()
            personal: ClassVar[Declaration] = {"id": NOT_PERSONAL, "secret": SAID}

            class Meta:
                app_label = "privacy"

        assert codes(Diary) == ["E002"]

    def test_a_row_that_goes_and_stays(self) -> None:
        class Diary(Named):
            user = models.ForeignKey(User, on_delete=models.CASCADE)
            secret = models.TextField()
            proof = models.TextField()
            personal: ClassVar[Declaration] = {"id": NOT_PERSONAL, "user": SAID, "secret": SAID, "proof": KEPT}

            class Meta:
                app_label = "privacy"

        assert codes(Diary) == ["E003"]

    def test_a_blank_that_the_column_refuses(self) -> None:
        class Diary(Named):
            user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
            day = models.DateField()
            personal: ClassVar[Declaration] = {"id": NOT_PERSONAL, "user": BLANK, "day": BLANK}

            class Meta:
                app_label = "privacy"

        assert codes(Diary) == ["E004"]


@pytest.mark.parametrize(
    ("model", "paths"),
    [
        (User, ("pk",)),
        (Profile, ("user",)),
        (WeightRecord, ("pet__user",)),
        (UserConsent, ("subject__user",)),
        (LegalVersion, ("published_by",)),
    ],
)
def test_the_keys_tell_whose_a_row_is(model: Any, paths: tuple[str, ...]) -> None:
    assert paths_to_person(model) == paths
