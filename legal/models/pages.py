"""What editors write: legal pages, one per document and language, and the task that approves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PagePermissionTester, Revision, TaskState, WorkflowState
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from fammo.cms.errors import StaleReview
from fammo.cms.models import ApprovedOnlyTester, PublicByPublishingPage, ReviewedPage, ReviewedRevisionTask, ReviewedTaskState
from fammo.common.privacy import NOT_PERSONAL, Declaration
from legal import canonical, translations
from legal.errors import EffectiveInThePast
from legal.forms import LegalPageForm
from legal.panels import LanguagesPanel
from legal.querysets import today

from .versions import DocumentType, LegalText, LegalVersion

if TYPE_CHECKING:
    from fammo.accounts.models import User
    from legal.text.terms import TouchedTerm


class LegalPageTester(ApprovedOnlyTester):
    """Nobody publishes or takes down a legal page by a button, superusers included: the approval of a second person does (D5)."""

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return not self._has_published_texts() and bool(super().can_delete(ignore_bulk))

    def can_move(self) -> bool:
        return not self._has_published_texts() and bool(super().can_move())

    def _has_published_texts(self) -> bool:
        pages = self.page.get_descendants(inclusive=True).exclude(first_published_at=None)
        return bool(pages.type(LegalPage).exists())


class LegalIndexPage(PublicByPublishingPage):
    """The shelf on which one language's legal pages stand."""

    template = "legal/legal_index_page.html"
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["legal.LegalPage"]
    max_count_per_parent = 1
    content_panels: ClassVar[list[Any]] = [FieldPanel("title")]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug")]
    settings_panels: ClassVar[list[Any]] = []
    translatable_fields: ClassVar[list[Any]] = [TranslatableField("title"), SynchronizedField("slug", overridable=False)]
    personal: ClassVar[Declaration] = {"page_ptr": NOT_PERSONAL}

    class Meta:
        verbose_name = _("legal documents")
        verbose_name_plural = _("legal documents")

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return LegalPageTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        texts = LegalText.objects.filter(version__in=LegalVersion.objects.in_force(), language=self.locale.language_code)
        in_force = {text.version.document_type: text for text in texts.select_related("version")}
        pages = LegalPage.objects.child_of(self).live().order_by("path")
        documents = [(page, in_force[page.document_type]) for page in pages if page.document_type in in_force]
        return {**super().get_context(request, *args, **kwargs), "documents": documents}


class LegalPage(ReviewedPage):
    """A legal document as editors write it. Nothing here binds anybody: what binds is the ``LegalVersion`` frozen from it on approval."""

    document_type = models.CharField(_("document"), max_length=24, choices=DocumentType)
    summary = models.TextField(_("summary"), max_length=1000, help_text=_("What the document says, in two or three plain sentences."))
    body = RichTextField(_("text"), features=canonical.RICH_TEXT_FEATURES)
    version = models.CharField(
        _("version"), max_length=32, help_text=_("For example 2.1. Every published text needs a version of its own.")
    )
    effective_on = models.DateField(
        _("in force from"), help_text=_("The day on which this version takes effect. Until then the version before it stays in force.")
    )
    requires_acceptance = models.BooleanField(
        _("requires acceptance"), default=True, help_text=_("People are asked to accept it before they go on.")
    )
    change_class = models.CharField(
        _("kind of change"),
        max_length=12,
        choices=LegalVersion.ChangeClass,
        default=LegalVersion.ChangeClass.MATERIAL,
        help_text=_("Material if purposes, recipients, retention, fees or rights change; editorial for spelling and layout."),
    )
    change_note = models.TextField(
        _("what changed"), max_length=1000, help_text=_("In plain words, for the people who accepted the version before it.")
    )

    template = "legal/legal_page.html"
    base_form_class = LegalPageForm
    parent_page_types: ClassVar[list[str]] = ["legal.LegalIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        LanguagesPanel(heading=_("Languages")),
        FieldPanel("title"),
        FieldPanel("document_type"),
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("version"),
                FieldPanel("effective_on"),
                FieldPanel("requires_acceptance"),
                FieldPanel("change_class"),
                FieldPanel("change_note"),
            ],
            heading=_("This version"),
            help_text=_("Approval freezes this version in every completely translated language. It can never be changed afterwards."),
        ),
    ]
    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug")]
    settings_panels: ClassVar[list[Any]] = []
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    translatable_fields: ClassVar[list[Any]] = [
        TranslatableField("title"),
        TranslatableField("summary"),
        TranslatableField("body"),
        TranslatableField("change_note"),
        SynchronizedField("slug", overridable=False),
        SynchronizedField("document_type", overridable=False),
        SynchronizedField("version", overridable=False),
        SynchronizedField("effective_on", overridable=False),
        SynchronizedField("requires_acceptance", overridable=False),
        SynchronizedField("change_class", overridable=False),
    ]
    personal: ClassVar[Declaration] = dict.fromkeys(
        (
            "page_ptr",
            "document_type",
            "summary",
            "body",
            "version",
            "effective_on",
            "requires_acceptance",
            "change_class",
            "change_note",
        ),
        NOT_PERSONAL,
    )

    class Meta:
        verbose_name = _("legal document")
        verbose_name_plural = _("legal documents")

    def clean(self) -> None:
        """One page per document and language; raises ValidationError for a second one."""
        super().clean()
        twins = LegalPage.objects.filter(document_type=self.document_type, locale_id=self.locale_id).exclude(pk=self.pk)
        if self.document_type and twins.exists():
            raise ValidationError({"document_type": _("There is already a page for this document in this language.")})

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return LegalPageTester(user, self)

    def publish(
        self,
        revision: Revision,
        user: User | None = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """Publish and freeze in one transaction: a refusal to freeze leaves the page as it was.

        A translation stays a draft unless somebody approved it or its source: wagtail-localize publishes by itself when
        the source is live, but translators save and never publish.
        """
        if not skip_permission_checks and self.source() != self:
            return
        revision.published_by = user  # Wagtail's signal does not say who; legal.receivers reads it here
        with transaction.atomic():
            super().publish(revision, user, changed, log_action, previous_revision, skip_permission_checks)

    def frozen_text(self) -> LegalText:
        """The unsaved text that publishing this page as it stands would freeze, hash included."""
        text = LegalText(
            version=LegalVersion(
                document_type=self.document_type,
                version=canonical.plain(self.version),
                effective_on=self.effective_on,
                requires_acceptance=self.requires_acceptance,
                change_class=self.change_class,
            ),
            language=self.locale.language_code,
            title=canonical.plain(self.title),
            summary=canonical.plain(self.summary),
            content=canonical.sanitise(self.body),
            change_note=canonical.plain(self.change_note),
        )
        text.sha256 = canonical.sha256_hex(text.members())
        return text

    def contradicts_published_version(self) -> bool:
        """Is the version label taken by a published text that says something else?"""
        taken = LegalText.objects.filter(
            version__document_type=self.document_type,
            version__version=canonical.plain(self.version),
            language=self.locale.language_code,
        )
        return any(text.sha256 != self.frozen_text().sha256 for text in taken)

    def published_version(self) -> LegalVersion | None:
        """The published version that has this page's label."""
        return LegalVersion.objects.filter(document_type=self.document_type, version=canonical.plain(self.version)).first()

    def previous_version(self) -> LegalVersion | None:
        """The version that a new one follows; None when this one is published already, or the document's first."""
        if self.published_version() is not None:
            return None
        return LegalVersion.objects.filter(document_type=self.document_type).order_by("-pk").first()

    def is_backdated(self) -> bool:
        """Would a new version take effect before people could know of it? The first one replaces nothing, so it may."""
        return self.effective_on is not None and self.effective_on < today() and self.previous_version() is not None

    def repeats_change_note(self) -> bool:
        """Does a new version say of itself what the version before it said?"""
        previous = self.previous_version()
        return (
            previous is not None
            and previous.texts.filter(language=self.locale.language_code, change_note=canonical.plain(self.change_note)).exists()
        )

    def touched_terms(self) -> list[TouchedTerm]:
        """What keeps an editorial change from being one: changed sentences that carry a watched term. Of a material one, nothing."""
        return self.frozen_text().touched_terms() if self.change_class == LegalVersion.ChangeClass.EDITORIAL else []

    def texts_to_freeze(self) -> dict[str, str]:
        """What approving this text freezes in the other languages: the SHA-256 of each complete one. Empty for a translation."""
        if self.source() != self:
            return {}
        pages = translations.pages_to_publish(self, self.published_version())
        texts = [translations.text_to_freeze(page, self) for page in pages]
        return {text.language: text.sha256 for text in texts if text is not None}

    def was_left_out(self) -> bool:
        """Is it a translation without which its text was published, and which waits for no approval?"""
        published = self._published_source()
        if published is None:
            return False
        version = published.published_version()
        return version is not None and not version.texts.filter(language=self.locale.language_code).exists()

    def is_late_translation(self) -> bool:
        """Was it left out, and does it now say all that the text as published says?"""
        published = self._published_source()
        return published is not None and self.was_left_out() and translations.text_to_freeze(self, published) is not None

    def _published_source(self) -> LegalPage | None:
        """What this page translates, as it was published; None for a source itself and while an approval goes on."""
        source = self.source()
        if source == self or source.live_revision is None or source.workflow_in_progress:
            return None
        published: LegalPage = source.live_revision.as_object()
        return published

    def is_translated_by(self, user: User) -> bool:
        """Did this person write any of what approving this text would newly publish in another language?"""
        if self.source() != self:
            return False
        texts = LegalText.objects.filter(version__document_type=self.document_type).order_by("-pk")
        return any(
            translations.is_author(page, user, last_text=texts.filter(language=page.locale.language_code).first())
            for page in translations.pages_to_publish(self, self.published_version())
        )

    @cached_property
    def text_in_force(self) -> LegalText | None:
        return LegalText.objects.in_force(document_type=self.document_type, language=self.locale.language_code)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """The frozen text in force, never the page's own; 404 until there is one."""
        if self.text_in_force is None:
            raise Http404
        return self._render(request, self.text_in_force, is_preview=False)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        """The draft as it would be frozen, marked as one."""
        return self._render(request, self.frozen_text(), is_preview=True)

    def _render(self, request: HttpRequest, text: LegalText, *, is_preview: bool) -> TemplateResponse:
        languages = text.version.texts.values("language") if text.version.pk else [text.language]
        others = self.get_translations().live().filter(locale__language_code__in=languages).select_related("locale")
        context = self.get_context(request) | {"text": text, "version": text.version, "is_preview": is_preview, "translations": others}
        return TemplateResponse(request, self.template, context)


class ReviewedTexts(models.Model):
    """What a review covers besides the page under review: the SHA-256 of the text that each other language would publish."""

    review = models.OneToOneField(
        ReviewedTaskState, verbose_name=_("review"), on_delete=models.CASCADE, primary_key=True, related_name="legal_texts"
    )
    digests = models.JSONField(_("SHA-256 by language"), default=dict)

    personal: ClassVar[Declaration] = {"review": NOT_PERSONAL, "digests": NOT_PERSONAL}

    class Meta:
        verbose_name = _("reviewed texts")
        verbose_name_plural = _("reviewed texts")

    def __str__(self) -> str:
        return ", ".join(sorted(self.digests))

    @classmethod
    def of(cls, review: TaskState) -> dict[str, str]:
        """The digests of this review; none for one that began before they were kept."""
        kept = cls.objects.filter(review_id=review.pk).first()
        return kept.digests if kept else {}


class LegalApprovalTask(ReviewedRevisionTask):
    """Approval of a legal text by a second person: neither who submitted it nor anybody who wrote any of it since the last publication.

    A review covers every language that approval would publish, and so do the four eyes: translators are authors too.
    """

    personal: ClassVar[Declaration] = {"task_ptr": NOT_PERSONAL, "groups": NOT_PERSONAL}

    class Meta:
        verbose_name = _("legal approval task")
        verbose_name_plural = _("legal approval tasks")

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> ReviewedTaskState:
        state = super().start(workflow_state, user=user)
        ReviewedTexts.objects.create(review=state, digests=state.revision.as_object().texts_to_freeze())
        return state

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> str | None:
        """As for every review; approval also needs every language to say what it said when the review began.

        Raises StaleReview when one does not: the review has begun anew by then, for the approver to look again.
        """
        if action_name != "approve":
            return super().on_action(task_state, user, action_name, **kwargs)
        if self._restart_if_retranslated(task_state, user):
            raise StaleReview
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=task_state.workflow_state.object_id)
            page: LegalPage = task_state.revision.as_object()
            if page.is_backdated():
                raise EffectiveInThePast
            texts = LegalText.objects.filter(version__document_type=page.document_type)
            known = set(texts.values_list("pk", flat=True))
            answer = super().on_action(task_state, user, action_name, **kwargs)
            # Translators lock nothing, so one may have been faster than the comparison above: what was frozen decides.
            frozen = texts.exclude(pk__in=known).exclude(language=page.locale.language_code)
            if not set(frozen.values_list("language", "sha256")) <= set(ReviewedTexts.of(task_state).items()):
                raise StaleReview
        return answer

    @transaction.atomic
    def _restart_if_retranslated(self, task_state: TaskState, user: User) -> bool:
        Page.objects.select_for_update().get(pk=task_state.workflow_state.object_id)
        state = ReviewedTaskState.objects.select_for_update().get(pk=task_state.pk)
        if not state.is_current() or state.revision.as_object().texts_to_freeze() == ReviewedTexts.of(state):
            return False
        state.cancel(user=user, resume=True)
        return True

    def is_own_work(self, task_state: TaskState, user: User) -> bool:
        return super().is_own_work(task_state, user) or task_state.revision.as_object().is_translated_by(user)

    @classmethod
    def get_description(cls) -> str:
        return str(_("A member of the chosen groups approves the text; nobody can approve what they wrote or submitted."))
