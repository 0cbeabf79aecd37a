"""What owners do to their pets. Every door (API, demo content, commands) comes through here."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import UTC, date, tzinfo
from typing import IO, TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fammo.accounts import selectors as accounts
from fammo.common.errors import InvalidInput, NotFound
from pets import ages, direct_uploads, photo_files, selectors
from pets.audit import Verb, record
from pets.errors import AgeContradictsBirthDate, PetNotRestorable, RowRetired
from pets.models import Pet, ReferenceRow, WeightRecord
from pets.models.pets import RESTORE_WINDOW
from pets.querysets import MANY_OF_EACH

if TYPE_CHECKING:
    from fammo.accounts.models import User

Values = Mapping[str, Any]

AGE_UNITS = ("age_years", "age_months", "age_weeks")
#: What each field becomes when a pet is replaced and the field is not sent; photo and the two others are kept.
EMPTY: dict[str, Any] = {
    "breed": None,
    "gender": None,
    "age_category": None,
    "neutered": False,
    "weight": None,
    "body_type": None,
    "activity_level": None,
    "food_feeling": None,
    "treat_frequency": None,
    **dict.fromkeys(MANY_OF_EACH, ()),
}
PLAIN_FIELDS = ("name", "pet_type", "food_importance", "food_allergy_other", *(name for name in EMPTY if name not in MANY_OF_EACH))
#: Checked by the database and by the input already; asking once per relation would cost a query each.
RELATIONS = [field.name for field in Pet._meta.fields if field.is_relation]


def create_pet(*, actor: User, values: Values, photo: IO[bytes] | None = None) -> Pet:
    """A new pet of the actor's. Raises ``InvalidInput`` or ``ValidationError`` for what cannot be, with nothing stored."""
    with photo_files.kept(photo) as image, transaction.atomic():
        pet = Pet(user=actor, image=image)
        _write(pet, values)
        record(Verb.CREATED, pet=pet, actor=actor)
    return selectors.pet_of(actor, pet.pk)


def update_pet(*, actor: User, pet_id: int, values: Values, photo: IO[bytes] | None = None, removes_photo: bool = False) -> Pet:
    """Change the given fields of the actor's pet; a new photo takes the place of the old one.

    Raises ``NotFound`` for a pet that is not the actor's, ``AgeContradictsBirthDate`` when only an age is given and the
    known birth date says otherwise, ``InvalidInput`` or ``ValidationError`` for what cannot be.
    """
    selectors.own_pet(actor, pet_id)  # nobody makes us decode a photo for a pet that is not theirs
    with photo_files.kept(photo) as image, transaction.atomic():
        pet = _locked(actor, pet_id)
        if image or removes_photo:
            _drop_photo(pet)
            pet.image = image
        _write(pet, values)
        record(Verb.CHANGED, pet=pet, actor=actor)
    return selectors.pet_of(actor, pet_id)


def replace_pet(*, actor: User, pet_id: int, values: Values, photo: IO[bytes] | None = None, removes_photo: bool = False) -> Pet:
    """Make the pet what is given: a field that is absent becomes empty.

    Kept when absent are the photo, ``food_allergy_other`` and ``food_importance``, and the age when nothing of it is given:
    a birth date is lost only to one who says so. Raises as ``update_pet`` does.
    """
    whole = {**EMPTY, **values}
    if any(name in values for name in ("birth_date", *AGE_UNITS)):
        whole = {**dict.fromkeys(AGE_UNITS), **whole}
        if "birth_date" not in values and not _fits_birth_date(selectors.own_pet(actor, pet_id), values):
            whole["birth_date"] = None
    return update_pet(actor=actor, pet_id=pet_id, values=whole, photo=photo, removes_photo=removes_photo)


def offer_photo_upload(*, actor: User, pet_id: int, content_type: str) -> direct_uploads.Offer:
    """Lets the actor's app send a photo of the pet straight to the bucket; ``complete_photo_upload`` makes it the pet's.

    Raises ``NotFound`` for a pet that is not the actor's and ``DirectUploadNotOffered`` where there is no bucket.
    """
    selectors.own_pet(actor, pet_id)
    return direct_uploads.offer(pet_id, content_type)


def complete_photo_upload(*, actor: User, pet_id: int, upload_id: str) -> Pet:
    """Make what the app sent to the bucket the pet's photo, looked at and written anew like any other.

    Raises ``NotFound`` for a pet that is not the actor's or when nothing arrived, ``PhotoRefused`` for what is no photo.
    """
    selectors.own_pet(actor, pet_id)
    with direct_uploads.received(pet_id, upload_id) as photo:
        return update_pet(actor=actor, pet_id=pet_id, values={}, photo=photo)


@transaction.atomic
def delete_pet(*, actor: User, pet_id: int) -> None:
    """Put the actor's pet out of sight; for 30 days it can be restored. Raises ``NotFound`` for a pet that is not the actor's."""
    pet = _locked(actor, pet_id)
    pet.deleted_at = timezone.now()
    pet.save(update_fields=["deleted_at"])
    record(Verb.DELETED, pet=pet, actor=actor)


@transaction.atomic
def restore_pet(*, actor: User, pet_id: int) -> Pet:
    """Undo a deletion. Raises ``PetNotRestorable`` when there is none or its 30 days are over."""
    pet = Pet.objects.deleted().filter(user_id=actor.pk, pk=pet_id).select_for_update().first()
    if pet is None or pet.restorable_until is None or pet.restorable_until <= timezone.now():
        raise PetNotRestorable
    pet.deleted_at = None
    pet.save(update_fields=["deleted_at"])
    record(Verb.RESTORED, pet=pet, actor=actor)
    return selectors.pet_of(actor, pet_id)


@transaction.atomic
def erase_pets(pets: models.QuerySet[Pet]) -> int:
    """Remove pets for good, with weights and photos; gives how many. For the end of the 30 days and for a person's erasure."""
    count = 0
    for pet in pets.select_for_update():
        _drop_photo(pet)
        pet.delete()
        count += 1
    return count


def erase_deleted_pets() -> int:
    """Remove for good what was deleted more than 30 days ago; gives how many."""
    return erase_pets(Pet.objects.deleted_before(timezone.now() - RESTORE_WINDOW))


def follow_ages() -> int:
    """Store for each pet the age category that it has grown into; gives how many moved.

    Apps are told the right one at any time (``selectors.LifeStages``); this is for those who ask the table.
    """
    today, stages, moved = timezone.localdate(), selectors.LifeStages(), 0
    for pet in Pet.objects.kept().with_an_age().select_related("age_category").iterator(chunk_size=500):
        stage = stages.of(pet, today)
        if stage is not None and stage.pk != pet.age_category_id:
            # Not if the owner changed the pet since we read it; and without a new updated_at, for apps see no change.
            unchanged = Pet.objects.filter(pk=pet.pk, updated_at=pet.updated_at)
            moved += unchanged.update(age_category=stage, age_category_on=today)
    return moved


def _locked(actor: User, pet_id: int) -> Pet:
    pet = Pet.objects.visible_to(actor).filter(pk=pet_id).select_for_update().first()
    if pet is None:
        raise NotFound
    return pet


def _drop_photo(pet: Pet) -> None:
    if pet.image:
        photo_files.remove.enqueue(str(pet.image.name))


def _write(pet: Pet, values: Values) -> None:
    today = timezone.localdate()
    weighed = "weight" in values and values["weight"] != pet.weight and values["weight"] is not None
    lists = {name: list(values[name]) for name in MANY_OF_EACH if name in values}
    _refuse_retired(pet, values, lists)
    has_new_age = _state_age(pet, values, today)
    for name in PLAIN_FIELDS:
        if name in values:
            _set(pet, name, values[name], today)
    if has_new_age and "age_category" not in values:
        _set(pet, "age_category", None, today)
    pet.full_clean(exclude=RELATIONS, validate_unique=False)
    pet.save()
    for name, rows in lists.items():
        getattr(pet, name).set(rows)
    if weighed:
        WeightRecord.objects.create(pet=pet, weight=values["weight"])


def _set(pet: Pet, name: str, value: Any, today: date) -> None:
    if name == "name":
        value = value.strip()
    if name == "age_category" and value != pet.age_category:
        pet.age_category_on = today if value else None
    setattr(pet, name, value)


def _refuse_retired(pet: Pet, values: Values, lists: Mapping[str, list[ReferenceRow]]) -> None:
    """A retired row may stay where it is; it may not be chosen anew."""
    for name in PLAIN_FIELDS:
        row = values.get(name)
        if isinstance(row, ReferenceRow) and row.is_retired and getattr(pet, f"{name}_id") != row.pk:
            raise RowRetired(name)
    for name, rows in lists.items():
        retired = {row.pk for row in rows if row.is_retired}
        if retired and (pet.pk is None or retired - set(getattr(pet, name).values_list("pk", flat=True))):
            raise RowRetired(name)


def _state_age(pet: Pet, values: Values, today: date) -> bool:
    """Take over what is said about the age; tells whether it is news."""
    sent = [name for name in AGE_UNITS if name in values]
    if "birth_date" not in values and not sent:
        return False
    if born := values.get("birth_date"):
        _refuse_impossible_birth(born, pet.user)
        is_news = born != pet.birth_date
        pet.birth_date, pet.age_as_of = born, None
        pet.age_years = pet.age_months = pet.age_weeks = None
        return is_news
    if "birth_date" not in values and pet.birth_date:
        if _age_in(values).is_stated and not _fits_birth_date(pet, values):
            raise AgeContradictsBirthDate(next(name for name in sent if values[name] is not None))
        return False
    return _state_age_without_birth_date(pet, values, today)


def _state_age_without_birth_date(pet: Pet, values: Values, today: date) -> bool:
    known = ages.Age() if pet.birth_date else pet.age_on(today)
    before = {"age_years": known.years, "age_months": known.months, "age_weeks": known.weeks}
    age = _age_in({**before, **{name: values[name] for name in AGE_UNITS if name in values}})
    if not pet.birth_date and age == known:
        return False  # an app sent back what it read: the day on which it was stated stays the same
    if age.is_stated and ages.estimated_birth(age, today) < ages.months_before(today, ages.MAX_MONTHS):
        raise InvalidInput(fields={"age_years": [_("No pet is that old.")]})
    pet.birth_date = None
    pet.age_years, pet.age_months, pet.age_weeks = age.years, age.months, age.weeks
    pet.age_as_of = today if age.is_stated else None
    return True


def _age_in(values: Values) -> ages.Age:
    return ages.Age(values.get("age_years"), values.get("age_months"), values.get("age_weeks"))


def _fits_birth_date(pet: Pet, values: Values) -> bool:
    return pet.birth_date is not None and ages.fits(_age_in(values), pet.birth_date, timezone.localdate())


def _refuse_impossible_birth(born: date, owner: User) -> None:
    today = _today_of(owner)
    if born > today:
        raise InvalidInput(fields={"birth_date": [_("The birth date is in the future.")]})
    if born < ages.months_before(today, ages.MAX_MONTHS):
        raise InvalidInput(fields={"birth_date": [_("No pet is that old.")]})


def _today_of(owner: User) -> date:
    """The day on the owner's own calendar: somewhere tomorrow has begun, elsewhere it is yesterday still; UTC for a zone nobody knows."""
    try:
        zone: tzinfo = zoneinfo.ZoneInfo(accounts.profile_of(owner).time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return timezone.now().astimezone(zone).date()
