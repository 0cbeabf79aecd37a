"""What a person used in a month, and every single generation: reserved, then committed or released."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ai.querysets import GenerationQuerySet
from fammo.common import languages
from fammo.common.privacy import NOT_PERSONAL, Declaration, Personal
from pets.models import Pet

#: After this long a reservation that nobody finished counts no more.
LEASE = timedelta(minutes=3)
#: For this long the first answer to an idempotency key is repeated.
KEY_RETENTION = timedelta(hours=24)
QUOTA = "Counting what a plan allows in a month."
WHILE_ACCOUNT = "As long as the account exists."


class Kind(models.TextChoices):
    """What is counted; each kind has its own quota."""

    MEAL = "meal", _("Meal plan")
    HEALTH = "health", _("Health report")
    CHAT = "chat", _("Chat answer")


class Source(models.TextChoices):
    """Who wrote the words. The numbers are always the engine's."""

    ENGINE = "engine", _("Nutrition engine")
    MODEL = "model", _("Language model")


class MonthlyUse(models.Model):
    """How many generations of a kind a person has used in one calendar month of theirs.

    ``used`` only grows: deleting what was generated gives nothing back. The row is the lock under which the last free
    place of a month is given away.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="ai_use")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    month = models.DateField(_("month"))
    used = models.PositiveIntegerField(_("used"), default=0)

    personal: ClassVar[Declaration] = {
        "id": NOT_PERSONAL,
        "user": Personal(purpose=QUOTA, retention=WHILE_ACCOUNT),
        "kind": Personal(purpose=QUOTA, retention=WHILE_ACCOUNT),
        "month": Personal(purpose=QUOTA, retention=WHILE_ACCOUNT),
        "used": Personal(purpose=QUOTA, retention=WHILE_ACCOUNT),
    }

    class Meta:
        verbose_name = _("monthly use")
        verbose_name_plural = _("monthly use")
        ordering = ("-month", "pk")
        default_permissions = ("view",)
        constraints = (
            models.UniqueConstraint(fields=("user", "kind", "month"), name="ai_use_once_per_person_kind_and_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="ai_use_month_is_named_by_its_first_day"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="ai_use_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.month:%Y-%m}"


class Generation(models.Model):
    """One attempt to make something for a person, and what became of it: the register that operators read.

    A reservation holds a place in the month until it is committed (the result is stored: charged) or released (nothing is
    stored: free), or until ``expires_at``, when it counts no more. Both ends are written in one transaction with the result.
    """

    class State(models.TextChoices):
        RESERVED = "reserved", _("Under way")
        COMMITTED = "committed", _("Stored and charged")
        RELEASED = "released", _("Not stored, not charged")

    class Outcome(models.TextChoices):
        """What the language model did."""

        NO_MODEL = "no_model", _("No model is configured")
        NO_CONSENT = "no_consent", _("The person has not agreed to the model")
        NOT_NEEDED = "not_needed", _("The engine answers this itself")
        CIRCUIT_OPEN = "circuit_open", _("The model failed too often just before")
        ACCEPTED = "accepted", _("Accepted")
        ACCEPTED_SECOND = "accepted_second", _("Accepted at the second attempt")
        REJECTED = "rejected", _("Rejected by the referee")
        REFUSED = "refused", _("The model refused")
        TRUNCATED = "truncated", _("The answer was cut off")
        MALFORMED = "malformed", _("The answer was not in the agreed form")
        TOO_LARGE = "too_large", _("The answer was too large")
        TIMED_OUT = "timed_out", _("The model took too long")
        UNAVAILABLE = "unavailable", _("The model could not be reached")
        NO_SEAT = "no_seat", _("Too many were waiting for the model")
        PET_GONE = "pet_gone", _("The pet was deleted meanwhile")
        NO_WEIGHT = "no_weight", _("The pet's weight was missing")
        ABANDONED = "abandoned", _("The worker died")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="ai_generations")
    use = models.ForeignKey(MonthlyUse, verbose_name=_("monthly use"), on_delete=models.CASCADE, related_name="generations")
    pet = models.ForeignKey(Pet, verbose_name=_("pet"), on_delete=models.SET_NULL, null=True, blank=True, related_name="ai_generations")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    language = models.CharField(_("language"), max_length=5, choices=languages.CHOICES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RESERVED)
    source = models.CharField(_("source"), max_length=8, choices=Source, blank=True)
    outcome = models.CharField(_("model's outcome"), max_length=16, choices=Outcome, blank=True)
    findings = models.JSONField(_("referee's findings"), default=list, blank=True, help_text=_("What the referee objected to, by code."))
    model_name = models.CharField(_("model"), max_length=100, blank=True)
    rules_version = models.CharField(_("rules version"), max_length=40, blank=True)
    model_calls = models.PositiveSmallIntegerField(_("model calls"), default=0)
    prompt_tokens = models.PositiveIntegerField(_("tokens sent"), default=0)
    completion_tokens = models.PositiveIntegerField(_("tokens received"), default=0)
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=6, null=True, blank=True)
    latency_ms = models.PositiveIntegerField(_("duration (ms)"), null=True, blank=True)
    usage_count = models.PositiveIntegerField(_("used this month"), null=True, blank=True)
    monthly_limit = models.PositiveIntegerField(_("monthly limit"), null=True, blank=True)
    idempotency_key = models.CharField(_("idempotency key"), max_length=128, blank=True, editable=False)
    request_fingerprint = models.CharField(_("request fingerprint"), max_length=64, blank=True, editable=False)
    reserved_at = models.DateTimeField(_("reserved at"), default=timezone.now)
    expires_at = models.DateTimeField(_("reservation ends at"))
    promised_at = models.DateTimeField(_("answered before it was ready"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = GenerationQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        **dict.fromkeys(
            ("user", "pet", "kind", "language", "state", "source", "outcome", "reserved_at", "finished_at", "usage_count", "monthly_limit"),
            Personal(purpose="Showing what was generated when, and what it was charged to.", retention=WHILE_ACCOUNT),
        ),
        "idempotency_key": Personal(purpose="Doing a request that was sent twice only once.", retention=WHILE_ACCOUNT, export=False),
        **dict.fromkeys(
            ("id", "use", "findings", "model_name", "rules_version", "model_calls", "prompt_tokens", "completion_tokens", "cost"),
            NOT_PERSONAL,
        ),
        **dict.fromkeys(("latency_ms", "request_fingerprint", "expires_at", "promised_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        ordering = ("-reserved_at", "-pk")
        default_permissions = ("view",)
        permissions = (("try_profiles", _("Can try pet profiles against engine and model")),)
        indexes = (
            models.Index(fields=("use", "state"), name="ai_generation_of_use"),
            models.Index(fields=("expires_at",), condition=Q(state="reserved"), name="ai_generation_under_way"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("user", "idempotency_key"), condition=~Q(idempotency_key=""), name="ai_generation_once_per_idempotency_key"
            ),
            models.CheckConstraint(
                condition=Q(state="reserved", finished_at__isnull=True) | Q(~Q(state="reserved"), finished_at__isnull=False),
                name="ai_generation_finished_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(state="committed") | ~Q(source=""), name="ai_generation_stored_has_its_source"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Reserved, and its time is not over."""
        return self.state == self.State.RESERVED and self.expires_at > timezone.now()

    @property
    def is_stored(self) -> bool:
        return self.state == self.State.COMMITTED
