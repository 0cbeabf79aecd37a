"""A clinic is two things (design D4): the operational record and its editorial page; a third, the listing, is what the public reads."""

from .clinic import Clinic, random_clinic_id
from .listing import ClinicListing, ListingShift, ListingSpecialShift
from .moderation import ClinicApprovalTask, DecisionForm, ModerationDecision, Reason, ReviewClaim
from .pages import ClinicIndexPage, ClinicPage, OpeningInterval, SpecialHours
from .towns import GazetteerLoad, Town, TownName

__all__ = [
    "Clinic",
    "ClinicApprovalTask",
    "ClinicIndexPage",
    "ClinicListing",
    "ClinicPage",
    "DecisionForm",
    "GazetteerLoad",
    "ListingShift",
    "ListingSpecialShift",
    "ModerationDecision",
    "OpeningInterval",
    "Reason",
    "ReviewClaim",
    "SpecialHours",
    "Town",
    "TownName",
    "random_clinic_id",
]
