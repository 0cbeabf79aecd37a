"""POST /pets/{id}/photo-uploads/ and …/complete/: photos straight to a bucket, against a real S3 server."""

from __future__ import annotations

import base64
import json
import threading
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any
from urllib.parse import urlsplit

import boto3
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from moto.server import ThreadedMotoServer
from rest_framework.test import APIClient

from fammo.accounts.models import User
from pets import direct_uploads, photo_files, photos, tasks
from pets.models import Pet
from tests.factories import pets as make

BUCKET = "fammo-tests"
KEYS = {"access_key": "test", "secret_key": "test", "region_name": "us-east-1"}


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, settings: Any) -> Iterator[Any]:
    client = boto3.client("s3", endpoint_url=s3, aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": BUCKET, "endpoint_url": s3, **KEYS}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    yield client
    for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=entry["Key"])
    client.close()


@pytest.fixture
def pet(owner: User) -> Pet:
    return make.pet(owner)


def url(pet: Pet, end: str = "") -> str:
    return f"/api/v1/pets/{pet.pk}/photo-uploads/{end}"


def names(bucket: Any) -> set[str]:
    return {entry["Key"] for entry in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def send(offer: dict[str, Any], file: IO[bytes]) -> int:
    """Post the form as an app does: the fields as they came, the file last."""
    part = SimpleUploadedFile("photo", file.read(), offer["fields"]["Content-Type"])
    body = encode_multipart(BOUNDARY, {**offer["fields"], "file": part})
    request = urllib.request.Request(offer["url"], body, {"Content-Type": MULTIPART_CONTENT})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return int(answer.status)


def offered(phone: APIClient, pet: Pet, content_type: str = "image/jpeg") -> dict[str, Any]:
    response = phone.post(url(pet), {"content_type": content_type})
    assert response.status_code == 201, response.data
    return dict(response.json())


def test_a_photo_sent_to_the_bucket_becomes_the_pets(phone: APIClient, pet: Pet, bucket: Any) -> None:
    offer = offered(phone, pet, "image/heic")
    assert send(offer, make.picture("HEIF", gps=True)) == 204

    response = phone.post(url(pet, f"{offer['id']}/complete/"))

    assert response.status_code == 200, response.data
    pet.refresh_from_db()
    assert names(bucket) == set(photo_files.names_of(pet.image.name).values())
    for name in names(bucket):
        assert b"SecretPlace" not in bucket.get_object(Bucket=BUCKET, Key=name)["Body"].read()
    with urllib.request.urlopen(response.json()["image_renditions"]["thumbnail"]["url"], timeout=10) as photo:  # noqa: S310
        assert photo.read().startswith(b"\xff\xd8")


def test_the_policy_fixes_name_kind_and_size(phone: APIClient, pet: Pet, bucket: Any) -> None:
    offer = offered(phone, pet)

    assert offer["method"] == "POST"
    assert offer["max_bytes"] == photos.MAX_BYTES
    conditions = json.loads(base64.b64decode(offer["fields"]["policy"]))["conditions"]
    assert {"key": f"private/incoming/{pet.pk}.{offer['id']}"} in conditions
    assert {"Content-Type": "image/jpeg"} in conditions
    assert ["content-length-range", 1, photos.MAX_BYTES] in conditions
    assert urlsplit(offer["url"]).path == f"/{BUCKET}"


REFUSED = {
    "no picture": (lambda: make.picture("GIF"), "photo_refused"),
    "too large": (lambda: SimpleUploadedFile("photo", b"\xff\xd8" + b"0" * photos.MAX_BYTES), "photo_too_large"),
    "polyglot": (lambda: SimpleUploadedFile("photo", make.picture().getvalue() + b"<script>"), "photo_polyglot"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_arrived_is_looked_at_again_and_thrown_away(phone: APIClient, pet: Pet, bucket: Any, kind: str) -> None:
    make_file, code = REFUSED[kind]
    offer = offered(phone, pet)
    send(offer, make_file())

    response = phone.post(url(pet, f"{offer['id']}/complete/"))

    assert (response.status_code, response.json()["code"]) == (400, code)
    assert names(bucket) == set()
    pet.refresh_from_db()
    assert not pet.image


def test_a_kind_that_was_not_agreed_is_refused(phone: APIClient, pet: Pet, bucket: Any) -> None:
    offer = offered(phone, pet)
    bucket.put_object(Bucket=BUCKET, Key=f"private/incoming/{pet.pk}.{offer['id']}", Body=b"x", ContentType="text/html")

    response = phone.post(url(pet, f"{offer['id']}/complete/"))

    assert (response.status_code, response.json()["code"]) == (400, "photo_refused")
    assert names(bucket) == set()


def test_a_busy_server_keeps_what_arrived_for_the_next_try(
    phone: APIClient, pet: Pet, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offered(phone, pet)
    send(offer, make.picture())
    places = threading.BoundedSemaphore(1)
    with monkeypatch.context() as busy, places:
        busy.setattr(photos, "_places", places)
        assert phone.post(url(pet, f"{offer['id']}/complete/")).status_code == 429

    assert phone.post(url(pet, f"{offer['id']}/complete/")).status_code == 200


@pytest.mark.parametrize("upload_id", ["x" * 32, "x", "..%2f..%2fpets"])
def test_nothing_arrived_under_an_unknown_id(phone: APIClient, pet: Pet, bucket: Any, upload_id: str) -> None:
    assert phone.post(url(pet, f"{upload_id}/complete/")).status_code == 404


def test_an_upload_belongs_to_one_pet(phone: APIClient, owner: User, pet: Pet, bucket: Any) -> None:
    offer = offered(phone, pet)
    send(offer, make.picture())

    assert phone.post(url(make.pet(owner), f"{offer['id']}/complete/")).status_code == 404
    assert len(names(bucket)) == 1


def test_an_outsider_does_not_find_the_pet(strange_phone: APIClient, phone: APIClient, pet: Pet, bucket: Any) -> None:
    offer = offered(phone, pet)
    send(offer, make.picture())

    assert strange_phone.post(url(pet), {"content_type": "image/jpeg"}).status_code == 404
    assert strange_phone.post(url(pet, f"{offer['id']}/complete/")).status_code == 404
    pet.refresh_from_db()
    assert not pet.image


def test_strangers_are_asked_to_sign_in(api: APIClient, pet: Pet) -> None:
    assert api.post(url(pet)).status_code == 401
    assert api.post(url(pet, "x/complete/")).status_code == 401


@pytest.mark.parametrize("body", [{}, {"content_type": "image/gif"}, {"content_type": "text/html"}, {"content_type": None}])
def test_other_kinds_are_not_offered(phone: APIClient, pet: Pet, bucket: Any, body: dict[str, Any]) -> None:
    response = phone.post(url(pet), body)

    assert response.status_code == 400
    assert list(response.json()["details"]) == ["content_type"]


def test_a_server_without_a_bucket_says_so(phone: APIClient, pet: Pet) -> None:
    for response in (phone.post(url(pet), {"content_type": "image/jpeg"}), phone.post(url(pet, f"{'x' * 32}/complete/"))):
        assert (response.status_code, response.json()["code"]) == (409, "direct_upload_not_offered")
    assert tasks.remove_abandoned_uploads.func() == 0


def test_an_upload_that_nobody_completed_is_removed(phone: APIClient, pet: Pet, bucket: Any) -> None:
    send(offered(phone, pet), make.picture(gps=True))

    assert direct_uploads.remove_abandoned() == 0
    with time_machine.travel(timezone.now() + direct_uploads.ABANDONED_AFTER + timedelta(minutes=1)):
        assert direct_uploads.remove_abandoned() == 1
    assert names(bucket) == set()


def test_orphans_are_swept_in_a_bucket_too(owner: User, bucket: Any) -> None:
    pet = make.pet(owner, photo=make.picture())
    with photo_files.kept(make.picture()):
        pass

    with time_machine.travel(timezone.now() + photo_files.ORPHAN_AGE + timedelta(minutes=1)):
        assert photo_files.remove_orphans() == 3
    assert default_storage.exists(pet.image.name)
