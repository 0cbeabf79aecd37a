"""Editors of a clinic's page: deciding writes nothing, translators publish nothing, and what changed can be looked at."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client, TestCase
from django.urls import reverse
from wagtail.models import ReferenceIndex
from wagtail.test.utils.form_data import querydict_from_html
from wagtail_localize.models import TranslationSource

from clinics import hours, services
from clinics.models import Clinic, ClinicListing
from fammo.accounts.models import User
from tests.factories import accounts, clinics

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def untouched_form(desk: Client, clinic: Clinic) -> QueryDict:
    """What the browser would post from the editor when nobody has touched a field."""
    editor = desk.get(reverse("wagtailadmin_pages:edit", args=[clinic.page_id]))
    return querydict_from_html(editor.content.decode(), form_id="page-edit-form")


def approve_in_editor(desk: Client, clinic: Clinic, form: QueryDict) -> None:
    form.update({"action-workflow-action": "true", "workflow-action-name": "approve"})
    desk.post(reverse("wagtailadmin_pages:edit", args=[clinic.page_id]), form.urlencode(), content_type=FORM)


@pytest.mark.parametrize("codes", [["emergency", "cats", "dogs"], "Emergency Care, Cats, Llamas, Dogs", []])
def test_an_untouched_form_is_approved_as_it_was_submitted(desk: Client, vet: User, codes: list[str] | str) -> None:
    clinic = clinics.approved(vet, instagram="@paws", hours_note="Closed in July.")
    changes: dict[str, Any] = {"specializations": codes, "bio": "First line.\nSecond line.", "phone": "09 1234567", "latitude": "60.1"}
    changes["week"] = hours.make_week([hours.Interval(0, time(8), time(12)), hours.Interval(0, time(13), time(17))])
    services.update_clinic(clinic=clinic, changes=changes, actor=vet)
    submitted = clinics.page_of(clinic).latest_revision_id

    approve_in_editor(desk, clinic, untouched_form(desk, clinic))

    assert clinics.page_of(clinic).live_revision_id == submitted
    assert ClinicListing.objects.get().specializations == (["dogs", "cats", "emergency"] if codes else [])


@pytest.mark.parametrize(("on", "is_kept"), [("2026-12-24", True), ("2206-12-24", False)])
def test_the_editor_refuses_a_year_that_is_a_slip_of_the_finger(client: Client, vet: User, on: str, is_kept: bool) -> None:
    clinic = clinics.approved(vet)
    client.force_login(accounts.superuser())
    form = untouched_form(client, clinic)
    form.update({"special_hours-TOTAL_FORMS": "1", "special_hours-0-on": on, "special_hours-0-ORDER": "1"})

    response = client.post(reverse("wagtailadmin_pages:edit", args=[clinic.page_id]), form.urlencode(), content_type=FORM)

    assert (response.status_code == 302) == is_kept
    assert len(clinics.page_of(clinic).get_latest_revision_as_object().special_days()) == is_kept
    assert (f"{on} is not between" in response.content.decode()) != is_kept


def test_codes_that_were_stored_in_another_order_are_no_change(desk: Client, vet: User) -> None:
    clinic = clinics.pending(vet)
    page = clinics.page_of(clinic)
    page.specializations = ["emergency", "cats", "dogs"]
    page.save_revision(user=vet, clean=False)
    page.save(clean=False)
    submitted = page.latest_revision_id

    approve_in_editor(desk, clinic, untouched_form(desk, clinic))

    assert clinics.page_of(clinic).live_revision_id == submitted


def test_a_translator_publishes_nothing_by_updating_translations(client: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Hyväksytty"}, actor=vet)
    clinics.approve(clinic, language="fi")
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Hyväksymätön"}, actor=vet)
    before = clinics.page_of(clinic, "fi").live_revision_id
    source = TranslationSource.objects.get_for_instance(clinic.page)
    client.force_login(accounts.superuser())

    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(reverse("wagtail_localize:update_translations", args=[source.pk]), {"publish_translations": "on"})

    assert answer.status_code == 302
    assert clinics.page_of(clinic, "fi").live_revision_id == before
    assert ClinicListing.objects.get().words["fi"]["bio"] == "Hyväksytty"


def test_nobody_publishes_from_an_editor(client: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Hyväksymätön"}, actor=vet)
    client.force_login(accounts.superuser())

    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("wagtailadmin_pages:edit", args=[clinics.page_of(clinic, "fi").pk]), {"action": "publish"})
        form = untouched_form(client, clinic)
        form.update({"bio": "Published by a button", "action-publish": "true"})
        client.post(reverse("wagtailadmin_pages:edit", args=[clinic.page_id]), form.urlencode(), content_type=FORM)

    words = ClinicListing.objects.get().words
    assert (set(words), words["en"]["bio"]) == ({"en"}, "Full-service veterinary clinic.")


def test_a_change_can_be_compared_with_what_is_live(client: Client, vet: User) -> None:
    clinic = clinics.approved(vet)
    services.update_clinic(clinic=clinic, changes={"phone": "09 7654321"}, actor=vet)
    client.force_login(accounts.superuser())

    answer = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[clinic.page_id, "live", "latest"]))

    assert answer.status_code == 200
    assert "7654321" in answer.content.decode()


def test_wagtail_looks_up_no_references_of_a_clinic() -> None:
    # Its task would fail for a clinic that was deleted before the task ran.
    assert not ReferenceIndex.model_is_indexable(Clinic)
