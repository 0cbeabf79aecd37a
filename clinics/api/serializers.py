"""The shapes of the clinic endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics import hours
from clinics.cards import ClinicCard
from clinics.models import Clinic, ModerationDecision
from clinics.selectors import DEFAULT_RADIUS_KM
from clinics.services import ClinicChanges
from fammo.accounts.models import validate_mailbox
from fammo.api.reading import ReadSerializer
from fammo.common.text import validate_one_line

from .fields import ClockField, CoordinateField, LocalMomentField, PlainFloatField, SpecializationsField, WebsiteField

MAX_SPECIAL_DAYS = 400
NO_TIMES = {"opens": None, "closes": None}


class IntervalSerializer(ReadSerializer[hours.Interval]):
    """One stretch of being open; closing at or before opening means after midnight, 00:00 to 00:00 the whole day."""

    open = ClockField(source="opens")
    close = ClockField(source="closes")


class DaySerializer(ReadSerializer[hours.Day]):
    """One day of the week: first opening, last closing, and every interval in between (split shifts)."""

    day_of_week = serializers.IntegerField()
    day_name = serializers.CharField()
    day = serializers.CharField(source="day_name")
    is_closed = serializers.BooleanField()
    open_time = serializers.CharField(allow_null=True)
    close_time = serializers.CharField(allow_null=True)
    open = serializers.CharField(source="open_time", allow_null=True)
    close = serializers.CharField(source="close_time", allow_null=True)
    intervals = IntervalSerializer(many=True)


@extend_schema_field(DaySerializer(many=True))
class ScheduleField(serializers.Field[hours.Week, Any, list[dict[str, Any]], Any]):
    """The seven days of a week; none when no hours are known."""

    def to_representation(self, value: hours.Week) -> list[dict[str, Any]]:
        return _schedule(value, get_language())


@lru_cache(maxsize=hours.KEPT_WEEKS)
def _schedule(week: hours.Week, language: str) -> list[dict[str, Any]]:
    return [DaySerializer.read(day) for day in hours.days(week)]


class SpecialDaySerializer(ReadSerializer[hours.SpecialDay]):
    """What opens on one date instead of the usual hours; no interval means closed."""

    date = serializers.DateField(source="on")
    is_closed = serializers.BooleanField()
    intervals = serializers.SerializerMethodField()

    @extend_schema_field(IntervalSerializer(many=True))
    def get_intervals(self, day: hours.SpecialDay) -> list[dict[str, str]]:
        return [{"open": hours.format_time(opens), "close": hours.format_time(closes)} for opens, closes in day.intervals]


class VetProfileSerializer(ReadSerializer[Any]):
    """Who treats the animals."""

    clinic = serializers.IntegerField()
    vet_name = serializers.CharField()
    degrees = serializers.CharField()
    certifications = serializers.CharField()
    bio = serializers.CharField()


class ModerationSerializer(ReadSerializer[Any]):
    """Where the owner's newest words are in the queue, and what the moderators asked for last."""

    state = serializers.CharField()
    is_waiting = serializers.BooleanField()
    has_pending_changes = serializers.BooleanField()
    reason_code = serializers.ChoiceField(choices=["", *ModerationDecision.Reason.values])
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ClinicSerializer(ReadSerializer[ClinicCard]):
    """A clinic as everybody reads it; ``moderation`` is for its owner and staff alone."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    address = serializers.CharField()
    zip_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    place_precision = serializers.ChoiceField(choices=["", *Clinic.PlacePrecision.values])
    time_zone = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    website = serializers.CharField()
    instagram = serializers.CharField()
    specializations = serializers.CharField()
    specialization_codes = serializers.ListField(child=serializers.CharField())
    bio = serializers.CharField()
    logo = serializers.URLField(allow_null=True)
    is_verified = serializers.BooleanField()
    email_confirmed = serializers.BooleanField()
    admin_approved = serializers.BooleanField()
    is_active_clinic = serializers.BooleanField()
    clinic_eoi = serializers.BooleanField()
    hours_note = serializers.CharField()
    working_hours = serializers.CharField(allow_null=True)
    working_hours_schedule = ScheduleField(source="week")
    working_hours_formatted = serializers.ListField(child=serializers.CharField())
    formatted_working_hours = serializers.ListField(child=serializers.CharField(), source="working_hours_formatted")
    special_hours = SpecialDaySerializer(many=True, source="special_days")
    closed_on_holidays = serializers.BooleanField()
    vet_profile = VetProfileSerializer()


class OwnClinicSerializer(ClinicSerializer):
    left_out_when_none = frozenset({"moderation"})

    moderation = ModerationSerializer(required=False)


class OpeningFacts(ReadSerializer[ClinicCard]):
    """Whether the clinic is open in this minute, and when that changes, in its own time. Null where its hours are not known.

    Only in answers that are made for their minute: the list is kept for as long as nobody edits a clinic.
    """

    is_open_now = serializers.BooleanField(source="opening.is_open", allow_null=True, read_only=True)
    opens_at = LocalMomentField(source="opening.opens_at", allow_null=True)
    closes_at = LocalMomentField(source="opening.closes_at", allow_null=True)


class ClinicDetailSerializer(OpeningFacts, OwnClinicSerializer):
    """One clinic with what is true at the moment."""


class NearbyClinicSerializer(OpeningFacts, ClinicSerializer):
    distance_km = serializers.FloatField(allow_null=True)


class SearchAnswer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = NearbyClinicSerializer(many=True)


def _with(data: Any, name: str, value: Any) -> Any:
    """The same input with one member more; a form stays a form."""
    if hasattr(data, "lists"):
        return MultiValueDict({**dict(data.lists()), name: [value]})
    return {**data, name: value}


class ClinicInput(serializers.Serializer[ClinicChanges]):
    """What an owner may write about a clinic; the registration's names for name and address are understood too."""

    aliases: ClassVar[Mapping[str, str]] = {"clinic_name": "name", "email_clinic": "email"}

    name = serializers.CharField(max_length=255, validators=[validate_one_line])
    slug = serializers.SlugField(max_length=255, required=False)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, validators=[validate_one_line])
    zip_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    country = serializers.CharField(max_length=2, min_length=2, required=False)
    latitude = CoordinateField(90, required=False, allow_null=True)
    longitude = CoordinateField(180, required=False, allow_null=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True, validators=[validate_mailbox])
    website = WebsiteField(max_length=200, required=False, allow_blank=True)
    instagram = serializers.CharField(max_length=200, required=False, allow_blank=True)
    specializations = SpecializationsField(required=False)
    bio = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    closed_on_holidays = serializers.BooleanField(required=False)
    hours_note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    vet_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    degrees = serializers.CharField(max_length=500, required=False, allow_blank=True)
    certifications = serializers.CharField(max_length=500, required=False, allow_blank=True)
    logo = serializers.FileField(required=False, allow_null=True)
    clinic_eoi = serializers.BooleanField(required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            for old, new in self.aliases.items():
                if old in data and new not in data:
                    data = _with(data, new, data[old])
        return super().to_internal_value(data)

    def validate_country(self, code: str) -> str:
        return code.upper()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = {name for name in ("latitude", "longitude") if name in attrs}
        if len(given) == 1 or (given and (attrs["latitude"] is None) != (attrs["longitude"] is None)):
            raise serializers.ValidationError({name: [_("Give both coordinates or none.")] for name in ("latitude", "longitude")})
        return attrs


class RegistrationInput(ClinicInput):
    """The documented registration: the person's address and password beside the clinic's own."""

    aliases: ClassVar[Mapping[str, str]] = {}

    name = None  # type: ignore[assignment]
    logo = None  # type: ignore[assignment]
    clinic_name = serializers.CharField(max_length=255, validators=[validate_one_line])
    email = serializers.EmailField(validators=[validate_mailbox])
    email_clinic = serializers.EmailField(required=False, allow_blank=True, validators=[validate_mailbox])
    password = serializers.CharField(trim_whitespace=False, max_length=128, write_only=True)
    password_confirm = serializers.CharField(trim_whitespace=False, max_length=128, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["password"] != attrs["password_confirm"]:
            raise serializers.ValidationError({"password_confirm": [_("The two passwords are not the same.")]})
        return super().validate(attrs)


class RegistrationAnswer(serializers.Serializer[Any]):
    success = serializers.BooleanField()
    message = serializers.CharField()
    id = serializers.IntegerField()
    clinic_id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    user_email = serializers.EmailField()


class EmailInput(serializers.Serializer[Any]):
    email = serializers.EmailField(validators=[validate_mailbox])


class MessageAnswer(serializers.Serializer[Any]):
    success = serializers.BooleanField()
    message = serializers.CharField()


class ConfirmationAnswer(MessageAnswer):
    clinic_id = serializers.IntegerField()
    clinic_name = serializers.CharField()
    email_confirmed = serializers.BooleanField()
    admin_approved = serializers.BooleanField()


class VetProfileInput(serializers.Serializer[Any]):
    vet_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    degrees = serializers.CharField(max_length=500, required=False, allow_blank=True)
    certifications = serializers.CharField(max_length=500, required=False, allow_blank=True)
    bio = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class DayInput(serializers.Serializer[Any]):
    """A day as the apps send it: one pair of times, or every interval, or nothing when closed."""

    day_of_week = serializers.IntegerField(min_value=0, max_value=6)
    is_closed = serializers.BooleanField(required=False, default=False)
    open_time = ClockField(required=False, allow_null=True)
    close_time = ClockField(required=False, allow_null=True)
    intervals = IntervalSerializer(many=True, required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict):  # apps send empty texts for the times of a closed day
            data = {name: value for name, value in data.items() if not (name in {"open_time", "close_time"} and value == "")}
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        has_times = attrs.get("open_time") is not None and attrs.get("close_time") is not None
        if not attrs["is_closed"] and "intervals" not in attrs and not has_times:
            raise serializers.ValidationError({"open_time": [_("Give opening and closing time, or say that it is closed.")]})
        return attrs


class SpecialDayInput(serializers.Serializer[hours.SpecialDay]):
    """One date as the apps send it: every interval, or closed."""

    date = serializers.DateField()
    is_closed = serializers.BooleanField(required=False, default=False)
    intervals = IntervalSerializer(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["is_closed"] == bool(attrs.get("intervals")):
            raise serializers.ValidationError({"intervals": [_("Give the times of being open, or say that it is closed.")]})
        return attrs


def special_days_of(rows: list[dict[str, Any]]) -> tuple[hours.SpecialDay, ...]:
    """The dated exceptions; several rows of one date make a split day."""
    pairs = ((row["date"], pair["opens"], pair["closes"]) for row in rows for pair in row.get("intervals") or [NO_TIMES])
    return hours.make_special_days(pairs)


def week_of(rows: list[dict[str, Any]], current: hours.Week, *, keeps_other_days: bool) -> hours.Week:
    """The new week. A day sent with the very times it is shown with keeps its split shifts: an app that knows only one pair
    of times must not join them."""
    shown = {day.day_of_week: day for day in hours.days(current)}
    sent = {row["day_of_week"] for row in rows}
    week = [interval for interval in current if keeps_other_days and interval.day not in sent]
    for row in rows:
        week += _intervals_of(row, shown.get(row["day_of_week"]))
    return hours.make_week(set(week))


def _intervals_of(row: dict[str, Any], shown: hours.Day | None) -> list[hours.Interval]:
    if row["is_closed"]:
        return []
    if row.get("intervals"):
        return [hours.Interval(row["day_of_week"], pair["opens"], pair["closes"]) for pair in row["intervals"]]
    if row.get("open_time") is None or row.get("close_time") is None:
        return []
    opens, closes = row["open_time"], row["close_time"]
    if shown and (shown.open_time, shown.close_time) == (hours.format_time(opens), hours.format_time(closes)):
        return list(shown.intervals)
    return [hours.Interval(row["day_of_week"], opens, closes)]


# At the ends of the calendar another time zone's clock cannot be shown.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class FlagField(serializers.BooleanField):
    """A query parameter that is true, false or absent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, default=None, **kwargs)


class DirectoryQuery(serializers.Serializer[Any]):
    """Filters of the directory."""

    city = serializers.CharField(required=False, allow_blank=True, allow_null=True, default="", max_length=100)
    search = serializers.CharField(required=False, allow_blank=True, allow_null=True, default="", max_length=200)
    specialization = serializers.CharField(required=False, allow_blank=True, allow_null=True, default="", max_length=300)
    is_verified = FlagField()
    verified = FlagField(help_text="Another name of `is_verified`.")
    verified_email = FlagField()
    eoi = FlagField(
        help_text="Whether the clinic is interested in the pilot programme. False asks for those that are not; "
        "in the body of a POST, where the app always sends its switch, it asks for all."
    )
    open_now = FlagField(help_text="True asks for the clinics that are open in this minute; false asks for all.")
    open_at = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text="With an offset, else in UTC.",
    )
    show_all = FlagField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"is_verified": attrs["verified"] if attrs["is_verified"] is None else attrs["is_verified"]}


class SearchQuery(DirectoryQuery):
    """Filters and a point; ``latitude`` and ``longitude`` are other names of ``lat`` and ``lng``. Null and empty mean absent."""

    show_all = None  # type: ignore[assignment]
    lat = CoordinateField(90, required=False, allow_null=True)
    lng = CoordinateField(180, required=False, allow_null=True)
    latitude = CoordinateField(90, required=False, allow_null=True)
    longitude = CoordinateField(180, required=False, allow_null=True)
    radius = PlainFloatField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=20_100,
        help_text="In kilometres. Without it a point only sorts what `city` or `search` finds, and clinics that are not on the map "
        f"come last; a point without those finds what is within {DEFAULT_RADIUS_KM:.0f} km.",
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if value is not None and value != ""}
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        latitude = attrs["lat"] if attrs.get("lat") is not None else attrs.get("latitude")
        longitude = attrs["lng"] if attrs.get("lng") is not None else attrs.get("longitude")
        if (latitude is None) != (longitude is None):
            raise serializers.ValidationError({"lat" if latitude is None else "lng": [_("Give both coordinates or none.")]})
        return super().validate(attrs) | {"latitude": latitude, "longitude": longitude}
