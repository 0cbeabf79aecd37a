"""What owners change: every change is a new revision before the moderators, while the approved one stays live."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.images import get_image_model
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.strings import StringValue

from clinics import hours, logos, policies
from clinics.errors import NotYourClinic
from clinics.models import Clinic, ClinicPage
from clinics.models.pages import HOURS

from .drafts import ClinicChanges, VetProfileChanges, apply_changes, keep_draft, latest_draft
from .moderation import submit_clinic
from .old_logos import delete_logos, delete_unneeded_logos, logos_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wagtail.images.models import Image

    from fammo.accounts.models import User

State = Clinic.State
LOGO_TITLE = "Clinic logo"


@transaction.atomic
def update_clinic(*, clinic: Clinic, changes: ClinicChanges, actor: User) -> Clinic:
    """Write the changes as a new revision and (re)submit it; saying the same again is no change.

    Raises NotYourClinic, InvalidInput and ValidationError.
    """
    if not policies.can_edit(actor, clinic):
        raise NotYourClinic
    write_changes(clinic=clinic, changes=changes, actor=actor)
    return Clinic.objects.select_related("page").get(pk=clinic.pk)


def write_changes(*, clinic: Clinic, changes: ClinicChanges, actor: User | None) -> bool:
    """Whoever may: a new revision in the queue, unless the newest one says the same. Tells whether there is one."""
    page = latest_draft(clinic)
    before = page.serializable_data()
    apply_changes(page, changes)
    if _says_the_same(before, page):
        return False
    keep_draft(page, actor=actor)
    _resubmit(clinic)
    if "logo" in changes:
        delete_unneeded_logos(clinic)
    return True


@transaction.atomic
def edit_clinic(
    *,
    clinic: Clinic,
    changes: ClinicChanges,
    actor: User,
    logo: BinaryIO | None = None,
    removes_logo: bool = False,
    clinic_eoi: bool | None = None,
) -> Clinic:
    """All that the profile's form holds, in one transaction and one revision; raises as ``update_clinic`` and ``set_logo`` do."""
    if not policies.can_edit(actor, clinic):
        raise NotYourClinic
    if clinic_eoi is not None:
        set_clinic_eoi(clinic=clinic, is_interested=clinic_eoi, actor=actor)
    if logo is not None:
        changes = {**changes, "logo": _draw_logo(logo, actor)}
    elif removes_logo:
        changes = {**changes, "logo": None}
    return update_clinic(clinic=clinic, changes=changes, actor=actor)


def set_working_hours(*, clinic: Clinic, week: hours.Week, actor: User) -> Clinic:
    """Replace the opening hours; raises as ``update_clinic`` does."""
    return update_clinic(clinic=clinic, changes={"week": week}, actor=actor)


def set_special_hours(*, clinic: Clinic, special_days: tuple[hours.SpecialDay, ...], actor: User) -> Clinic:
    """Replace the dated exceptions to the opening hours; raises as ``update_clinic`` does."""
    return update_clinic(clinic=clinic, changes={"special_days": special_days}, actor=actor)


def set_vet_profile(*, clinic: Clinic, changes: VetProfileChanges, actor: User) -> Clinic:
    """Change who treats the animals; raises as ``update_clinic`` does."""
    return update_clinic(clinic=clinic, changes={**changes}, actor=actor)


@transaction.atomic
def set_logo(*, clinic: Clinic, upload: BinaryIO, actor: User) -> Clinic:
    """A new logo, drawn anew from its pixels; raises InvalidInput for what is no picture, and as ``update_clinic`` does."""
    if not policies.can_edit(actor, clinic):
        raise NotYourClinic
    return update_clinic(clinic=clinic, changes={"logo": _draw_logo(upload, actor)}, actor=actor)


@transaction.atomic
def set_clinic_eoi(*, clinic: Clinic, is_interested: bool, actor: User) -> Clinic:
    """Interest in the pilot programme is nothing that readers see: it needs no review."""
    if not policies.can_edit(actor, clinic):
        raise NotYourClinic
    Clinic.objects.filter(pk=clinic.pk).update(clinic_eoi=is_interested)
    clinic.clinic_eoi = is_interested
    return clinic


@transaction.atomic
def translate_clinic(*, clinic: Clinic, language: str, words: Mapping[str, str], actor: User) -> ClinicPage:
    """Give the clinic's texts in a further language, as the translators' editor would: a draft before the moderators."""
    page = latest_draft(clinic)
    source, _created = TranslationSource.update_or_create_from_instance(page)
    locale = Locale.objects.get(language_code=language)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source, context__path__in=words).select_related("string", "context"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={
                "data": StringValue.from_plaintext(words[segment.context.path]).data,
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "last_translated_by": actor,
            },
        )
    translation.save_target(user=actor, publish=False)
    if clinic.email_confirmed:
        submit_clinic(clinic=clinic)
    translated: ClinicPage = translation.get_target_instance()
    return translated


@transaction.atomic
def delete_clinic(*, clinic: Clinic, actor: User) -> None:
    """The clinic, its pages in every language and their logos; decisions about it are kept. Raises NotYourClinic."""
    if not (policies.can_edit(actor, clinic) or actor.is_superuser):
        raise NotYourClinic
    pages = Page.objects.select_for_update().filter(translation_key=clinic.page.translation_key)
    newest_first = list(pages.order_by("-pk"))
    keys = [page.pk for page in newest_first]
    pictures = logos_of(keys)
    # The clinic first, and its listing with it: Wagtail unpublishes what it deletes, which would read as a suspension.
    Clinic.objects.filter(pk=clinic.pk).delete()
    for page in newest_first:
        DeletePageAction(page.specific, user=actor).execute(skip_permission_checks=True)
    if pictures:
        delete_logos.enqueue(sorted(pictures), keys)


def _draw_logo(upload: BinaryIO, actor: User) -> Image:
    drawn = logos.redraw(upload)
    file = ImageFile(drawn.content, name=logos.new_file_name())
    return get_image_model().objects.create(title=LOGO_TITLE, file=file, width=drawn.width, height=drawn.height, uploaded_by_user=actor)


def _says_the_same(before: Mapping[str, object], page: ClinicPage) -> bool:
    """Rows of opening hours get new keys whenever they are set; only their days and times count."""
    return _comparable(before) == _comparable(page.serializable_data())


def _comparable(data: Mapping[str, object]) -> dict[str, object]:
    return {name: _keyless(value) if name in HOURS else str(value) for name, value in data.items()}


def _keyless(rows: object) -> list[list[tuple[str, str]]]:
    if not isinstance(rows, list):
        return []
    return [sorted((name, str(value)) for name, value in row.items() if name not in {"pk", "id", "page"}) for row in rows]


def _resubmit(clinic: Clinic) -> None:
    """Back into the queue; a clinic that was sent back waits again, one that nobody confirmed waits for that first."""
    clinic = Clinic.objects.select_for_update(of=("self",)).select_related("page").get(pk=clinic.pk)
    if clinic.state == State.UNCONFIRMED:
        return
    if clinic.state == State.REJECTED:
        clinic.move_to(State.PENDING)
        clinic.save(update_fields=["state"])
    submit_clinic(clinic=clinic)
