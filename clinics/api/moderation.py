"""The moderators' queue over HTTP (``/api/v1/admin/moderation/``), because Wagtail's own API has no workflow transitions.

Every decision names the content that it is about, in ``If-Match`` or as ``content_sha256``; one that was made for something else
answers 412 or 409 with the digest as it is now and what is different.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clinics import services
from clinics.audit import Verb
from clinics.models import Reason
from clinics.moderation import queue
from clinics.moderation.actions import ABOUT_WHAT_IS_PUBLIC, Action
from clinics.moderation.cases import Case, case_of
from clinics.moderation.difference import as_data
from clinics.services import Ruling
from fammo.accounts.api.callers import caller
from fammo.api.admin import AdminAPIView
from fammo.api.exceptions import PreconditionRequired
from fammo.api.pagination import ListPagination
from fammo.cms.errors import StaleReview
from fammo.common.errors import PreconditionFailed

from . import moderation_serializers as serializers
from .views import checked, unbracketed

READ, DECIDE = "clinics.view_moderationdecision", "clinics.change_clinic"
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The digest of what was seen, in quotes.")
WHEN_STALE = (
    "409 `changed_since_opened`, or 412 for `If-Match`, has as further members `content_sha256` as it is now, and `changes`: "
    "what is different since then, in the form of the case's `changes`; empty when the earlier content is not known."
)


class ModerationQueueView(AdminAPIView):
    """What waits, the longest first."""

    permissions: ClassVar = {"GET": READ}
    cursor_ordering = ("since", "page_number")

    def known_query_parameters(self) -> Iterable[str]:
        return ("view", "q", "filter[view]", "filter[q]", *ListPagination.query_parameters)

    @extend_schema(
        operation_id="admin_moderation_list",
        summary="List what waits for a moderator",
        parameters=[serializers.QueueQuery, OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.QueueEntrySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        query, user = checked(serializers.QueueQuery, unbracketed(request.query_params)), caller(request)
        paginator = ListPagination()
        reviews = paginator.paginate_queryset(queue.waiting(user, view=query["view"], search=query["q"]), request, self)
        entries = queue.entries(list(reviews or []), user)
        return paginator.get_paginated_response([serializers.QueueEntrySerializer(entry).data for entry in entries])


class CaseView(AdminAPIView):
    """One page: the difference against what is public, the signals, the place, the history, and what the caller may do."""

    permissions: ClassVar = {"GET": READ}

    @extend_schema(operation_id="admin_moderation_retrieve", summary="Read one case", responses=serializers.CaseSerializer)
    def get(self, request: Request, page_id: int) -> Response:
        return case_answer(case_of(page_id, caller(request)))


class CaseAct(AdminAPIView):
    """Base of what is done with a case; answers with the case as it is then."""

    permissions: ClassVar = {"POST": DECIDE}

    def answer(self, request: Request, page_id: int) -> Response:
        return case_answer(case_of(page_id, caller(request)))

    def case(self, request: Request, page_id: int) -> Case:
        """The case before the act; the audit log names its clinic when the act is refused."""
        case = case_of(page_id, caller(request))
        self.target = case.clinic
        return case


class DecisionView(CaseAct):
    """Base of the decisions."""

    action: ClassVar[Action]
    input_serializer: ClassVar[type[Any]]

    def post(self, request: Request, page_id: int) -> Response:
        self.case(request, page_id)
        said = checked(self.input_serializer, request.data)
        tags = parse_etags(request.META.get("HTTP_IF_MATCH", ""))
        seen = said.get("content_sha256") or (tags[0].strip('"') if tags else "")
        if not seen:
            raise PreconditionRequired
        reason = reason_of(said)
        ruling = Ruling(page_id=page_id, action=self.action, seen=seen, reason=reason)
        try:
            services.decide(ruling=ruling, actor=caller(request))
        except StaleReview as error:
            about = error.extra | {"changes": self.changes_since(seen, case_of(page_id, caller(request)))}
            raise (PreconditionFailed if tags else StaleReview)(extra=about) from error
        return self.answer(request, page_id)

    def changes_since(self, seen: str, case: Case) -> list[Any]:
        """What is different now from what the decision was about; nothing when that is not known."""
        is_public = self.action in ABOUT_WHAT_IS_PUBLIC
        different = case.public_changes_since(seen) if is_public else case.changes_since(seen)
        return [as_data(change) for change in different or []]


def decision(name: str, summary: str, body: type[Any]) -> Callable[[type[DecisionView]], type[DecisionView]]:
    """What a decision takes, for the view and for the OpenAPI document."""

    def declare(view: type[DecisionView]) -> type[DecisionView]:
        view.input_serializer = body
        described = extend_schema(
            operation_id=f"admin_moderation_{name}",
            summary=summary,
            description=f"{view.__doc__}\n\n{WHEN_STALE}",
            parameters=[IF_MATCH],
            request=body,
            responses=serializers.CaseSerializer,
        )
        return extend_schema_view(post=described)(view)

    return declare


@decision("approve", "Approve what waits", serializers.SeenInput)
class ApproveView(DecisionView):
    """Publishes exactly what was seen."""

    action = Action.APPROVE
    verbs: ClassVar = {"POST": Verb.APPROVED}


@decision("request_changes", "Ask for changes", serializers.ReasonInput)
class RequestChangesView(DecisionView):
    """Asks the owner, by mail and in their language, to change something first."""

    action = Action.REQUEST_CHANGES
    verbs: ClassVar = {"POST": Verb.CHANGES_REQUESTED}


@decision("reject", "Reject what waits", serializers.ReasonInput)
class RejectView(DecisionView):
    """Tells the owner why this cannot be shown, and that a changed version is looked at anew."""

    action = Action.REJECT
    verbs: ClassVar = {"POST": Verb.REJECTED}


@decision("suspend", "Suspend a clinic", serializers.ReasonInput)
class SuspendView(DecisionView):
    """Takes the clinic out of the directory; names ``public_sha256``."""

    action = Action.SUSPEND
    verbs: ClassVar = {"POST": Verb.SUSPENDED}


@decision("reinstate", "Show a suspended clinic again", serializers.SeenInput)
class ReinstateView(DecisionView):
    """Shows a suspended clinic again, as it was last approved; names ``public_sha256``."""

    action = Action.REINSTATE
    verbs: ClassVar = {"POST": Verb.REINSTATED}


class ClaimView(CaseAct):
    """Keeps other moderators from the case for a while; DELETE gives it back."""

    permissions: ClassVar = {"POST": DECIDE, "DELETE": DECIDE}
    verbs: ClassVar = {"POST": Verb.CLAIMED, "DELETE": Verb.RELEASED}

    @extend_schema(operation_id="admin_moderation_claim", summary="Claim a case", request=None, responses=serializers.CaseSerializer)
    def post(self, request: Request, page_id: int) -> Response:
        services.claim_review(page=self.case(request, page_id).page, actor=caller(request))
        return self.answer(request, page_id)

    @extend_schema(operation_id="admin_moderation_release", summary="Give a claim back", request=None, responses={204: None})
    def delete(self, request: Request, page_id: int) -> Response:
        services.release_review(page=self.case(request, page_id).page, actor=caller(request))
        return Response(status=204)


class PlaceView(CaseAct):
    """Puts the clinic on the map by hand; neither owner nor geocoder moves it then."""

    verbs: ClassVar = {"POST": Verb.PINNED}

    @extend_schema(
        operation_id="admin_moderation_place",
        summary="Place a clinic on the map",
        request=serializers.PlaceInput,
        responses=serializers.CaseSerializer,
    )
    def post(self, request: Request, page_id: int) -> Response:
        clinic = self.case(request, page_id).clinic
        services.place_clinic(clinic=clinic, actor=caller(request), **checked(serializers.PlaceInput, request.data))
        return self.answer(request, page_id)


class BulkView(AdminAPIView):
    """One decision about many; each is carried out or refused by itself. ``dry_run`` is the default."""

    permissions: ClassVar = {"POST": DECIDE}
    verbs: ClassVar = {"POST": Verb.APPROVED}

    @extend_schema(
        operation_id="admin_moderation_bulk",
        summary="Decide about many at once",
        request=serializers.BulkInput,
        responses=serializers.BulkAnswer,
    )
    def post(self, request: Request) -> Response:
        said = checked(serializers.BulkInput, request.data)
        reason = reason_of(said)
        rulings = [Ruling(page_id=item["id"], action=said["action"], seen=item["content_sha256"], reason=reason) for item in said["items"]]
        outcomes = services.decide_in_bulk(rulings=rulings, actor=caller(request), is_rehearsal=said["dry_run"])
        return Response(serializers.BulkAnswer({"dry_run": said["dry_run"], "outcomes": outcomes}).data)


def reason_of(said: Any) -> Reason:
    """The reason in a checked input; empty where none was needed."""
    code, field, text = (said.get(name, "") for name in ("reason_code", "reason_field", "reason_text"))
    return Reason(reason_code=code, reason_field=field, reason_text=text)


def etag_of(case: Case) -> str:
    """The digest that the next decision about this case has to name."""
    return f'"{case.content_sha256 or case.public_sha256}"'


def case_answer(case: Case) -> Response:
    # The tag is for If-Match alone: claims come and go under it, so nobody may keep the answer.
    return Response(serializers.CaseSerializer(case).data, headers={"ETag": etag_of(case), "Cache-Control": "no-store"})
