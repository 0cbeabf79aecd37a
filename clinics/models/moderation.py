"""Clinic approval: the workflow's task, the form a refusal needs, and the record of every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypedDict

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, TaskState

from clinics.errors import ClaimedByAnother, OwnClinic, ReasonRequired
from clinics.querysets import ClaimQuerySet, DecisionQuerySet
from clinics.signals import review_decided
from fammo.cms.models import ReviewedRevisionTask
from fammo.common.privacy import NOT_PERSONAL, Declaration, Erase, Personal

from .clinic import Clinic
from .pages import ClinicPage

if TYPE_CHECKING:
    from fammo.accounts.models import User

WHILE_OWNED = "Until the account of the clinic's owner is erased."


class ModerationDecision(models.Model):
    """One decision about one revision of a clinic, kept for good: who, what, why, when.

    It names clinic and revision by number, so that it outlives both. The moderator's name goes when their account is erased;
    the clinic's name and the free text when the account of its owner is (``blank_words``).
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        REJECTED = "rejected", _("Rejected")
        SUSPENDED = "suspended", _("Suspended")
        REINSTATED = "reinstated", _("Reinstated")

    class Reason(models.TextChoices):
        INCOMPLETE = "incomplete", _("Something important is missing")
        WRONG_ADDRESS = "wrong_address", _("The address or the place on the map is not right")
        WRONG_CONTACT = "wrong_contact", _("A phone number, e-mail address or website is not right")
        WRONG_HOURS = "wrong_hours", _("The opening hours are not right")
        NOT_A_CLINIC = "not_a_clinic", _("We could not establish that this is a veterinary clinic")
        DUPLICATE = "duplicate", _("This clinic is in Fammo already")
        UNSUITABLE_TEXT = "unsuitable_text", _("A text is not suitable")
        UNSUITABLE_PICTURE = "unsuitable_picture", _("A picture is not suitable")
        OTHER = "other", _("Another reason")

    class Subject(models.TextChoices):
        """What a refusal is about: the clinic or one thing that its owner writes, by its name in the API."""

        CLINIC = "clinic", _("The clinic as a whole")
        NAME = "name", _("Name")
        SLUG = "slug", _("Web address in Fammo")
        ADDRESS = "address", _("Street address")
        ZIP_CODE = "zip_code", _("Postal code")
        CITY = "city", _("City")
        COUNTRY = "country", _("Country")
        COORDINATES = "coordinates", _("Place on the map")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("Public e-mail address")
        WEBSITE = "website", _("Website")
        INSTAGRAM = "instagram", _("Instagram")
        SPECIALIZATIONS = "specializations", _("Specializations")
        OTHER_SPECIALIZATIONS = "other_specializations", _("Other specializations")
        LOGO = "logo", _("Logo")
        BIO = "bio", _("Description")
        VET_NAME = "vet_name", _("Veterinarian")
        DEGREES = "degrees", _("Degrees")
        CERTIFICATIONS = "certifications", _("Certifications")
        WORKING_HOURS = "working_hours", _("Opening hours")
        SPECIAL_HOURS = "special_hours", _("Dated exceptions to the opening hours")
        CLOSED_ON_HOLIDAYS = "closed_on_holidays", _("Closed on public holidays")
        HOURS_NOTE = "hours_note", _("Note on the opening hours")

    WITHOUT_REASON = (Decision.APPROVED, Decision.REINSTATED)
    SENT_BACK = (Decision.CHANGES_REQUESTED, Decision.REJECTED)

    clinic_number = models.BigIntegerField(_("clinic number"), db_index=True)
    clinic_name = models.CharField(_("clinic"), max_length=255)
    revision_number = models.BigIntegerField(_("revision"), null=True)
    content_sha256 = models.CharField(_("digest of the revision"), max_length=64, blank=True)
    language = models.CharField(_("language of the page"), max_length=8)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    reason_code = models.CharField(_("reason"), max_length=24, choices=Reason.choices, blank=True)
    reason_field = models.CharField(_("what it is about"), max_length=24, choices=Subject.choices, blank=True, default="")
    reason_text = models.TextField(_("explanation"), blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    #: Stands in place of the words about a clinic whose owner was erased; a refusal cannot be without any.
    ERASED = "[erased]"

    personal: ClassVar[Declaration] = {
        "actor": Personal(purpose="Answering for the decision.", retention="Until the moderator's account is erased.", erase=Erase.BLANK),
        "clinic_name": Personal(purpose="Naming what was decided about.", retention=WHILE_OWNED, export=False, erase=Erase.KEEP),
        "reason_text": Personal(purpose="Telling the owner what to change.", retention=WHILE_OWNED, erase=Erase.KEEP),
        **dict.fromkeys(("id", "clinic_number", "revision_number", "content_sha256", "language"), NOT_PERSONAL),
        **dict.fromkeys(("decision", "reason_code", "reason_field", "decided_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("moderation decision")
        verbose_name_plural = _("moderation decisions")
        ordering = ("-decided_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decision__in=("approved", "reinstated")) | (~models.Q(reason_code="") & ~models.Q(reason_text="")),
                name="clinics_refusal_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.clinic_name}: {self.get_decision_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Moderation decisions are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Moderation decisions are append-only.")

    @property
    def has_reason(self) -> bool:
        """Whether the owner is told why."""
        return self.decision not in self.WITHOUT_REASON

    @property
    def asks_for_another_version(self) -> bool:
        """Whether the owner answers it by sending the page again; a suspension lasts whatever they send."""
        return self.decision in self.SENT_BACK


class ReviewClaim(models.Model):
    """One moderator is looking at a waiting page. It lapses by itself, so that nobody who went home keeps a clinic waiting."""

    page = models.OneToOneField(ClinicPage, verbose_name=_("clinic page"), on_delete=models.CASCADE, related_name="claim")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("moderator"), on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(_("claimed at"), default=timezone.now)
    expires_at = models.DateTimeField(_("lapses at"))

    objects = ClaimQuerySet.as_manager()

    personal: ClassVar[Declaration] = {
        "moderator": Personal(purpose="Keeping two moderators from one clinic.", retention="Until it lapses.", erase=Erase.ROW),
        **dict.fromkeys(("id", "page", "claimed_at", "expires_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("claimed_at", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("claimed_at")), name="clinics_claim_lapses_later"),
        )

    def __str__(self) -> str:
        return f"{self.page}: {self.moderator}"


class Reason(TypedDict):
    """Why something is refused, as the services take it."""

    reason_code: str
    reason_field: str
    reason_text: str


class DecisionForm(forms.Form):
    """What a moderator says when they do not approve; the owner reads all of it."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *ModerationDecision.Reason.choices])
    reason_field = forms.ChoiceField(label=_("What it is about"), choices=[("", _("Choose a field")), *ModerationDecision.Subject.choices])
    comment = forms.CharField(
        label=_("What the owner should change"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Sent to the owner by mail, as you write it. Say what is wrong and how to put it right."),
    )

    def reason(self) -> Reason:
        """What was said, as the services take it."""
        said = self.cleaned_data
        return {"reason_code": said["reason_code"], "reason_field": said["reason_field"], "reason_text": said["comment"].strip()}


class ClinicApprovalTask(ReviewedRevisionTask):
    """Approval of exactly the reviewed revision of a clinic page, by moderators who do not own the clinic."""

    personal: ClassVar[Declaration] = {"task_ptr": NOT_PERSONAL, "groups": NOT_PERSONAL}

    class Meta:
        verbose_name = _("clinic approval task")
        verbose_name_plural = _("clinic approval tasks")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Clinic moderators approve the revision they have seen; nobody approves their own clinic"))

    def is_own_work(self, task_state: TaskState, user: User) -> bool:
        return super().is_own_work(task_state, user) or self._owns_clinic(task_state.workflow_state.object_id, user)

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        """Request changes always asks for the reason; approving needs none."""
        offered = super().get_actions(obj, user)
        names = {name for name, _label, _asks in offered}
        if self._owns_clinic(obj.pk, user):
            return []
        return [
            action for action in (("reject", str(_("Request changes")), True), ("approve", str(_("Approve")), False)) if action[0] in names
        ]

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> models.QuerySet[TaskState]:
        """None in Wagtail's own lists: clinics are reviewed on their screens, which stay quick however many wait."""
        return TaskState.objects.none()

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return DecisionForm if action == "reject" else super().get_form_for_action(action)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> str | None:
        """Decide; raises StaleReview, OwnWork, ClaimedByAnother, or ReasonRequired for a refusal that says too little.

        A refusal comes with ``reason_code``, ``reason_field`` and ``comment``; ``is_final`` tells rejecting from asking for changes.
        """
        decision, reason = _decision_of(action_name, kwargs)
        if decision != ModerationDecision.Decision.APPROVED:
            require_reason(**reason)
            if self._owns_clinic(task_state.workflow_state.object_id, user):
                raise OwnClinic
        if ReviewClaim.objects.current().filter(page=task_state.workflow_state.object_id).exclude(moderator=user).exists():
            raise ClaimedByAnother
        outcome = super().on_action(task_state, user, action_name, **kwargs)
        review_decided.send(sender=type(self), review=task_state, decision=decision, actor=user, **reason)
        return outcome

    @staticmethod
    def _owns_clinic(page_id: int | str, user: User) -> bool:
        key = Page.objects.filter(pk=page_id).values("translation_key")
        return Clinic.objects.filter(page__translation_key__in=key, owner=user).exists()


def require_reason(*, reason_code: str, reason_field: str, comment: str) -> None:
    """Raises ReasonRequired, which names what is missing, unless the owner is told why, about what, and in words."""
    is_given = {
        "reason_code": reason_code in ModerationDecision.Reason.values,
        "reason_field": reason_field in ModerationDecision.Subject.values,
        "reason_text": bool(comment.strip()),
    }
    if missing := [name for name, given in is_given.items() if not given]:
        raise ReasonRequired(fields={name: [ReasonRequired.message] for name in missing})


def _decision_of(action_name: str, said: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The decision that a workflow action means, and its reason taken out of what was said with it."""
    reason = {
        "reason_code": said.pop("reason_code", ""),
        "reason_field": said.pop("reason_field", ""),
        "comment": said.get("comment", "").strip(),
    }
    is_final = said.pop("is_final", False)
    if action_name == "approve":
        return ModerationDecision.Decision.APPROVED, {}
    return ModerationDecision.Decision.REJECTED if is_final else ModerationDecision.Decision.CHANGES_REQUESTED, reason
