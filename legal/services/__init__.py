"""Every state change of legal texts and consents that a person would name."""

from .consent import (
    Origin,
    forget_devices,
    forget_person,
    join_device,
    record_clinic_decision,
    record_decision,
    record_device_decision,
    record_location_choice,
    record_view,
)
from .drafting import TextDraft, draft_document, draft_translation, offer_for_translation
from .publishing import add_missing_translation, publish_legal_version, send_translation_for_approval
from .sealing import seal_ledger

__all__ = [
    "Origin",
    "TextDraft",
    "add_missing_translation",
    "draft_document",
    "draft_translation",
    "forget_devices",
    "forget_person",
    "join_device",
    "offer_for_translation",
    "publish_legal_version",
    "record_clinic_decision",
    "record_decision",
    "record_device_decision",
    "record_location_choice",
    "record_view",
    "seal_ledger",
    "send_translation_for_approval",
]
