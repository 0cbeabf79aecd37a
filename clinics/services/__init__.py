"""Every change of a clinic that a person would name."""

from .claims import claim_review, release_review
from .editing import (
    ClinicChanges,
    delete_clinic,
    edit_clinic,
    set_clinic_eoi,
    set_logo,
    set_special_hours,
    set_vet_profile,
    set_working_hours,
    translate_clinic,
    update_clinic,
)
from .gazetteer import load_gazetteer
from .importing import Imported, import_clinic
from .locating import locate_clinic, waiting_for_a_place
from .moderation import (
    approve_clinic,
    place_clinic,
    record_review,
    reinstate_clinic,
    reject_clinic,
    request_changes,
    submit_clinic,
    suspend_clinic,
    verify_clinic,
)
from .old_logos import delete_unneeded_logos
from .publishing import publish_listing, withdraw_listing
from .registration import (
    ClinicRegistration,
    confirm_clinic_email,
    create_clinic,
    mark_email_confirmed,
    register_clinic,
    register_own_clinic,
    resend_confirmation,
)
from .rulings import Outcome, Ruling, decide, decide_in_bulk

__all__ = [
    "ClinicChanges",
    "ClinicRegistration",
    "Imported",
    "Outcome",
    "Ruling",
    "approve_clinic",
    "claim_review",
    "confirm_clinic_email",
    "create_clinic",
    "decide",
    "decide_in_bulk",
    "delete_clinic",
    "delete_unneeded_logos",
    "edit_clinic",
    "import_clinic",
    "load_gazetteer",
    "locate_clinic",
    "mark_email_confirmed",
    "place_clinic",
    "publish_listing",
    "record_review",
    "register_clinic",
    "register_own_clinic",
    "reinstate_clinic",
    "reject_clinic",
    "release_review",
    "request_changes",
    "resend_confirmation",
    "set_clinic_eoi",
    "set_logo",
    "set_special_hours",
    "set_vet_profile",
    "set_working_hours",
    "submit_clinic",
    "suspend_clinic",
    "translate_clinic",
    "update_clinic",
    "verify_clinic",
    "waiting_for_a_place",
    "withdraw_listing",
]
