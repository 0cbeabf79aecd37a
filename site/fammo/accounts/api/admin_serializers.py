"""What staff send to and get from the admin API of accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from fammo.accounts.models import SubscriptionPlan, User
from fammo.common import languages

WORDS = tuple(f"{name}_{code}" for name in ("name", "description") for code in languages.CODES)


class AccountSerializer(serializers.ModelSerializer[User]):
    """A person as staff see them."""

    preferred_language = serializers.ChoiceField(languages.CHOICES, source="profile.preferred_language")
    subscription_plan = serializers.IntegerField(source="profile.subscription_plan_id")
    is_writer = serializers.BooleanField(source="profile.is_writer")
    id = serializers.IntegerField()

    class Meta:
        model = User
        fields: ClassVar = [
            *("id", "email", "first_name", "last_name", "is_active", "is_staff", "is_superuser"),
            *("date_joined", "email_confirmed_at", "last_login", "preferred_language", "subscription_plan", "is_writer"),
        ]


class EndedSerializer(serializers.Serializer[Any]):
    """How many logins were ended."""

    ended = serializers.IntegerField(min_value=0)


class AdminPlanSerializer(serializers.ModelSerializer[SubscriptionPlan]):
    """A plan with its words in every language. Null means without limit."""

    monthly_price = serializers.DecimalField(max_digits=7, decimal_places=2, min_value=0, required=False)
    monthly_meal_plans = serializers.IntegerField(min_value=0, max_value=32767, allow_null=True, required=False)
    monthly_health_reports = serializers.IntegerField(min_value=0, max_value=32767, allow_null=True, required=False)
    free_pets = serializers.IntegerField(min_value=0, max_value=32767, allow_null=True, required=False)
    order = serializers.IntegerField(min_value=0, max_value=32767, required=False)

    class Meta:
        model = SubscriptionPlan
        fields: ClassVar = ["id", "code", *WORDS, "monthly_price", "monthly_meal_plans", "monthly_health_reports", "free_pets", "order"]
        read_only_fields: ClassVar = ["id", "code"]
        # The English name is what everything falls back to; a missing translation is null.
        extra_kwargs: ClassVar = {
            **{name: {"required": False, "allow_null": True} for name in WORDS},
            "name_en": {"required": False, "allow_null": False, "allow_blank": False},
            "description_en": {"required": False, "allow_null": False},
        }
