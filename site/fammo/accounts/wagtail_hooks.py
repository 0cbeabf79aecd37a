"""Accounts in the Wagtail admin: plans, and activation of many people at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.bulk_actions import DeleteBulkAction, SetActiveStateBulkAction

from fammo.accounts import services
from fammo.accounts.models import Erasure, SubscriptionPlan, User
from fammo.common import languages


def limit_column(name: str, label: Any) -> Column:
    return Column(name, label=label, accessor=lambda plan: _("no limit") if getattr(plan, name) is None else str(getattr(plan, name)))


class DeletePlanView(DeleteView):
    def delete_action(self) -> None:
        services.delete_plan(plan=self.object, actor=self.request.user)


class SubscriptionPlanViewSet(ModelViewSet):
    """Plans, what they cost and allow, in every language."""

    model = SubscriptionPlan
    name = "subscription_plans"
    icon = "tag"
    menu_label = _("Subscription plans")
    add_to_settings_menu = True
    copy_view_enabled = False
    delete_view_class = DeletePlanView
    ordering = "order"
    search_fields = ("code", *(f"name_{code}" for code in languages.CODES))
    list_display = (
        "name",
        "code",
        "monthly_price",
        limit_column("monthly_meal_plans", _("Meal plans per month")),
        limit_column("monthly_health_reports", _("Health reports per month")),
        limit_column("free_pets", _("Pets included")),
    )
    panels = (
        *(
            MultiFieldPanel([FieldPanel(f"name_{language.code}"), FieldPanel(f"description_{language.code}")], heading=language.native_name)
            for language in languages.LANGUAGES
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("monthly_meal_plans"), FieldPanel("monthly_health_reports"), FieldPanel("free_pets")])],
            heading=_("What it allows"),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("monthly_price"), FieldPanel("order"), FieldPanel("code")])], heading=_("Other")),
    )


@hooks.register("register_admin_viewset")
def register_plans() -> SubscriptionPlanViewSet:
    return SubscriptionPlanViewSet()


@hooks.register("register_bulk_action", order=100)
class SetActiveState(SetActiveStateBulkAction):
    """Wagtail's bulk action, through the service that ends the logins and writes the log."""

    @classmethod
    def execute_action(cls, objects: Iterable[User], mark_as_active: bool = False, **kwargs: Any) -> tuple[int, int]:
        actor = kwargs["user"]
        people = [person for person in objects if person.pk != actor.pk]
        for person in people:
            services.set_active(user=person, is_active=mark_as_active, actor=actor)
        return len(people), 0


@hooks.register("register_bulk_action", order=100)
class Erase(DeleteBulkAction):
    """Wagtail's bulk action, through the service that erases everything about a person."""

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects: Iterable[User], **kwargs: Any) -> tuple[int, int]:
        people = list(objects)
        for person in people:
            services.request_erasure(user=person, origin=Erasure.Origin.STAFF, actor=kwargs["user"])
        return len(people), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        sentence = ngettext("%(count)d account will be deleted.", "%(count)d accounts will be deleted.", num_parent_objects)
        return sentence % {"count": num_parent_objects}
