"""What the admin API says about what waits for a moderator."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from clinics.models import ModerationDecision
from clinics.moderation.actions import NEED_A_REASON, Action
from clinics.moderation.cases import Case
from clinics.moderation.difference import as_data
from clinics.moderation.forms import FOR_MANY
from clinics.moderation.queue import View
from clinics.moderation.signals import Verdict

from .fields import CoordinateField

BULK_LIMIT = 100


class QueueQuery(serializers.Serializer[Any]):
    """What part of the queue is asked for."""

    view = serializers.ChoiceField(choices=View.choices, default=View.ALL)
    q = serializers.CharField(max_length=100, required=False, default="", allow_blank=True, help_text="Part of a name or city.")


class ClaimSerializer(serializers.Serializer[Any]):
    """Who is looking at it, and until when."""

    by = serializers.CharField(source="claimed_by")
    is_mine = serializers.BooleanField()
    expires_at = serializers.DateTimeField(source="claimed_until")


class QueueEntrySerializer(serializers.Serializer[Any]):
    """One page that waits: a clinic in one language. ``id`` is what the other routes take."""

    id = serializers.IntegerField(source="page_id")
    clinic_id = serializers.IntegerField()
    name = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    language = serializers.CharField()
    is_new = serializers.BooleanField(help_text="Nothing of it is public yet.")
    waiting_since = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    content_sha256 = serializers.CharField(help_text="What a decision has to name.")
    claim = serializers.SerializerMethodField()

    def get_claim(self, entry: Any) -> dict[str, Any] | None:
        return dict(ClaimSerializer(entry).data) if entry.claimed_until else None


class PartSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=("equal", "addition", "deletion"))
    text = serializers.CharField()


class ChangeSerializer(serializers.Serializer[Any]):
    """One field before and after; texts, or lists of lines."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.JSONField()
    after = serializers.JSONField()
    is_changed = serializers.BooleanField()
    parts = PartSerializer(many=True)


class DuplicateSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="page_id")
    clinic_id = serializers.IntegerField()
    name = serializers.CharField()
    city = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class SignalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    title = serializers.CharField()
    sentence = serializers.CharField()
    duplicates = DuplicateSerializer(many=True)


class SpotSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=("stated", "found", "pinned"))
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    label = serializers.CharField()  # type: ignore[assignment]


class WhereSerializer(serializers.Serializer[Any]):
    """The points and how far the stated one is from where the address was found."""

    spots = SpotSerializer(many=True)
    distance_km = serializers.FloatField(allow_null=True)


class DecisionSerializer(serializers.ModelSerializer[ModerationDecision]):
    """A decision of the past; ``actor`` is the number of the moderator's account."""

    class Meta:
        model = ModerationDecision
        fields = (
            "id",
            "decision",
            "language",
            "revision_number",
            "content_sha256",
            "reason_code",
            "reason_field",
            "reason_text",
            "actor",
            "decided_at",
        )


class CaseSerializer(serializers.Serializer[Any]):
    """One page with all that the screen of the moderators shows. ``waiting`` is null when nothing waits."""

    id = serializers.IntegerField(source="page.pk")
    clinic_id = serializers.IntegerField(source="clinic.pk")
    name = serializers.CharField(source="submitted.title")
    language = serializers.CharField()
    state = serializers.CharField(source="clinic.state")
    is_verified = serializers.BooleanField(source="clinic.is_verified")
    content_sha256 = serializers.CharField(help_text="What waits: named by approve, request-changes and reject.")
    public_sha256 = serializers.CharField(help_text="What is public, or was last approved: named by suspend and reinstate.")
    waiting = QueueEntrySerializer(source="entry", allow_null=True)
    allowed_actions = serializers.ListField(source="actions", child=serializers.ChoiceField(choices=Action.choices))
    changes = serializers.SerializerMethodField()
    signals = SignalSerializer(many=True)
    where = WhereSerializer(source="whereabouts")
    history = DecisionSerializer(many=True)

    def get_changes(self, case: Case) -> list[Any]:
        return [as_data(change) for change in case.changes()]


class SeenInput(serializers.Serializer[Any]):
    """What the caller had before them; If-Match says the same."""

    content_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)


class ReasonInput(SeenInput):
    """Why, about what, and in words that the owner can act on."""

    reason_code = serializers.ChoiceField(choices=ModerationDecision.Reason.choices)
    reason_field = serializers.ChoiceField(choices=ModerationDecision.Subject.choices)
    reason_text = serializers.CharField(max_length=2000)


class PlaceInput(serializers.Serializer[Any]):
    latitude = CoordinateField(90)
    longitude = CoordinateField(180)


class BulkItem(serializers.Serializer[Any]):
    id = serializers.IntegerField(min_value=1, max_value=2**53)
    content_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class BulkInput(serializers.Serializer[Any]):
    """One decision about many pages; ``dry_run`` (true unless said otherwise) only tells what would become of each."""

    action = serializers.ChoiceField(choices=[(action.value, action.label) for action in FOR_MANY])
    items = serializers.ListField(child=BulkItem(), allow_empty=False, max_length=BULK_LIMIT)
    dry_run = serializers.BooleanField(default=True)
    reason_code = serializers.ChoiceField(choices=ModerationDecision.Reason.choices, required=False)
    reason_field = serializers.ChoiceField(choices=ModerationDecision.Subject.choices, required=False)
    reason_text = serializers.CharField(max_length=2000, required=False)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        names = ("reason_code", "reason_field", "reason_text")
        missing = [name for name in names if data["action"] in NEED_A_REASON and not data.get(name)]
        if missing:
            raise serializers.ValidationError({name: self.fields[name].error_messages["required"] for name in missing}, code="required")
        return data


class BulkOutcomeSerializer(serializers.Serializer[Any]):
    """What became of one item, or would; ``code`` and ``detail`` say why not."""

    id = serializers.IntegerField(source="page_id")
    name = serializers.CharField()
    done = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    content_sha256 = serializers.SerializerMethodField()

    def get_done(self, outcome: Any) -> bool:
        return outcome.error is None

    def get_code(self, outcome: Any) -> str:
        return outcome.error.code if outcome.error else ""

    def get_detail(self, outcome: Any) -> str:
        return str(outcome.error.message) if outcome.error else ""

    def get_content_sha256(self, outcome: Any) -> str:
        """The digest as it is now, where the item named another one."""
        return outcome.error.extra.get("content_sha256", "") if outcome.error else ""


class BulkAnswer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    outcomes = BulkOutcomeSerializer(many=True)
