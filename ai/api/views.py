"""Doors for apps: meal recommendations, health reports, and how far one that is being written has got."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from ai import selectors, services
from ai.errors import NoSafeResult, PetGone, WeightNeeded
from ai.models import Generation, Kind
from fammo.accounts.models import User
from fammo.api import idempotency
from fammo.api.exceptions import KeyReused, KeyStillRunning
from fammo.api.views import APIView
from fammo.common.errors import DomainError
from fammo.common.languages import DEFAULT_CODE
from pets.api.fields import as_id

from . import serializers

RETRY_SECONDS = 2


def caller(request: Request) -> User:
    """The signed-in person; strangers do not get as far as here."""
    return cast("User", request.user)


def language_of_answer() -> str:
    return translation.get_language() or DEFAULT_CODE


def retry_of(request: Request) -> services.Retry:
    """The caller's idempotency key, if any; to be asked before the body is read."""
    if idempotency.HEADER not in request.META:
        return services.Retry()
    return services.Retry(key=idempotency.key_of(request), fingerprint=idempotency.fingerprint_of(request))


def refuse_if_unanswered(first: Generation, retry: services.Retry) -> None:
    """Raises as the contract says: 422 for a key that was sent with something else, 409 while its request is running."""
    if first.request_fingerprint != retry.fingerprint:
        raise KeyReused
    if first.is_under_way and first.promised_at is None:
        raise KeyStillRunning


def refusal_of(generation: Generation) -> DomainError:
    """Why a generation came to nothing."""
    if generation.outcome == Generation.Outcome.NO_WEIGHT:
        return WeightNeeded()
    return PetGone() if generation.outcome == Generation.Outcome.PET_GONE else NoSafeResult()


class GenerateView(APIView):
    """Makes one result of a kind: 201 with it, or 202 with the address that tells when it is there."""

    kind: ClassVar[str]
    answer: ClassVar[type[serializers.ResultAnswer]]
    keeps_own_answers = True

    @property
    def throttle_scope(self) -> str | None:  # type: ignore[override]
        return "ai" if self.request.method == "POST" else None

    def post(self, request: Request) -> Response:
        retry = retry_of(request)
        serializer = serializers.GenerateInput(data=request.data, context={"kind": self.kind})
        serializer.is_valid(raise_exception=True)
        first = selectors.generation_for_key(caller(request), retry.key) if retry.key else None
        if first is not None:
            return self._repeat(first, retry)
        generation = services.generate_advice(
            actor=caller(request),
            pet_id=serializer.validated_data["pet_id"],
            kind=self.kind,
            language=language_of_answer(),
            retry=retry,
        )
        services.wait_for(generation)
        if generation.state == Generation.State.RELEASED:
            raise refusal_of(generation)
        if not generation.is_stored:
            services.promise_result(generation=generation)
        return self._answer(generation)

    def _answer(self, generation: Generation) -> Response:
        if generation.promised_at is not None:
            data = serializers.GenerationAnswer(generation).data
            headers = {"Location": data["status_url"], "Retry-After": str(RETRY_SECONDS)}
            return Response(data, status=status.HTTP_202_ACCEPTED, headers=headers)
        result = selectors.result_of_generation(generation)
        location = serializers.public_address(self.kind, result.pk)
        return Response(self.answer(result).data, status=status.HTTP_201_CREATED, headers={"Location": location})

    def _repeat(self, first: Generation, retry: services.Retry) -> Response:
        """The first answer again."""
        refuse_if_unanswered(first, retry)
        response = self._answer(first)
        response.headers[idempotency.REPLAYED] = "true"
        return response


class ResultListView(GenerateView):
    """The caller's results of a kind, and a new one."""

    query_parameters = ("page", "page_size", "cursor", "pet", "filter[pet]")
    list_cap = 1000

    def get(self, request: Request) -> Response:
        return self.list_response(self._rows(request), present=lambda result: self.answer(result).data)

    def _rows(self, request: Request) -> QuerySet[Any]:
        results = selectors.results_of(caller(request), self.kind)
        sent = request.query_params.get("pet", request.query_params.get("filter[pet]", ""))
        if not sent:
            return results
        if (pet_id := as_id(sent)) is None:
            raise ValidationError({"pet": [_("Please give the id of a pet.")]})
        return results.filter(pet_id=pet_id)


class ResultDetailView(APIView):
    """One of the caller's results."""

    kind: ClassVar[str]
    answer: ClassVar[type[serializers.ResultAnswer]]
    query_parameters = ()

    def get(self, request: Request, result_id: int) -> Response:
        return Response(self.answer(selectors.result_of(caller(request), self.kind, result_id)).data)


class GenerationView(APIView):
    query_parameters = ()

    @extend_schema(operation_id="ai_generations_retrieve", tags=["ai"], responses={200: serializers.GenerationAnswer})
    def get(self, request: Request, generation_id: int) -> Response:
        """How far a generation is that was answered with 202."""
        generation = selectors.generation_of(caller(request), generation_id)
        headers = {"Retry-After": str(RETRY_SECONDS)} if generation.is_under_way else {}
        return Response(serializers.GenerationAnswer(generation).data, headers=headers)


def documented(name: str, noun: str, answer: type[serializers.ResultAnswer]) -> tuple[Any, Any, Any]:
    """The OpenAPI description of list, detail and alias of one kind of result."""
    responses = {
        201: answer,
        202: OpenApiResponse(serializers.GenerationAnswer, description="It takes longer: `status_url` tells when it is there."),
    }
    generate: dict[str, Any] = {"tags": ["ai"], "request": serializers.GenerateInput, "responses": responses}
    pet = OpenApiParameter("pet", int, description="Only those of this pet.")
    listing = extend_schema_view(
        get=extend_schema(
            operation_id=f"ai_{name}_list",
            tags=["ai"],
            summary=f"The caller's {noun}s, newest first",
            parameters=[pet],
            responses={200: answer(many=True)},
        ),
        post=extend_schema(operation_id=f"ai_{name}_create", summary=f"Make a {noun}", **generate),
    )
    detail = extend_schema_view(
        get=extend_schema(operation_id=f"ai_{name}_retrieve", tags=["ai"], summary=f"One {noun}", responses={200: answer})
    )
    alias = extend_schema_view(
        post=extend_schema(operation_id=f"ai_{name}_generate", summary=f"Make a {noun} (the app's address)", **generate)
    )
    return listing, detail, alias


_meal_list, _meal_detail, _meal_alias = documented("recommendations", "meal recommendation", serializers.MealRecommendationAnswer)
_report_list, _report_detail, _report_alias = documented("health_reports", "health report", serializers.HealthReportAnswer)


@_meal_list
class RecommendationListView(ResultListView):
    """Meal recommendations."""

    kind, answer = Kind.MEAL.value, serializers.MealRecommendationAnswer


@_meal_detail
class RecommendationDetailView(ResultDetailView):
    """One meal recommendation."""

    kind, answer = Kind.MEAL.value, serializers.MealRecommendationAnswer


@_meal_alias
class GenerateMealView(GenerateView):
    """The app's address for a new meal recommendation."""

    kind, answer = Kind.MEAL.value, serializers.MealRecommendationAnswer


@_report_list
class HealthReportListView(ResultListView):
    """Health reports."""

    kind, answer = Kind.HEALTH.value, serializers.HealthReportAnswer


@_report_detail
class HealthReportDetailView(ResultDetailView):
    """One health report."""

    kind, answer = Kind.HEALTH.value, serializers.HealthReportAnswer


@_report_alias
class GenerateReportView(GenerateView):
    """The app's address for a new health report."""

    kind, answer = Kind.HEALTH.value, serializers.HealthReportAnswer
