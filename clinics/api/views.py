"""The clinic endpoints: parse, call one service or selector, answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from clinics import policies, selectors, services
from clinics.cards import ClinicCard, card_of_row
from clinics.errors import NotYourClinic
from clinics.models import Clinic, ClinicListing, ListingShift, ListingSpecialShift
from clinics.opening import MINUTE
from clinics.services import ClinicChanges
from fammo.accounts.models import User
from fammo.api import stored, throttling
from fammo.api.authentication import BearerAuthentication, OptionalBearerAuthentication
from fammo.api.filters import bracketed
from fammo.api.language import request_language
from fammo.api.pagination import ListPagination, page_size_of
from fammo.api.views import APIView
from fammo.common.errors import NotAuthenticated

from . import serializers

UPLOAD = "upload"
DIRECTORY_TABLES = (ClinicListing, Clinic, ListingShift, ListingSpecialShift)
Data = Mapping[str, Any]


def checked(serializer: type[Any], data: Any, *, partial: bool = False, many: bool = False) -> Any:
    """The input in the serializer's form; raises ValidationError."""
    parsed = serializer(data=data, partial=partial, many=many)
    parsed.is_valid(raise_exception=True)
    return parsed.validated_data


def changes_of(data: Data) -> ClinicChanges:
    """What of a checked input is about the page; the rest (logo, interest, passwords) has services of its own."""
    return {name: value for name, value in data.items() if name in ClinicChanges.__annotations__ and name != "logo"}  # type: ignore[return-value]


def unbracketed(query: QueryDict) -> dict[str, Any]:
    """``filter[city]=`` means ``city=``."""
    return {name.removeprefix("filter[").removesuffix("]") if name.startswith("filter[") else name: value for name, value in query.items()}


def directory_filter(data: Data) -> selectors.DirectoryFilter:
    return selectors.DirectoryFilter(
        city=data["city"],
        search=data["search"],
        specialization=data["specialization"],
        is_verified=data["is_verified"],
        email_confirmed=data["verified_email"],
        clinic_eoi=data["eoi"],
        open_at=data["open_at"] or (timezone.now() if data["open_now"] else None),
    )


def next_minute() -> datetime:
    """Until when an answer is true that tells who is open: places open and close at whole minutes."""
    return timezone.now().replace(second=0, microsecond=0) + MINUTE


def brings_files(request: Request) -> bool:
    return (request.content_type or "").startswith("multipart/")


def count_upload(request: Request) -> None:
    """For a call that has another limit too; raises Throttled."""
    rate = throttling.take(UPLOAD, f"user:{request.user.pk}")
    if rate is not None and not rate.allowed:
        raise Throttled(rate.seconds_to_wait)


def query_names(query: type[Any]) -> tuple[str, ...]:
    names = tuple(query._declared_fields)
    return (*names, *map(bracketed, names))


class ClinicListView(stored.StoredAnswer, APIView):
    """The directory; POST registers a further clinic of somebody who is logged in."""

    stored_tables = DIRECTORY_TABLES
    list_cap: ClassVar[int] = 500
    is_private = False

    def get_authenticators(self) -> list[Any]:
        return [BearerAuthentication() if getattr(self.request, "method", "") == "POST" else OptionalBearerAuthentication()]

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated() if self.request.method == "POST" else AllowAny()]

    def check_throttles(self, request: Request) -> None:
        if request.method == "POST":
            self.throttle_scope = "registration"  # type: ignore[misc]
            APIView.check_throttles(self, request)
            if brings_files(request) and request.user.is_authenticated:
                count_upload(request)
        else:
            super().check_throttles(request)

    def known_query_parameters(self) -> Iterable[str]:
        return (*query_names(serializers.DirectoryQuery), *ListPagination.query_parameters)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if self.is_private and hasattr(request, stored.RECIPE):
            delattr(request, stored.RECIPE)
            response.headers["Cache-Control"] = "private, no-store"
        return response

    @extend_schema(
        operation_id="clinics_list",
        parameters=[serializers.DirectoryQuery],
        responses=serializers.OwnClinicSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        query = checked(serializers.DirectoryQuery, unbracketed(request.query_params))
        wanted, language = directory_filter(query), request_language(request)
        if query["open_now"]:
            self.stored_until = next_minute()
        # Widened answers depend on who asks, even where they happen to show nothing more.
        self.is_private = query["show_all"] is not None
        if query["show_all"] and request.user.is_authenticated:
            return self.list_response(selectors.everything_for(request.user, wanted, language), self._present_card)
        return self.list_response(selectors.listings(wanted), lambda row: self._present_card(card_of_row(row, language)))

    @extend_schema(operation_id="clinics_create", request=serializers.ClinicInput, responses={201: serializers.OwnClinicSerializer})
    def post(self, request: Request) -> Response:
        data = checked(serializers.ClinicInput, request.data)
        language = request_language(request)
        clinic = services.register_own_clinic(
            owner=caller(request), changes=changes_of(data), language=language, clinic_eoi=data.get("clinic_eoi", False)
        )
        if data.get("logo"):
            services.set_logo(clinic=clinic, upload=data["logo"], actor=caller(request))
        return own_answer(clinic, request, status.HTTP_201_CREATED)

    @staticmethod
    def _present_card(card: ClinicCard) -> dict[str, Any]:
        return serializers.OwnClinicSerializer.read(card)


class ClinicRegistrationView(APIView):
    """Account and clinic in one step; the answer never tells whether the address is known."""

    permission_classes = [AllowAny]
    throttle_scope = "registration"

    @extend_schema(operation_id="clinics_register", request=serializers.RegistrationInput, responses={201: serializers.RegistrationAnswer})
    def post(self, request: Request) -> Response:
        data = checked(serializers.RegistrationInput, request.data)
        changes = {**changes_of(data), "name": data["clinic_name"], "email": data.get("email_clinic", "")}
        registration = services.register_clinic(
            email=data["email"],
            password=data["password"],
            changes=changes,  # type: ignore[arg-type]
            language=request_language(request),
            clinic_eoi=data.get("clinic_eoi", False),
        )
        answer = {
            "success": True,
            "message": _("Clinic registered successfully. Please check your email to confirm."),
            "id": registration.clinic_id,
            "clinic_id": registration.clinic_id,
            "user_id": registration.user_id,
            "user_email": registration.email,
        }
        return Response(answer, status=status.HTTP_201_CREATED)


class MyClinicView(APIView):
    """The clinic that the caller registered first, as it was last written; ``GET /me/`` names all of them."""

    @extend_schema(operation_id="clinics_my", responses=serializers.OwnClinicSerializer)
    def get(self, request: Request) -> Response:
        return own_answer(selectors.first_owned(caller(request)), request)


class ClinicDetailView(APIView):
    """One clinic: the listing for everybody, the newest words for its owner."""

    permission_classes = [AllowAny]

    @property
    def throttle_scope(self) -> str | None:  # type: ignore[override]
        return UPLOAD if brings_files(self.request) else None

    @extend_schema(operation_id="clinics_retrieve", responses=serializers.ClinicDetailSerializer)
    def get(self, request: Request, clinic_id: int) -> Response:
        card = selectors.card_for(clinic_id, request.user, request_language(request))
        return Response(serializers.ClinicDetailSerializer.read(card.seen_at(timezone.now())))

    @extend_schema(operation_id="clinics_partial_update", request=serializers.ClinicInput, responses=serializers.OwnClinicSerializer)
    def patch(self, request: Request, clinic_id: int) -> Response:
        return self._update(request, clinic_id, partial=True)

    @extend_schema(operation_id="clinics_update", request=serializers.ClinicInput, responses=serializers.OwnClinicSerializer)
    def put(self, request: Request, clinic_id: int) -> Response:
        return self._update(request, clinic_id, partial=False)

    @extend_schema(operation_id="clinics_destroy", responses={204: None})
    def delete(self, request: Request, clinic_id: int) -> Response:
        services.delete_clinic(clinic=editable_clinic(request, clinic_id), actor=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _update(self, request: Request, clinic_id: int, *, partial: bool) -> Response:
        clinic = editable_clinic(request, clinic_id)
        data = checked(serializers.ClinicInput, request.data, partial=partial)
        services.edit_clinic(
            clinic=clinic,
            changes=changes_of(data),
            logo=data.get("logo"),
            removes_logo="logo" in data and data["logo"] is None,
            clinic_eoi=data.get("clinic_eoi"),
            actor=caller(request),
        )
        return own_answer(clinic, request)


class WorkingHoursView(APIView):
    """Seven days from Monday; a bare array in and out. POST and PUT replace the week, PATCH the days that it names."""

    permission_classes = [AllowAny]
    query_parameters = ListPagination.query_parameters

    @extend_schema(operation_id="clinics_working_hours", responses=serializers.DaySerializer(many=True))
    def get(self, request: Request, clinic_id: int) -> Response:
        card = selectors.card_for(clinic_id, request.user, request_language(request))
        return self.list_response(days_answer(card))

    @extend_schema(
        operation_id="clinics_working_hours_set",
        request=serializers.DayInput(many=True),
        responses={201: serializers.DaySerializer(many=True)},
    )
    def post(self, request: Request, clinic_id: int) -> Response:
        return self._set(request, clinic_id, keeps_other_days=False, code=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="clinics_working_hours_update",
        request=serializers.DayInput(many=True),
        responses=serializers.DaySerializer(many=True),
    )
    def patch(self, request: Request, clinic_id: int) -> Response:
        return self._set(request, clinic_id, keeps_other_days=True, code=status.HTTP_200_OK)

    def _set(self, request: Request, clinic_id: int, *, keeps_other_days: bool, code: int) -> Response:
        clinic = editable_clinic(request, clinic_id)
        rows = checked(serializers.DayInput, days_of(request.data), many=True)
        current = selectors.draft_card(clinic, request_language(request)).week
        week = serializers.week_of(rows, current, keeps_other_days=keeps_other_days)
        services.set_working_hours(clinic=clinic, week=week, actor=caller(request))
        card = selectors.draft_card(clinic, request_language(request))
        return Response(days_answer(card), status=code)


class SpecialHoursView(APIView):
    """Dated exceptions to the opening hours, reviewed like everything else; a bare array in and out. PUT replaces all of them."""

    permission_classes = [AllowAny]
    query_parameters = ListPagination.query_parameters

    @extend_schema(operation_id="clinics_special_hours", responses=serializers.SpecialDaySerializer(many=True))
    def get(self, request: Request, clinic_id: int) -> Response:
        card = selectors.card_for(clinic_id, request.user, request_language(request))
        return self.list_response(special_days_answer(card))

    @extend_schema(
        operation_id="clinics_special_hours_set",
        request=serializers.SpecialDayInput(many=True),
        responses=serializers.SpecialDaySerializer(many=True),
    )
    def put(self, request: Request, clinic_id: int) -> Response:
        clinic = editable_clinic(request, clinic_id)
        rows = serializers.SpecialDayInput(data=request.data, many=True, max_length=serializers.MAX_SPECIAL_DAYS)  # type: ignore[call-arg]
        rows.is_valid(raise_exception=True)
        services.set_special_hours(clinic=clinic, special_days=serializers.special_days_of(rows.validated_data), actor=caller(request))
        card = selectors.draft_card(clinic, request_language(request))
        return Response(special_days_answer(card))


class VetProfileView(APIView):
    """Who treats the animals."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="clinics_vet_profile", responses=serializers.VetProfileSerializer)
    def get(self, request: Request, clinic_id: int) -> Response:
        card = selectors.card_for(clinic_id, request.user, request_language(request))
        return Response(serializers.VetProfileSerializer.read(card.vet_profile))

    @extend_schema(
        operation_id="clinics_vet_profile_set", request=serializers.VetProfileInput, responses={201: serializers.VetProfileSerializer}
    )
    def post(self, request: Request, clinic_id: int) -> Response:
        return self._set(request, clinic_id, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="clinics_vet_profile_update", request=serializers.VetProfileInput, responses=serializers.VetProfileSerializer
    )
    def patch(self, request: Request, clinic_id: int) -> Response:
        return self._set(request, clinic_id, status.HTTP_200_OK)

    def _set(self, request: Request, clinic_id: int, code: int) -> Response:
        clinic = editable_clinic(request, clinic_id)
        changes = checked(serializers.VetProfileInput, request.data)
        services.set_vet_profile(clinic=clinic, changes=changes, actor=caller(request))
        card = selectors.draft_card(clinic, request_language(request))
        return Response(serializers.VetProfileSerializer.read(card.vet_profile), status=code)


class ClinicSearchView(stored.StoredAnswer, APIView):
    """Nearest clinics first, in pages; GET as documented, POST as the app asks. First pages are kept for their minute."""

    stored_tables = DIRECTORY_TABLES
    throttle_scope = "search"
    idempotent_post = False

    def check_throttles(self, request: Request) -> None:
        """Looking costs more than reading what is kept: it has a limit of its own."""
        APIView.check_throttles(self, request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if request.GET.get("page", "1") != "1" and hasattr(request, stored.RECIPE):
            delattr(request, stored.RECIPE)
        return response

    def known_query_parameters(self) -> Iterable[str]:
        return (*query_names(serializers.SearchQuery), "page", "page_size")

    @extend_schema(
        operation_id="clinics_search",
        parameters=[serializers.SearchQuery, OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.SearchAnswer,
    )
    def get(self, request: Request) -> Response:
        return self._search(request, unbracketed(request.query_params))

    @extend_schema(operation_id="clinics_search_post", request=serializers.SearchQuery, responses=serializers.SearchAnswer)
    def post(self, request: Request) -> Response:
        return self._search(request, self._as_the_app_means(request.data))

    @staticmethod
    def _as_the_app_means(form: Any) -> Any:
        """The app's form always sends its EOI switch; off, it asks for all clinics and not for those without."""
        if not isinstance(form, Mapping) or form.get("eoi") not in (False, "false"):
            return form
        return {name: value for name, value in form.items() if name != "eoi"}

    def _search(self, request: Request, data: Any) -> Response:
        query = checked(serializers.SearchQuery, data)
        number, size = page_number(request), page_size_of(request)
        found = selectors.search(
            directory_filter(query),
            latitude=query["latitude"],
            longitude=query["longitude"],
            radius_km=query.get("radius"),
            language=request_language(request),
            offset=(number - 1) * size,
            limit=size,
        )
        if number > 1 and not found.cards:
            raise NotFound(_("There is no such page."))
        self.stored_until, now = next_minute(), timezone.now()
        answer = {
            "count": found.count,
            "next": self._link(query, number + 1, size) if number * size < found.count else None,
            "previous": self._link(query, number - 1, size) if number > 1 else None,
            "results": [serializers.NearbyClinicSerializer.read(card.seen_at(now)) for card in found.cards],
        }
        return Response(answer, headers={"X-Total-Count": str(found.count)})

    def _link(self, query: Data, number: int, size: int) -> str:
        """The same search as a GET, whichever way this one came."""
        plain = ("city", "search", "specialization", "is_verified", "verified_email", "eoi", "open_now", "latitude", "longitude", "radius")
        asked = {name: query[name] for name in plain if query.get(name) not in (None, "")}
        if query["open_at"]:
            asked["open_at"] = query["open_at"].isoformat()
        return f"{settings.ENVIRONMENT.public_url}/api/v1/clinics/search/?{urlencode(asked | {'page': number, 'page_size': size})}"


class SendConfirmationView(APIView):
    """Another confirmation mail; the answer is the same for every address."""

    permission_classes = [AllowAny]
    throttle_scope = "auth"

    @extend_schema(operation_id="clinics_send_confirmation", request=serializers.EmailInput, responses=serializers.MessageAnswer)
    def post(self, request: Request) -> Response:
        services.resend_confirmation(email=checked(serializers.EmailInput, request.data)["email"], language=request_language(request))
        message = _("If a clinic waits for its confirmation at this address, we have sent the link again.")
        return Response({"success": True, "message": message})


class ConfirmEmailView(APIView):
    """For the app, which opens the mail's link itself (design D11)."""

    permission_classes = [AllowAny]
    throttle_scope = "auth"

    @extend_schema(operation_id="clinics_confirm_email", responses=serializers.ConfirmationAnswer)
    def get(self, request: Request, token: str) -> Response:
        clinic = services.confirm_clinic_email(token=token)
        answer = {
            "success": True,
            "message": _("The e-mail address is confirmed. Our moderators look at the clinic now."),
            "clinic_id": clinic.pk,
            "clinic_name": clinic.page.title,
            "email_confirmed": clinic.email_confirmed,
            "admin_approved": clinic.admin_approved,
        }
        return Response(answer, headers={"Cache-Control": "no-store"})


def caller(request: Request) -> User:
    """Who is logged in; for places behind a permission or ``editable_clinic``."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def days_answer(card: ClinicCard) -> list[Any]:
    return [serializers.DaySerializer.read(day) for day in card.days]


def special_days_answer(card: ClinicCard) -> list[Any]:
    return [serializers.SpecialDaySerializer.read(day) for day in card.special_days]


def editable_clinic(request: Request, clinic_id: int) -> Clinic:
    """The clinic if the caller may change it: 404 unseen, 401 for strangers, 403 for others."""
    clinic = selectors.get_clinic(clinic_id, request.user)
    if not policies.can_edit(request.user, clinic):
        raise NotYourClinic if request.user.is_authenticated else NotAuthenticated
    return clinic


def own_answer(clinic: Clinic, request: Request, code: int = status.HTTP_200_OK) -> Response:
    card = selectors.draft_card(selectors.get_clinic(clinic.pk, request.user), request_language(request))
    return Response(serializers.OwnClinicSerializer.read(card), status=code)


def days_of(data: Any) -> Any:
    """The apps send a bare array; an object that wraps it is understood too, and so is a single day."""
    if isinstance(data, Mapping):
        for name in ("working_hours", "working_hours_schedule"):
            if name in data:
                return data[name]
        return [data]
    return data


def page_number(request: Request) -> int:
    raw = request.query_params.get("page", "1")
    if not (raw.isascii() and raw.isdigit() and 1 <= len(raw) <= 6 and int(raw) >= 1):
        raise NotFound(_("There is no such page."))
    return int(raw)
