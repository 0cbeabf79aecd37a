"""The reference lists that editors and translators keep: one snippet view set per list, in one menu."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import DeleteView, IndexView, SnippetViewSet, SnippetViewSetGroup

from fammo.common import languages
from pets import services
from pets.models import (
    ActivityLevel,
    AgeCategory,
    BodyType,
    Breed,
    FoodAllergy,
    FoodFeeling,
    FoodImportance,
    FoodType,
    Gender,
    HealthIssue,
    PetType,
    ReferenceRow,
    TreatFrequency,
)
from pets.reference_import import sheet_columns

from .health import HealthViewSet
from .importing import ImportView

#: What a list has beside words: in the order of its form.
FACTS: dict[type[ReferenceRow], tuple[str, ...]] = {
    PetType: ("weight_min_kg", "weight_max_kg"),
    Breed: ("pet_type", "size_class", "adult_weight_min_kg", "adult_weight_max_kg"),
    AgeCategory: ("pet_type", "min_weeks", "max_weeks"),
    BodyType: ("condition_score_min", "condition_score_max"),
}
ICONS: dict[type[ReferenceRow], str] = {
    PetType: "paw",
    Breed: "list-ul",
    AgeCategory: "calendar",
    Gender: "user",
    BodyType: "expand-right",
    ActivityLevel: "resubmit",
    FoodType: "tag",
    FoodFeeling: "thumbtack",
    FoodImportance: "order",
    FoodAllergy: "warning",
    HealthIssue: "help",
    TreatFrequency: "time",
}


def panels_of(model: type[ReferenceRow]) -> list[Panel]:
    """The form of a list: one group per language, then the facts of this list, then what all lists have."""
    panels: list[Panel] = [
        MultiFieldPanel([FieldPanel(f"{name}_{language.code}") for name in model.word_columns()], heading=language.native_name)
        for language in languages.LANGUAGES
    ]
    if model is Breed:
        panels.append(FieldPanel("local_name_note"))
    if facts := FACTS.get(model):
        panels.append(MultiFieldPanel([FieldRowPanel([FieldPanel(name) for name in facts])], heading=_("Facts")))
    return [
        *panels,
        MultiFieldPanel([FieldRowPanel([FieldPanel("order"), FieldPanel("reviewed"), FieldPanel("is_retired")])], heading=_("In the apps")),
        MultiFieldPanel([FieldRowPanel([FieldPanel("source"), FieldPanel("source_id")])], heading=_("Where it comes from")),
    ]


class ReferenceFilterSet(WagtailFilterSet):
    """What an editor looks for: rows to translate, rows to review, rows no longer offered."""

    missing = django_filters.ChoiceFilter(label=_("Without words in"), choices=languages.CHOICES, method="without_words_in")

    def without_words_in(self, rows: QuerySet[Model], _name: str, code: str) -> QuerySet[Model]:
        model: Any = rows.model
        return rows.filter(model.untranslated_in(code))


class BreedFilterSet(ReferenceFilterSet):
    """Breeds are also looked for by the language in which they keep their international name."""

    international = django_filters.ChoiceFilter(
        label=_("With the international name in"), choices=languages.CHOICES[1:], method="international_in"
    )

    def international_in(self, rows: QuerySet[Model], _name: str, code: str) -> QuerySet[Model]:
        return rows.filter(local_name_note__contains=code)


def filterset_of(model: type[ReferenceRow]) -> type[ReferenceFilterSet]:
    species = ["pet_type"] if model in {Breed, AgeCategory} else []
    meta = type("Meta", (), {"model": model, "fields": [*species, "reviewed", "is_retired"]})
    base = BreedFilterSet if model is Breed else ReferenceFilterSet
    return type(f"{model.__name__}FilterSet", (base,), {"Meta": meta})


class ReferenceIndexView(IndexView):
    """The list, with a way to bring a sheet back beside Wagtail's own that take it out."""

    import_url_name: str = ""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if self.permission_policy.user_has_permission(self.request.user, "change"):
            button = Button(_("Import CSV"), url=reverse(self.import_url_name), icon_name="upload", priority=110)
            buttons = [*buttons, button]
        return buttons


class ReferenceDeleteView(DeleteView):
    """Deleting goes through the service, which refuses rows that are in use or of the repository's files."""

    def delete_action(self) -> None:
        services.delete_reference_rows(rows=[self.object], actor=self.request.user)


class ReferenceViewSet(SnippetViewSet):
    """One reference list; rows in use are retired, never deleted."""

    add_to_admin_menu = False
    copy_view_enabled = False
    list_per_page = 50
    ordering = ("order", "name_en")
    search_fields: ClassVar = [*(f"name_{code}" for code in languages.CODES), "slug"]
    index_view_class = ReferenceIndexView
    delete_view_class = ReferenceDeleteView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.annotate(pet_count=Count("pets", distinct=True))

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(import_url_name=self.get_url_name("import"), **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        view = self.construct_view(ImportView, model=self.model, header_icon=self.icon, list_url_name=self.get_url_name("list"))
        return [*super().get_urlpatterns(), path("import/", view, name="import")]


def viewset_of(model: type[ReferenceRow]) -> type[ReferenceViewSet]:
    species = ["pet_type"] if model in {Breed, AgeCategory} else []
    sheet = {field.attname: name for name, field in sheet_columns(model).items()}
    columns = [
        "name_en",
        *species,
        *(f"name_{code}" for code in languages.CODES[1:]),
        Column("missing", label=_("Missing"), accessor=lambda row: ", ".join(row.missing_translations) or "-"),
        BooleanColumn("reviewed", label=_("Reviewed"), sort_key="reviewed"),
        BooleanColumn("offered", label=_("Offered"), accessor=lambda row: not row.is_retired, sort_key="is_retired"),
        NumberColumn("pet_count", label=_("Pets"), accessor="pet_count", sort_key="pet_count"),
    ]
    members = {
        "__doc__": ReferenceViewSet.__doc__,
        "model": model,
        "icon": ICONS[model],
        "menu_label": model._meta.verbose_name_plural,
        "list_display": columns,
        "list_export": list(sheet),
        "export_headings": sheet,
        "filterset_class": filterset_of(model),
        "panels": panels_of(model),
    }
    return type(f"{model.__name__}ViewSet", (ReferenceViewSet,), members)


class ReferenceViewSetGroup(SnippetViewSetGroup):
    """Everything that apps offer in the pet form, in one menu."""

    menu_label = _("Reference data")
    menu_name = "pet-reference-data"
    menu_icon = "list-ul"
    menu_order = 330
    items = (
        HealthViewSet,
        *(
            viewset_of(model)
            for model in (
                *(PetType, Breed, AgeCategory, Gender, BodyType, ActivityLevel, FoodType, FoodFeeling, FoodImportance),
                *(FoodAllergy, HealthIssue, TreatFrequency),
            )
        ),
    )
