"""What can be wrong with a pet, each with a stable code."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fammo.common.errors import Conflict, InvalidInput, LimitReached, NotFound, Text


class PhotoRefused(InvalidInput):
    """What was sent as a photo is none that we take; the sentence stands at ``image`` as well."""

    code = "photo_refused"

    def __init__(self, message: Text, *, code: str | None = None) -> None:
        super().__init__(message, code=code, fields={"image": [message]})


class TooManyPhotos(LimitReached):
    """The server is busy with other photos; a moment later there is room."""

    code = "too_many_photos"

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=5)


class DirectUploadNotOffered(Conflict):
    """Photos are kept on this server's own disk, so there is no bucket to send them to."""

    code = "direct_upload_not_offered"
    message = _("This server takes photos with the pet itself: send the photo as the part “image” of a multipart form.")


class AgeContradictsBirthDate(InvalidInput):
    """An age was sent for a pet whose known birth date says otherwise; the birth date is never dropped silently."""

    code = "age_contradicts_birth_date"
    message = _("This does not fit the birth date. Change the birth date, or remove it first.")

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: [self.message]})


class RowRetired(InvalidInput):
    """A choice that is no longer offered cannot be chosen anew."""

    code = "choice_retired"
    message = _("This choice is no longer offered.")

    def __init__(self, field: str) -> None:
        super().__init__(fields={field: [self.message]})


class PetNotRestorable(NotFound):
    """There is no deleted pet of that id, or its 30 days are over."""

    code = "pet_not_restorable"


class ReferenceRowInUse(Conflict):
    """A reference row that pets have can be retired, not deleted."""

    code = "reference_row_in_use"
    message = _("This row is in use and cannot be deleted. Retire it instead: it is then no longer offered.")

    def __init__(self, usage_count: int, **kwargs: Any) -> None:
        super().__init__(extra={"usage_count": usage_count}, **kwargs)


class ReferenceRowFromFile(Conflict):
    """A reference row of the repository's files can be retired, not deleted: the next load would bring it back."""

    code = "reference_row_from_file"
    message = _("This row belongs to the product and cannot be deleted. Retire it instead: it is then no longer offered.")


class ImportOutdated(Conflict):
    """Somebody changed the list since the import was tried out."""

    code = "import_outdated"
    message = _("The list was changed since the import was tried out. Please look at the changes again.")
