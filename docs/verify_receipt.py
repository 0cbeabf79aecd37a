"""Checks a Fammo consent receipt without asking Fammo.

    python verify_receipt.py receipt.json keys.json [document.json]

``receipt.json`` is the answer of GET /api/v1/legal/receipts/<id>/, ``keys.json`` that of GET /api/v1/legal/keys/ (keep a copy of your own),
``document.json`` that of GET /api/v1/legal/documents/<id>/ in the receipt's language. Needs Python 3.11 and the package ``cryptography``.
Ends with 0 when everything is right, else with 1 and one sentence.

Canonical bytes: JSON with sorted keys, no white space, UTF-8. A signature is Ed25519 over the canonical bytes of all members but
"signature"; a hash is the SHA-256 of the canonical bytes of all members but "hash". The proof is a Merkle path as in RFC 9162.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TEXT_MEMBERS = ("document_type", "version", "requires_acceptance", "change_class", "language", "title", "summary", "content", "change_note")
KEY_LENGTH = 32


class Refused(Exception):
    """What is wrong with the receipt, in one sentence."""


def read(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes; a name may be there once only."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _value in pairs}) != len(pairs):
            raise Refused("A member is there twice.")
        return dict(pairs)

    try:
        members = json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except ValueError as exc:
        raise Refused("This is not JSON.") from exc
    if not isinstance(members, dict):
        raise Refused("This is not a receipt.")
    return members


def canonical(members: dict[str, Any], *, without: str = "") -> bytes:
    covered = {name: value for name, value in members.items() if name != without}
    return json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_signature(members: dict[str, Any], keys: dict[str, bytes], what: str) -> None:
    public, signature = keys.get(str(members.get("key"))), members.get("signature")
    if public is None:
        raise Refused(f"The key of the {what} is not among the public keys.")
    if not isinstance(signature, str) or not re.fullmatch(r"[0-9a-f]{128}", signature):
        raise Refused(f"The {what} is not signed.")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), canonical(members, without="signature"))
    except InvalidSignature as exc:
        raise Refused(f"The signature of the {what} is not good: something in it was changed.") from exc


def root_from(event_hash: str, index: int, size: int, path: list[str]) -> str:
    node, left = hashlib.sha256(b"\x00" + bytes.fromhex(event_hash)).digest(), list(path)
    while size > 1:
        if index ^ 1 < size:
            if not left:
                raise Refused("The proof is too short.")
            neighbour = bytes.fromhex(left.pop(0))
            node = hashlib.sha256(b"\x01" + (neighbour + node if index % 2 else node + neighbour)).digest()
        index, size = index // 2, (size + 1) // 2
    if left:
        raise Refused("The proof is too long.")
    return node.hex()


def verify(receipt: dict[str, Any], keys: dict[str, bytes], document: dict[str, Any] | None = None) -> str:
    """One sentence on what was agreed to; raises Refused."""
    check_signature(receipt, keys, "receipt")
    event, proof = receipt["ledger_event"], receipt["proof"]
    head = proof["head"]
    check_signature(head, keys, "head of the ledger")
    if hashlib.sha256(canonical(event, without="hash")).hexdigest() != event["hash"]:
        raise Refused("The event does not have its hash.")
    if root_from(event["hash"], proof["index"], proof["size"], proof["path"]) != head["root"]:
        raise Refused("The event is not part of the signed head.")
    if head["first"] + proof["index"] != event["sequence"]:
        raise Refused("The event does not stand where the receipt says.")
    if document is not None:
        check_document(document, event["text_sha256"])
    notice = receipt["notice"]
    purpose = f" for the purpose {event['purpose']}" if "purpose" in event else ""
    return f"{event['action']} {notice['document_type']} {notice['version']} ({event['language']}){purpose} at {event['recorded_at']}"


def check_document(document: dict[str, Any], sha256: str) -> None:
    try:
        members = {name: document[name] for name in TEXT_MEMBERS} | {"canonical_form": 1, "effective_on": document["effective_date"]}
    except KeyError as exc:
        raise Refused("This is not a document.") from exc
    if hashlib.sha256(canonical(members)).hexdigest() != sha256:
        raise Refused("This is not the text that the receipt is about.")


def public_keys(answer: dict[str, Any]) -> dict[str, bytes]:
    try:
        found = {key["kid"]: base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4)) for key in answer["keys"]}
    except (KeyError, TypeError, ValueError) as exc:
        raise Refused("These are not public keys.") from exc
    if any(len(public) != KEY_LENGTH for public in found.values()):
        raise Refused("These are not public keys.")
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) not in (2, 3):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        receipt, keys, *document = (read(Path(name).read_bytes()) for name in arguments)
        sys.stdout.write(f"Good: {verify(receipt, public_keys(keys), *document)}\n")
    except Refused as exc:
        sys.stderr.write(f"Not good. {exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
