"""What a moderator is shown of a change: nothing that would become public may be missing."""

from __future__ import annotations

from datetime import date, time

import pytest

from clinics import hours, services
from clinics.models import ClinicPage
from clinics.moderation import difference
from fammo.accounts.models import User
from fammo.cms.models import BOOKKEEPING
from tests.factories import clinics

pytestmark = pytest.mark.django_db

# Of Wagtail, never shown to the public by Fammo.
OF_NO_CONCERN = {
    "pk",
    "content_type",
    "translation_key",
    "locale",
    "owner",
    "seo_title",
    "search_description",
    "show_in_menus",
    "page_ptr",
} | {
    *("alias_of", "expire_at", "go_live_at", "latest_revision", "comments", "wagtail_admin_comments"),
}


def changed(clinic_page: ClinicPage, before: ClinicPage | None) -> dict[str, difference.Change]:
    return {change.code: change for change in difference.changes(before, clinic_page) if change.is_changed}


def test_nothing_of_a_revision_escapes() -> None:
    content = clinics.page_of(clinics.pending()).latest_revision.content
    shown = {name for aspect in difference.ASPECTS for name in aspect.stored_in}

    assert set(content) - BOOKKEEPING - OF_NO_CONCERN - shown == set()


def test_every_aspect_of_a_new_clinic_is_shown() -> None:
    page = clinics.page_of(clinics.pending(instagram="@paws", hours_note="Ring twice."))

    shown = changed(page, None)

    assert shown["coordinates"].after == "60.169900, 24.938400"
    assert shown["phone"].after == "+358 9 1234567"
    assert shown["specializations"].after == ["Dogs", "Cats", "Emergency Care"]
    assert shown["working_hours"].after[0] == "Monday: 09:00 - 18:00"
    assert {"name", "slug", "address", "zip_code", "city", "country", "email", "website", "instagram", "bio", "vet_name", "degrees"} <= set(
        shown
    )


def test_hours_are_compared_day_by_day(vet: User) -> None:
    clinic = clinics.approved(vet)
    before = clinics.page_of(clinic)
    week = hours.make_week([hours.Interval(0, time(9), time(20)), *clinics.WEEKDAYS[1:]])
    services.update_clinic(clinic=clinic, changes={"week": week}, actor=vet)
    special = (hours.SpecialDay(on=date(2026, 12, 24), intervals=()),)
    services.set_special_hours(clinic=clinic, special_days=special, actor=vet)

    shown = changed(clinics.page_of(clinic).get_latest_revision_as_object(), before)

    assert shown["working_hours"].parts[:3] == [
        ("deletion", "Monday: 09:00 - 18:00"),
        ("addition", "Monday: 09:00 - 20:00"),
        ("equal", "Tuesday: 09:00 - 18:00"),
    ]
    assert shown["special_hours"].after == ["Dec. 24, 2026: Closed"]
    assert set(shown) == {"working_hours", "special_hours"}


def test_a_translation_brings_words_only(vet: User) -> None:
    clinic = clinics.approved(vet)
    services.translate_clinic(clinic=clinic, language="fi", words={"bio": "Klinikka"}, actor=vet)
    page = clinics.page_of(clinic, "fi").get_latest_revision_as_object()

    shown = difference.changes(None, page, is_source=False)

    assert {change.code for change in shown} <= {"bio", "hours_note", "degrees", "certifications"}
    assert next(change.after for change in shown if change.code == "bio") == "Klinikka"
