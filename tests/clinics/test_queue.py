"""The moderators' screen: what waits, in which order, and clearing it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from clinics import services
from clinics.models import Clinic, ClinicListing, ModerationDecision, ReviewClaim
from clinics.moderation import queue
from fammo.accounts.models import User
from fammo.cms.models import ReviewedTaskState
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
State = Clinic.State
SAID = {"reason_code": "wrong_address", "reason_field": "address", "comment": "The street number is missing."}


def names(user: User, **asked: str) -> list[str]:
    return [entry.name for entry in queue.entries(list(queue.waiting(user, **asked)), user)]


def case_url(clinic: Clinic, language: str = "") -> str:
    return reverse("clinics_case", args=[clinics.page_of(clinic, language).pk])


def send(desk: Client, clinic: Clinic, action: str, **said: str) -> str:
    """Decide from the screen; gives where that leads."""
    answer = desk.post(case_url(clinic), {"action": action, "seen": clinics.seen(clinics.page_of(clinic)), **said})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def waited(clinic: Clinic, hours: int) -> None:
    ReviewedTaskState.objects.filter(workflow_state__object_id=str(clinic.page_id)).update(
        started_at=timezone.now() - timedelta(hours=hours)
    )


def test_whoever_has_waited_longest_comes_first(moderator: User) -> None:
    second, first = clinics.pending(name="Second Paws"), clinics.pending(name="First Paws")
    clinics.approved(name="Listed Paws")
    waited(second, 5)
    waited(first, 50)

    entries = queue.entries(list(queue.waiting(moderator)), moderator)

    assert [(entry.name, entry.is_late, entry.share_of_target) for entry in entries] == [
        ("First Paws", True, 100),
        ("Second Paws", False, 10),
    ]
    assert names(moderator, view=queue.View.LATE) == ["First Paws"]
    assert names(moderator, search="second") == ["Second Paws"]


def test_saving_again_does_not_send_an_owner_to_the_end(vet: User, moderator: User) -> None:
    clinic = clinics.pending(vet, name="First Paws")
    waited(clinic, 10)
    clinics.pending(name="Second Paws")

    services.update_clinic(clinic=clinic, changes={"bio": "Better words."}, actor=vet)

    assert names(moderator) == ["First Paws", "Second Paws"]


def test_the_time_that_an_owner_takes_is_not_ours(vet: User, moderator: User) -> None:
    clinic = clinics.rejected(vet)
    waited(clinic, 100)

    services.update_clinic(clinic=clinic, changes={"bio": "Better words."}, actor=vet)

    (entry,) = queue.entries(list(queue.waiting(moderator)), moderator)
    assert timezone.now() - entry.waiting_since < timedelta(minutes=5)


def test_each_language_waits_by_itself(vet: User, moderator: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Klinikka"}, actor=vet)

    (entry,) = queue.entries(list(queue.waiting(moderator)), moderator)

    assert (entry.language, entry.is_new, entry.clinic_id) == ("fi", True, clinic.pk)


def test_the_list_takes_the_same_queries_however_long_it_is(
    desk: Client, vet: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(6):
        clinics.pending()

    with django_assert_max_num_queries(25):  # of which Wagtail's menus take most
        body = desk.get(reverse("clinics_queue")).content.decode()

    assert body.count("data-queue-row") == 6


def test_the_case_shows_what_would_change(desk: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"bio": "Full-service animal hospital.", "phone": "+358 9 7654321"}, actor=vet)

    body = desk.get(case_url(clinic)).content.decode()

    changed, _details, unchanged = body.partition("fields stay as they are")
    assert '<del class="deletion">veterinary clinic.</del><ins class="addition">animal hospital.</ins>' in changed
    assert "Street address" not in changed
    assert "Street address" in unchanged


def test_the_case_leads_to_both_previews_of_what_waits(desk: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"name": "Happier Paws"}, actor=vet)
    page = clinics.page_of(clinic)
    web = reverse("wagtailadmin_pages:workflow_preview", args=[page.pk, page.current_workflow_task.pk])
    card = f"{reverse('wagtailadmin_pages:view_draft', args=[page.pk])}?mode=app"

    body = desk.get(case_url(clinic)).content.decode()

    for address, sentence in ((web, "nobody sees this before it is approved"), (card, "How the app shows this clinic")):
        assert f'href="{address}"' in body
        preview = desk.get(address).content.decode()
        assert "Happier Paws" in preview
        assert sentence in preview


def test_what_came_in_this_minute_waits_for_no_minutes(desk: Client) -> None:
    clinic = clinics.pending()
    begun = timezone.now()
    screens = (case_url(clinic), reverse("clinics_queue"), reverse("wagtailadmin_home"))

    for seconds, is_fresh in ((0, True), (50, True), (75, False)):
        with time_machine.travel(begun + timedelta(seconds=seconds), tick=False):
            for screen in screens:
                body = desk.get(screen).content.decode()
                assert ("just now" in body) == is_fresh, (screen, seconds)
                assert ("1\xa0minute" in body) != is_fresh, (screen, seconds)
                assert "0\xa0minutes" not in body


def test_approving_publishes_and_leads_to_the_next(desk: Client) -> None:
    first, second = clinics.pending(), clinics.pending()

    where = send(desk, first, "approve")

    assert ClinicListing.objects.get().clinic == first
    assert where == case_url(second)
    assert send(desk, second, "approve") == reverse("clinics_queue")
    assert "All clear" in desk.get(reverse("clinics_queue")).content.decode()


@pytest.mark.parametrize(("action", "decision"), [("request_changes", "changes_requested"), ("reject", "rejected")])
def test_sending_back_keeps_and_mails_the_reason(desk: Client, action: str, decision: str) -> None:
    clinic = clinics.pending()

    send(desk, clinic, action, **SAID)

    made = ModerationDecision.objects.get()
    assert (made.decision, made.reason_code, made.reason_field, made.reason_text) == (
        decision,
        "wrong_address",
        "address",
        "The street number is missing.",
    )
    assert Clinic.objects.get().state == State.REJECTED


@pytest.mark.parametrize("missing", ["reason_code", "reason_field", "comment"])
@pytest.mark.parametrize("action", ["request_changes", "reject", "suspend"])
def test_a_refusal_without_its_reason_is_refused(desk: Client, action: str, missing: str) -> None:
    clinic = clinics.approved() if action == "suspend" else clinics.pending()
    before = (Clinic.objects.get().state, ModerationDecision.objects.count())

    send(desk, clinic, action, **SAID | {missing: ""})

    assert (Clinic.objects.get().state, ModerationDecision.objects.count()) == before


def test_what_changed_since_it_was_opened_is_shown(desk: Client, vet: User) -> None:
    clinic = clinics.pending(vet, bio="Reviewed words.")
    opened = clinics.seen(clinics.page_of(clinic))
    services.update_clinic(clinic=clinic, changes={"bio": "Sneaked words."}, actor=vet)

    answer = desk.post(case_url(clinic), {"action": "approve", "seen": opened}, follow=True)

    assert ClinicListing.objects.count() == ModerationDecision.objects.count() == 0
    shown = answer.content.decode().partition("Changed since you opened it")[2].partition("What would be public")[0]
    assert '<del class="deletion">Reviewed</del>' in shown
    assert '<ins class="addition">Sneaked</ins>' in shown
    assert "Street address" not in shown


def test_suspending_and_showing_again(desk: Client) -> None:
    clinic = clinics.approved()
    listed = ClinicListing.objects.values().get()

    desk.post(case_url(clinic), {"action": "suspend", "seen": listed["content_sha256"], **SAID})
    assert (ClinicListing.objects.count(), Clinic.objects.get().state) == (0, State.SUSPENDED)
    body = desk.get(case_url(clinic)).content.decode()
    assert "Show again as last approved" in body
    desk.post(case_url(clinic), {"action": "reinstate", "seen": listed["content_sha256"]})

    assert ClinicListing.objects.values().get() | {"published_at": None} == listed | {"published_at": None}
    assert [made.decision for made in ModerationDecision.objects.all()] == ["reinstated", "suspended", "approved"]


def test_one_moderator_at_a_time(desk: Client, moderator: User) -> None:
    clinic, other = clinics.pending(), clinics.moderator()
    page = clinics.page_of(clinic)
    services.claim_review(page=page, actor=other)

    send(desk, clinic, "approve")
    assert ClinicListing.objects.count() == 0
    assert 'value="approve"' not in desk.get(case_url(clinic)).content.decode()
    assert queue.after(moderator, None) is None
    ReviewClaim.objects.update(claimed_at=timezone.now() - timedelta(hours=1), expires_at=timezone.now() - timedelta(minutes=1))

    send(desk, clinic, "approve")
    assert ClinicListing.objects.count() == 1
    assert ReviewClaim.objects.count() == 0


def test_claiming_and_giving_back(desk: Client, moderator: User) -> None:
    clinic = clinics.pending()
    url = reverse("clinics_claim", args=[clinic.page_id])

    desk.post(url, {"action": "claim"})
    assert ReviewClaim.objects.get().moderator == moderator
    assert names(moderator, view=queue.View.MINE) == [clinics.page_of(clinic).title]
    assert names(moderator, view=queue.View.FREE) == []
    desk.post(url, {"action": "release"})

    assert ReviewClaim.objects.count() == 0


def test_next_goes_round(desk: Client, moderator: User) -> None:
    first, second = clinics.pending(), clinics.pending()
    clinics.pending(moderator)  # their own is not theirs to decide

    assert queue.after(moderator, None) == first.page_id
    assert queue.after(moderator, first.page_id) == second.page_id
    assert queue.after(moderator, second.page_id) == first.page_id
    answer = desk.get(reverse("clinics_next_case"), {"after": first.page_id})
    assert answer.headers["Location"] == case_url(second)


def test_their_own_clinic_offers_no_decision(desk: Client, moderator: User) -> None:
    clinic = clinics.pending(moderator)

    body = desk.get(case_url(clinic)).content.decode()
    send(desk, clinic, "approve")

    assert "somebody else has to decide" in body
    assert 'value="approve"' not in body
    assert ClinicListing.objects.count() == 0


def test_placing_the_pin(desk: Client, moderator: User) -> None:
    clinic = clinics.approved()
    url = reverse("clinics_place", args=[clinic.page_id])

    desk.post(url, {"latitude": "95", "longitude": "0"})
    assert Clinic.objects.get().coordinate_source == "stated"
    desk.post(url, {"latitude": "60.2", "longitude": "0"})

    listing = ClinicListing.objects.get()
    assert (float(listing.latitude), float(listing.longitude)) == (60.2, 0.0)
    assert Clinic.objects.get().coordinate_source == "pinned"


def test_bulk_is_rehearsed_first(desk: Client, vet: User) -> None:
    one, two, changed = clinics.pending(), clinics.pending(), clinics.pending(vet, name="Moving Paws")
    items = [f"{clinic.page_id}:{clinics.seen(clinics.page_of(clinic))}" for clinic in (one, two, changed)]
    services.update_clinic(clinic=changed, changes={"bio": "Newer"}, actor=vet)

    rehearsal = desk.post(reverse("clinics_bulk"), {"item": items, "action": "approve"}).content.decode()
    assert ClinicListing.objects.count() == ModerationDecision.objects.count() == 0
    assert rehearsal.count("Would be done") == 2
    assert "This was changed since you opened it." in rehearsal
    desk.post(reverse("clinics_bulk"), {"item": items, "action": "approve", "confirmed": "yes"})

    assert set(ClinicListing.objects.values_list("pk", flat=True)) == {one.pk, two.pk}


def test_bulk_needs_a_reason_too(desk: Client) -> None:
    clinic = clinics.pending()
    item = f"{clinic.page_id}:{clinics.seen(clinics.page_of(clinic))}"

    answer = desk.post(reverse("clinics_bulk"), {"item": [item, "nonsense"], "action": "reject", "confirmed": "yes"})

    assert answer.status_code == 200
    assert Clinic.objects.get().state == State.PENDING


@pytest.mark.parametrize("name", ["clinics_queue", "clinics_next_case"])
def test_only_moderators_see_the_queue(client: Client, vet: User, name: str) -> None:
    client.force_login(vet)

    assert client.get(reverse(name)).status_code == 302


def test_other_staff_decide_nothing(client: Client) -> None:
    clinic = clinics.pending()
    editor = clinics.moderator()
    editor.groups.clear()
    client.force_login(editor)

    for url in (case_url(clinic), reverse("clinics_claim", args=[clinic.page_id]), reverse("clinics_bulk")):
        client.post(url, {"action": "approve", "seen": clinics.seen(clinics.page_of(clinic))})

    assert ClinicListing.objects.count() == ReviewClaim.objects.count() == 0


def test_a_case_that_its_owner_deleted_leads_back_to_the_queue(desk: Client, vet: User) -> None:
    clinic = clinics.pending(vet)
    url = case_url(clinic)
    services.delete_clinic(clinic=clinic, actor=vet)

    answers = [desk.get(url, headers={"referer": f"http://testserver{url}"}), desk.post(url, {"action": "approve", "seen": "0" * 64})]

    assert [answer.headers["Location"] for answer in answers] == [reverse("clinics_queue")] * 2


@pytest.mark.parametrize("is_superuser", [False, True])
def test_the_first_page_of_the_admin_leads_to_the_queue(desk: Client, is_superuser: bool) -> None:
    if is_superuser:
        desk.force_login(accounts.superuser())
    clinic = clinics.pending(name="Waiting Paws")

    body = desk.get(reverse("wagtailadmin_home")).content.decode()

    assert case_url(clinic) in body
    assert reverse("wagtailadmin_pages:revisions_compare", args=[clinic.page_id, "live", "latest"]) not in body
