"""The ingredient table in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from ai.models import Ingredient
from ai.models.reference import FACTS
from fammo.common import languages
from pets.services import delete_reference_rows


class IngredientFilterSet(WagtailFilterSet):
    """What an editor looks for: one group, one species, rows nobody has agreed to yet."""

    class Meta:
        model = Ingredient
        fields: ClassVar[list[str]] = ["group", "food_type", "reviewed", "is_retired"]


class IngredientDeleteView(DeleteView):
    """Deleting goes through the service, which refuses rows of the repository's file."""

    def delete_action(self) -> None:
        delete_reference_rows(rows=[self.object], actor=self.request.user)


class IngredientViewSet(SnippetViewSet):
    """What meal plans are made of; rows of the file are retired, never deleted."""

    model = Ingredient
    icon = "list-ul"
    menu_label = _("Ingredients")
    menu_name = "ingredients"
    menu_order = 341
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 50
    ordering = ("order", "name_en")
    filterset_class = IngredientFilterSet
    delete_view_class = IngredientDeleteView
    search_fields: ClassVar[list[str]] = [*(f"name_{code}" for code in languages.CODES), "slug", "aliases"]
    list_display: ClassVar[list[Any]] = [
        "name_en",
        "group",
        *FACTS,
        "species",
        BooleanColumn("reviewed", label=_("Reviewed"), sort_key="reviewed"),
        BooleanColumn("offered", label=_("Offered"), accessor=lambda row: not row.is_retired, sort_key="is_retired"),
    ]
    list_export: ClassVar[list[str]] = [
        "slug",
        *(f"name_{code}" for code in languages.CODES),
        "group",
        *FACTS,
        "species",
        "allergens",
        "source",
    ]
    panels: ClassVar[list[Any]] = [
        *(MultiFieldPanel([FieldPanel(f"name_{each.code}")], heading=each.native_name) for each in languages.LANGUAGES),
        FieldPanel("aliases"),
        MultiFieldPanel([FieldPanel("group"), FieldRowPanel([FieldPanel(name) for name in FACTS])], heading=_("Per 100 g as fed")),
        MultiFieldPanel([FieldPanel("species"), FieldPanel("allergens")], heading=_("Who may eat it")),
        MultiFieldPanel([FieldPanel("food_type"), FieldPanel("stages"), FieldPanel("conditions")], heading=_("Prepared foods")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("order"), FieldPanel("reviewed"), FieldPanel("is_retired")])], heading=_("In meal plans")
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("source"), FieldPanel("source_id")])], heading=_("Where it comes from")),
    ]
