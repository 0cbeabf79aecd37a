"""The site tree's top, onboarding slides and the app's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page, PagePermissionTester
from wagtail_localize.fields import SynchronizedField, TranslatableField

from fammo.cms.models import PublicByPublishingPage, SectionTester
from fammo.common.privacy import NOT_PERSONAL, Declaration

if TYPE_CHECKING:
    from fammo.accounts.models import User


class HomePage(PublicByPublishingPage):
    """The front page of one language; the sections of that language hang below it."""

    intro = models.TextField(_("introduction"), blank=True, help_text=_("One or two sentences below the title of the front page."))

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["legal.LegalIndexPage", "home.OnboardingIndexPage", "clinics.ClinicIndexPage"]
    max_count_per_parent = 4

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return SectionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        sections = {type(section).__name__: section for section in self.get_children().live().public().specific()}
        return {
            **super().get_context(request, *args, **kwargs),
            "homes": self.get_translations(inclusive=True).live().select_related("locale").order_by("pk"),
            "clinics": sections.get("ClinicIndexPage"),
            "legal": sections.get("LegalIndexPage"),
            "docs_enabled": settings.API_DOCS_ENABLED,
        }

    personal: ClassVar[Declaration] = dict.fromkeys(("page_ptr", "intro"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class OnboardingIndexPage(PublicByPublishingPage):
    """The folder of one language's onboarding slides."""

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["home.OnboardingSlidePage"]
    max_count_per_parent = 1

    personal: ClassVar[Declaration] = {"page_ptr": NOT_PERSONAL}

    class Meta:
        verbose_name = _("onboarding")
        verbose_name_plural = _("onboarding")


class OnboardingSlidePage(PublicByPublishingPage):
    """One slide that a new user of the app sees; picture and place are facts and come from the slide that was written first."""

    description = models.TextField(_("description"), max_length=400, help_text=_("One or two sentences below the title."))
    button_text = models.CharField(_("button text"), max_length=40, help_text=_("The words on the button that leads on."))
    image = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("picture"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    order = models.PositiveSmallIntegerField(_("place"), default=1, validators=[MaxValueValidator(99)], help_text=_("1 is shown first."))

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("description"),
        FieldPanel("button_text"),
        MultiFieldPanel([FieldPanel("image"), FieldPanel("order")], heading=_("The same in every language")),
    ]
    override_translatable_fields: ClassVar = [
        SynchronizedField("slug"),
        SynchronizedField("image"),
        SynchronizedField("order"),
        TranslatableField("description"),
        TranslatableField("button_text"),
    ]
    api_fields: ClassVar[list[str]] = ["description", "button_text", "image", "order"]
    parent_page_types: ClassVar[list[str]] = ["home.OnboardingIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/onboarding_slide_page.html"

    personal: ClassVar[Declaration] = dict.fromkeys(("page_ptr", "description", "button_text", "image", "order"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("onboarding slide")
        verbose_name_plural = _("onboarding slides")


@register_setting(icon="mobile-alt")
class AppConfiguration(BaseGenericSetting):
    """What the apps show that is not content; an empty picture means the one that ships with Fammo."""

    logo = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("logo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    placeholder_pet = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture for pets without a photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    support_email = models.EmailField(_("support address"), blank=True, help_text=_("Shown in the apps' help section."))

    panels: ClassVar = [FieldPanel("logo"), FieldPanel("placeholder_pet"), FieldPanel("support_email")]

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "logo", "placeholder_pet", "support_email"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("app configuration")


class DemoRecord(models.Model):
    """A demo object that was made once; its row outlives it, so what a person deleted does not come back."""

    key = models.CharField(_("key"), max_length=100, primary_key=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    personal: ClassVar[Declaration] = {"key": NOT_PERSONAL, "made_at": NOT_PERSONAL}

    class Meta:
        verbose_name = _("demo record")
        verbose_name_plural = _("demo records")

    def __str__(self) -> str:
        return self.key
