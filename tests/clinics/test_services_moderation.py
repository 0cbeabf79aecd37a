"""Decisions: bound to the revision that was seen, by somebody else, with a reason, told to the owner."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.mail import EmailMessage

from clinics import services
from clinics.errors import EmailNotConfirmed, IllegalTransition, NotReviewed, OwnClinic, ReasonRequired
from clinics.models import Clinic, ClinicListing, ClinicPage, ModerationDecision
from fammo.accounts.models import User
from fammo.accounts.services import set_language
from fammo.cms.errors import OwnWork, StaleReview
from fammo.cms.workflow import submit_for_approval
from fammo.common.errors import NotAllowed
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
Delivered = Callable[[], list[EmailMessage]]
State = Clinic.State


def test_approving_lists_exactly_what_was_reviewed(vet: User, moderator: User, delivered: Delivered) -> None:
    clinic = clinics.pending(vet, name="Happy Paws", city="Helsinki")

    clinics.approve(clinic, by=moderator)

    listing = ClinicListing.objects.select_related("clinic").get()
    assert listing.clinic == clinic
    assert (listing.name, listing.city, listing.phone) == ("Happy Paws", "Helsinki", "+358 9 1234567")
    assert listing.words == {
        "en": {
            "bio": "Full-service veterinary clinic.",
            "hours_note": "",
            "degrees": "DVM, University of Helsinki",
            "certifications": "",
        }
    }
    assert (listing.clinic.state, listing.clinic.time_zone) == (State.APPROVED, "Europe/Helsinki")
    assert clinics.page_of(clinic).live
    decision = ModerationDecision.objects.get()
    assert (decision.clinic_number, decision.decision, decision.actor) == (clinic.pk, "approved", moderator)
    assert decision.content_sha256 == listing.content_sha256
    assert [mail.subject for mail in delivered() if mail.to == [vet.email]] == ["Happy Paws is public on Fammo"]


def test_a_save_between_looking_and_approving_makes_the_approval_fail(vet: User, moderator: User) -> None:
    clinic = clinics.pending(vet, bio="Reviewed.")
    seen = clinics.seen(clinics.page_of(clinic))
    services.update_clinic(clinic=clinic, changes={"bio": "Sneaked in."}, actor=vet)

    with pytest.raises(StaleReview):
        services.approve_clinic(page=clinics.page_of(clinic), seen=seen, actor=moderator)

    assert ClinicListing.objects.count() == 0
    assert ModerationDecision.objects.count() == 0
    assert Clinic.objects.get().state == State.PENDING


@pytest.mark.parametrize(
    "edit",
    [
        lambda clinic, owner: services.update_clinic(
            clinic=clinic, changes={"bio": "Changed", "name": "Changed", "slug": "changed"}, actor=owner
        ),
        lambda clinic, owner: services.update_clinic(clinic=clinic, changes={"latitude": 1, "longitude": 1}, actor=owner),
        lambda clinic, owner: services.set_working_hours(clinic=clinic, week=(), actor=owner),
        lambda clinic, owner: services.set_vet_profile(clinic=clinic, changes={"vet_name": "Changed"}, actor=owner),
        lambda clinic, owner: services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Muuttunut"}, actor=owner),
    ],
)
def test_no_door_leads_round_the_queue(vet: User, edit: Callable[[Clinic, User], object]) -> None:
    clinic = clinics.approved(vet)
    before = ClinicListing.objects.values().get()

    edit(clinic, vet)

    assert ClinicListing.objects.values().get() == before
    assert Clinic.objects.get().state == State.APPROVED
    waiting = ClinicPage.objects.filter(translation_key=clinic.page.translation_key)
    assert any(page.workflow_in_progress for page in waiting)


def test_an_approved_change_replaces_the_listing(vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"bio": "New words", "city": "Espoo"}, actor=vet)

    clinics.approve(clinic)

    listing = ClinicListing.objects.get()
    assert (listing.words["en"]["bio"], listing.city, listing.city_key) == ("New words", "Espoo", "espoo")


def test_translated_words_are_public_when_they_are_approved(vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Täyden palvelun <klinikka> & enemmän."}, actor=vet)

    clinics.approve(clinic, language="fi")

    listing = ClinicListing.objects.get()
    assert listing.words["fi"]["bio"] == "Täyden palvelun <klinikka> & enemmän."
    assert listing.source_language == "en"


def test_words_that_translators_saved_over_a_live_page_stay_unread(vet: User) -> None:
    # wagtail-localize writes a draft into the row of a live translation: the listing must not be rebuilt from there.
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Hyväksytty"}, actor=vet)
    clinics.approve(clinic, language="fi")
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Hyväksymätön"}, actor=vet)
    services.update_clinic(clinic=clinic, changes={"city": "Espoo"}, actor=vet)

    clinics.approve(clinic)

    assert ClinicListing.objects.get().words["fi"]["bio"] == "Hyväksytty"


def test_requesting_changes_needs_a_reason(vet: User, moderator: User) -> None:
    clinic = clinics.pending(vet)
    page = clinics.page_of(clinic)

    for missing in (
        {"reason_code": ""},
        {"reason_code": "invented"},
        {"reason_field": ""},
        {"reason_field": "invented"},
        {"reason_text": "  "},
    ):
        with pytest.raises(ReasonRequired):
            services.request_changes(page=page, seen=clinics.seen(page), actor=moderator, **clinics.REASON | missing)

    assert Clinic.objects.get().state == State.PENDING


def test_a_rejected_clinic_is_told_why_in_its_language_and_resubmits_by_saving(vet: User, delivered: Delivered) -> None:
    set_language(user=vet, language="fi")
    clinic = clinics.rejected(vet)
    assert clinic.state == State.REJECTED

    mail = delivered()[-1]
    services.update_clinic(clinic=clinic, changes={"address": "Main Street 12 B"}, actor=vet)

    assert mail.extra_headers["Content-Language"] == "fi"
    assert "The street number is missing." in str(mail.body)
    assert Clinic.objects.get().state == State.PENDING
    clinics.approve(clinic)
    assert ClinicListing.objects.get().address == "Main Street 12 B"


def test_a_rejected_change_leaves_the_approved_words_public(vet: User, moderator: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"bio": "Bad"}, actor=vet)
    page = clinics.page_of(clinic)

    services.request_changes(page=page, seen=clinics.seen(page), actor=moderator, **clinics.REASON)

    assert Clinic.objects.get().state == State.APPROVED
    assert ClinicListing.objects.get().words["en"]["bio"] == "Full-service veterinary clinic."


def test_nobody_decides_about_their_own_clinic(moderator: User) -> None:
    clinic = clinics.pending(moderator)
    page = clinics.page_of(clinic)

    with pytest.raises(OwnClinic):
        services.approve_clinic(page=page, seen=clinics.seen(page), actor=moderator)
    with pytest.raises(OwnClinic):
        services.request_changes(page=page, seen=clinics.seen(page), actor=moderator, **clinics.REASON)
    task = page.current_workflow_task_state.task.specific
    assert task.get_actions(page, moderator) == []
    assert ClinicListing.objects.count() == 0


def test_even_the_workflow_itself_refuses_an_owner_who_is_superuser() -> None:
    admin = accounts.superuser()
    page = clinics.page_of(clinics.pending(admin))
    state = page.current_workflow_task_state

    for action in ("approve", "reject"):
        with pytest.raises(NotAllowed):
            state.task.specific.on_action(
                state, admin, action, **({"reason_code": "other", "reason_field": "clinic", "comment": "x"} if action == "reject" else {})
            )


def test_strangers_decide_nothing(vet: User, outsider: User) -> None:
    clinic = clinics.approved(vet)

    with pytest.raises(NotAllowed):
        services.suspend_clinic(clinic=clinic, seen=clinic.listing.content_sha256, actor=outsider, **clinics.REASON)
    with pytest.raises(NotAllowed):
        services.verify_clinic(clinic=clinic, actor=outsider, is_verified=True)
    assert ClinicListing.objects.count() == 1


def test_suspending_takes_down_every_language_and_approving_again_brings_it_back(vet: User, delivered: Delivered) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Klinikka"}, actor=vet)
    clinics.approve(clinic, language="fi")

    services.suspend_clinic(clinic=clinic, seen=clinic.listing.content_sha256, actor=clinics.moderator(), **clinics.REASON)

    assert ClinicListing.objects.count() == 0
    assert not ClinicPage.objects.filter(live=True).exists()
    assert Clinic.objects.get().state == State.SUSPENDED
    assert [row.decision for row in ModerationDecision.objects.order_by("pk")] == ["approved", "approved", "suspended"]
    assert "is not shown on Fammo" in delivered()[-1].subject

    services.update_clinic(clinic=clinic, changes={"address": "12 Main Street"}, actor=vet)
    clinics.approve(clinic)
    assert Clinic.objects.get().state == State.APPROVED
    assert ClinicListing.objects.get().address == "12 Main Street"


def test_only_a_live_clinic_can_be_suspended(vet: User, moderator: User) -> None:
    with pytest.raises(IllegalTransition):
        services.suspend_clinic(clinic=clinics.pending(vet), seen="", actor=moderator, **clinics.REASON)


def test_unpublishing_by_another_door_suspends_and_is_recorded(vet: User) -> None:
    clinic = clinics.approved(vet)

    clinics.page_of(clinic).unpublish()

    assert ClinicListing.objects.count() == 0
    assert Clinic.objects.get().state == State.SUSPENDED
    assert ModerationDecision.objects.first().decision == "suspended"


@pytest.mark.parametrize("skips", [False, True])
def test_nothing_is_published_without_a_review(vet: User, skips: bool) -> None:
    page = clinics.page_of(clinics.pending(vet))

    with pytest.raises(NotReviewed):
        page.latest_revision.publish(user=accounts.superuser(), skip_permission_checks=skips)

    assert not clinics.page_of(page.clinic).live
    assert ClinicListing.objects.count() == 0


def test_what_was_approved_is_not_what_was_written_over_it(vet: User) -> None:
    # Wagtail's autosave rewrites the newest revision in place.
    clinic = clinics.approved(vet)
    revision = clinics.page_of(clinic).live_revision
    revision.content["bio"] = "Sneaked in."
    revision.save()

    with pytest.raises(NotReviewed):
        revision.publish()

    assert ClinicListing.objects.get().words["en"]["bio"] == "Full-service veterinary clinic."


def test_the_listing_itself_takes_nothing_unreviewed(vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Hyväksymätön"}, actor=vet)
    page = clinics.page_of(clinic, "fi")

    with pytest.raises(NotReviewed):
        services.publish_listing(page=page, revision=page.latest_revision)

    assert set(ClinicListing.objects.get().words) == {"en"}


def test_approving_an_unconfirmed_clinic_is_refused(vet: User, moderator: User) -> None:
    page = clinics.page_of(clinics.unconfirmed(vet))
    review = submit_for_approval(page, user=None).current_task_state

    with pytest.raises(EmailNotConfirmed):
        review.task.specific.on_action(review.specific, moderator, "approve")

    assert ClinicListing.objects.count() == 0


def test_a_later_save_does_not_hide_what_the_moderator_wrote(vet: User, moderator: User) -> None:
    clinic = clinics.pending(vet)
    page = clinics.page_of(clinic)
    page.bio = "The moderator's words."
    page.save_revision(user=moderator)
    services.update_clinic(clinic=clinic, changes={"city": "Espoo"}, actor=vet)

    with pytest.raises(OwnWork):
        clinics.approve(clinic, by=moderator)

    clinics.approve(clinic)
    services.update_clinic(clinic=clinic, changes={"city": "Vantaa"}, actor=vet)
    clinics.approve(clinic, by=moderator)
    assert ClinicListing.objects.get().city == "Vantaa"


def test_publishing_an_old_revision_rolls_back_words_not_state(vet: User, moderator: User) -> None:
    clinic = clinics.approved(vet)
    first = clinics.page_of(clinic).live_revision
    services.verify_clinic(clinic=clinic, actor=moderator, is_verified=True)
    services.update_clinic(clinic=clinic, changes={"bio": "Second"}, actor=vet)
    clinics.approve(clinic)

    first.publish()

    assert ClinicListing.objects.get().words["en"]["bio"] == "Full-service veterinary clinic."
    assert Clinic.objects.get().is_verified


def test_a_moderators_pin_stays_where_it_was_put(vet: User, moderator: User) -> None:
    clinic = clinics.approved(vet)
    services.place_clinic(clinic=clinic, latitude=Decimal("60.2"), longitude=Decimal(25), actor=moderator)
    services.place_clinic(clinic=clinic, latitude=Decimal(1), longitude=Decimal(1), source="geocoded")
    services.update_clinic(clinic=clinic, changes={"latitude": 61, "longitude": 24}, actor=vet)

    clinics.approve(clinic)

    listing = ClinicListing.objects.get()
    assert (listing.latitude, listing.longitude) == (Decimal("60.2"), Decimal(25))


def test_coordinates_of_zero_are_coordinates(vet: User) -> None:
    clinics.approved(vet, latitude=0, longitude=0, country="GH")

    listing = ClinicListing.objects.get()
    assert (listing.latitude, listing.longitude) == (0, 0)


def test_saying_the_same_again_is_no_change(vet: User) -> None:
    clinic = clinics.approved(vet)
    before = clinics.page_of(clinic).latest_revision_id

    services.update_clinic(clinic=clinic, changes={"bio": "Full-service veterinary clinic.", "week": clinics.WEEKDAYS}, actor=vet)

    assert clinics.page_of(clinic).latest_revision_id == before


def test_deleting_keeps_the_decisions(vet: User) -> None:
    clinic = clinics.approved(vet)

    services.delete_clinic(clinic=clinic, actor=vet)

    assert Clinic.objects.count() == ClinicPage.objects.count() == ClinicListing.objects.count() == 0
    assert ModerationDecision.objects.get().clinic_number == clinic.pk


def test_erasing_the_owner_leaves_the_clinic(vet: User) -> None:
    clinics.approved(vet)

    vet.delete()

    assert Clinic.objects.get().owner is None
    assert ClinicListing.objects.count() == 1
