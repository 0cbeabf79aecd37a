"""What the public reads about clinics: one row for each approved clinic, written when a reviewed revision is published."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fammo.common.privacy import NOT_PERSONAL, Declaration, Person, Personal

from .clinic import Clinic
from .fields import SpecializationsField
from .pages import WHILE_LISTED


def clock_key(country: str, time_zone: str) -> str:
    """``FI Europe/Helsinki``: whose public holidays and whose clock opening hours follow; empty while the zone is not known."""
    return f"{country} {time_zone}" if time_zone else ""


class ClinicListing(models.Model):
    """The published projection of a clinic. Directory, search and detail read nothing else, so no unreviewed byte can get out.

    ``words`` holds the translated texts by language; ``search_text`` and ``city_key`` are folded for comparison.
    """

    clinic = models.OneToOneField(Clinic, verbose_name=_("clinic"), on_delete=models.CASCADE, primary_key=True, related_name="listing")
    name = models.CharField(_("name"), max_length=255)
    slug = models.SlugField(_("slug"), max_length=255, allow_unicode=True)
    address = models.CharField(_("street address"), max_length=200, blank=True)
    zip_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("public e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    instagram = models.CharField(_("Instagram"), max_length=200, blank=True)
    specializations = SpecializationsField(_("specializations"))
    other_specializations = models.CharField(_("other specializations"), max_length=300, blank=True)
    specialization_keys = models.CharField(_("specializations to filter by"), max_length=600, blank=True, editable=False)
    logo = models.CharField(_("logo"), max_length=255, blank=True, help_text=_("The stored picture that was reviewed."))
    vet_name = models.CharField(_("veterinarian"), max_length=150, blank=True)
    week = models.JSONField(_("opening hours"), default=list, blank=True)
    special_hours = models.JSONField(_("exceptions to the opening hours"), default=list, blank=True)
    closed_on_holidays = models.BooleanField(_("closed on public holidays"), default=False)
    clock = models.CharField(
        _("country and time zone"),
        max_length=70,
        blank=True,
        help_text=_("Whose public holidays and whose clock the opening hours follow."),
    )
    words = models.JSONField(_("texts by language"), default=dict)
    source_language = models.CharField(_("language of the source"), max_length=8)
    city_key = models.CharField(_("city to filter by"), max_length=100, editable=False)
    search_text = models.TextField(_("text to search in"), editable=False)
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("reviewed revision"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    content_sha256 = models.CharField(_("digest of the reviewed revision"), max_length=64, editable=False)
    published_at = models.DateTimeField(_("published at"))

    personal: ClassVar[Declaration] = {
        "vet_name": Personal(purpose="Telling animal owners who treats their animals.", retention=WHILE_LISTED),
        "words": Personal(purpose="Telling animal owners about the clinic and its veterinarian.", retention=WHILE_LISTED),
        "email": Personal(purpose="Letting animal owners write to the clinic.", retention=WHILE_LISTED),
        "phone": Personal(purpose="Letting animal owners call the clinic.", retention=WHILE_LISTED),
        "search_text": Personal(purpose="Finding the clinic.", retention=WHILE_LISTED, export=False),
        **dict.fromkeys(("clinic", "name", "slug", "address", "zip_code", "city", "country", "latitude", "longitude"), NOT_PERSONAL),
        **dict.fromkeys(("website", "instagram", "specializations", "other_specializations", "specialization_keys", "logo"), NOT_PERSONAL),
        **dict.fromkeys(("week", "special_hours", "closed_on_holidays", "clock"), NOT_PERSONAL),
        **dict.fromkeys(("source_language", "city_key", "revision", "content_sha256", "published_at"), NOT_PERSONAL),
    }

    class Meta:
        verbose_name = _("clinic listing")
        verbose_name_plural = _("clinic listings")
        ordering = ("name", "clinic")
        indexes = (
            models.Index(fields=("name", "clinic"), name="clinics_listing_by_name"),
            models.Index(fields=("city_key", "name", "clinic"), name="clinics_listing_by_city"),
            models.Index(fields=("latitude", "longitude"), name="clinics_listing_by_place"),
            models.Index(fields=("clock",), name="clinics_listing_by_clock"),
            models.Index(fields=("logo",), name="clinics_listing_by_logo"),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_about(cls, person: Person) -> models.QuerySet[ClinicListing]:
        """The listings of the clinics that the person owns."""
        return cls.objects.filter(clinic__owner_id=person.id)


class ListingShift(models.Model):
    """One opening in the week of a listed clinic, in minutes after midnight of ``weekday``, for SQL to filter by."""

    listing = models.ForeignKey(ClinicListing, verbose_name=_("clinic listing"), on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts = models.PositiveSmallIntegerField(_("opens, in minutes after midnight"))
    ends = models.PositiveSmallIntegerField(_("closes, in minutes after midnight; more than 1440 is the next day"))

    wagtail_reference_index_ignore = True

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "listing", "weekday", "starts", "ends"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("opening of a listed clinic")
        verbose_name_plural = _("openings of listed clinics")
        constraints = (models.CheckConstraint(condition=models.Q(starts__lt=models.F("ends")), name="clinics_shift_has_a_length"),)
        indexes = (models.Index(fields=("listing", "weekday"), name="clinics_shift_by_day"),)

    def __str__(self) -> str:
        return f"{self.weekday}: {self.starts}-{self.ends}"


class ListingSpecialShift(models.Model):
    """What replaces the week's openings on one date; a row of no length says that the clinic is closed."""

    listing = models.ForeignKey(ClinicListing, verbose_name=_("clinic listing"), on_delete=models.CASCADE, related_name="special_shifts")
    on = models.DateField(_("date"))
    starts = models.PositiveSmallIntegerField(_("opens, in minutes after midnight"), default=0)
    ends = models.PositiveSmallIntegerField(_("closes, in minutes after midnight; more than 1440 is the next day"), default=0)

    wagtail_reference_index_ignore = True

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "listing", "on", "starts", "ends"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("exceptional opening of a listed clinic")
        verbose_name_plural = _("exceptional openings of listed clinics")
        indexes = (models.Index(fields=("listing", "on"), name="clinics_special_shift_by_date"),)

    def __str__(self) -> str:
        return f"{self.on.isoformat()}: {self.starts}-{self.ends}"
