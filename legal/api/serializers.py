"""What goes over the wire for legal documents and consents."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from fammo.common import languages
from legal.models import ConsentEvent, DocumentType, LegalVersion, Purpose, UserConsent
from legal.selectors import Difference, Document, Outstanding, PurposeState
from legal.text.blocks import Block, blocks_of
from legal.text.markdown import markdown_of


class TextSpanSerializer(serializers.Serializer[Any]):
    """Words in one style; a line feed is a line break."""

    type = serializers.ChoiceField(choices=["text"])
    text = serializers.CharField()
    bold = serializers.BooleanField()
    italic = serializers.BooleanField()


class LinkSpanSerializer(TextSpanSerializer):
    """Words that lead somewhere."""

    type = serializers.ChoiceField(choices=["link"])
    href = serializers.CharField()


SPAN = PolymorphicProxySerializer(
    component_name="Span", serializers={"text": TextSpanSerializer, "link": LinkSpanSerializer}, resource_type_field_name="type", many=True
)


@extend_schema_field(SPAN)
class SpansField(serializers.ListField):
    """Runs of words."""


class HeadingBlockSerializer(serializers.Serializer[Any]):
    """A heading under the document's title; ``level`` is 2 or 3."""

    type = serializers.ChoiceField(choices=["heading"])
    level = serializers.IntegerField(min_value=2, max_value=3)
    spans = SpansField()


class ParagraphBlockSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["paragraph"])
    spans = SpansField()


class ListItemSerializer(serializers.Serializer[Any]):
    """An item of a list; ``level`` counts inner lists from 0, ``number`` is null where items have bullets."""

    level = serializers.IntegerField(min_value=0)
    number = serializers.IntegerField(min_value=1, allow_null=True)
    spans = SpansField()


class ListBlockSerializer(serializers.Serializer[Any]):
    """A list, with the items of its inner lists in reading order."""

    type = serializers.ChoiceField(choices=["list"])
    items = ListItemSerializer(many=True)


CONTENT_BLOCK = PolymorphicProxySerializer(
    component_name="ContentBlock",
    serializers={"heading": HeadingBlockSerializer, "paragraph": ParagraphBlockSerializer, "list": ListBlockSerializer},
    resource_type_field_name="type",
    many=True,
)


class DocumentSerializer(serializers.Serializer[Document]):
    """A version in one language. A list says of a document that has no text in it so: ``language`` null, texts empty, the type as title."""

    id = serializers.IntegerField(source="version.pk")
    document_type = serializers.ChoiceField(source="version.document_type", choices=DocumentType.choices)
    version = serializers.CharField(source="version.version")
    title = serializers.SerializerMethodField()
    summary = serializers.CharField(source="text.summary", default="")
    content = serializers.CharField(source="text.content", default="")
    content_markdown = serializers.SerializerMethodField(help_text="The content as CommonMark.")
    content_blocks = serializers.SerializerMethodField(help_text="The content for native apps, block by block.")
    change_note = serializers.CharField(source="text.change_note", default="")
    change_class = serializers.ChoiceField(source="version.change_class", choices=LegalVersion.ChangeClass.choices)
    effective_date = serializers.DateField(source="version.effective_on")
    is_active = serializers.BooleanField()
    requires_acceptance = serializers.BooleanField(source="version.requires_acceptance")
    language = serializers.CharField(source="text.language", default=None, allow_null=True)
    available_languages = serializers.ListField(child=serializers.CharField())
    sha256 = serializers.CharField(source="text.sha256", default=None, allow_null=True)
    created_at = serializers.DateTimeField(source="version.created_at")
    updated_at = serializers.SerializerMethodField()

    def get_title(self, document: Document) -> str:
        return document.text.title if document.text else document.version.get_document_type_display()

    def get_content_markdown(self, document: Document) -> str:
        return markdown_of(document.text.content) if document.text else ""

    @extend_schema_field(CONTENT_BLOCK)
    def get_content_blocks(self, document: Document) -> list[Block]:
        return blocks_of(document.text.content) if document.text else []

    def get_updated_at(self, document: Document) -> str:
        frozen = document.text or document.version
        return str(serializers.DateTimeField().to_representation(frozen.created_at))


class ChangeSerializer(serializers.Serializer[Any]):
    """One sentence that differs; ``before`` is empty for what was added, ``after`` for what was removed."""

    type = serializers.ChoiceField(choices=["added", "removed", "changed"])
    section = serializers.CharField(help_text="The heading above it.")
    before = serializers.CharField()
    after = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Difference]):
    """What changed from one version of a document to another, sentence by sentence, in one language."""

    document = serializers.IntegerField(source="after.version.pk")
    version = serializers.CharField(source="after.version.version")
    previous_document = serializers.IntegerField(source="before.version.pk")
    previous_version = serializers.CharField(source="before.version.version")
    document_type = serializers.ChoiceField(source="after.version.document_type", choices=DocumentType.choices)
    language = serializers.CharField(source="after.text.language")
    notes = serializers.ListField(child=serializers.CharField(), help_text="What the editors say of each version in between, oldest first.")
    is_material = serializers.BooleanField(help_text="Is one of these versions a material change?")
    changes = ChangeSerializer(many=True)


class ExplicitBooleanField(serializers.BooleanField):
    """A boolean that has to be sent: DRF reads its absence from a form as an unticked box, and so as false."""

    default_empty_html = empty


class DecisionSerializer(serializers.Serializer[Any]):
    """A decision on one version. ``accepted`` has no default: nobody agrees by leaving something out."""

    document = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The id of the version that was shown.")
    accepted = ExplicitBooleanField(help_text="true accepts; false rejects, or withdraws what was accepted.")
    language = serializers.ChoiceField(
        choices=languages.CHOICES, required=False, help_text="The language that was shown, if it is not the language of this request."
    )


class ClinicDecisionSerializer(DecisionSerializer):
    """A decision for a clinic; ``clinic`` may be left out by whoever owns one only."""

    clinic = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class PurposeDecisionSerializer(DecisionSerializer):
    """A decision on one purpose of the privacy policy; ``document`` is the version that was shown."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)


class ConsentSerializer(serializers.ModelSerializer[UserConsent]):
    """Where somebody stands on one document."""

    document = serializers.IntegerField(source="version_id")
    version = serializers.CharField(source="version.version")
    language = serializers.CharField(source="event.language")
    sha256 = serializers.CharField(source="event.text_sha256")
    app_version = serializers.CharField(source="event.app_version")
    accepted = serializers.BooleanField(source="is_accepted")
    accepted_at = serializers.SerializerMethodField()
    decided_at = serializers.DateTimeField(source="event.recorded_at")
    ip_address = serializers.IPAddressField(source="event.origin.ip_address", default=None, allow_null=True)

    class Meta:
        model = UserConsent
        fields: tuple[str, ...] = (
            "id",
            "document",
            "document_type",
            "version",
            "language",
            "sha256",
            "accepted",
            "state",
            "accepted_at",
            "decided_at",
            "app_version",
            "ip_address",
            "event",
        )

    def get_accepted_at(self, consent: UserConsent) -> str | None:
        if not consent.is_accepted:
            return None
        return str(serializers.DateTimeField().to_representation(consent.event.recorded_at))


class UserConsentSerializer(ConsentSerializer):
    """Where a person stands on one document."""

    user = serializers.IntegerField(source="subject.user_id")

    class Meta(ConsentSerializer.Meta):
        fields = ("user", *ConsentSerializer.Meta.fields)


class ClinicConsentSerializer(ConsentSerializer):
    """Where a clinic stands on one document; ``decided_by`` is null once that person was erased."""

    clinic = serializers.IntegerField(source="subject.reference")
    decided_by = serializers.IntegerField(source="event.origin.acted_by_id", default=None, allow_null=True)

    class Meta(ConsentSerializer.Meta):
        fields = ("clinic", "decided_by", *ConsentSerializer.Meta.fields)


class PurposeSerializer(serializers.Serializer[PurposeState]):
    """One purpose that a person decides on by itself; without a decision of theirs the rest is null."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    title = serializers.CharField(source="purpose.label")
    allowed = serializers.BooleanField()
    state = serializers.ChoiceField(source="consent.state", choices=UserConsent.State.choices, default=None, allow_null=True)
    document = serializers.IntegerField(source="consent.version_id", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(source="consent.event.recorded_at", default=None, allow_null=True)
    event = serializers.IntegerField(source="consent.event_id", default=None, allow_null=True)


class OutstandingSerializer(serializers.Serializer[Outstanding]):
    """A document that the person has yet to accept, and why."""

    document = serializers.IntegerField(source="document.version.pk")
    document_type = serializers.ChoiceField(source="document.version.document_type", choices=DocumentType.choices)
    version = serializers.CharField(source="document.version.version")
    title = serializers.SerializerMethodField()
    change_note = serializers.CharField(source="document.text.change_note", default="")
    effective_date = serializers.DateField(source="document.version.effective_on")
    available_languages = serializers.ListField(source="document.available_languages", child=serializers.CharField())
    reason = serializers.ChoiceField(choices=("never_asked", "changed", "rejected", "withdrawn"))
    accepted_version = serializers.IntegerField(source="accepted_version.pk", default=None, allow_null=True)
    diff_url = serializers.SerializerMethodField(help_text="What changed since this person last agreed; null if they never did.")

    def get_diff_url(self, outstanding: Outstanding) -> str | None:
        agreed, now = outstanding.accepted_version, outstanding.document.version
        if agreed is None or agreed == now:
            return None
        return f"{settings.ENVIRONMENT.public_url}/api/v1/legal/documents/{now.pk}/diff/?from={agreed.pk}"

    def get_title(self, outstanding: Outstanding) -> str:
        document = outstanding.document
        return document.text.title if document.text else document.version.get_document_type_display()


class ConsentStatusSerializer(serializers.Serializer[Any]):
    up_to_date = serializers.BooleanField()
    outstanding = OutstandingSerializer(many=True)


class ConsentEventSerializer(serializers.ModelSerializer[ConsentEvent]):
    """One row of the ledger; ``user`` and ``ip_address`` are null once the person was erased."""

    id = serializers.IntegerField(source="sequence")
    user = serializers.IntegerField(source="origin.subject.user_id", default=None, allow_null=True)
    document = serializers.IntegerField(source="version_id")
    document_type = serializers.CharField(source="version.document_type")
    version = serializers.CharField(source="version.version")
    action = serializers.CharField()
    purpose = serializers.CharField()
    sha256 = serializers.CharField(source="text_sha256")
    ip_address = serializers.IPAddressField(source="origin.ip_address", default=None, allow_null=True)
    timestamp = serializers.DateTimeField(source="recorded_at")

    class Meta:
        model = ConsentEvent
        fields = (
            "id",
            "user",
            "subject",
            "document",
            "document_type",
            "version",
            "language",
            "action",
            "purpose",
            "sha256",
            "app_version",
            "ip_address",
            "timestamp",
            "previous_hash",
            "hash",
        )


class PublicKeySerializer(serializers.Serializer[Any]):
    """A public key as RFC 8037 writes it."""

    kid = serializers.CharField()
    kty = serializers.CharField()
    crv = serializers.CharField()
    alg = serializers.CharField()
    use = serializers.CharField()
    x = serializers.CharField(help_text="The 32 bytes in base64url.")


class KeysSerializer(serializers.Serializer[Any]):
    keys = PublicKeySerializer(many=True)


class LedgerHeadSerializer(serializers.Serializer[Any]):
    """A signed head: the events from ``first`` to ``last`` have the Merkle root ``root``."""

    canonical_form = serializers.IntegerField()
    number = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    tip = serializers.CharField()
    root = serializers.CharField()  # type: ignore[assignment]  # declared fields leave the class, so DRF's property stays
    last_text = serializers.IntegerField()
    texts_sha256 = serializers.CharField()
    previous_head = serializers.CharField()
    signed_at = serializers.CharField()
    key = serializers.CharField()
    signature = serializers.CharField()


class InclusionProofSerializer(serializers.Serializer[Any]):
    """The path (RFC 9162) from the event's hash, at ``index`` of ``size``, to the root of the head."""

    index = serializers.IntegerField()
    size = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())
    head = LedgerHeadSerializer()


class LedgerEventSerializer(serializers.Serializer[Any]):
    """An event as it is hashed; ``purpose`` is there only when one purpose was decided on."""

    sequence = serializers.IntegerField()
    action = serializers.ChoiceField(choices=ConsentEvent.Action.choices)
    subject = serializers.UUIDField()
    version = serializers.IntegerField()
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    language = serializers.CharField()
    text_sha256 = serializers.CharField()
    app_version = serializers.CharField()
    origin_sha256 = serializers.CharField()
    recorded_at = serializers.CharField()
    previous_hash = serializers.CharField()
    hash = serializers.CharField()


class ReceiptPurposeSerializer(serializers.Serializer[Any]):
    purpose = serializers.CharField()
    lawful_basis = serializers.CharField()
    pii_controllers = serializers.ListField(child=serializers.CharField())
    withdrawal_method = serializers.URLField()


class ReceiptProcessingSerializer(serializers.Serializer[Any]):
    privacy_notice = serializers.URLField()
    language = serializers.CharField()
    purposes = ReceiptPurposeSerializer(many=True)


class ReceiptNoticeSerializer(serializers.Serializer[Any]):
    document = serializers.IntegerField()
    document_type = serializers.ChoiceField(choices=DocumentType.choices)
    version = serializers.CharField()
    sha256 = serializers.CharField()


class ReceiptPartySerializer(serializers.Serializer[Any]):
    party_id = serializers.CharField()
    party_name = serializers.CharField()
    party_role = serializers.CharField()
    party_url = serializers.URLField()


class ReceiptEventSerializer(serializers.Serializer[Any]):
    event_type = serializers.CharField()
    event_state = serializers.CharField()
    event_time = serializers.CharField()
    validity_duration = serializers.CharField()
    entity_id = serializers.UUIDField()


class ReceiptSerializer(serializers.Serializer[Any]):
    """A consent receipt in the fields of ISO/IEC TS 27560, with the proof that it stands in the signed ledger."""

    schema_version = serializers.CharField()
    receipt_id = serializers.CharField()
    record_id = serializers.CharField()
    pii_principal_id = serializers.UUIDField()
    pii_processing = ReceiptProcessingSerializer()
    notice = ReceiptNoticeSerializer()
    party_identification = ReceiptPartySerializer(many=True)
    events = ReceiptEventSerializer(many=True)
    ledger_event = LedgerEventSerializer()
    proof = InclusionProofSerializer()
    verification_url = serializers.URLField()
    key = serializers.CharField()
    signature = serializers.CharField()
