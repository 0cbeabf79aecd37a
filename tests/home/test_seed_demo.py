"""The demo content. Six clinics stand for all of them: each takes its time, and every state and language is among these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test.utils import override_settings
from rest_framework.test import APIClient
from wagtail.models import WorkflowState
from wagtail_localize.models import Translation

from clinics import hours
from clinics.models import Clinic, ClinicPage
from clinics.services import delete_clinic
from clinics.services.drafts import apply_changes
from fammo.accounts.models import Profile, User
from fammo.common.languages import CODES
from fammo.mail.models import OutgoingMail
from home.demo import PARTS, clinics, load_demo, onboarding, people, pets
from home.models import DemoRecord, OnboardingSlidePage
from legal import ledger
from legal.models import LegalText, LegalVersion, Purpose, UserConsent
from legal.rates import consent_rates
from legal.selectors import has_consent
from pets.models import Pet
from pets.services import load_reference_data

SOME_CLINICS = ("helsinki-kallio", "helsinki-toolo-runeberg", "tampere-keskusta", "amsterdam-jordaan", "delft-centrum", "istanbul-kadikoy")
ENTRIES: list[dict[str, Any]] = json.loads(clinics.FILE.read_text(encoding="utf-8"))
LOGINS = ("admin", "editor", "translator", "moderator", "vet", "anna", "mikko")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The demo content, loaded once for this module and never committed; the folder of its pictures."""
    media = tmp_path_factory.mktemp("media")
    some = [each for each in clinics.demo_objects() if each.key.removeprefix("clinic:") in SOME_CLINICS]
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setitem(PARTS, "clinics", lambda: some)
        load_reference_data()
        with override_settings(MEDIA_ROOT=media):
            load_demo()
        yield media
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _pictures(demo: Path, settings: Any, _own_surroundings: None, db: None) -> None:
    settings.MEDIA_ROOT = demo


def seed(**options: Any) -> str:
    said = StringIO()
    call_command("seed_demo", stdout=said, **options)
    return said.getvalue()


def forget(key: str) -> None:
    DemoRecord.objects.get(key=key).delete()


def test_second_run_asks_one_question_and_makes_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        said = seed()

    assert said == "Demo content: everything was made before.\n"


def test_silent_when_asked_to_be() -> None:
    forget("pet:misu")
    Pet.objects.filter(name="Misu").delete()

    assert seed(verbosity=0) == ""
    assert Pet.objects.filter(name="Misu").exists()


def test_says_what_it_made() -> None:
    forget("pet:misu")
    Pet.objects.filter(name="Misu").delete()

    assert seed() == "Demo content: 1 of 3 pets made\n"


@pytest.mark.parametrize("name", LOGINS)
def test_everybody_logs_in_with_the_printed_password(api: APIClient, name: str) -> None:
    answer = api.post("/api/v1/auth/token/", {"email": f"{name}@fammo.example", "password": "fammo-demo-2026"}, format="json")

    assert answer.status_code == 200, answer.json()


def test_staff_have_the_groups_of_their_work() -> None:
    groups = {user.email.split("@")[0]: {group.name for group in user.groups.all()} for user in User.objects.filter(is_staff=True)}

    assert groups == {
        "admin": set(),
        "editor": {"Legal editors", "Content editors"},
        "translator": {"Translators"},
        "moderator": {"Clinic moderators"},
    }
    assert [user.email for user in User.objects.filter(is_superuser=True)] == [people.ADMIN]


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("document_type", ["user_terms", "user_privacy", "clinic_terms", "clinic_partnership", "clinic_eoi"])
def test_legal_documents_are_served_in_every_language(api: APIClient, document_type: str, language: str) -> None:
    answer = api.get(f"/api/v1/legal/documents/by_type/?doc_type={document_type}", headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    assert LegalText.objects.get(version__document_type=document_type, language=language).title in answer.content.decode()


def test_legal_versions_are_approved_by_somebody_else_than_their_author() -> None:
    versions = LegalVersion.objects.select_related("published_by")

    assert {(version.version, version.published_by.email) for version in versions if version.published_by} == {("1.0", people.ADMIN)}
    requested = WorkflowState.objects.filter(workflow__name="Legal approval").values_list("requested_by__email", "status")
    assert set(requested) == {(people.EDITOR, "approved")}


def test_translators_find_every_text_translated() -> None:
    translations = Translation.objects.exclude(source__specific_content_type__model="clinicpage")

    assert translations.count() == (5 + 5) * 3
    assert all(total == translated for total, translated in (each.get_progress() for each in translations))


# Wagtail leaves the temporary file of a rendition to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_slides_come_in_every_language_with_the_same_id_and_picture(api: APIClient) -> None:
    answers = {language: api.get("/api/v1/onboarding/", headers={"Accept-Language": language}).json() for language in CODES}

    written = json.loads((onboarding.FOLDER / "slides.json").read_text(encoding="utf-8"))
    for language, slides in answers.items():
        assert [(slide["title"], slide["description"], slide["button_text"]) for slide in slides] == [
            (each["title"][language], each["description"][language], each["button_text"][language]) for each in written
        ]
    facts = {tuple((slide["id"], slide["order"], slide["icon_url"]) for slide in slides) for slides in answers.values()}
    assert len(facts) == 1
    pictures = [url for _id, _order, url in facts.pop()]
    assert len(set(pictures)) == 5
    for url in pictures:
        assert url.startswith("http://testserver/media/images/")
        assert default_storage.exists(url.removeprefix(f"http://testserver{settings.MEDIA_URL}"))


def test_search_near_helsinki_finds_a_clinic(api: APIClient) -> None:
    found = api.get("/api/v1/clinics/search/?lat=60.17&lng=24.94&radius=10").json()

    assert [clinic["name"] for clinic in found["results"]] == ["Eläinklinikka Fleminki"]


def test_clinics_stand_where_their_entry_says() -> None:
    states = {clinic.external_id: clinic.state for clinic in Clinic.objects.all()}

    assert states == {
        "demo:helsinki-kallio": "approved",
        "demo:helsinki-toolo-runeberg": "pending",
        "demo:tampere-keskusta": "approved",
        "demo:amsterdam-jordaan": "approved",
        "demo:delft-centrum": "unconfirmed",
        "demo:istanbul-kadikoy": "approved",
    }
    assert set(Clinic.objects.get(external_id="demo:istanbul-kadikoy").listing.words) == set(CODES)


def test_a_change_waits_while_the_approved_page_stays_live() -> None:
    clinic = Clinic.objects.get(external_id="demo:tampere-keskusta")
    entry = next(entry for entry in ENTRIES if entry["key"] == "tampere-keskusta")
    draft = clinic.page.get_latest_revision_as_object()

    assert clinic.owner is not None
    assert clinic.owner.email == people.VET
    assert clinic.listing.words["fi"]["bio"] == entry["bio"]["fi"]
    assert draft.bio == entry["pending_change"]["bio"]["fi"]
    assert draft.phone == entry["pending_change"]["phone"]
    assert clinic.page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS


def test_only_what_should_wait_waits() -> None:
    waiting = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).values_list("object_id", flat=True)

    pages = ClinicPage.objects.filter(pk__in=[int(pk) for pk in waiting])
    assert {page.clinic.external_id for page in pages} == {"demo:tampere-keskusta", "demo:helsinki-toolo-runeberg"}


def test_nobody_is_written_to() -> None:
    assert not OutgoingMail.objects.exists()


def test_pets_are_as_the_documents_show_them() -> None:
    anna = User.objects.get(email=people.ANNA)
    dog = Pet.objects.get(user=anna, name="Max")

    assert dog.breed is not None
    assert (dog.breed.slug, dog.get_weight_display()) == ("golden-retriever", "25.50")
    assert {row.slug for row in dog.food_allergies.all()} == {"chicken", "wheat"}
    assert {pet.pet_type.slug for pet in Pet.objects.filter(user=anna)} == {"dog", "cat"}
    assert Pet.objects.filter(user__email=people.MIKKO).count() == 1


def test_the_demo_people_decided_through_the_ledger() -> None:
    told = UserConsent.objects.exclude(purpose="", state="accepted")
    decided = told.values_list("subject__user__email", "document_type", "purpose", "state")
    anna = User.objects.get(email=people.ANNA)

    assert set(decided) == {
        (people.ANNA, "user_privacy", "location", "accepted"),
        (people.MIKKO, "user_privacy", "", "withdrawn"),
    }
    assert anna.profile.latitude is not None
    assert has_consent(anna, Purpose.LOCATION)
    located = Profile.objects.filter(location_consent=True).values_list("user__email", flat=True)
    assert list(located) == [people.ANNA]
    drawn = {(row.version.document_type, rate.language, rate.accepted, rate.withdrawn) for row in consent_rates() for rate in row.rates}
    assert drawn == {
        ("user_terms", "en", 1, 0),
        ("user_terms", "fi", 2, 0),
        ("user_privacy", "en", 1, 0),
        ("user_privacy", "fi", 1, 1),
    }
    assert ledger.verify().fault is None


def test_a_demo_that_kept_annas_location_without_a_consent_is_put_right() -> None:
    anna = User.objects.get(email=people.ANNA)
    forget("consents:anna@fammo.example")
    UserConsent.objects.of(anna).delete()

    seed()

    assert has_consent(anna, Purpose.LOCATION)


def test_edits_and_deletions_are_kept() -> None:
    slide = OnboardingSlidePage.objects.get(slug="welcome", locale__language_code="en")
    slide.title = "Hello"
    slide.save_revision().publish()
    OnboardingSlidePage.objects.filter(slug="clinics", locale__language_code="en").get().delete()
    User.objects.filter(email=people.MIKKO).delete()

    seed()

    assert OnboardingSlidePage.objects.get(pk=slide.pk).title == "Hello"
    assert not OnboardingSlidePage.objects.filter(slug="clinics", locale__language_code="en").exists()
    assert not User.objects.filter(email=people.MIKKO).exists()


@pytest.mark.parametrize("key", ["person:anna@fammo.example", "legal:user_terms", "slide:welcome", "clinic:helsinki-kallio", "pet:max"])
def test_what_is_there_without_a_record_is_left_alone(key: str) -> None:
    models = (User, LegalVersion, OnboardingSlidePage, Clinic, Pet)
    before = [model._default_manager.count() for model in models]
    forget(key)

    seed()

    assert [model._default_manager.count() for model in models] == before
    assert DemoRecord.objects.filter(key=key).exists()


def test_what_a_deleted_person_would_have_made_is_left_out() -> None:
    User.objects.filter(email=people.MIKKO).delete()
    forget("pet:rontti")

    seed()

    assert not Pet.objects.filter(name="Rontti").exists()
    assert DemoRecord.objects.filter(key="pet:rontti").exists()


def test_an_interrupted_load_leaves_nothing_half_made_and_is_completed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "demo:istanbul-kadikoy"
    clinic = Clinic.objects.get(external_id=key)
    owner = clinic.owner
    assert owner is not None
    delete_clinic(clinic=clinic, actor=owner)
    owner.delete()
    forget("clinic:istanbul-kadikoy")

    def power_cut(**_arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(clinics, "approve_clinic", power_cut)
        with pytest.raises(KeyboardInterrupt):
            seed()
    assert not Clinic.objects.filter(external_id=key).exists()
    assert not DemoRecord.objects.filter(key="clinic:istanbul-kadikoy").exists()

    assert seed() == "Demo content: 1 of 6 clinics made\n"
    assert set(Clinic.objects.get(external_id=key).listing.words) == set(CODES)


def test_failure_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    forget("pet:misu")
    Pet.objects.filter(name="Misu").delete()
    owner, values = pets.PETS["misu"]
    monkeypatch.setitem(pets.PETS, "misu", (owner, values | {"breed": "lindworm"}))

    with pytest.raises(CommandError, match=r"^Demo content: pet:misu: Breed .* does not exist\. Run migrate and load_reference_data .*$"):
        seed()


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["key"] for entry in ENTRIES])
def test_every_clinic_can_be_registered(entry: dict[str, Any]) -> None:
    page = ClinicPage(slug="page")

    apply_changes(page, clinics._changes(entry))

    page.clean_fields(exclude=["content_type", "locale", "path", "depth"])
    assert hours.overlapping_day(page.week()) is None
    assert {page.title, page.bio, page.vet_name, page.city} >= {entry["name"], entry["bio"][entry["source_language"]], entry["vet"]["name"]}
    assert {entry["source_language"], *entry["bio"]} <= set(CODES)


def test_exceptions_to_the_hours_are_still_to_come() -> None:
    entry = {"special_hours": {"12-24": [["09:00", "12:00"]], "01-01": []}}

    with time_machine.travel("2026-12-24T10:00:00Z"):
        special = clinics._changes(entry)["special_days"]

    assert [(day.on.isoformat(), len(day.intervals)) for day in special] == [("2026-12-24", 1), ("2027-01-01", 0)]
    assert sum("special_hours" in each for each in ENTRIES) >= 2


def test_there_are_enough_clinics_in_each_country() -> None:
    states = [entry["state"] for entry in ENTRIES]
    countries = [entry["country"] for entry in ENTRIES if entry["state"] == "approved"]

    assert states.count("approved") >= 60
    assert states.count("waiting") == 3
    assert min(countries.count(country) for country in ("FI", "NL", "TR")) >= 15
    assert len({entry["key"] for entry in ENTRIES}) == len(ENTRIES)
