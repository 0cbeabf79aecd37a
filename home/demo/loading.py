"""Making what has not been made yet, one transaction for each object."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from fammo.common.errors import DomainError
from fammo.mail.services import without_mail
from home.models import DemoRecord

from . import advice, clinics, consents, legal, onboarding, people, pets
from .objects import DemoFailed, DemoObject, PersonGone

Progress = Callable[[str, int, int], None]

#: In the order in which they need each other.
PARTS: dict[str, Callable[[], list[DemoObject]]] = {
    "people": people.demo_objects,
    "legal documents": legal.demo_objects,
    "consents": consents.demo_objects,
    "onboarding slides": onboarding.demo_objects,
    "clinics": clinics.demo_objects,
    "pets": pets.demo_objects,
    "advice": advice.demo_objects,
}


@dataclass(frozen=True)
class PartReport:
    """How many objects of a part there are, and how many were made now."""

    name: str
    wanted: int
    made: int


def load_demo(*, progress: Progress = lambda _name, _done, _total: None) -> list[PartReport]:
    """Make every demo object that was never made; one query when there is none. Nobody is written to.

    ``progress`` hears the part's name, how many of its missing objects are done, and how many there are. Raises
    DemoFailed at the first object that cannot be made; those before it stay.
    """
    known = set(DemoRecord.objects.values_list("key", flat=True))
    with without_mail():
        return [_load_part(name, objects(), known, progress) for name, objects in PARTS.items()]


def _load_part(name: str, objects: Iterable[DemoObject], known: set[str], progress: Progress) -> PartReport:
    wanted = list(objects)
    missing = [each for each in wanted if each.key not in known]
    made = 0
    for done, each in enumerate(missing, start=1):
        try:
            made += _make_once(each)
        except ObjectDoesNotExist as exc:
            raise DemoFailed(each.key, f"{exc} Run migrate and load_reference_data first.") from exc
        except ValidationError as exc:
            raise DemoFailed(each.key, " ".join(exc.messages)) from exc
        except (DomainError, DatabaseError, OSError, PermissionDenied) as exc:
            raise DemoFailed(each.key, str(getattr(exc, "message", exc))) from exc
        progress(name, done, len(missing))
    return PartReport(name, wanted=len(wanted), made=made)


@transaction.atomic
def _make_once(wanted: DemoObject) -> bool:
    """Make the object unless somebody else has; of two loaders at once the second waits here for the first one's row."""
    _record, is_new = DemoRecord.objects.get_or_create(key=wanted.key)
    if is_new:
        try:
            with transaction.atomic():
                wanted.make()
        except PersonGone:
            return False  # an account that was deleted does not come back, and neither does what it would have made
    return is_new
