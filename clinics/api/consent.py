"""Consent of clinics: their owner decides, legal keeps the proof."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from clinics.errors import ClinicNotFound
from clinics.models import Clinic
from fammo.api.language import request_language
from fammo.api.views import APIView
from fammo.common.errors import InvalidInput
from legal import selectors, services
from legal.api.serializers import ClinicConsentSerializer, ClinicDecisionSerializer, ConsentStatusSerializer
from legal.api.views import caller, checked, decided

CLINIC = OpenApiParameter("clinic", int, description="Which clinic; may be left out by whoever owns one only.")


def own_clinic(request: Request, named: Any) -> int:
    """The clinic that the caller decides for; raises ClinicNotFound, and InvalidInput where there are several to choose from."""
    owned = sorted(Clinic.objects.owned_by(request.user).values_list("pk", flat=True))
    if not named and len(owned) > 1:
        raise InvalidInput(fields={"clinic": [_("You have several clinics. Please say which one.")]})
    chosen = str(named or (owned[0] if owned else ""))
    if chosen not in map(str, owned):
        raise ClinicNotFound
    return int(chosen)


class ClinicConsentView(APIView):
    """Where the caller's clinic stands on each document; POST accepts, rejects or withdraws for it."""

    query_parameters = ("clinic", "page", "page_size", "cursor")

    @extend_schema(parameters=[CLINIC], responses=ClinicConsentSerializer(many=True))
    def get(self, request: Request) -> Response:
        clinic_id = own_clinic(request, request.query_params.get("clinic"))
        return self.list_response(selectors.consents_of_clinic(clinic_id), lambda consent: ClinicConsentSerializer(consent).data)

    @extend_schema(request=ClinicDecisionSerializer, responses={201: ClinicConsentSerializer})
    def post(self, request: Request) -> Response:
        decision = checked(ClinicDecisionSerializer, request)
        clinic_id = own_clinic(request, decision.get("clinic"))
        consent = services.record_clinic_decision(clinic_id=clinic_id, actor=caller(request), **decided(request, decision))
        return Response(ClinicConsentSerializer(consent).data, status=status.HTTP_201_CREATED)


class ClinicConsentStatusView(APIView):
    """What the caller's clinic has yet to accept, and why."""

    query_parameters = ("clinic",)

    @extend_schema(parameters=[CLINIC], responses=ConsentStatusSerializer)
    def get(self, request: Request) -> Response:
        clinic_id = own_clinic(request, request.query_params.get("clinic"))
        outstanding = selectors.outstanding_for_clinic(clinic_id, language=request_language(request))
        return Response(ConsentStatusSerializer({"up_to_date": not outstanding, "outstanding": outstanding}).data)
