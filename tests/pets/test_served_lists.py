"""Reference lists on the served product: kept in the memory of each process, and true in all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from home.demo.people import EDITOR, PASSWORD
from tests.server.running import Server, processes_of, running

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]
#: On connections of their own, so that with two processes both are asked.
MANY = 40
LIST = "/api/v1/genders/"


@pytest.fixture
def server(tmp_path: Path, first_start: Callable[[Path], Path]) -> Iterator[Server]:
    with running(Server(first_start(tmp_path / "data"), WEB_CONCURRENCY="2")) as made:
        yield made
    assert processes_of(made.data_dir) == []


def answers(server: Server, etag: str = "") -> list[httpx2.Response]:
    headers = {"Accept-Language": "fi", **({"If-None-Match": etag} if etag else {})}
    return [httpx2.get(f"http://127.0.0.1:{server.port}{LIST}", headers=headers, timeout=20) for _ in range(MANY)]


def publish(server: Server, name_fi: str) -> None:
    """An editor changes a name in the admin."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}", follow_redirects=True, timeout=60) as desk:

        def post(path: str, **form: str) -> httpx2.Response:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', desk.get(path).text)
            assert token
            return desk.post(path, data={"csrfmiddlewaretoken": token[1], **form}, headers={"Referer": str(desk.base_url)})

        post("/admin/login/", username=EDITOR, password=PASSWORD)
        names = {"name_en": "Male", "name_fi": name_fi, "name_nl": "Mannelijk", "name_tr": "Erkek"}
        page = post("/admin/snippets/pets/gender/edit/1/", **names, order="10", source="", source_id="")
    assert page.status_code == 200
    assert "updated" in page.text


def test_a_change_is_told_by_every_process_at_once(server: Server) -> None:
    before = answers(server)
    assert {(answer.status_code, answer.json()[0]["name"]) for answer in before} == {(200, "Uros")}
    (etag,) = {answer.headers["ETag"] for answer in before}
    assert {answer.status_code for answer in answers(server, etag)} == {304}

    publish(server, "Koiras")

    after = answers(server, etag)
    assert {(answer.status_code, answer.json()[0]["name"]) for answer in after} == {(200, "Koiras")}
    (new_etag,) = {answer.headers["ETag"] for answer in after}
    assert {answer.status_code for answer in answers(server, new_etag)} == {304}
