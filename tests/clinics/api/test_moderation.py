"""The moderators' queue over HTTP: bound to what was seen, refused to everybody else, told to nobody twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import ANY

import pytest
from django.core.mail import EmailMessage
from rest_framework.test import APIClient

from clinics import services
from clinics.models import Clinic, ClinicListing, ModerationDecision, ReviewClaim
from fammo.accounts.models import User
from fammo.audit.models import Entry
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db

QUEUE = "/api/v1/admin/moderation/"
REASON = clinics.REASON


def url(clinic: Clinic, act: str = "") -> str:
    return f"{QUEUE}{clinic.page_id}/{act}"


def seen(clinic: Clinic) -> str:
    return clinics.seen(clinics.page_of(clinic))


def nothing_was_decided() -> bool:
    return not ModerationDecision.objects.exists() and not ClinicListing.objects.exists()


def test_the_list_is_the_queue(as_moderator: APIClient) -> None:
    clinic = clinics.pending(name="Waiting Paws")
    clinics.approved()

    answer = as_moderator.get(QUEUE)

    assert answer.json() == [
        {
            "id": clinic.page_id,
            "clinic_id": clinic.pk,
            "name": "Waiting Paws",
            "city": "Helsinki",
            "country": "FI",
            "language": "en",
            "is_new": True,
            "waiting_since": ANY,
            "due_at": ANY,
            "is_late": False,
            "content_sha256": seen(clinic),
            "claim": None,
        }
    ]


@pytest.mark.parametrize(("query", "number"), [("view=late", 0), ("view=free&q=WAITING", 1), ("filter[q]=nobody", 0), ("page=1", 1)])
def test_the_list_can_be_narrowed(as_moderator: APIClient, query: str, number: int) -> None:
    clinics.pending(name="Waiting Paws")

    answer = as_moderator.get(f"{QUEUE}?{query}").json()

    assert len(answer["results"] if "page" in query else answer) == number


@pytest.mark.parametrize("query", ["view=nothing", "viev=late"])
def test_what_the_list_does_not_know_is_refused(as_moderator: APIClient, query: str) -> None:
    assert as_moderator.get(f"{QUEUE}?{query}").status_code == 400


def test_a_case_holds_all_that_the_screen_shows(as_moderator: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"phone": "+31 20 123 4567"}, actor=vet)

    answer = as_moderator.get(url(clinic))
    body = answer.json()

    assert answer["ETag"] == f'"{seen(clinic)}"'
    assert body["content_sha256"] == seen(clinic)
    assert body["public_sha256"] == ClinicListing.objects.get().content_sha256
    assert body["allowed_actions"] == ["claim", "approve", "request_changes", "reject", "suspend", "place"]
    assert [change for change in body["changes"] if change["is_changed"]] == [
        {
            "field": "phone",
            "label": "Phone",
            "before": "+358 9 1234567",
            "after": "+31 20 123 4567",
            "is_changed": True,
            "parts": ANY,
        }
    ]
    assert {signal["code"]: signal["verdict"] for signal in body["signals"]} == {
        "mail_domain": "look",
        "phone_country": "look",
        "place": ANY,
        "duplicates": "fine",
    }
    assert [decision["decision"] for decision in body["history"]] == ["approved"]
    assert body["waiting"]["id"] == clinic.page_id


def test_approving_publishes(as_moderator: APIClient) -> None:
    clinic = clinics.pending()

    answer = as_moderator.post(url(clinic, "approve/"), {"content_sha256": seen(clinic)})

    assert (answer.status_code, answer.json()["state"], answer.json()["waiting"]) == (200, "approved", None)
    assert ClinicListing.objects.get().clinic == clinic
    assert Entry.objects.filter(verb="clinics.clinic.approved", outcome="done", object_id=str(clinic.pk)).count() == 1


def test_if_match_names_it_too(as_moderator: APIClient) -> None:
    clinic = clinics.pending()

    answer = as_moderator.post(url(clinic, "approve/"), headers={"If-Match": f'"{seen(clinic)}"'})

    assert answer.status_code == 200


def test_a_decision_about_nothing_in_particular_is_refused(as_moderator: APIClient) -> None:
    assert as_moderator.post(url(clinics.pending(), "approve/"), {}).status_code == 428
    assert nothing_was_decided()


@pytest.mark.parametrize(("by_header", "status", "code"), [(True, 412, "precondition_failed"), (False, 409, "changed_since_opened")])
def test_what_changed_since_it_was_read_is_refused_with_the_new_digest(
    as_moderator: APIClient, vet: User, by_header: bool, status: int, code: str
) -> None:
    clinic = clinics.pending(vet)
    old = seen(clinic)
    services.update_clinic(clinic=clinic, changes={"bio": "Sneaked in."}, actor=vet)

    sent: dict[str, Any] = {"headers": {"If-Match": f'"{old}"'}} if by_header else {"data": {"content_sha256": old}}
    answer = as_moderator.post(url(clinic, "approve/"), **sent)

    assert (answer.status_code, answer.json()["code"], answer.json()["content_sha256"]) == (status, code, seen(clinic))
    assert answer["Content-Type"] == "application/problem+json"
    assert nothing_was_decided()


def differences(answer: Any) -> list[tuple[str, Any, Any, bool]]:
    return [(change["field"], change["before"], change["after"], change["is_changed"]) for change in answer.json()["changes"]]


@pytest.mark.parametrize("by_header", [True, False])
@pytest.mark.parametrize("act", ["approve/", "request-changes/", "reject/"])
def test_a_stale_decision_is_told_what_is_different(as_moderator: APIClient, vet: User, act: str, by_header: bool) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"phone": "+31 20 123 4567"}, actor=vet)
    old = seen(clinic)
    services.update_clinic(clinic=clinic, changes={"hours_note": "Ring twice."}, actor=vet)

    sent: dict[str, Any] = {"headers": {"If-Match": f'"{old}"'}} if by_header else {}
    answer = as_moderator.post(url(clinic, act), {**REASON, **({} if by_header else {"content_sha256": old})}, **sent)

    assert answer.status_code == (412 if by_header else 409)
    assert differences(answer) == [("hours_note", None, "Ring twice.", True)]
    shown = as_moderator.get(url(clinic)).json()["changes"]
    assert answer.json()["changes"][0].keys() == shown[0].keys()


def test_stale_decisions_about_what_is_public_are_told_what_is_different_there(as_moderator: APIClient, vet: User) -> None:
    clinic = clinics.approved(vet)
    old = ClinicListing.objects.get().content_sha256
    services.update_clinic(clinic=clinic, changes={"phone": "+31 20 123 4567"}, actor=vet)
    clinics.approve(clinic)
    services.update_clinic(clinic=clinic, changes={"bio": "Not public yet."}, actor=vet)
    difference = [("phone", "+358 9 1234567", "+31 20 123 4567", True)]

    refused = as_moderator.post(url(clinic, "suspend/"), {"content_sha256": old, **REASON})
    assert (refused.status_code, differences(refused)) == (409, difference)

    public = ClinicListing.objects.get().content_sha256
    assert as_moderator.post(url(clinic, "suspend/"), {"content_sha256": public, **REASON}).status_code == 200
    refused = as_moderator.post(url(clinic, "reinstate/"), {"content_sha256": old})
    assert (refused.status_code, differences(refused)) == (409, difference)


@pytest.mark.parametrize("act", ["approve/", "suspend/"])
def test_what_differs_from_something_unknown_is_not_told(as_moderator: APIClient, vet: User, act: str) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"phone": "+31 20 123 4567"}, actor=vet)

    answer = as_moderator.post(url(clinic, act), {"content_sha256": "0" * 64, **REASON})

    assert (answer.status_code, answer.json()["changes"]) == (409, [])


@pytest.mark.parametrize(("act", "decision"), [("request-changes/", "changes_requested"), ("reject/", "rejected")])
def test_sending_back_tells_the_owner(
    as_moderator: APIClient, vet: User, act: str, decision: str, delivered: Callable[[], list[EmailMessage]]
) -> None:
    clinic = clinics.pending(vet)

    answer = as_moderator.post(url(clinic, act), {"content_sha256": seen(clinic), **REASON})

    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")
    assert answer.json()["history"][0] | {"id": 0} == {
        "id": 0,
        "decision": decision,
        "language": "en",
        "revision_number": ANY,
        "content_sha256": ANY,
        **REASON,
        "actor": ANY,
        "decided_at": ANY,
    }
    mail = delivered()[-1]
    assert mail.to == [vet.email]
    assert "The street number is missing." in str(mail.body)
    assert "(Street address)" in str(mail.body)


@pytest.mark.parametrize("missing", ["reason_code", "reason_field", "reason_text"])
@pytest.mark.parametrize("act", ["request-changes/", "reject/"])
def test_a_refusal_needs_its_whole_reason(as_moderator: APIClient, act: str, missing: str) -> None:
    clinic = clinics.pending()

    answer = as_moderator.post(url(clinic, act), {"content_sha256": seen(clinic), **REASON, missing: ""})

    assert (answer.status_code, list(answer.json()["details"])) == (400, [missing])
    assert nothing_was_decided()


def test_suspending_and_reinstating(as_moderator: APIClient) -> None:
    clinic = clinics.approved()
    digest = clinic.listing.content_sha256

    suspended = as_moderator.post(url(clinic, "suspend/"), {"content_sha256": digest, **REASON})
    assert (suspended.json()["state"], suspended.json()["allowed_actions"]) == ("suspended", ["reinstate", "place"])
    assert not ClinicListing.objects.exists()
    reinstated = as_moderator.post(url(clinic, "reinstate/"), {"content_sha256": suspended.json()["public_sha256"]})

    assert reinstated.json()["state"] == "approved"
    assert ClinicListing.objects.get().content_sha256 == digest


def test_reinstating_keeps_newer_words_waiting(as_moderator: APIClient, vet: User) -> None:
    clinic = clinics.suspended(vet)
    services.update_clinic(clinic=clinic, changes={"bio": "Newer words."}, actor=vet)

    public = as_moderator.get(url(clinic)).json()["public_sha256"]
    answer = as_moderator.post(url(clinic, "reinstate/"), {"content_sha256": public})

    assert answer.status_code == 200
    assert ClinicListing.objects.get().words["en"]["bio"] == "Full-service veterinary clinic."
    assert answer.json()["waiting"]["content_sha256"] == seen(clinic) != public


def test_one_moderator_at_a_time(as_moderator: APIClient) -> None:
    clinic, colleague = clinics.pending(), accounts.client_of(clinics.moderator())

    claimed = as_moderator.post(url(clinic, "claim/")).json()
    assert claimed["waiting"]["claim"]["is_mine"]
    refused = colleague.post(url(clinic, "claim/"))
    also_refused = colleague.post(url(clinic, "approve/"), {"content_sha256": seen(clinic)})
    assert [answer.json()["code"] for answer in (refused, also_refused)] == ["claimed_by_another"] * 2
    assert colleague.get(url(clinic)).json()["allowed_actions"] == ["place"]
    assert colleague.delete(url(clinic, "claim/")).status_code == 204
    assert ReviewClaim.objects.count() == 1

    assert as_moderator.delete(url(clinic, "claim/")).status_code == 204
    assert colleague.post(url(clinic, "approve/"), {"content_sha256": seen(clinic)}).status_code == 200


def test_nobody_decides_about_their_own(as_moderator: APIClient, moderator: User) -> None:
    clinic = clinics.pending(moderator)

    answer = as_moderator.post(url(clinic, "approve/"), {"content_sha256": seen(clinic)})

    assert (answer.status_code, answer.json()["code"]) == (403, "own_clinic")
    assert as_moderator.get(url(clinic)).json()["allowed_actions"] == []
    assert nothing_was_decided()
    refusal = Entry.objects.get(outcome="refused")
    assert (refusal.verb, refusal.actor_id, refusal.object_id) == ("clinics.clinic.approved", moderator.pk, str(clinic.pk))


@pytest.mark.parametrize("act", ["approve/", "request-changes/", "reject/"])
def test_what_is_decided_is_not_decided_again(as_moderator: APIClient, act: str) -> None:
    clinic = clinics.approved()
    before = ModerationDecision.objects.count()

    answer = as_moderator.post(url(clinic, act), {"content_sha256": seen(clinic), **REASON})

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_decide")
    assert ModerationDecision.objects.count() == before


@pytest.mark.parametrize("act", ["", "claim/", "approve/", "request-changes/", "reject/", "suspend/", "reinstate/", "place/"])
def test_the_owner_has_no_business_here(as_vet: APIClient, vet: User, act: str) -> None:
    clinic = clinics.pending(vet)

    answer = as_vet.get(url(clinic)) if not act else as_vet.post(url(clinic, act), {"content_sha256": seen(clinic), **REASON})

    assert answer.status_code == 403
    assert nothing_was_decided()


def test_a_case_that_is_not_there(as_moderator: APIClient) -> None:
    assert as_moderator.get(f"{QUEUE}999999/").status_code == 404
    assert as_moderator.post(f"{QUEUE}999999/approve/", {"content_sha256": "0" * 64}).status_code == 404


def test_a_decision_sent_twice_is_made_once(as_moderator: APIClient) -> None:
    clinic = clinics.pending()
    sent: dict[str, Any] = {"data": {"content_sha256": seen(clinic)}, "headers": {"Idempotency-Key": "one"}}

    first, second = as_moderator.post(url(clinic, "approve/"), **sent), as_moderator.post(url(clinic, "approve/"), **sent)

    assert (first.status_code, first.content) == (200, second.content)
    assert ModerationDecision.objects.count() == 1


def test_placing_the_pin(as_moderator: APIClient) -> None:
    clinic = clinics.approved()

    answer = as_moderator.post(url(clinic, "place/"), {"latitude": 0, "longitude": 24.95})
    refused = as_moderator.post(url(clinic, "place/"), {"latitude": 91, "longitude": "east"})

    assert {"kind": "pinned", "latitude": 0.0, "longitude": 24.95, "label": ANY} in answer.json()["where"]["spots"]
    assert (refused.status_code, sorted(refused.json()["details"])) == (400, ["latitude", "longitude"])
    assert float(ClinicListing.objects.get().latitude) == 0
    assert [entry.outcome for entry in Entry.objects.filter(verb="clinics.clinic.pinned", object_id=str(clinic.pk))] == ["refused", "done"]


class TestBulk:
    def test_a_dry_run_tells_and_does_nothing(
        self, as_moderator: APIClient, vet: User, delivered: Callable[[], list[EmailMessage]]
    ) -> None:
        clinic, moved = clinics.pending(), clinics.pending(vet)
        items = [{"id": each.page_id, "content_sha256": seen(each)} for each in (clinic, moved)]
        services.update_clinic(clinic=moved, changes={"bio": "Newer."}, actor=vet)
        delivered().clear()

        answer = as_moderator.post(f"{QUEUE}bulk/", {"action": "approve", "items": items})

        assert answer.json() == {
            "dry_run": True,
            "outcomes": [
                {"id": clinic.page_id, "name": ANY, "done": True, "code": "", "detail": "", "content_sha256": ""},
                {
                    "id": moved.page_id,
                    "name": ANY,
                    "done": False,
                    "code": "changed_since_opened",
                    "detail": ANY,
                    "content_sha256": seen(moved),
                },
            ],
        }
        assert nothing_was_decided()
        assert delivered() == []
        assert not Entry.objects.filter(verb="clinics.clinic.approved").exists()

    def test_the_run_does_what_the_dry_run_told(self, as_moderator: APIClient) -> None:
        one, own = clinics.pending(), clinics.pending(User.objects.get(email="moderator@fammo.example"))
        items = [{"id": each.page_id, "content_sha256": seen(each)} for each in (one, own)]

        answer = as_moderator.post(f"{QUEUE}bulk/", {"action": "reject", "items": items, "dry_run": False, **REASON})

        assert [(outcome["done"], outcome["code"]) for outcome in answer.json()["outcomes"]] == [(True, ""), (False, "own_clinic")]
        assert ModerationDecision.objects.get().clinic_number == one.pk

    @pytest.mark.parametrize(
        "body",
        [
            {"action": "approve", "items": []},
            {"action": "suspend", "items": [{"id": 1, "content_sha256": "0" * 64}], **REASON},
            {"action": "reject", "items": [{"id": 1, "content_sha256": "0" * 64}]},
            {"action": "approve", "items": [{"id": 1, "content_sha256": "what I saw"}]},
            {"action": "approve", "items": [{"id": 1, "content_sha256": "0" * 64}] * 101},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, as_moderator: APIClient, body: dict[str, Any]) -> None:
        assert as_moderator.post(f"{QUEUE}bulk/", body).status_code == 400
