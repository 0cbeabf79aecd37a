"""The gazetteer: towns and the names that people call them by, loaded from ``clinics/gazetteer/towns.csv``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinics.querysets import TownQuerySet
from fammo.common.privacy import NOT_PERSONAL, Declaration


class Town(models.Model):
    """A populated place; ``id`` is GeoNames' own."""

    id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    population = models.PositiveIntegerField(_("population"))

    objects = TownQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "name", "country", "latitude", "longitude", "population"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("town")
        verbose_name_plural = _("towns")
        ordering = ("-population", "id")
        indexes = (models.Index(fields=("latitude", "longitude"), name="clinics_town_by_place"),)

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"


class TownName(models.Model):
    """One name of a town, folded for comparison; its first name is among them."""

    town = models.ForeignKey(Town, verbose_name=_("town"), on_delete=models.CASCADE, related_name="names")
    key = models.CharField(_("folded name"), max_length=200)

    wagtail_reference_index_ignore = True

    personal: ClassVar[Declaration] = dict.fromkeys(("id", "town", "key"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("name of a town")
        verbose_name_plural = _("names of towns")
        constraints = (models.UniqueConstraint(fields=("key", "town"), name="clinics_town_is_called_so_once"),)

    def __str__(self) -> str:
        return self.key


class GazetteerLoad(models.Model):
    """Which version of the towns file the tables hold."""

    sha256 = models.CharField(_("digest of the file"), max_length=64, primary_key=True)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    personal: ClassVar[Declaration] = dict.fromkeys(("sha256", "loaded_at"), NOT_PERSONAL)

    class Meta:
        verbose_name = _("load of the gazetteer")
        verbose_name_plural = _("loads of the gazetteer")

    def __str__(self) -> str:
        return self.sha256[:12]
