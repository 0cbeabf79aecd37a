"""The editorial face of a clinic: pages, one for each language that somebody has written it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from phonenumber_field.modelfields import PhoneNumberField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Page, PagePermissionTester, Revision
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from clinics import dates, hours
from clinics.errors import NotReviewed
from clinics.places import validate_country
from fammo.cms.models import ApprovedOnlyTester, PublicByPublishingPage, ReviewedPage, SectionTester, is_approved
from fammo.common.privacy import NOT_PERSONAL, Declaration, Person, Personal

from .fields import SpecializationsField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from fammo.accounts.models import User

HOURS = frozenset({"opening_intervals", "special_hours"})
WHILE_LISTED = "As long as the clinic is in Fammo, and in the page's history."


class ClinicIndexPage(PublicByPublishingPage):
    """The parent of all clinic pages of one language; the Clinic approval workflow hangs on it."""

    personal: ClassVar[Declaration] = {"page_ptr": NOT_PERSONAL}

    max_count_per_parent = 1
    subpage_types: ClassVar[list[str]] = ["clinics.ClinicPage"]

    class Meta:
        verbose_name = _("clinic directory")
        verbose_name_plural = _("clinic directories")

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return SectionTester(user, self)


class ClinicPageForm(WagtailAdminPageForm):
    """Refuses what no single field can see: half a coordinate, overlapping hours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours_as_opened = self.instance.week(), self.instance.special_days()

    def is_valid(self) -> bool:
        return super().is_valid() and self._hours_are_valid()

    def has_changed(self) -> bool:
        """Hours count by the week they make: the rows of a draft have no key yet, so each would look new in an untouched form."""
        others = [form for name, formset in self.formsets.items() if name not in HOURS for form in formset.forms]
        is_as_opened = (self._posted_week(), self._posted_special_days()) == self.hours_as_opened
        return bool(self.changed_data) or not is_as_opened or any(form.has_changed() for form in others)

    def _posted(self, name: str) -> list[dict[str, Any]]:
        rows = [form.cleaned_data for form in self.formsets[name].forms if form.is_valid()] if name in self.formsets else []
        return [row for row in rows if row and not row.get("DELETE")]

    def _posted_week(self) -> hours.Week:
        return hours.make_week(hours.Interval(row["day_of_week"], row["opens"], row["closes"]) for row in self._posted("opening_intervals"))

    def _posted_special_days(self) -> tuple[hours.SpecialDay, ...]:
        return hours.make_special_days((row["on"], row["opens"], row["closes"]) for row in self._posted("special_hours"))

    def _hours_are_valid(self) -> bool:
        if (day := hours.overlapping_day(self._posted_week())) is not None:
            self.add_error(None, _("The opening hours on %(day)s overlap.") % {"day": hours.day_name(day)})
        if (on := hours.overlapping_date(self._posted_special_days())) is not None:
            self.add_error(None, _("The opening hours on %(day)s overlap.") % {"day": date_format(on)})
        if (on := dates.out_of_range(self._posted_special_days())) is not None:
            self.add_error(None, dates.refusal_of(on))
        return not self.errors


class ClinicPage(ReviewedPage):
    """What a person reads about a clinic. Facts are written on the source page only (design D3); ``WORDS`` are translated."""

    WORDS = ("bio", "hours_note", "degrees", "certifications")
    FACTS = (
        "title",
        "slug",
        "address",
        "zip_code",
        "city",
        "country",
        "latitude",
        "longitude",
        "phone",
        "email",
        "website",
        "instagram",
        "specializations",
        "other_specializations",
        "logo",
        "vet_name",
        "closed_on_holidays",
    )

    address = models.CharField(_("street address"), max_length=200, blank=True)
    zip_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(
        _("country"), max_length=2, validators=[validate_country], help_text=_("Two letters, for example FI, NL or TR.")
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north; leave both empty when you do not know."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east."),
    )
    phone = PhoneNumberField(_("phone"), blank=True, help_text=_("With the country code, for example +358 9 1234567."))
    email = models.EmailField(_("public e-mail address"), blank=True)
    website = models.URLField(
        _("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])], help_text=_("Starts with https://")
    )
    instagram = models.CharField(_("Instagram"), max_length=200, blank=True)
    specializations = SpecializationsField(_("specializations"), help_text=_("People filter the directory by these."))
    other_specializations = models.CharField(_("other specializations"), max_length=300, blank=True, help_text=_("Separated by commas."))
    bio = models.TextField(
        _("description"), blank=True, max_length=5000, help_text=_("Who you are and what you do. Translated by language.")
    )
    hours_note = models.CharField(
        _("note on the opening hours"), max_length=300, blank=True, help_text=_("For example holidays or an emergency number.")
    )
    closed_on_holidays = models.BooleanField(
        _("closed on public holidays"),
        default=False,
        help_text=_("Those of the clinic's country. A date below that has hours of its own is open nevertheless."),
    )
    logo = models.ForeignKey(
        "wagtailimages.Image", verbose_name=_("logo"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    vet_name = models.CharField(_("veterinarian"), max_length=150, blank=True)
    degrees = models.CharField(_("degrees"), max_length=500, blank=True)
    certifications = models.CharField(_("certifications"), max_length=500, blank=True)

    personal: ClassVar[Declaration] = {
        "vet_name": Personal(purpose="Telling animal owners who treats their animals.", retention=WHILE_LISTED),
        "degrees": Personal(purpose="Telling animal owners how the veterinarian is trained.", retention=WHILE_LISTED),
        "certifications": Personal(purpose="Telling animal owners what the veterinarian is qualified for.", retention=WHILE_LISTED),
        "email": Personal(purpose="Letting animal owners write to the clinic.", retention=WHILE_LISTED),
        "phone": Personal(purpose="Letting animal owners call the clinic.", retention=WHILE_LISTED),
        **dict.fromkeys(
            ("page_ptr", "address", "zip_code", "city", "country", "latitude", "longitude", "website", "instagram", "specializations"),
            NOT_PERSONAL,
        ),
        **dict.fromkeys(("other_specializations", "bio", "hours_note", "closed_on_holidays", "logo"), NOT_PERSONAL),
    }

    base_form_class = ClinicPageForm
    parent_page_types: ClassVar[list[str]] = ["clinics.ClinicIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    is_creatable = False  # registration and import make the page together with its operational record
    template = "clinics/clinic_page.html"

    override_translatable_fields = (
        *(SynchronizedField(name, overridable=False) for name in (*FACTS, "opening_intervals", "special_hours")),
        *(TranslatableField(name) for name in WORDS),
    )

    content_panels = (
        FieldPanel("title", heading=_("Name of the clinic")),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("zip_code"), FieldPanel("city"), FieldPanel("country")]),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            heading=_("Where"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("phone", widget=forms.TextInput(attrs={"type": "tel"})), FieldPanel("email")]),
                FieldRowPanel([FieldPanel("website"), FieldPanel("instagram")]),
            ],
            heading=_("How to reach it"),
        ),
        MultiFieldPanel(
            [FieldPanel("bio"), FieldPanel("logo"), FieldPanel("specializations"), FieldPanel("other_specializations")], heading=_("About")
        ),
        MultiFieldPanel([FieldPanel("vet_name"), FieldPanel("degrees"), FieldPanel("certifications")], heading=_("Veterinarian")),
        MultiFieldPanel(
            [
                InlinePanel(
                    "opening_intervals",
                    label=_("opening interval"),
                    help_text=_(
                        "Several for one day are fine. Closing at or before opening means after midnight; 00:00 to 00:00 is the whole day."
                    ),
                ),
                FieldPanel("closed_on_holidays"),
                InlinePanel(
                    "special_hours",
                    label=_("exception"),
                    help_text=_("Instead of the usual hours of that date. Leave both times empty when it is closed all day."),
                ),
                FieldPanel("hours_note"),
            ],
            heading=_("Opening hours, in local time"),
        ),
    )

    search_fields = (
        *Page.search_fields,
        index.SearchField("city", boost=2),
        index.SearchField("address"),
        index.SearchField("bio"),
        index.AutocompleteField("city"),
        index.FilterField("country"),
    )

    class Meta:
        verbose_name = _("clinic page")
        verbose_name_plural = _("clinic pages")

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude" if self.longitude is None else "latitude": _("Give both coordinates or none.")})

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return ApprovedOnlyTester(user, self)

    def publish(
        self,
        revision: Revision,
        user: User | None = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """Publish what a moderator has approved; raises NotReviewed for anything else, whoever asks and whatever checks they skip.

        An unreviewed translation stays a draft without a word: wagtail-localize publishes by itself, in nobody's name and
        when its transaction is over, and an error there would tell translators that their saved words are lost.
        """
        if is_approved(revision):
            super().publish(revision, user, changed, log_action, previous_revision, skip_permission_checks)
        elif self.source() == self:
            raise NotReviewed

    def week(self) -> hours.Week:
        """The opening hours of this object, which may be a revision that is not in the table."""
        return hours.make_week(interval.as_interval() for interval in self.opening_intervals.all())

    def set_week(self, week: hours.Week) -> None:
        """Replace the opening hours of this object; ``save_revision`` or ``save`` keeps them."""
        self.opening_intervals: Any = [OpeningInterval(day_of_week=row.day, opens=row.opens, closes=row.closes) for row in week]

    def special_days(self) -> tuple[hours.SpecialDay, ...]:
        """The dated exceptions of this object, in their order."""
        return hours.make_special_days((row.on, row.opens, row.closes) for row in self.special_hours.all())

    def set_special_days(self, special: Iterable[hours.SpecialDay]) -> None:
        """Replace the dated exceptions of this object; ``save_revision`` or ``save`` keeps them."""
        self.special_hours: Any = [
            SpecialHours(on=day.on, opens=opens, closes=closes) for day in special for opens, closes in day.intervals or ((None, None),)
        ]

    def words(self) -> dict[str, str]:
        """The translated texts of this language."""
        return {name: getattr(self, name) for name in self.WORDS}

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("", _("Web page")), ("app", _("Card in the app"))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "clinics/app_card.html" if mode_name == "app" else self.template

    def get_admin_display_title(self) -> str:
        return f"{super().get_admin_display_title()}, {self.city}"

    @classmethod
    def rows_about(cls, person: Person) -> models.QuerySet[ClinicPage]:
        """The pages, in every language, of the clinics that the person owns."""
        sources = cls.objects.filter(clinic__owner_id=person.id)
        return cls.objects.filter(translation_key__in=sources.values("translation_key"))


class OpeningInterval(models.Model):
    """One stretch of being open, kept in the page's revisions like every other word of it."""

    page = ParentalKey(ClinicPage, verbose_name=_("clinic page"), on_delete=models.CASCADE, related_name="opening_intervals")
    day_of_week = models.PositiveSmallIntegerField(_("day"), choices=list(WEEKDAYS.items()))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "page", "day_of_week", "opens", "closes"), NOT_PERSONAL)

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("day_of_week"), FieldPanel("opens"), FieldPanel("closes")])]

    class Meta:
        verbose_name = _("opening interval")
        verbose_name_plural = _("opening intervals")
        ordering = ("day_of_week", "opens")
        constraints = (models.CheckConstraint(condition=models.Q(day_of_week__lte=6), name="clinics_opening_day_is_a_weekday"),)

    def __str__(self) -> str:
        return f"{hours.day_name(self.day_of_week)} {hours.format_time(self.opens)} - {hours.format_time(self.closes)}"

    def as_interval(self) -> hours.Interval:
        return hours.Interval(self.day_of_week, self.opens, self.closes)


class SpecialHours(models.Model):
    """What is different on one date: one stretch of being open, or, without times, that the clinic is closed."""

    page = ParentalKey(ClinicPage, verbose_name=_("clinic page"), on_delete=models.CASCADE, related_name="special_hours")
    on = models.DateField(_("date"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "page", "on", "opens", "closes"), NOT_PERSONAL)

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("on"), FieldPanel("opens"), FieldPanel("closes")])]

    class Meta:
        verbose_name = _("exception to the opening hours")
        verbose_name_plural = _("exceptions to the opening hours")
        ordering = ("on", "opens")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True) | models.Q(opens__isnull=False, closes__isnull=False),
                name="clinics_special_hours_have_both_ends",
            ),
        )

    def __str__(self) -> str:
        if self.opens is None or self.closes is None:
            return f"{self.on.isoformat()}: {_('Closed')}"
        return f"{self.on.isoformat()}: {hours.format_time(self.opens)} - {hours.format_time(self.closes)}"

    def clean(self) -> None:
        if (self.opens is None) != (self.closes is None):
            raise ValidationError({"opens" if self.opens is None else "closes": _("Give both times, or none when it is closed.")})
