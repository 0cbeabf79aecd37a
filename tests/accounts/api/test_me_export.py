"""A copy of one's data."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.accounts import exporting
from fammo.accounts.models import DataExport, User
from fammo.mail.models import OutgoingMail
from tests.factories import accounts

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/export/"
Tasks = Callable[[], int]
Mails = Callable[[], list[EmailMessage]]


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:  # not response.close(): that ends the test's own database connection
        close()
    return content


def test_a_copy_is_made_in_the_background(as_anna: APIClient, run_tasks: Tasks) -> None:
    asked = as_anna.post(URL)

    assert asked.status_code == 202
    assert asked.json() == {
        "id": ANY,
        "state": "queued",
        "requested_at": ANY,
        "ready_at": None,
        "expires_at": None,
        "size_bytes": None,
        "download_url": None,
    }
    assert as_anna.get(URL).json() == asked.json()
    run_tasks()
    ready = as_anna.get(URL).json()
    assert (ready["state"], ready["id"]) == ("ready", asked.json()["id"])
    assert ready["size_bytes"] > 0


def test_the_copy_is_downloaded_without_a_token(as_anna: APIClient, client: Client, anna: User, run_tasks: Tasks) -> None:
    as_anna.post(URL)
    run_tasks()
    address = as_anna.get(URL).json()["download_url"].removeprefix("http://testserver")

    answer = client.get(address)

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
    document = json.loads(zipfile.ZipFile(io.BytesIO(body(answer))).read("data.json"))
    assert {part["kind"] for part in document["parts"]} >= {"accounts.user", "accounts.profile", "accounts.session"}
    assert anna.email in json.dumps(document)
    assert anna.password not in json.dumps(document)


@pytest.mark.parametrize("change", [("signature=", "signature=x"), ("expires=", "expires=9"), (".zip?", ".zip?x=1&expires=1&")])
def test_a_changed_address_opens_nothing(as_anna: APIClient, client: Client, run_tasks: Tasks, change: tuple[str, str]) -> None:
    as_anna.post(URL)
    run_tasks()
    address = as_anna.get(URL).json()["download_url"].removeprefix("http://testserver")

    assert client.get(address.replace(*change) if change[0] != ".zip?" else address.split("?")[0]).status_code == 404


def test_an_address_is_good_for_a_quarter_of_an_hour(as_anna: APIClient, client: Client, run_tasks: Tasks) -> None:
    as_anna.post(URL)
    run_tasks()
    address = as_anna.get(URL).json()["download_url"].removeprefix("http://testserver")

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get(address).status_code == 404


def test_a_mail_leads_to_a_page_whose_button_downloads_it(client: Client, as_anna: APIClient, delivered: Mails, run_tasks: Tasks) -> None:
    as_anna.post(URL)
    run_tasks()
    (mail,) = delivered()
    found = re.search(r"/my-data/\S+", mail.body)
    assert found

    assert "Download my data" in client.get(found[0]).content.decode()
    for _ in range(2):  # as often as a download fails
        assert body(client.post(found[0])).startswith(b"PK")
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert client.post(found[0]).status_code == 410


def test_asking_again_gives_the_same_copy(as_anna: APIClient, run_tasks: Tasks) -> None:
    first = as_anna.post(URL).json()
    assert as_anna.post(URL).json() == first
    run_tasks()
    assert as_anna.post(URL).json()["id"] == first["id"]

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        DataExport.objects.update(requested_at=timezone.now() - timedelta(hours=2))
        assert accounts.client_of(User.objects.get()).post(URL).json()["id"] != first["id"]


def test_after_three_days_nothing_is_left(as_anna: APIClient, settings: Any, run_tasks: Tasks) -> None:
    as_anna.post(URL)
    run_tasks()
    assert [file.suffix for file in Path(settings.MEDIA_ROOT).rglob("*.*")] == [".zip"]

    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert exporting.remove_expired_exports() == 1

    assert list(Path(settings.MEDIA_ROOT).rglob("*.*")) == []
    assert as_anna.get(URL).status_code == 404


def test_made_twice_it_is_one_file_and_one_mail(as_anna: APIClient, settings: Any, run_tasks: Tasks) -> None:
    as_anna.post(URL)
    export = DataExport.objects.get()
    exporting.build_export.func(str(export.pk))
    run_tasks()

    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.zip"))) == 1
    assert OutgoingMail.objects.count() == 1


def test_a_person_erased_meanwhile_leaves_no_file(
    as_anna: APIClient, anna: User, settings: Any, run_tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_anna.post(URL)
    write = exporting.write_archive

    def erased_meanwhile(**kwargs: Any) -> None:
        write(**kwargs)
        User.objects.filter(pk=anna.pk).delete()

    monkeypatch.setattr(exporting, "write_archive", erased_meanwhile)
    run_tasks()

    assert list(Path(settings.MEDIA_ROOT).rglob("*.zip")) == []
    assert not OutgoingMail.objects.exists()


def test_a_lost_one_is_made_by_the_next_round(as_anna: APIClient, run_tasks: Tasks) -> None:
    as_anna.post(URL)
    DataExport.objects.update(requested_at=timezone.now() - timedelta(hours=2))

    assert exporting.queue_lost_exports() == 1


def test_nobody_sees_another_s(as_anna: APIClient, outsider: User) -> None:
    as_anna.post(URL)

    assert accounts.client_of(outsider).get(URL).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_refused(api: APIClient, method: str) -> None:
    assert getattr(api, method)(URL).status_code == 401
    assert not DataExport.objects.exists()
