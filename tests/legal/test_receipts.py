"""Receipts: signed, provable offline, good for ever, and no longer good when one byte differs."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rest_framework.test import APIClient

from fammo.accounts.models import User
from legal import heads, keys, ledger, receipts, services
from legal.models import ConsentEvent, LegalText, LegalVersion
from tests.factories.legal import legal_person, legal_version

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def _offline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_receipt", ROOT / "docs" / "verify_receipt.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


offline = _offline()


def decide(user: User, version: LegalVersion, *, accepted: bool = True, **more: Any) -> int:
    consent = services.record_decision(
        user=user, version_id=version.pk, accepted=accepted, language="en", origin=services.Origin(ip_address="192.0.2.1"), **more
    )
    return int(consent.event_id)


def is_good(receipt: dict[str, Any]) -> bool:
    return all(each.passed for each in receipts.check(receipt))


def public_keys() -> dict[str, bytes]:
    found: dict[str, bytes] = offline.public_keys({"keys": keys.list_public_keys()})
    return found


@pytest.fixture
def raw(signed_in: APIClient, person: User) -> bytes:
    """The receipt as it goes over the wire."""
    version = legal_version()
    decide(legal_person(), version)
    event_id = decide(person, version)
    decide(legal_person(), version)
    answer = signed_in.get(f"/api/v1/legal/receipts/{event_id}/")
    assert answer.status_code == 200
    return bytes(answer.content)


def test_receipt_says_what_was_agreed_to(raw: bytes, person: User) -> None:
    receipt = json.loads(raw)
    event, version = ConsentEvent.objects.get(pk=2), LegalVersion.objects.get()
    head = receipt["proof"].pop("head")

    assert receipt == {
        "schema_version": "ISO/IEC TS 27560:2023; fammo receipt 1",
        "receipt_id": event.hash,
        "record_id": "2",
        "pii_principal_id": str(event.subject),
        "pii_processing": {
            "privacy_notice": f"http://testserver/api/v1/legal/documents/{version.pk}/",
            "language": "en",
            "purposes": [
                {
                    "purpose": "user_terms",
                    "lawful_basis": "consent",
                    "pii_controllers": ["fammo"],
                    "withdrawal_method": "http://testserver/api/v1/legal/consent/user/",
                }
            ],
        },
        "notice": {"document": version.pk, "document_type": "user_terms", "version": "1.0", "sha256": LegalText.objects.get().sha256},
        "party_identification": [
            {"party_id": "fammo", "party_name": "Fammo", "party_role": "pii_controller", "party_url": "http://testserver"}
        ],
        "events": [
            {
                "event_type": "accepted",
                "event_state": "given",
                "event_time": event.members()["recorded_at"],
                "validity_duration": "until withdrawn",
                "entity_id": str(event.subject),
            }
        ],
        "ledger_event": {**event.members(), "hash": event.hash},
        "proof": {"index": 1, "size": 3, "path": receipt["proof"]["path"]},
        "verification_url": f"http://testserver/receipts/{event.hash}/",
        "key": keys.list_public_keys()[0]["kid"],
        "signature": receipt["signature"],
    }
    assert (len(receipt["proof"]["path"]), head["first"], head["last"]) == (2, 1, 3)
    assert person.email not in raw.decode()


def test_receipt_is_the_same_whenever_it_is_asked_for(signed_in: APIClient, raw: bytes) -> None:
    services.seal_ledger()

    assert signed_in.get("/api/v1/legal/receipts/2/").content == raw


def test_receipts_of_others_are_404(signed_in: APIClient, raw: bytes) -> None:
    for event_id in (1, 3, 4):
        answer = signed_in.get(f"/api/v1/legal/receipts/{event_id}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "receipt_not_found")


def test_receipt_checks_offline_with_its_text(api: APIClient, raw: bytes) -> None:
    served = offline.public_keys(api.get("/api/v1/legal/keys/").json())
    version = LegalVersion.objects.get()
    document = api.get(f"/api/v1/legal/documents/{version.pk}/", headers={"Accept-Language": "en"}).json()

    sentence = offline.verify(offline.read(raw), served, document)

    assert sentence.startswith("accepted user_terms 1.0 (en) at 20")
    with pytest.raises(offline.Refused, match="not the text"):
        offline.verify(offline.read(raw), served, document | {"content": document["content"] + " "})


def test_script_says_so_in_one_sentence(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt, key_file = tmp_path / "receipt.json", tmp_path / "keys.json"
    receipt.write_bytes(raw)
    key_file.write_text(json.dumps({"keys": keys.list_public_keys()}))
    assert offline.main([str(receipt), str(key_file)]) == 0
    assert capsys.readouterr().out.startswith("Good: accepted user_terms 1.0")

    receipt.write_bytes(raw.replace(b"accepted", b"rejected", 1))
    assert offline.main([str(receipt), str(key_file)]) == 1
    assert capsys.readouterr().err == "Not good. The signature of the receipt is not good: something in it was changed.\n"


@pytest.mark.parametrize("damaged", ["{}", '{"keys": [{"kid": "a"}]}', '{"keys": [{"kid": "a", "x": "AAAA"}]}', '{"keys": 1}'])
def test_script_says_so_too_when_the_keys_are_damaged(raw: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], damaged: str) -> None:
    receipt, key_file = tmp_path / "receipt.json", tmp_path / "keys.json"
    receipt.write_bytes(raw)
    key_file.write_text(damaged)

    assert offline.main([str(receipt), str(key_file)]) == 1
    assert capsys.readouterr().err == "Not good. These are not public keys.\n"


def test_script_says_so_too_when_the_document_is_damaged(raw: bytes) -> None:
    with pytest.raises(offline.Refused, match="not a document"):
        offline.verify(offline.read(raw), public_keys(), {"title": "Terms of use"})


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_anywhere_fails(raw: bytes, bit: int) -> None:
    trusted = public_keys()
    offline.verify(offline.read(raw), trusted)

    survived = []
    for at in range(len(raw)):
        flipped = bytearray(raw)
        flipped[at] ^= 1 << bit
        try:
            offline.verify(offline.read(bytes(flipped)), trusted)
        except offline.Refused:
            continue
        survived.append(at)

    assert survived == []


@pytest.mark.parametrize("part", ["receipt_id", "ledger_event", "proof", "events", "key"])
def test_receipt_signed_by_us_but_changed_is_not_good(raw: bytes, part: str) -> None:
    receipt = json.loads(raw)
    assert is_good(receipt)

    receipt[part] = receipt[part][::-1] if isinstance(receipt[part], str) else {}

    assert not is_good(receipt)
    with pytest.raises(offline.Refused):
        offline.verify(receipt, public_keys())


def test_proof_stays_small_in_a_large_ledger(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "EVENTS_PER_HEAD", 8)
    version = legal_version()
    events = [decide(person, version) for _ in range(30)]

    for event_id in events:
        receipt = receipts.receipt_of(person, event_id)
        offline.verify(receipt, public_keys())
        assert is_good(receipt)
        assert len(receipt["proof"]["path"]) <= 3


def test_purpose_stands_in_the_receipt(person: User) -> None:
    privacy = legal_version(document_type="user_privacy")

    receipt = receipts.receipt_of(person, decide(person, privacy, accepted=False, purpose="ai"))

    assert receipt["pii_processing"]["purposes"][0]["purpose"] == "ai"
    assert receipt["events"][0]["event_state"] == "refused"
    assert "for the purpose ai" in offline.verify(receipt, public_keys())


def test_text_and_receipt_are_good_after_ten_versions_and_without_author_or_person(person: User, author: User) -> None:
    first = legal_version(actor=author)
    text, receipt = first.texts.get(), receipts.receipt_of(person, decide(person, first))
    before = (text.content, text.sha256)

    for number in range(2, 12):
        legal_version(version=f"{number}.0", actor=author)
    services.seal_ledger()
    author.delete()
    services.forget_person(user=person)
    person.delete()

    text.refresh_from_db()
    assert ((text.content, text.sha256), text.is_intact()) == (before, True)
    assert is_good(receipt)
    offline.verify(receipt, public_keys())
    assert ledger.verify().is_sound
    assert LegalVersion.objects.in_force().get().version == "11.0"


def test_pasted_receipt_is_checked(client: Any, raw: bytes) -> None:
    good = client.post("/receipts/", {"receipt": raw.decode()})
    bad = client.post("/receipts/", {"receipt": raw.decode().replace("accepted", "rejected")})

    assert (good.status_code, "This receipt is good." in good.content.decode()) == (200, True)
    assert (bad.status_code, "This receipt is not good." in bad.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "pasted",
    [
        *("", "rubbish", "[1]", "[" * 9000, "{}" + " " * 30_000 + "x", '{"a":' * 40 + "1" + "}" * 40, '{"receipt_id": NaN}'),
        *(r'{"ledger_event": {"hash": "\ud800"}}', r'{"ledger_event": {"hash": "\u0000"}}', '{"a": 1, "a": 2}', f'{{"a": {"9" * 5000}}}'),
    ],
)
def test_what_is_no_receipt_is_said_so(client: Any, pasted: str) -> None:
    answer = client.post("/receipts/", {"receipt": pasted})

    assert (answer.status_code, "This is not a receipt." in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("receipt", ["{}", '{"ledger_event": 1, "proof": []}', '{"ledger_event": {"hash": []}, "proof": {"head": {}}}'])
def test_receipt_without_its_parts_is_not_good(client: Any, receipt: str) -> None:
    answer = client.post("/receipts/", {"receipt": receipt})

    assert (answer.status_code, "This receipt is not good." in answer.content.decode()) == (200, True)


def test_link_in_a_receipt_shows_the_decision_and_not_the_person(client: Any, raw: bytes, person: User) -> None:
    page = client.get(json.loads(raw)["verification_url"])

    assert page.status_code == 200
    assert "This receipt is good." in page.content.decode()
    assert person.email not in page.content.decode()
    assert str(ConsentEvent.objects.get(pk=2).subject) not in page.content.decode()
    assert client.get(f"/receipts/{'0' * 64}/").status_code == 404
