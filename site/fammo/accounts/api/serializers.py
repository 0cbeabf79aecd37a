"""What callers send to and get from accounts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fammo.accounts import export_files
from fammo.accounts.models import DataExport, EmailChange, Erasure, Profile, Session, SubscriptionPlan, User, validate_mailbox
from fammo.common import languages
from fammo.common.text import validate_one_line

LONGEST_PASSWORD = 256


class PasswordField(serializers.CharField):
    """Taken as typed, spaces included; never in an answer."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"max_length": LONGEST_PASSWORD, "trim_whitespace": False, "write_only": True}
        super().__init__(**defaults | kwargs)


class Input(serializers.Serializer[Any]):
    """An input whose fields also answer to the ``aliases`` that clients are known to send, and whose repeated password must match."""

    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    repeated: ClassVar[tuple[str, str] | None] = None

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            data = {name: data[name] for name in data}
            for name, others in self.aliases.items():
                sent = next((other for other in others if other in data), None)
                if name not in data and sent is not None:
                    data[name] = data[sent]
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.repeated:
            name, again = self.repeated
            if again in attrs and attrs[again] != attrs[name]:
                raise serializers.ValidationError({again: _("The two passwords are not the same.")})
        return attrs


class SignUpInput(Input):
    repeated = ("password", "password_confirm")

    email = serializers.EmailField(max_length=254, validators=[validate_mailbox])
    password = PasswordField()
    password_confirm = PasswordField()
    language = serializers.ChoiceField(languages.CHOICES, required=False)


class LogInInput(Input):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    rotation = serializers.BooleanField(
        default=False, help_text="Every refresh answers a new refresh token too, and the one sent stops working."
    )


class GoogleInput(Input):
    aliases = {"id_token": ("idToken", "token", "credential")}

    id_token = serializers.CharField(max_length=8192, help_text="The ID token that Google gave the app.")
    rotation = serializers.BooleanField(default=False, help_text="As for `auth/token/`.")


class RefreshInput(Input):
    refresh = serializers.CharField(max_length=4096)


class LogOutInput(Input):
    refresh = serializers.CharField(
        max_length=4096, required=False, help_text="Ends the login of this refresh token; else that of the access token."
    )


class AccountEmailInput(Input):
    email = serializers.EmailField(max_length=254, validators=[validate_mailbox])


class ActivateInput(Input):
    uid = serializers.CharField(max_length=64, required=False)
    token = serializers.CharField(max_length=256)


class ResetPasswordInput(Input):
    aliases = {
        "new_password": ("password", "new_password1"),
        "new_password_confirm": ("password_confirm", "confirm_password", "re_new_password", "new_password2"),
        "uid": ("uidb64",),
    }
    repeated = ("new_password", "new_password_confirm")

    uid = serializers.CharField(max_length=64)
    token = serializers.CharField(max_length=256)
    new_password = PasswordField()
    new_password_confirm = PasswordField(required=False)


class ChangePasswordInput(Input):
    aliases = {
        "current_password": ("old_password",),
        "new_password": ("password", "new_password1"),
        "new_password_confirm": ("password_confirm", "confirm_password", "re_new_password", "new_password2"),
    }
    repeated = ("new_password", "new_password_confirm")

    current_password = PasswordField()
    new_password = PasswordField()
    new_password_confirm = PasswordField(required=False)


class PresenceInput(Input):
    """What shows that the caller is really there."""

    aliases = {"password": ("current_password",)}

    password = PasswordField(required=False, help_text="Not needed within ten minutes of logging in.")


class ChangeEmailInput(PresenceInput):
    aliases = PresenceInput.aliases | {"new_email": ("email",)}

    new_email = serializers.EmailField(max_length=254, validators=[validate_mailbox])


class LanguageInput(Input):
    aliases = {"language": ("preferred_language",)}

    language = serializers.ChoiceField(languages.CHOICES)


class CoordinateField(serializers.FloatField):
    """A finite number within its range."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class ProfileInput(serializers.ModelSerializer[Profile]):
    """What people may change about themselves; everything else in the body is left alone."""

    first_name = serializers.CharField(max_length=150, allow_blank=True, validators=[validate_one_line])
    last_name = serializers.CharField(max_length=150, allow_blank=True, validators=[validate_one_line])
    latitude = CoordinateField(min_value=-90, max_value=90, allow_null=True)
    longitude = CoordinateField(min_value=-180, max_value=180, allow_null=True)

    class Meta:
        model = Profile
        fields = (
            *("first_name", "last_name", "phone", "address", "city", "zip_code", "country"),
            *("latitude", "longitude", "location_consent", "preferred_language", "time_zone"),
        )

    def validate_city(self, city: str) -> str:
        validate_one_line(city)
        return city

    def get_validators(self) -> list[Any]:
        return []  # the service judges the profile as a whole


class DoneAnswer(serializers.Serializer[Any]):
    success = serializers.BooleanField()
    message = serializers.CharField()


class UserBrief(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()


class SignedUpAnswer(DoneAnswer):
    user = UserBrief()


class TokenAnswer(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField(required=False, help_text="Only when there is a new one.")


class PasswordChangedAnswer(DoneAnswer):
    access = serializers.CharField(help_text="Every login has ended; this is a new one for the caller.")
    refresh = serializers.CharField()


class LanguageAnswer(serializers.Serializer[Any]):
    language = serializers.ChoiceField(languages.CHOICES)


class SessionAnswer(serializers.ModelSerializer[Session]):
    is_current = serializers.SerializerMethodField(help_text="The login of the access token of this very request.")

    class Meta:
        model = Session
        fields = ("id", "device", "created_at", "last_used_at", "is_current")

    def get_is_current(self, session: Session) -> bool:
        return bool(session.pk == self.context["session_id"])


class EmailChangeAnswer(serializers.ModelSerializer[EmailChange]):
    confirmed_at_old_address = serializers.SerializerMethodField()
    confirmed_at_new_address = serializers.SerializerMethodField()

    class Meta:
        model = EmailChange
        fields = ("new_email", "requested_at", "expires_at", "confirmed_at_old_address", "confirmed_at_new_address")

    def get_confirmed_at_old_address(self, change: EmailChange) -> bool:
        return change.old_confirmed_at is not None

    def get_confirmed_at_new_address(self, change: EmailChange) -> bool:
        return change.new_confirmed_at is not None


class MyEmailAnswer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    pending = EmailChangeAnswer(allow_null=True)


class EmailChangeAskedAnswer(DoneAnswer):
    pending = EmailChangeAnswer()


class DataExportAnswer(serializers.ModelSerializer[DataExport]):
    download_url = serializers.SerializerMethodField(help_text="Good for a quarter of an hour, without a token; null until it is ready.")

    class Meta:
        model = DataExport
        fields = ("id", "state", "requested_at", "ready_at", "expires_at", "size_bytes", "download_url")

    def get_download_url(self, export: DataExport) -> str | None:
        return export_files.url_of(export) if export.state == DataExport.State.READY else None


class ReceiptPart(serializers.Serializer[Any]):
    kind = serializers.CharField()
    what = serializers.CharField()
    rows = serializers.IntegerField()


class KeptReceiptPart(ReceiptPart):
    columns = serializers.ListField(child=serializers.CharField())
    why = serializers.ListField(child=serializers.CharField())
    until = serializers.ListField(child=serializers.CharField())


class ReceiptAnswer(serializers.ModelSerializer[Erasure]):
    """What goes or went, what stays without leading to the person, and what is kept and why."""

    number = serializers.UUIDField(source="pk")
    erased_at = serializers.SerializerMethodField()
    erased = ReceiptPart(many=True, source="receipt.erased")
    unlinked = ReceiptPart(many=True, source="receipt.unlinked")
    kept = KeptReceiptPart(many=True, source="receipt.kept")

    class Meta:
        model = Erasure
        fields = ("number", "state", "requested_at", "due_at", "erased_at", "erased", "unlinked", "kept")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_erased_at(self, erasure: Erasure) -> Any:
        return erasure.ended_at if erasure.state == Erasure.State.DONE else None


class ErasureAnswer(DoneAnswer):
    receipt = ReceiptAnswer()


class PlanDetail(serializers.ModelSerializer[SubscriptionPlan]):
    # Said here and not taken from the columns, whose range differs between databases. Null means without limit.
    monthly_meal_plans = serializers.IntegerField(min_value=0, allow_null=True)
    monthly_health_reports = serializers.IntegerField(min_value=0, allow_null=True)
    free_pets = serializers.IntegerField(min_value=0, allow_null=True)

    class Meta:
        model = SubscriptionPlan
        fields = (
            *("id", "code", "name", "name_en", "name_fi", "name_nl", "name_tr", "description"),
            *("monthly_price", "monthly_meal_plans", "monthly_health_reports", "free_pets"),
        )


class UserDetail(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "email", "is_active", "is_staff", "date_joined")


class OwnedClinicBrief(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ProfileAnswer(serializers.ModelSerializer[Profile]):
    """``/me/``: the profile with its person, plan and clinics (contract, shape rule 2)."""

    user = UserDetail()
    first_name = serializers.CharField(source="user.first_name")
    last_name = serializers.CharField(source="user.last_name")
    subscription_plan_detail = PlanDetail(source="subscription_plan")
    is_clinic_owner = serializers.SerializerMethodField()
    owned_clinics = serializers.SerializerMethodField()

    class Meta:
        model = Profile
        fields = (
            *("user", "first_name", "last_name", "phone", "address", "city", "zip_code", "country"),
            *("latitude", "longitude", "location_consent", "location_consent_at", "preferred_language", "time_zone"),
            *("subscription_plan", "subscription_plan_detail", "is_writer", "is_clinic_owner", "owned_clinics"),
        )

    def get_is_clinic_owner(self, profile: Profile) -> bool:
        return bool(self.context["owned_clinics"])

    @extend_schema_field(OwnedClinicBrief(many=True))
    def get_owned_clinics(self, profile: Profile) -> list[dict[str, Any]]:
        return [{"id": clinic.id, "name": clinic.name} for clinic in self.context["owned_clinics"]]
