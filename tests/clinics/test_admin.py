"""The moderators' screens."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from clinics import services
from clinics.actions import STAYS
from clinics.models import Clinic, ClinicListing, ModerationDecision
from fammo.accounts.models import User
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db


def act(desk: Client, clinic: Clinic, action: str, **data: str) -> int:
    page = clinics.page_of(clinic)
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return desk.post(url, data).status_code


def test_a_waiting_clinic_is_on_the_moderators_desk(desk: Client) -> None:
    clinic = clinics.pending(name="Waiting Paws")

    home = desk.get(reverse("wagtailadmin_home")).content.decode()
    register = desk.get(reverse("clinic_register:index")).content.decode()
    editor = desk.get(reverse("wagtailadmin_pages:edit", args=[clinic.page_id]))

    assert "Waiting Paws" in home
    assert "Waiting Paws" in register
    assert editor.status_code == 200
    assert "Approve" in editor.content.decode()


def test_approving_in_the_admin_lists_the_clinic(desk: Client) -> None:
    clinic = clinics.pending()

    act(desk, clinic, "approve")

    assert ClinicListing.objects.get().clinic == clinic


def test_rejecting_in_the_admin_asks_for_the_reason(desk: Client) -> None:
    clinic = clinics.pending()

    act(desk, clinic, "reject", comment="")
    assert Clinic.objects.get().state == Clinic.State.PENDING

    act(desk, clinic, "reject", comment="Say where you are.", reason_code="wrong_address", reason_field="address")
    assert Clinic.objects.get().state == Clinic.State.REJECTED
    assert ModerationDecision.objects.get().reason_text == "Say where you are."


def test_acting_on_a_review_that_moved_on_says_so(desk: Client, vet: User) -> None:
    clinic = clinics.pending(vet)
    page = clinics.page_of(clinic)
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", page.current_workflow_task_state.pk])
    services.update_clinic(clinic=clinic, changes={"bio": "Newer"}, actor=vet)

    desk.post(url)

    assert ClinicListing.objects.count() == 0
    assert Clinic.objects.get().state == Clinic.State.PENDING


def test_the_register_leads_to_the_case(desk: Client, moderator: User) -> None:
    live, own = clinics.approved(), clinics.approved(moderator)

    body = desk.get(reverse("clinic_register:index")).content.decode()

    assert reverse("clinics_case", args=[live.page_id]) in body
    assert reverse("clinic_register:edit", args=[live.pk]) in body
    assert reverse("clinic_register:edit", args=[own.pk]) not in body


def test_every_decision_is_in_the_register_of_decisions(desk: Client) -> None:
    clinic = clinics.suspended(name="Suspended Paws")

    assert desk.get(reverse("clinic_decisions:index")).content.decode().count("Suspended Paws") >= 2
    decision = ModerationDecision.objects.filter(clinic_number=clinic.pk).first()
    assert "The street number is missing." in desk.get(reverse("clinic_decisions:inspect", args=[decision.pk])).content.decode()


def test_verifying_in_the_admin(desk: Client) -> None:
    clinic = clinics.approved()

    desk.post(reverse("clinic_register:edit", args=[clinic.pk]), {"is_verified": "on"})

    assert Clinic.objects.get().is_verified


def test_owners_have_no_business_in_the_admin(client: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    client.force_login(vet)

    assert client.get(reverse("clinic_register:index")).status_code == 302
    said = {"action": "suspend", "seen": clinic.listing.content_sha256, "reason_code": "other", "reason_field": "clinic", "comment": "x"}
    assert client.post(reverse("clinics_case", args=[clinic.page_id]), said).status_code == 302
    assert ClinicListing.objects.count() == 1


def test_unpublishing_leads_to_the_reason(client: Client) -> None:
    clinic = clinics.approved()
    client.force_login(accounts.superuser())

    response = client.post(reverse("wagtailadmin_pages:unpublish", args=[clinic.page_id]))

    assert response.headers["Location"] == reverse("clinics_case", args=[clinic.page_id])
    assert ClinicListing.objects.count() == 1


@pytest.mark.parametrize("action", ["unpublish", "delete", "move"])
def test_no_public_clinic_is_taken_down_in_bulk(client: Client, action: str) -> None:
    clinic = clinics.approved()
    parent = clinics.page_of(clinic).get_parent()
    client.force_login(accounts.superuser())

    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    answer = client.post(f"{url}?id={clinic.page_id}&next=/admin/", {"chooser": parent.pk}, follow=True)

    assert str(STAYS) in answer.content.decode()
    assert ClinicListing.objects.count() == 1
    assert clinics.page_of(clinic).get_parent() == parent


def test_a_public_clinic_is_neither_deleted_nor_moved(client: Client) -> None:
    clinic = clinics.approved()
    parent = clinics.page_of(clinic).get_parent()
    elsewhere = parent.get_translations().get(locale__language_code="fi")
    client.force_login(accounts.superuser())

    deleting = client.post(reverse("wagtailadmin_pages:delete", args=[clinic.page_id]), follow=True)
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[clinic.page_id, elsewhere.pk]))

    assert str(STAYS) in deleting.content.decode()
    assert ClinicListing.objects.count() == 1
    assert clinics.page_of(clinic).get_parent() == parent


def test_a_suspended_clinic_can_be_deleted(client: Client) -> None:
    clinic = clinics.suspended()
    client.force_login(accounts.superuser())

    client.post(reverse("wagtailadmin_pages:delete", args=[clinic.page_id]))

    assert not Clinic.objects.exists()


def test_the_editor_shows_every_panel_and_the_preview_the_draft(client: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"bio": "Only in the draft"}, actor=vet)
    client.force_login(accounts.superuser())

    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[clinic.page_id])).content.decode()
    public = client.get(clinic.page.get_url()).content.decode()

    assert "Only in the draft" in preview
    assert "Only in the draft" not in public
    assert "Full-service veterinary clinic." in public
    assert "Opening hours" in public


def test_the_directory_page_links_to_the_listed(client: Client) -> None:
    listed = clinics.approved(name="Listed Paws")
    clinics.pending(name="Waiting Paws")

    body = client.get(listed.page.get_parent().get_url()).content.decode()

    assert "Listed Paws" in body
    assert listed.page.get_url() in body
    assert "Waiting Paws" not in body


def test_the_longest_waiting_clinic_comes_first(desk: Client) -> None:
    clinics.pending(name="First Paws")
    clinics.pending(name="Second Paws")
    clinics.approved(name="Listed Paws")

    body = desk.get(reverse("clinic_register:index")).content.decode()

    assert body.index("First Paws") < body.index("Second Paws") < body.index("Listed Paws")


def test_decisions_about_two_languages_can_be_told_apart(desk: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Klinikka"}, actor=vet)
    clinics.approve(clinic, language="fi")

    table = desk.get(reverse("clinic_decisions:index")).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]

    assert "Suomi" in table
    assert "English" in table
