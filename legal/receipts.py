"""Consent receipts: what somebody decided, in the fields of ISO/IEC TS 27560:2023, with a proof that it stands in the signed ledger.

A receipt is the same whenever it is asked for, and checks without asking anybody: its signature, the hash of its event, the path from
that hash to the root in a signed head. ``docs/verify_receipt.py`` does so offline, ``check`` here with the ledger at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import canonical, keys, merkle, services
from .errors import ReceiptNotFound
from .heads import Head, head_covering
from .models import ConsentEvent, LegalText

if TYPE_CHECKING:
    from fammo.accounts.models import User

SCHEMA: Final = "ISO/IEC TS 27560:2023; fammo receipt 1"
CONTROLLER: Final = "fammo"
STATES: Final = {"viewed": "notified", "accepted": "given", "rejected": "refused", "withdrawn": "withdrawn"}


@dataclass(frozen=True)
class Check:
    """One question about a receipt, and whether the answer is yes."""

    question: str | Promise
    passed: bool


def receipt_of(user: User, event_id: int) -> dict[str, Any]:
    """The receipt of something that this person decided. Raises ReceiptNotFound, for an event of somebody else too."""
    event = ConsentEvent.objects.visible_to(user).select_related("version").filter(pk=event_id).first()
    if event is None:
        raise ReceiptNotFound
    return receipt_for(event)


def receipt_for(event: ConsentEvent) -> dict[str, Any]:
    """The signed receipt of this event; signs a head over it first if none covers it yet. Raises LedgerDiffers."""
    head = head_covering(event.pk)
    if head is None:
        services.seal_ledger()
        head = head_covering(event.pk)
    if head is None:
        raise ReceiptNotFound
    return keys.signed(_members(event, head))


def check(receipt: Mapping[str, Any]) -> list[Check]:
    """What can be asked about a receipt that somebody shows us, with the answers; a receipt is good when all are yes."""
    event, head = _parts(receipt)
    stored = ConsentEvent.objects.filter(hash=str(event.get("hash"))).first()
    return [
        Check(_("Is it signed by us, and unchanged since?"), keys.is_signed_here(receipt)),
        Check(_("Does its event have its hash?"), _has_its_hash(event)),
        Check(_("Is its event part of a signed head of the ledger?"), keys.is_signed_here(head) and _is_included(receipt, event, head)),
        Check(_("Does its event stand in the ledger?"), stored is not None and stored.members() == _without(event, "hash")),
        Check(
            _("Was this text published, and is it unchanged?"),
            any(text.is_intact() for text in LegalText.objects.filter(sha256=str(event.get("text_sha256"))).select_related("version")),
        ),
    ]


def verification_url(event: ConsentEvent) -> str:
    """The public page of this event; whoever does not have the receipt cannot guess it."""
    return f"{settings.ENVIRONMENT.public_url}{reverse('receipt', args=[event.hash])}"


def _members(event: ConsentEvent, head: Head) -> dict[str, object]:
    version = event.version
    public_url = settings.ENVIRONMENT.public_url
    return {
        "schema_version": SCHEMA,
        "receipt_id": event.hash,
        "record_id": str(event.pk),
        "pii_principal_id": str(event.subject),
        "pii_processing": {
            "privacy_notice": f"{public_url}/api/v1/legal/documents/{version.pk}/",
            "language": event.language,
            "purposes": [
                {
                    "purpose": event.purpose or version.document_type,
                    "lawful_basis": "consent",
                    "pii_controllers": [CONTROLLER],
                    "withdrawal_method": f"{public_url}/api/v1/legal/consent/user/",
                }
            ],
        },
        "notice": {"document": version.pk, "document_type": version.document_type, "version": version.version, "sha256": event.text_sha256},
        "party_identification": [{"party_id": CONTROLLER, "party_name": "Fammo", "party_role": "pii_controller", "party_url": public_url}],
        "events": [
            {
                "event_type": event.action,
                "event_state": STATES[event.action],
                "event_time": canonical.utc_text(event.recorded_at),
                "validity_duration": "until withdrawn",
                "entity_id": str(event.subject),
            }
        ],
        "ledger_event": {**event.members(), "hash": event.hash},
        "proof": _proof(event, head),
        "verification_url": verification_url(event),
    }


def _proof(event: ConsentEvent, head: Head) -> dict[str, object]:
    first, last = head.members["first"], head.members["last"]
    hashes = list(ConsentEvent.objects.filter(sequence__range=(first, last)).in_order().values_list("hash", flat=True))
    index = event.pk - first
    return {"index": index, "size": len(hashes), "path": merkle.path_to(hashes, index), "head": head.members}


def _parts(receipt: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The event and the head of a receipt, empty where it has none."""
    event, proof = receipt.get("ledger_event"), receipt.get("proof")
    head = proof.get("head") if isinstance(proof, Mapping) else None
    return (event if isinstance(event, Mapping) else {}), (head if isinstance(head, Mapping) else {})


def _has_its_hash(event: Mapping[str, Any]) -> bool:
    return bool(event) and canonical.sha256_hex(_without(event, "hash")) == event.get("hash")


def _is_included(receipt: Mapping[str, Any], event: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    proof = receipt["proof"]
    try:
        root = merkle.root_from(event["hash"], proof["index"], proof["size"], proof["path"])
        return bool(root == head["root"] and head["first"] + proof["index"] == event["sequence"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _without(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in members.items() if each != name}
