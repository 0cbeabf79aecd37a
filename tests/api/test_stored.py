"""What is stored is true: after any commit, by any door of any process, the next answer is new."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from rest_framework.test import APIClient
from wagtail.models import Page

from fammo.api import stored, watch

from .mini.world import World, sqlite_world, wait_until

ROLLED_BACK = """
with transaction.atomic():
    Group.objects.create(name="gone")
    result = watch.versions() is None
    transaction.set_rollback(True)
"""
OWN = {"X-Request-ID", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


@pytest.fixture
def own_world(tmp_path: Path) -> Iterator[World]:
    """A SQLite world that a test may break."""
    yield from sqlite_world(tmp_path)


class TestTruth:
    def test_second_answer_is_the_first_one_kept(self, world: World) -> None:
        world.add("a")
        world.names()
        first = world.reader.get(Accept_Language="fi")

        second = world.reader.get(Accept_Language="fi")

        assert (first["built"], second["built"]) == (1, 0)
        assert second["body"] == ["a:0"]
        assert second["headers"]["Content-Language"] == "fi"
        assert second["headers"]["Cache-Control"] == "no-cache"
        assert {name: value for name, value in first["headers"].items() if name not in OWN} == {
            name: value for name, value in second["headers"].items() if name not in OWN
        }
        assert int(second["headers"]["X-RateLimit-Remaining"]) == int(first["headers"]["X-RateLimit-Remaining"]) - 1
        assert second["headers"]["X-Request-ID"] != first["headers"]["X-Request-ID"]

    def test_who_has_it_gets_304(self, world: World) -> None:
        etag = world.reader.get(Origin="https://app.example")["headers"]["ETag"]

        short = world.reader.get(Origin="https://app.example", If_None_Match=f'"x", {etag}')

        assert (short["status"], short["body"], short["headers"]["ETag"]) == (304, None, etag)
        assert {name.lower() for name in short["headers"]} >= {"vary", "cache-control", "access-control-allow-origin", "x-request-id"}

    @pytest.mark.parametrize(
        "code",
        [
            "Group.objects.create(name='new')",
            "Group.objects.bulk_create([Group(name='new')], ignore_conflicts=True)",
            "Group.objects.create(name='old'); Group.objects.update(name='new')",
            "with transaction.atomic(): Group.objects.create(name='new')",
            "Group.objects.update_or_create(name='new')",
        ],
    )
    @pytest.mark.parametrize("who", ["reader", "writer"])
    def test_what_any_process_writes_is_in_the_next_answer(self, world: World, who: str, code: str) -> None:
        getattr(world, who).ask("run", code=code)

        assert world.names() == ["new"]

    def test_what_sql_writes_is_in_the_next_answer(self, world: World) -> None:
        for number in range(20):
            world.add(f"n{number:02}")
            assert len(world.names()) == number + 1
        world.sql("UPDATE auth_group SET name = 'x' || name")
        assert world.names()[0] == "xn00"
        world.sql("DELETE FROM auth_group")
        assert world.names() == []

    def test_named_through_table_counts(self, world: World) -> None:
        world.writer.ask("run", code="Group.objects.create(name='a')")
        assert world.names() == ["a"]

        world.writer.ask("run", code="Group.objects.get().permissions.set(Permission.objects.order_by('pk')[:2])")

        assert world.names() == ["a", "a"]

    def test_rolled_back_write_was_never_there(self, world: World) -> None:
        inside = world.reader.ask("run", code=ROLLED_BACK)

        assert inside is True
        assert world.names() == []

    def test_other_tables_leave_it_alone(self, world: World) -> None:
        world.names()
        world.sql("UPDATE django_content_type SET model = model")

        assert world.reader.get()["built"] == 0

    def test_caller_known_only_by_token_is_asked_for_each_time(self, world: World) -> None:
        world.reader.get()

        assert [world.reader.get(Authorization="Bearer x")["built"] for _ in range(2)] == [1, 1]
        assert [world.reader.get(Authorization="Bearer x", Accept_Language="en")["built"] for _ in range(2)] == [1, 0]

    def test_answer_that_holds_for_a_moment_is_built_again_after_it(self, world: World) -> None:
        path = "/api/momentary/"
        assert [world.reader.get(path)["built"] for _ in range(2)] == [1, 0]

        time.sleep(2.1)

        assert world.reader.get(path)["built"] == 1

    def test_fork_has_eyes_of_its_own(self, world: World) -> None:
        world.names()
        world.add("a")

        answers = world.reader.ask("forked_get")

        assert [answer["body"] for answer in answers] == [["a:0"], ["a:0"]]
        assert world.names() == ["a"]

    def test_migrate_again_changes_nothing_but_is_noticed(self, world: World) -> None:
        world.names()
        world.writer.ask("migrate")

        assert world.names() == []
        wait_until(lambda: world.reader.get()["built"] == 0)
        world.add("after")
        assert world.names() == ["after"]


class TestSQLite:
    def test_without_triggers_nothing_is_kept(self, own_world: World) -> None:
        assert [own_world.reader.get()["built"] for _ in range(2)] == [1, 0]

        own_world.sql("DROP TRIGGER api_changed_auth_group_update")
        assert [own_world.reader.get()["built"] for _ in range(2)] == [1, 1]
        own_world.add("a")
        assert own_world.names() == ["a"]

        own_world.writer.ask("migrate")
        assert [own_world.reader.get()["built"] for _ in range(2)] == [1, 0]

    def test_lost_counters_never_bring_back_an_old_answer(self, own_world: World) -> None:
        own_world.add("a")
        assert own_world.names() == ["a"]

        own_world.sql("DELETE FROM api_tablechange")
        own_world.add("b")

        assert own_world.names() == ["a", "b"]

    def test_restored_copy_is_seen_within_a_second(self, own_world: World) -> None:
        database = Path(own_world.database)
        own_world.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = database.with_name("copy.sqlite3")
        with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
            source.backup(target)
            target.execute("DELETE FROM auth_group")
        source.close()
        target.close()
        own_world.add("a")
        assert own_world.names() == ["a"]

        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        shutil.move(copy, database)
        time.sleep(watch.IDENTITY_SECONDS + 0.1)

        assert own_world.names() == []

    def test_missing_file_is_no_error(self, tmp_path: Path) -> None:
        assert watch.SQLiteWatcher(str(tmp_path / "none.sqlite3")).versions() is None

    def test_other_journal_modes_are_watched_by_the_pragma(self, tmp_path: Path) -> None:
        path = str(tmp_path / "plain.sqlite3")
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE api_tablechange (table_name TEXT PRIMARY KEY, version INTEGER)")
            connection.execute("CREATE TABLE thing (name TEXT)")
            for event in watch.triggers.EVENTS:
                connection.execute(watch.triggers._sqlite_trigger("thing", event)[1])
        watcher = watch.SQLiteWatcher(path)
        before = watcher.versions()

        with connection:
            connection.execute("INSERT INTO thing VALUES ('a')")
        after = watcher.versions()
        connection.close()

        assert before == {"thing": 0}
        assert after is not None
        assert after["thing"] > 0
        watcher._disconnect()


@pytest.mark.postgres
class TestPostgreSQL:
    @pytest.mark.parametrize("shared_world", ["postgresql"], indirect=True)
    def test_while_the_listener_is_down_nothing_stored_is_served(self, world: World) -> None:
        world.names()
        for number in range(30):
            world.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fammo table changes'")
            world.add(f"n{number:02}")
            assert len(world.names()) == number + 1

        wait_until(lambda: world.reader.get()["built"] == 0)


class TestStore:
    def answer(self, size: int) -> stored.Answer:
        return stored.Answer(stored.Recipe((), (), None), b"x" * size, [])

    def test_oldest_unused_goes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stored, "MAX_ANSWERS", 2)
        monkeypatch.setattr(watch, "versions", dict)
        store = stored.AnswerStore()
        store.put(("a",), self.answer(1))
        store.put(("b",), self.answer(1))
        assert store.get(("a",))

        store.put(("c",), self.answer(1))

        assert [bool(store.get((name,))) for name in "abc"] == [True, False, True]

    def test_bytes_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stored, "MAX_BYTES", 10)
        monkeypatch.setattr(stored, "MAX_ANSWER_BYTES", 8)
        store = stored.AnswerStore()
        for name in "abcd":
            store.put((name,), self.answer(4))
        store.put(("large",), self.answer(9))

        assert len(store) == 2


def test_pages_are_watched_with_their_parent_table() -> None:
    child = next(model for model in apps.get_models() if issubclass(model, Page) and model is not Page)

    assert set(watch.tables_of([child])) >= {child._meta.db_table, "wagtailcore_page"}


@pytest.mark.django_db
def test_nothing_is_kept_inside_a_transaction(api: APIClient) -> None:
    Group.objects.create(name="only here")

    assert any(row["name"] == "only here" for row in api.get("/api/v1/stored/").json())
    assert len(stored.answers) == 0
    assert api.get("/api/v1/stored/")["ETag"]


@pytest.mark.django_db
def test_middleware_answers_304_without_a_store(api: APIClient) -> None:
    first: Any = api.get("/api/v1/stored/")

    second = api.get("/api/v1/stored/", headers={"If-None-Match": first["ETag"]})

    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
