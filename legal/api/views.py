"""Legal documents for everybody, consent for whoever is signed in, the ledger for staff."""

from __future__ import annotations

import ipaddress
import uuid
from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from fammo.api.filters import bracketed
from fammo.api.language import request_language
from fammo.api.requests import client_ip, device_id_of
from fammo.api.stored import StoredAnswer
from fammo.api.views import APIView, ListAPIView
from fammo.common.errors import InvalidInput
from legal import keys, policies, receipts, selectors, services
from legal.models import ConsentEvent, DocumentType, LegalText, LegalVersion
from legal.text.pdf import pdf_of

from .filters import ConsentEventFilter
from .renderers import PdfRenderer
from .serializers import (
    ConsentEventSerializer,
    ConsentSerializer,
    ConsentStatusSerializer,
    DecisionSerializer,
    DifferenceSerializer,
    DocumentSerializer,
    KeysSerializer,
    PurposeDecisionSerializer,
    PurposeSerializer,
    ReceiptSerializer,
    UserConsentSerializer,
)

if TYPE_CHECKING:
    from fammo.accounts.models import User

PAGING = ("page", "page_size", "cursor")
TYPE = OpenApiParameter("document_type", enum=DocumentType.values, description="One kind of document.")
DOC_TYPE = OpenApiParameter("doc_type", enum=DocumentType.values, description="The same, under its other name.")
SHORT_TYPE = OpenApiParameter("type", enum=DocumentType.values, description="The same, under its short name.")
TYPE_NAMES = ("document_type", "doc_type", "type")
DEVICE = OpenApiParameter("X-Device-ID", location=OpenApiParameter.HEADER, type=OpenApiTypes.UUID, required=True)
FROM = OpenApiParameter("from", int, required=True, description="The id of the version to compare with.")
VERSION = OpenApiParameter("version", description="The version of this label, in force or not.")


def asked_type(request: Request) -> str:
    """The document type of the query, under any of its names; raises InvalidInput for one that does not exist."""
    for name in (*TYPE_NAMES, *map(bracketed, TYPE_NAMES)):
        value = str(request.query_params.get(name, ""))
        if value and value not in DocumentType.values:
            sentence = _("There is no such type of document. Allowed values: %(known)s.")
            raise InvalidInput(fields={name: [sentence % {"known": ", ".join(DocumentType.values)}]})
        if value:
            return value
    return ""


def caller(request: Request) -> User:
    """Whoever is signed in; the views that ask let nobody else in."""
    return cast("User", request.user)


def required_device(request: Request) -> uuid.UUID:
    """The installation that calls; raises InvalidInput when it does not say which it is."""
    device_id = device_id_of(request.META)
    if device_id is None:
        raise InvalidInput(fields={"X-Device-ID": [_("This header is required.")]})
    return device_id


def origin_of(request: Request) -> services.Origin:
    """Where this request comes from, as far as it can be written down."""
    try:
        address: str | None = str(ipaddress.ip_address(client_ip(request.META)))
    except ValueError:
        address = None
    return services.Origin(ip_address=address, app_version=request.headers.get("X-App-Version", ""))


def checked(kind: type[DecisionSerializer], request: Request) -> dict[str, Any]:
    """The decision in the body; raises DRF's ValidationError."""
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values


def decided(request: Request, decision: dict[str, Any]) -> dict[str, Any]:
    """A decision in the words of the services: what was shown, what was said, and from where."""
    return {
        "version_id": decision["document"],
        "accepted": decision["accepted"],
        "language": decision.get("language") or request_language(request),
        "origin": origin_of(request),
    }


def purposes_of(request: Request) -> list[dict[str, Any]]:
    return [PurposeSerializer(state).data for state in selectors.list_purposes(caller(request))]


class PublicText(StoredAnswer, APIView):
    """Base of the documents' views: equal for everybody in a language, until something is published or takes effect."""

    stored_tables = (LegalVersion, LegalText)
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.stored_until = selectors.next_change_at()


class DocumentListView(PublicText):
    """The documents in force, one version per type, in the caller's language."""

    query_parameters = (*TYPE_NAMES, *map(bracketed, TYPE_NAMES), "version", *PAGING)

    @extend_schema(parameters=[TYPE, DOC_TYPE, SHORT_TYPE, VERSION], responses=DocumentSerializer(many=True))
    def get(self, request: Request) -> Response:
        documents = selectors.list_documents(
            language=request_language(request),
            document_type=asked_type(request),
            version=request.query_params.get("version", ""),
        )
        return self.list_response(documents, lambda document: DocumentSerializer(document).data)


class DocumentView(PublicText):
    """One published version, for ever readable at its id; 404 with ``available_languages`` where it was not translated."""

    query_parameters = ()

    @extend_schema(responses=DocumentSerializer)
    def get(self, request: Request, version_id: int) -> Response:
        document = selectors.get_document(version_id=version_id, language=request_language(request))
        return Response(DocumentSerializer(document).data)


class DocumentDiffView(PublicText):
    """What changed since another version of the same document, sentence by sentence in the caller's language."""

    query_parameters = ("from",)

    @extend_schema(parameters=[FROM], responses=DifferenceSerializer)
    def get(self, request: Request, version_id: int) -> Response:
        named = request.query_params.get("from", "")
        if not (named.isascii() and named.isdigit() and len(named) < 19):
            raise InvalidInput(fields={"from": [_("Please name the id of a version.")]})
        difference = selectors.get_difference(version_id=version_id, from_id=int(named), language=request_language(request))
        return Response(DifferenceSerializer(difference).data)


class DocumentPdfView(PublicText):
    """Any published version as a PDF in the caller's language; 404 with ``available_languages`` where it was not translated."""

    query_parameters = ()
    renderer_classes = [*PublicText.renderer_classes, PdfRenderer]

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, version_id: int) -> HttpResponse:
        text = selectors.get_text(version_id=version_id, language=request_language(request))
        name = f"{text.version.document_type}-{text.version_id}-{text.language}.pdf"
        return HttpResponse(pdf_of(text), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


class DocumentByTypeView(PublicText):
    """The version of one document that is in force, or the one of the given label."""

    query_parameters = (*TYPE_NAMES, "version")

    @extend_schema(parameters=[DOC_TYPE, TYPE, SHORT_TYPE, VERSION], responses=DocumentSerializer)
    def get(self, request: Request) -> Response:
        document_type = asked_type(request)
        if not document_type:
            raise InvalidInput(fields={"doc_type": [_("This field is required.")]})
        document = selectors.get_document_by_type(
            document_type=document_type, language=request_language(request), version=request.query_params.get("version", "")
        )
        return Response(DocumentSerializer(document).data)


class DocumentViewedView(APIView):
    """The app says that it showed this version to the person."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, version_id: int) -> Response:
        services.record_view(user=caller(request), version_id=version_id, language=request_language(request), origin=origin_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UserConsentView(APIView):
    """Where the caller stands on each document; POST accepts, rejects or withdraws."""

    query_parameters = PAGING

    @extend_schema(responses=UserConsentSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.list_response(selectors.consents_of(caller(request)), lambda consent: UserConsentSerializer(consent).data)

    @extend_schema(request=DecisionSerializer, responses={201: UserConsentSerializer})
    def post(self, request: Request) -> Response:
        decision = checked(DecisionSerializer, request)
        consent = services.record_decision(user=caller(request), **decided(request, decision))
        return Response(UserConsentSerializer(consent).data, status=status.HTTP_201_CREATED)


class PurposesView(APIView):
    """The purposes that the caller decides on by themselves (location, language models); POST allows or forbids one."""

    query_parameters = PAGING

    @extend_schema(operation_id="legal_consent_purposes_list", responses=PurposeSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.list_response(purposes_of(request))

    @extend_schema(request=PurposeDecisionSerializer, responses={201: PurposeSerializer(many=True)})
    def post(self, request: Request) -> Response:
        decision = checked(PurposeDecisionSerializer, request)
        services.record_decision(user=caller(request), purpose=decision["purpose"], **decided(request, decision))
        return Response(purposes_of(request), status=status.HTTP_201_CREATED)


class DeviceConsentView(APIView):
    """Decisions before there is an account, under the header ``X-Device-ID``; signing up with the same header takes them along."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    throttle_scope = "device_consent"
    query_parameters = PAGING

    @extend_schema(parameters=[DEVICE], responses=ConsentSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.list_response(selectors.consents_of_device(required_device(request)), lambda consent: ConsentSerializer(consent).data)

    @extend_schema(parameters=[DEVICE], request=DecisionSerializer, responses={201: ConsentSerializer})
    def post(self, request: Request) -> Response:
        device_id = required_device(request)
        consent = services.record_device_decision(device_id=device_id, **decided(request, checked(DecisionSerializer, request)))
        return Response(ConsentSerializer(consent).data, status=status.HTTP_201_CREATED)


class ConsentStatusView(APIView):
    """What the caller has yet to accept, and why."""

    query_parameters = ()

    @extend_schema(responses=ConsentStatusSerializer)
    def get(self, request: Request) -> Response:
        outstanding = selectors.outstanding_for(caller(request), language=request_language(request))
        return Response(ConsentStatusSerializer({"up_to_date": not outstanding, "outstanding": outstanding}).data)


class ReceiptView(APIView):
    """The signed receipt of one of the caller's decisions (``event`` in the answers about consent); the same whenever it is asked for."""

    query_parameters = ()

    @extend_schema(responses=ReceiptSerializer)
    def get(self, request: Request, event_id: int) -> Response:
        return Response(receipts.receipt_of(caller(request), event_id))


class KeysView(APIView):
    """The public keys (Ed25519, RFC 8037) with which heads of the ledger and receipts can be checked by anybody."""

    authentication_classes = ()
    permission_classes = [AllowAny]
    query_parameters = ()

    @extend_schema(responses=KeysSerializer)
    def get(self, request: Request) -> Response:
        return Response({"keys": keys.list_public_keys()})


class MayReadLedger(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return policies.can_read_ledger(caller(request))


class ConsentLogView(ListAPIView):
    """The consent ledger, newest first; page it with ``cursor``."""

    permission_classes = [IsAuthenticated, MayReadLedger]
    serializer_class = ConsentEventSerializer
    filterset_class = ConsentEventFilter
    cursor_ordering = ("-sequence",)

    def get_queryset(self) -> QuerySet[ConsentEvent]:
        return selectors.ledger_events()
