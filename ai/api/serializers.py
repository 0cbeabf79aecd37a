"""What apps send and read about generated advice (api-contract, AI row, shape rule 5)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ai import schemas
from ai.errors import WeightNeeded
from ai.models import Generation, HealthReport, Kind, MealRecommendation, Source
from fammo.api.schema import CANONICAL
from pets.api.fields import MAX_ID

#: Where one row of each kind is read, relative to the API.
PATHS = {Kind.MEAL.value: "ai/recommendations/", Kind.HEALTH.value: "ai/health-reports/", "generation": "ai/generations/"}


def public_address(kind: str, pk: int) -> str:
    """Where everybody reaches a row: from the configured origin, under the canonical prefix."""
    return f"{settings.ENVIRONMENT.public_url}{CANONICAL}{PATHS[kind]}{pk}/"


class GenerateInput(serializers.Serializer[Any]):
    """Which pet; ``type`` may say again what the address says already."""

    pet_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    type = serializers.CharField(required=False, max_length=20)

    def validate_type(self, value: str) -> str:
        kind: str = self.context["kind"]
        if value.strip().lower() != kind:
            raise serializers.ValidationError(_("This address makes results of the type “%(kind)s”.") % {"kind": kind}, code="wrong_type")
        return kind


class AiMarkAnswer(serializers.Serializer[Any]):
    """The machine-readable statement of how the content came about."""

    ai_generated = serializers.BooleanField(help_text="Whether a language model wrote words of it.")
    digital_source_type = serializers.URLField(help_text="A term of IPTC's digital source types.")
    generator = serializers.CharField()
    rules_version = serializers.CharField()
    checked_by = serializers.CharField()


class NamedClinicAnswer(serializers.Serializer[Any]):
    """A clinic to go to now, as it was when the advice was given."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    distance_km = serializers.FloatField(allow_null=True)
    is_open = serializers.BooleanField()


class ResultAnswer(serializers.ModelSerializer[Any]):
    """What both kinds of results say of themselves; ``usage_count`` is what the person had used when it was made."""

    pet_name = serializers.CharField(source="pet.name")
    type = serializers.CharField(source="generation.kind")
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]  # DRF's Field has one too
    model = serializers.SerializerMethodField()
    ai_mark = AiMarkAnswer()
    clinics = NamedClinicAnswer(many=True)
    usage_count = serializers.IntegerField(source="generation.usage_count")
    monthly_limit = serializers.IntegerField(source="generation.monthly_limit", allow_null=True)

    def get_model(self, result: Any) -> str | None:
        return result.model_name or None


COMMON = (
    *("id", "pet", "pet_name", "type", "created_at", "language", "source", "model", "rules_version", "disclosure", "ai_mark", "clinics"),
    *("usage_count", "monthly_limit"),
)


class MealRecommendationAnswer(ResultAnswer):
    content_json = serializers.SerializerMethodField()

    class Meta:
        model = MealRecommendation
        fields = (*COMMON, "content", "content_json")

    @extend_schema_field(schemas.MealPlan)  # type: ignore[arg-type]  # spectacular's extension for pydantic reads it
    def get_content_json(self, result: MealRecommendation) -> dict[str, Any]:
        document: dict[str, Any] = result.content_json
        return document


class HealthReportAnswer(ResultAnswer):
    summary_json = serializers.SerializerMethodField()

    class Meta:
        model = HealthReport
        fields = (*COMMON, "summary", "suggestions", "summary_json")

    @extend_schema_field(schemas.HealthReport)  # type: ignore[arg-type]
    def get_summary_json(self, result: HealthReport) -> dict[str, Any]:
        document: dict[str, Any] = result.summary_json
        return document


class GenerationAnswer(serializers.ModelSerializer[Generation]):
    """How far a generation is; ``result_url`` as soon as it is done."""

    STATUS = {Generation.State.COMMITTED: "done", Generation.State.RELEASED: "failed"}

    type = serializers.CharField(source="kind")
    status = serializers.SerializerMethodField()
    status_url = serializers.SerializerMethodField()
    result_url = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="reserved_at")

    class Meta:
        model = Generation
        fields = ("id", "type", "pet", "status", "detail", "status_url", "result_url", "created_at")

    @extend_schema_field({"type": "string", "enum": ["pending", "done", "failed"]})
    def get_status(self, generation: Generation) -> str:
        if generation.state == Generation.State.RESERVED and not generation.is_under_way:
            return "failed"
        return self.STATUS.get(Generation.State(generation.state), "pending")

    def get_status_url(self, generation: Generation) -> str:
        return public_address("generation", generation.pk)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_result_url(self, generation: Generation) -> str | None:
        result = getattr(generation, "healthreport" if generation.kind == Kind.HEALTH else "mealrecommendation", None)
        return public_address(generation.kind, result.pk) if result else None

    def get_detail(self, generation: Generation) -> str:
        status = self.get_status(generation)
        if status == "failed" and generation.outcome == Generation.Outcome.NO_WEIGHT:
            return str(WeightNeeded.message)
        return {
            "pending": gettext("It is being written. Ask again in a moment."),
            "done": gettext("It is ready."),
            "failed": gettext("It could not be made. Nothing was charged; please try again."),
        }[status]
