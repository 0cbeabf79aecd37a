"""The audit log says who did what, keeps nothing personal, and cannot be changed by any door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient
from structlog.contextvars import bound_contextvars

from fammo.accounts.audit import Verb
from fammo.accounts.models import User
from fammo.accounts.services import set_active
from fammo.audit import verbs
from fammo.audit.models import Entry
from fammo.audit.services import MASK, columns_of, record
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return accounts.superuser("boss@fammo.example")


@pytest.fixture
def person() -> User:
    return accounts.person("anna@fammo.example")


def test_an_act_is_one_line(boss: User, person: User) -> None:
    with bound_contextvars(request_id="req-7"):
        set_active(user=person, is_active=False, actor=boss)

    entry = Entry.objects.get(verb=Verb.DEACTIVATED)
    assert (entry.actor, entry.object_type, entry.object_id) == (boss, "accounts.user", str(person.pk))
    assert (entry.outcome, entry.before, entry.after) == ("done", {"is_active": True}, {"is_active": False})
    assert (entry.request_id, entry.verb_label) == ("req-7", "Account deactivated")


def test_personal_columns_show_only_that_they_changed(boss: User, person: User) -> None:
    before = columns_of(person, "email", "first_name", "last_name", "is_staff")
    person.email, person.first_name, person.is_staff = "new@fammo.example", "Annika", True

    entry = record(Verb.ACTIVATED, actor=boss, target=person, before=before, after=columns_of(person, *before))

    assert entry.before == {"email": MASK, "first_name": "", "is_staff": False}
    assert entry.after == {"email": MASK, "first_name": MASK, "is_staff": True}


def test_a_column_without_a_declaration_is_refused(boss: User, person: User) -> None:
    with pytest.raises(ValueError, match="does not declare shoe_size"):
        record(Verb.ACTIVATED, actor=boss, target=person, after={"shoe_size": 44})

    assert not Entry.objects.filter(verb=Verb.ACTIVATED).exists()


def test_what_is_rolled_back_was_not_done(boss: User, person: User) -> None:
    with transaction.atomic():
        set_active(user=person, is_active=False, actor=boss)
        transaction.set_rollback(True)

    assert not Entry.objects.filter(verb=Verb.DEACTIVATED).exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: Entry.objects.update(detail="x"),
        lambda entry: Entry.objects.all()._raw_delete("default"),
        lambda entry: connection.cursor().execute("UPDATE audit_entry SET verb = 'x'"),
        lambda entry: connection.cursor().execute("DELETE FROM audit_entry"),
        lambda entry: connection.cursor().execute(
            {
                "sqlite": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
                "postgresql": "TRUNCATE audit_entry",
            }[connection.vendor]
        ),
    ],
    ids=["save", "delete", "queryset update", "queryset delete", "SQL update", "SQL delete", "back door"],
)
def test_no_door_changes_a_line(boss: User, person: User, act: Callable[[Entry], object]) -> None:
    entry = record(Verb.ACTIVATED, actor=boss, target=person)
    before = list(Entry.objects.values())

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        act(entry)

    assert list(Entry.objects.values()) == before


def test_an_erased_person_leaves_a_number(boss: User, person: User) -> None:
    record(Verb.ACTIVATED, actor=person, target=person)
    number = person.pk

    person.delete()

    entry = Entry.objects.select_related("actor").get(verb=Verb.ACTIVATED)
    assert (entry.actor_id, entry.object_id) == (number, str(number))
    assert not User.objects.filter(pk=entry.actor_id).exists()


def test_every_verb_is_in_the_list() -> None:
    listed = dict(verbs.choices())

    assert {"accounts.user.deactivated", "pets.pet.created"} <= set(listed)
    assert all(listed.values())


@pytest.mark.parametrize("value", ["deactivated", "accounts.user", "accounts.user.deactivate", "Accounts.user.deactivated"])
def test_a_verb_outside_the_grammar_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="past participle"):
        verbs.declare(models.TextChoices("Odd", [("ODD", value)]))


def test_a_verb_of_somebody_else_is_refused() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        verbs.declare(models.TextChoices("Second", [("DEACTIVATED", "accounts.user.deactivated")]))


class TestReport:
    @pytest.fixture
    def entry(self, boss: User, person: User) -> Entry:
        set_active(user=person, is_active=False, actor=boss)
        return Entry.objects.get(verb=Verb.DEACTIVATED)

    def test_it_is_among_the_reports_and_shows_the_act(self, client: Client, boss: User, entry: Entry) -> None:
        client.force_login(boss)

        home = client.get(reverse("wagtailadmin_home")).content.decode()
        page = client.get(reverse("audit_report")).content.decode()

        assert reverse("audit_report") in home
        for words in ("Account deactivated", "boss@fammo.example", entry.object_id, "is_active: True → False", "Done"):
            assert words in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("verb=accounts.user.deactivated", True),
            ("verb=accounts.user.registered", False),
            ("actor=BOSS@fammo.example", True),
            ("actor=anna@fammo.example", False),
            ("outcome=refused", False),
            ("object_type=accounts.user", True),
            ("recorded_at_to=2001-01-01", False),
        ],
    )
    def test_it_is_filtered(self, client: Client, boss: User, entry: Entry, query: str, found: bool) -> None:
        client.force_login(boss)

        page = client.get(f"{reverse('audit_report_results')}?{query}").content.decode()

        assert (entry.object_id in page) is found

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_is_exported(self, client: Client, boss: User, entry: Entry, form: str) -> None:
        client.force_login(boss)

        answer = client.get(f"{reverse('audit_report')}?export={form}")

        content = b"".join(answer)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert form == "xlsx" or b"accounts.user.deactivated" in content

    def test_nobody_without_the_permission_reads_it(self, client: Client, entry: Entry) -> None:
        editor = accounts.person("editor@fammo.example", is_staff=True)
        accounts.grant(editor, "wagtailadmin.access_admin")
        client.force_login(editor)

        assert reverse("audit_report") not in client.get(reverse("wagtailadmin_home")).content.decode()
        assert client.get(reverse("audit_report")).status_code == 302


def test_a_request_is_named_in_its_lines(api: APIClient) -> None:
    body = {"email": "new@fammo.example", "password": "a garden of 9 cats", "password_confirm": "a garden of 9 cats"}

    api.post("/api/v1/auth/signup/", body, format="json", headers={"X-Request-ID": "phone-1"})

    assert Entry.objects.get(verb=Verb.REGISTERED).request_id == "phone-1"
