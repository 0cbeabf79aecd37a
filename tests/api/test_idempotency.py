"""A POST that was sent twice is done once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart
from django.utils import timezone
from rest_framework.test import APIClient

from fammo.api import idempotency
from fammo.api.models import IdempotentRequest

from .mini.process import Process
from .mini.world import World


@pytest.mark.django_db
class TestOneProcess:
    def order(self, client: APIClient, name: str, key: str = "key-1", **extra: Any) -> Any:
        return client.post("/api/v1/orders/", {"name": name}, format="json", headers={"Idempotency-Key": key}, **extra)

    def test_first_answer_is_repeated(self, api: APIClient) -> None:
        first, second = self.order(api, "a"), self.order(api, "a")

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.content == first.content
        assert second["Location"] == first["Location"]
        assert (first.get("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (None, "true")
        assert Group.objects.filter(name="a").count() == 1

    def test_users_key_with_another_body_is_422(self, api: APIClient, django_user_model: Any) -> None:
        api.force_authenticate(django_user_model(pk=7, email="a@example.org"))
        self.order(api, "a")

        answer = self.order(api, "b")

        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
        assert not Group.objects.filter(name="b").exists()

    def test_strangers_key_with_another_body_is_422_for_their_address_and_for_no_other(self, api: APIClient) -> None:
        self.order(api, "a")

        assert (self.order(api, "b").status_code, self.order(api, "a")["Idempotency-Replayed"]) == (422, "true")
        assert self.order(APIClient(REMOTE_ADDR="192.0.2.7"), "b").json()["name"] == "b"
        assert self.order(APIClient(HTTP_X_DEVICE_ID="phone-1"), "c").json()["name"] == "c"
        moved = APIClient(HTTP_X_DEVICE_ID="phone-1", REMOTE_ADDR="192.0.2.7")
        assert self.order(moved, "c")["Idempotency-Replayed"] == "true", "a phone that says who it is keeps its key in another network"
        assert "192.0.2.7" not in str(list(IdempotentRequest.objects.values()))

    def test_nobody_reads_a_strangers_answer(self, api: APIClient, django_user_model: Any) -> None:
        self.order(api, "a")
        for number in (7, 8):
            client = APIClient()
            client.force_authenticate(django_user_model(pk=number, email="a@example.org"))
            assert self.order(client, f"c{number}").json()["name"] == f"c{number}"

        assert IdempotentRequest.objects.count() == 3

    def test_alias_of_the_address_is_the_same_request(self, api: APIClient) -> None:
        first = self.order(api, "a")

        again = api.post("/api/orders/", {"name": "a"}, format="json", headers={"Idempotency-Key": "key-1"})

        assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")

    def test_refusal_is_not_kept_and_undoes_all(self, api: APIClient, django_user_model: Any) -> None:
        api.force_authenticate(django_user_model(pk=7, email="a@example.org"))

        assert self.order(api, "bad").status_code == 400
        assert not Group.objects.filter(name="bad").exists()
        assert self.order(api, "good").status_code == 201

    def test_failure_is_not_kept_and_undoes_all(self, forgiving: APIClient) -> None:
        assert [self.order(forgiving, "broken").status_code for _ in range(2)] == [500, 500]
        assert not Group.objects.filter(name="broken").exists()
        assert not IdempotentRequest.objects.exists()

    @pytest.mark.parametrize("key", ["", " ", "x" * 129, "ä", "a b"])
    def test_key_that_cannot_be_one_is_400(self, api: APIClient, key: str) -> None:
        assert self.order(api, "a", key).status_code == 400

    def test_without_a_key_every_post_counts(self, api: APIClient) -> None:
        for name in ("a", "b"):
            api.post("/api/v1/orders/", {"name": name}, format="json")

        assert Group.objects.filter(name__in="ab").count() == 2
        assert not IdempotentRequest.objects.exists()

    def test_upload_is_the_same_whatever_its_boundary(self, api: APIClient) -> None:
        def send(boundary: str) -> Any:
            parts = {"name": "with-logo", "logo": SimpleUploadedFile("logo.png", b"pixels")}
            content_type = f"multipart/form-data; boundary={boundary}"
            return api.post(
                "/api/v1/orders/", encode_multipart(boundary, parts), content_type=content_type, headers={"Idempotency-Key": "key-1"}
            )

        assert send("one").status_code == 201
        assert send("two")["Idempotency-Replayed"] == "true"

    def test_after_a_day_the_key_is_new_and_the_row_pruned(self, api: APIClient, django_user_model: Any) -> None:
        api.force_authenticate(django_user_model(pk=7, email="a@example.org"))
        self.order(api, "a")
        self.order(api, "z", "key-2")
        IdempotentRequest.objects.update(created_at=timezone.now() - idempotency.RETENTION - timedelta(seconds=1))

        assert self.order(api, "b").json()["name"] == "b"
        assert idempotency.prune() == 1
        assert IdempotentRequest.objects.count() == 1

    def test_erasing_a_person_deletes_their_answers(self, api: APIClient, django_user_model: Any) -> None:
        self.order(api, "stranger")
        api.force_authenticate(django_user_model(pk=7, email="a@example.org"))
        self.order(api, "a")

        assert idempotency.forget_user(7) == 1
        assert IdempotentRequest.objects.get().principal.startswith("anon:")


class TestManyProcesses:
    def test_fifty_at_once_make_one(self, world: World) -> None:
        request = {"method": "POST", "path": "/api/new/", "data": {"name": "one"}, "headers": {"Idempotency_Key": "k-fifty"}}
        world.reader.send("call_together", requests=[request] * 25)
        world.writer.send("call_together", requests=[request] * 25)

        answers = world.reader.receive() + world.writer.receive()

        made = [answer for answer in answers if answer["status"] == 201]
        assert len(answers) == 50
        assert {answer["status"] for answer in answers} <= {201, 409}
        assert len({answer["body"]["id"] for answer in made}) == 1
        assert sum("Idempotency-Replayed" not in answer["headers"] for answer in made) == 1
        assert world.names() == ["one"]

    def test_second_request_while_the_first_runs_is_409(self, world: World) -> None:
        request = {"method": "POST", "path": "/api/new/", "data": {"name": "slow"}, "headers": {"Idempotency_Key": "k-slow"}}

        answers = world.reader.ask("call_together", requests=[request, request])

        assert sorted(answer["status"] for answer in answers) == [201, 409]
        refused = next(answer for answer in answers if answer["status"] == 409)
        assert refused["headers"]["Retry-After"] == "1"
        assert world.reader.post({"name": "slow"}, Idempotency_Key="k-slow")["headers"]["Idempotency-Replayed"] == "true"

    def test_killed_between_commit_and_answer_the_answer_is_there(self, world: World) -> None:
        doomed = Process(world.database, MINI_DIES="1")
        assert doomed.post({"name": "last"}, Idempotency_Key="dies") is None
        doomed.close()

        answer = world.reader.post({"name": "last"}, Idempotency_Key="dies")

        assert (answer["status"], answer["headers"]["Idempotency-Replayed"]) == (201, "true")
        assert world.names() == ["last"]

    def test_killed_before_the_commit_nothing_is_there(self, world: World) -> None:
        doomed = Process(world.database)
        doomed.ask("run", code="result = 1")
        doomed.send("call", method="POST", path="/api/new/", data={"name": "slow-one"}, headers={"Idempotency_Key": "killed"})
        time.sleep(0.5)  # it sleeps for a second in the middle of its work
        doomed.child.kill()
        doomed.close()

        answer = world.reader.post({"name": "slow-one"}, Idempotency_Key="killed")
        deadline = time.monotonic() + 30
        while answer["status"] == 409 and time.monotonic() < deadline:  # until the database has noticed, it counts as running
            time.sleep(int(answer["headers"]["Retry-After"]))
            answer = world.reader.post({"name": "slow-one"}, Idempotency_Key="killed")

        assert answer["status"] == 201
        assert "Idempotency-Replayed" not in answer["headers"]
        assert world.names() == ["slow-one"]
