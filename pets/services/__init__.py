"""Writes: pets and their photos, and the reference lists."""

from .importing import ImportReport, import_rows, try_import
from .pets import (
    complete_photo_upload,
    create_pet,
    delete_pet,
    erase_deleted_pets,
    erase_pets,
    follow_ages,
    offer_photo_upload,
    replace_pet,
    restore_pet,
    update_pet,
)
from .reference import ListReport, delete_reference_rows, load_list, load_reference_data, refuse_deleting

__all__ = [
    "ImportReport",
    "ListReport",
    "complete_photo_upload",
    "create_pet",
    "delete_pet",
    "delete_reference_rows",
    "erase_deleted_pets",
    "erase_pets",
    "follow_ages",
    "import_rows",
    "load_list",
    "load_reference_data",
    "offer_photo_upload",
    "refuse_deleting",
    "replace_pet",
    "restore_pet",
    "try_import",
    "update_pet",
]
