"""Pets in the admin: the reference lists (``pets.admin``) and the read-only register of pets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import display
from django.contrib.admin.filters import SimpleListFilter
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register
from wagtail_modeladmin.views import InspectView

from fammo.cms.registers import Register
from fammo.common.errors import Conflict

from . import services
from .admin.lists import ReferenceViewSetGroup
from .models import Pet, PetType, ReferenceRow

register_snippet(ReferenceViewSetGroup)


@hooks.register("before_delete_snippet")
def refuse_deleting_early(request: HttpRequest, rows: Sequence[Model]) -> HttpResponse | None:
    """Nobody is asked whether they are sure about a row that may only be retired."""
    for row in (row for row in rows if isinstance(row, ReferenceRow)):
        try:
            services.refuse_deleting(row)
        except Conflict as exc:
            messages.error(request, _("%(name)s: %(reason)s") % {"name": row, "reason": exc.message})
            return redirect(row.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    return None


@hooks.register("before_bulk_action")
def delete_many(request: HttpRequest, action_type: str, rows: Sequence[Model], view: Any) -> HttpResponse | None:
    """Many rows go through the same door as one."""
    if action_type != "delete" or not rows or not isinstance(rows[0], ReferenceRow):
        return None
    count = services.delete_reference_rows(rows=rows, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, ngettext("%(count)d row was deleted.", "%(count)d rows were deleted.", count) % {"count": count})
    return redirect(rows[0].snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]


class SpeciesFilter(SimpleListFilter):
    """The register by species; Django's own filter for relations would need Django's own admin."""

    title = _("pet type")
    parameter_name = "species"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(row.pk), str(row)) for row in PetType.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Pet]) -> QuerySet[Pet]:
        value = self.value()
        return queryset.filter(pet_type_id=int(value)) if value and value.isdecimal() else queryset


def may_see_owners(request: HttpRequest) -> bool:
    """Whose a pet is, is shown to those who may see users."""
    return request.user.has_perm("accounts.view_user")


class PetInspectView(InspectView):
    """All about one pet, with its owner for those who may see users."""

    def get_fields_dict(self) -> list[dict[str, Any]]:
        fields: list[dict[str, Any]] = super().get_fields_dict()
        if not may_see_owners(self.request):
            return fields
        return [*fields, {"label": _("owner"), "value": self.instance.user.email}]


class PetRegister(Register):
    """All pets, to look things up for their owners."""

    model = Pet
    base_url_path = "pets/register"
    menu_label = _("Pets")
    menu_icon = "paw"
    menu_order = 331
    list_display = ("name", "pet_type", "breed", "age_display", "kilograms", "created_at", "deleted_at")
    list_filter = (SpeciesFilter, "neutered", "created_at")
    list_select_related = ("user", "pet_type", "breed")
    search_fields = ("name",)
    inspect_view_class = PetInspectView
    inspect_view_fields: ClassVar = [
        *("id", "name", "pet_type", "breed", "gender", "birth_date", "age_display", "neutered", "weight", "body_type", "activity_level"),
        *("food_types", "food_allergies", "health_issues", "created_at", "updated_at", "deleted_at"),
    ]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.list_display, "owner") if may_see_owners(request) else self.list_display

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.search_fields, "user__email") if may_see_owners(request) else self.search_fields

    @display(description=_("owner"), ordering="user__email")
    def owner(self, pet: Pet) -> str:
        return pet.user.email

    @display(description=_("weight (kg)"), ordering="weight")
    def kilograms(self, pet: Pet) -> str:
        return pet.get_weight_display()


modeladmin_register(PetRegister)
