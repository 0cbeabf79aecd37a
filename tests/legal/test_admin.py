"""The Wagtail admin: the whole editorial journey by its own forms, and the registers that nobody can write to."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import Client
from django.urls import reverse
from wagtail.models import APIToken, Page
from wagtail_localize.models import StringTranslation, Translation

from fammo.accounts.models import User
from legal import services
from legal.models import LegalPage, LegalText, LegalVersion, WatchedTerm
from legal.panels import LanguagesPanel
from legal.querysets import today
from legal.rates import Rate, consent_rates
from tests.factories.legal import legal_draft, legal_index, legal_person, legal_version, submitted, words

pytestmark = pytest.mark.django_db


def form(**changes: object) -> dict[str, object]:
    return {
        "title": "Terms of use",
        "slug": "user-terms",
        "document_type": "user_terms",
        "summary": "In short.",
        "body": json.dumps(
            {
                "blocks": [{"key": "a", "type": "unstyled", "text": "Be kind.", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}],
                "entityMap": {},
            }
        ),
        "version": "1.0",
        "effective_on": "2026-01-01",
        "requires_acceptance": "on",
        "change_class": "material",
        "change_note": "First.",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    } | changes


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def add_url() -> str:
    return reverse("wagtailadmin_pages:add", args=["legal", "legalpage", legal_index().pk])


def approve(client: Client, page: Page) -> int:
    state = page.specific.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    return client.post(url, {"comment": ""}).status_code


def test_editor_submits_and_a_second_one_approves(author: User, approver: User) -> None:
    answer = as_user(author).post(add_url(), form(**{"action-submit": "1"}))
    assert answer.status_code == 302
    page = LegalPage.objects.get()
    assert page.workflow_in_progress
    assert not page.live

    approve(as_user(author), page)
    assert not LegalVersion.objects.exists()

    approve(as_user(approver), page)
    assert LegalText.objects.get().content == "<p>Be kind.</p>"
    assert LegalVersion.objects.get().published_by == approver


def test_publish_button_is_of_no_use_even_to_a_superuser() -> None:
    chief = as_user(legal_person("chief", is_superuser=True, is_staff=True))

    chief.post(add_url(), form(**{"action-publish": "1"}))

    assert not LegalPage.objects.get().live
    assert not LegalVersion.objects.exists()


def test_used_version_label_is_refused_on_submission_but_not_in_a_draft(author: User) -> None:
    legal_version(version="1.0")
    page = LegalPage.objects.get()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    draft = as_user(author).post(url, form(summary="Other words."))
    submission = as_user(author).post(url, form(summary="Other words.", **{"action-submit": "1"}))

    assert draft.status_code == 302
    assert "already published under this version" in submission.content.decode()
    assert not LegalPage.objects.get().workflow_in_progress


def test_preview_shows_the_draft_as_a_draft(author: User) -> None:
    page = legal_draft(actor=author)

    answer = as_user(author).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert answer.status_code == 200
    assert "Nobody is bound by this text" in answer.content.decode()


def test_published_document_cannot_be_deleted_or_unpublished() -> None:
    legal_version()
    page = LegalPage.objects.get()
    chief = legal_person("chief", is_superuser=True, is_staff=True)

    as_user(chief).post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    as_user(chief).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert LegalPage.objects.get().live
    assert not legal_index().permissions_for_user(chief).can_delete()


@pytest.mark.parametrize("register", ["versions", "consents"])
def test_registers_are_read_only_for_everybody(register: str, person: User, author: User) -> None:
    version = legal_version()
    services.record_decision(user=person, version_id=version.pk, accepted=True, language="en", origin=services.Origin())
    pk = version.pk if register == "versions" else 1

    for reader in (author, legal_person("chief", is_superuser=True, is_staff=True)):
        client = as_user(reader)
        assert client.get(f"/admin/legal/{register}/").status_code == 200
        assert client.get(f"/admin/legal/{register}/inspect/{pk}/").status_code == 200
        for action in ("create/", f"edit/{pk}/", f"delete/{pk}/"):
            assert client.post(f"/admin/legal/{register}/{action}").status_code == 302
    assert LegalVersion.objects.filter(pk=version.pk).exists()


def test_registers_are_closed_to_translators(author: User) -> None:
    translator = as_user(legal_person("translator", groups=("Translators",), is_staff=True))

    assert translator.get("/admin/legal/consents/").status_code == 302
    assert translator.get("/admin/legal/versions/").status_code == 302


def test_register_shows_the_frozen_text(author: User) -> None:
    version = legal_version(languages=("fi",))

    answer = as_user(author).get(f"/admin/legal/versions/inspect/{version.pk}/").content.decode()

    assert LegalText.objects.get(language="fi").sha256 in answer
    assert "Account fi 1.0" in answer


def test_register_query_count_does_not_grow(author: User, person: User, django_assert_max_num_queries: object) -> None:
    client = as_user(author)
    version = legal_version()
    for accepted in (True, False, True, False):
        services.record_decision(user=person, version_id=version.pk, accepted=accepted, language="en", origin=services.Origin())

    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get("/admin/legal/consents/")


def test_moderator_sees_their_review_but_not_the_approve_button(author: User) -> None:
    page = legal_draft(actor=author)
    submitted(page, user=author)

    answer = as_user(author).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert 'data-workflow-action-name="approve"' not in answer


def post_decision(user: User, page: Page, **changes: object) -> None:
    page = LegalPage.objects.get(pk=page.pk)
    decision = {"action-workflow-action": "1", "workflow-action-name": "approve", "loaded_revision_id": page.latest_revision_id}
    as_user(user).post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(**decision, **changes))


def test_decision_from_a_page_opened_before_the_review_began_anew_is_refused(author: User, approver: User) -> None:
    as_user(author).post(add_url(), form(**{"action-submit": "1"}))
    page = LegalPage.objects.get()
    opened = page.current_workflow_task_state
    opened.specific.cancel(resume=True)

    post_decision(approver, page, review=opened.pk)
    assert not LegalVersion.objects.exists()

    post_decision(approver, page, review=LegalPage.objects.get().current_workflow_task_state.pk)
    assert LegalVersion.objects.exists()


def test_panel_tells_which_languages_are_incomplete(author: User) -> None:
    page = legal_draft(actor=author, languages=("fi", "tr"))
    StringTranslation.objects.filter(locale__language_code="tr").order_by("pk").first().delete()
    submitted(page, user=author)

    answer = as_user(author).get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    review = LegalPage.objects.get(pk=page.pk).current_workflow_task_state
    assert "Türkçe: 1 sentence to go" in " ".join(answer.split())
    assert "Published together with this text: Suomi" in " ".join(answer.split())
    assert "Nederlands: not begun" in answer
    assert re.search(r'help-warning">\s*<svg class="icon icon-warning', answer), "the box leaves room for its icon"
    assert f'<input type="hidden" name="review" value="{review.pk}">' in answer


def test_panel_is_not_on_translations(author: User) -> None:
    page = legal_draft(actor=author, languages=("fi",))
    finnish = LegalPage.objects.get(locale__language_code="fi")

    panel = LanguagesPanel().bind_to_model(LegalPage)
    assert [panel.get_bound_panel(instance=candidate).is_shown() for candidate in (page, finnish, LegalPage())] == [True, False, False]


def test_translation_cannot_become_an_alias(author: User) -> None:
    legal_draft(actor=author, languages=("fi",))
    finnish = LegalPage.objects.get(locale__language_code="fi")
    chief = as_user(legal_person("chief", is_superuser=True, is_staff=True))

    chief.post(reverse("wagtail_localize:convert_to_alias", args=[finnish.pk]))

    finnish.refresh_from_db()
    assert finnish.alias_of is None
    assert Translation.objects.filter(target_locale=finnish.locale).exists()


def test_menu_of_a_translation_offers_no_alias(author: User) -> None:
    legal_draft(actor=author, languages=("fi",))
    Translation.objects.update(enabled=False)  # the page is edited like any other
    finnish = LegalPage.objects.get(locale__language_code="fi")
    chief = as_user(legal_person("chief", is_superuser=True, is_staff=True))

    answer = chief.get(reverse("wagtailadmin_pages:edit", args=[finnish.pk]))

    assert answer.status_code == 200
    assert "localize-convert-to-alias" not in answer.content.decode()


def test_other_pages_may_still_become_aliases() -> None:
    page = legal_index("fi")
    chief = as_user(legal_person("chief", is_superuser=True, is_staff=True))

    assert chief.get(reverse("wagtail_localize:convert_to_alias", args=[page.pk])).status_code == 404  # nobody translates it


class OnlyKnownFiles(StaticFilesStorage):
    """Like the manifest in production: a file that no app has is an error."""

    def url(self, name: str | None) -> str:
        if name is None or finders.find(name) is None:
            raise ValueError(f"Missing staticfiles manifest entry for {name!r}")
        return str(super().url(name))


@pytest.mark.parametrize("query", ["", "?requires_acceptance__exact=1", "?o=-5", "?change_class__exact=material"])
def test_version_register_needs_no_files_that_the_site_lacks(author: User, settings: Any, query: str) -> None:
    version = legal_version()
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.OnlyKnownFiles"}}
    client = as_user(author)

    answer = client.get(f"/admin/legal/versions/{query}")

    assert answer.status_code == 200
    assert "Yes" in answer.content.decode()
    assert client.get(f"/admin/legal/versions/inspect/{version.pk}/").status_code == 200


@pytest.mark.parametrize("query", ["", "?action__exact=accepted"])
def test_ledger_register_needs_no_files_that_the_site_lacks(author: User, person: User, settings: Any, query: str) -> None:
    version = legal_version()
    services.record_decision(user=person, version_id=version.pk, accepted=True, language="en", origin=services.Origin())
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"{__name__}.OnlyKnownFiles"}}
    client = as_user(author)

    assert client.get(f"/admin/legal/consents/{query}").status_code == 200
    assert client.get("/admin/legal/consents/inspect/1/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"effective_on": "2026-01-02"}, "cannot take effect in the past"),
        ({"effective_on": "2999-01-01", "change_note": "First version en 1.0"}, "Say what changed since then"),
    ],
)
def test_new_version_is_refused_on_submission_but_not_in_a_draft(author: User, changes: dict[str, str], sentence: str) -> None:
    legal_version()
    url = reverse("wagtailadmin_pages:edit", args=[LegalPage.objects.get().pk])

    draft = as_user(author).post(url, form(version="2.0", **changes))
    submission = as_user(author).post(url, form(version="2.0", **changes, **{"action-submit": "1"}))

    assert draft.status_code == 302
    assert sentence in submission.content.decode()
    assert not LegalPage.objects.get().workflow_in_progress


def test_new_version_from_today_on_can_be_submitted(author: User) -> None:
    legal_version()
    url = reverse("wagtailadmin_pages:edit", args=[LegalPage.objects.get().pk])

    as_user(author).post(url, form(version="2.0", effective_on=today().isoformat(), change_note="Second.", **{"action-submit": "1"}))

    assert LegalPage.objects.get().workflow_in_progress


def decide(user: User, version: LegalVersion, *, accepted: bool = True, language: str = "en") -> None:
    services.record_decision(user=user, version_id=version.pk, accepted=accepted, language=language, origin=services.Origin())


def test_editor_sees_how_many_a_material_change_asks_again(author: User) -> None:
    version = legal_version()
    edit = reverse("wagtailadmin_pages:edit", args=[LegalPage.objects.get().pk])
    assert "Nobody has accepted this document yet" in as_user(author).get(edit).content.decode()

    for number in range(3):
        decide(legal_person(), version, accepted=number > 0)

    assert "A material change asks 2 people who accepted" in as_user(author).get(edit).content.decode()


def test_consent_rates_count_last_decisions_per_version_and_language(author: User, person: User) -> None:
    version = legal_version(languages=("fi",))
    legal_version(document_type="clinic_eoi")
    decide(person, version)
    decide(person, version, accepted=False)
    decide(legal_person(), version)
    decide(legal_person(), version, language="fi")
    services.record_view(user=person, version_id=version.pk, language="en", origin=services.Origin())

    found = {each.version.pk: each.rates for each in consent_rates()}

    assert found[version.pk] == [Rate("en", accepted=1, rejected=0, withdrawn=1), Rate("fi", accepted=1, rejected=0, withdrawn=0)]
    assert [(part.name, part.start, part.length) for part in found[version.pk][0].parts()] == [
        ("accepted", 0, 50),
        ("rejected", 50, 0),
        ("withdrawn", 50, 50),
    ]
    page = as_user(author).get(reverse("legal_consent_rates"))
    assert page.status_code == 200
    assert '<rect x="50.0" width="50.0" height="10" class="fammo-withdrawn"/>' in page.content.decode()
    assert "Nobody has decided yet." in page.content.decode()
    assert "style=" not in page.content.decode().split("<main")[1]


def test_consent_rates_are_for_who_may_read_the_ledger(person: User) -> None:
    person.is_staff = True
    person.save()
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))

    assert as_user(person).get(reverse("legal_consent_rates")).status_code == 302


def test_ledger_is_exported_as_csv_with_whoever_decided(author: User, person: User) -> None:
    version, terms = legal_version(), legal_version(document_type="clinic_terms")
    decide(person, version)
    origin = services.Origin()
    services.record_clinic_decision(clinic_id=7, actor=person, version_id=terms.pk, accepted=True, language="en", origin=origin)
    device = uuid.uuid4()
    services.record_device_decision(device_id=device, version_id=version.pk, accepted=True, language="en", origin=origin)
    decide(erased := legal_person(), version)
    services.forget_person(user=erased)

    answer = as_user(author).get("/admin/legal/consents/?export=csv")

    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="consent-ledger.csv"'
    assert [row["Person"] for row in rows] == [
        "erased",
        "Device of somebody without an account",
        f"Clinic 7 ({person.email})",
        person.email,
    ]
    assert as_user(author).get("/admin/legal/consents/").status_code == 200


@pytest.mark.parametrize(
    ("app_version", "cell"),
    [('=HYPERLINK("http://x.example")', '\'=HYPERLINK("http://x.example")'), ("@1", "'@1"), ("4.2-beta", "4.2-beta"), ("", "-")],
)
def test_what_an_app_says_is_no_formula_in_the_exported_ledger(author: User, person: User, app_version: str, cell: str) -> None:
    origin = services.Origin(app_version=app_version)
    services.record_decision(user=person, version_id=legal_version().pk, accepted=True, language="en", origin=origin)

    answer = as_user(author).get("/admin/legal/consents/?export=csv")

    (row,) = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
    assert row["App Version"] == cell


def test_editors_keep_the_list_of_watched_terms(author: User, person: User) -> None:
    added = as_user(author).post("/admin/legal/watched-terms/new/", {"language": "fi", "subject": "fee", "term": "lasku*"})
    again = as_user(author).post("/admin/legal/watched-terms/new/", {"language": "fi", "subject": "fee", "term": "lasku*"})

    assert (added.status_code, WatchedTerm.objects.filter(term="lasku*").count()) == (302, 1)
    assert "This term is in the list already." in again.content.decode()
    assert "/admin/legal/watched-terms/" in as_user(author).get("/admin/").content.decode()
    assert as_user(legal_person("staff", groups=("Content editors",), is_staff=True)).get("/admin/legal/watched-terms/").status_code == 302


@pytest.fixture
def late(approver: User) -> LegalPage:
    """A Finnish translation that was finished after its English text was published."""
    page = legal_draft()
    page.get_latest_revision().publish(user=approver, skip_permission_checks=True)
    return services.draft_translation(page=page, language="fi", text=words("fi 1.0"), actor=None)


def test_translation_that_was_finished_late_is_sent_approved_and_published(author: User, approver: User, late: LegalPage) -> None:
    translator = as_user(author)
    assert "Send for approval" in translator.get(reverse("wagtailadmin_pages:edit", args=[late.pk])).content.decode()

    translator.post(reverse("legal_send_translation", args=[late.pk]))

    source = late.source()
    assert source.workflow_in_progress
    assert "Send for approval" not in translator.get(reverse("wagtailadmin_pages:edit", args=[late.pk])).content.decode()
    approve(as_user(author), source)
    assert LegalText.objects.count() == 1, "nobody approves what they sent"
    before = LegalText.objects.values().get()
    approve(as_user(approver), source)
    assert LegalText.objects.order_by("pk").values().first() == before
    assert list(LegalText.objects.order_by("pk").values_list("language", flat=True)) == ["en", "fi"]


def test_translation_cannot_be_sent_while_the_source_has_a_newer_draft(author: User, late: LegalPage) -> None:
    legal_draft(version="2.0")

    answer = as_user(author).post(reverse("legal_send_translation", args=[late.pk]), follow=True)

    assert "changes that are not published" in answer.content.decode()
    assert not late.source().workflow_in_progress


def test_unfinished_or_published_translation_cannot_be_sent(author: User, late: LegalPage) -> None:
    StringTranslation.objects.first().delete()
    answer = as_user(author).post(reverse("legal_send_translation", args=[late.pk]), follow=True)

    assert "is not complete, is published already" in answer.content.decode()
    assert "Send for approval" in answer.content.decode(), "the last line is translated on this page, which is not loaded anew"
    assert not late.source().workflow_in_progress
    assert as_user(author).get(reverse("legal_send_translation", args=[late.pk])).status_code == 405
    outsider = legal_person("staff", groups=("Clinic moderators",), is_staff=True)
    as_user(outsider).post(reverse("legal_send_translation", args=[late.pk]))
    assert not late.source().workflow_in_progress


def test_side_by_side_editor_of_a_reviewed_page_offers_no_alias(author: User, late: LegalPage) -> None:
    page = as_user(author).get(reverse("wagtailadmin_pages:edit", args=[late.pk])).content.decode()

    assert "fammo-reviewed" in page


def test_superuser_cannot_take_published_texts_away_with_their_shelf(approver: User) -> None:
    approver.is_superuser = True
    approver.save()
    index = legal_index()
    assert index.permissions_for_user(approver).can_delete()
    legal_version()

    client = as_user(approver)
    for action in ("delete", "unpublish", "move"):
        assert client.get(reverse(f"wagtailadmin_pages:{action}", args=[index.pk])).status_code in (302, 403)
        client.post(reverse(f"wagtailadmin_pages:{action}", args=[index.pk]))

    index.refresh_from_db()
    assert index.live
    assert LegalPage.objects.child_of(index).live().exists()


@pytest.mark.parametrize(
    ("verb", "door", "body"),
    [
        ("post", "actions/publish/", None),
        ("patch", "", {"meta": {"type": "legal.LegalPage", "action": "publish"}, "title": "Unread"}),
        ("post", "actions/unpublish/", None),
        ("delete", "", None),
        ("post", "actions/copy/", {"slug": "unread", "title": "Unread"}),
        ("post", "actions/create_alias/", {"slug": "unread"}),
    ],
)
def test_editors_api_publishes_and_removes_no_legal_page(
    client: Client, approver: User, verb: str, door: str, body: dict[str, object] | None
) -> None:
    approver.is_superuser = True
    approver.save()
    legal_version()
    page, texts = LegalPage.objects.get(), LegalText.objects.count()
    legal_draft(version="2.0")
    _token, key = APIToken.create_token(user=approver, name="Automation")

    answer = getattr(client, verb)(
        f"/api/cms/pages/{page.pk}/{door}", body or {}, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )

    assert answer.status_code == 403
    assert LegalText.objects.count() == texts
    assert LegalPage.objects.get().live_revision_id == page.live_revision_id
