"""Operations in the admin: mails on their way, background tasks and feature flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from waffle.models import Flag
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import EditView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from fammo.api import flags
from fammo.cms.registers import Register
from fammo.mail.models import OutgoingMail

if TYPE_CHECKING:
    from fammo.accounts.models import User


class MailRegister(Register):
    """Every mail with its state and, when it does not go out, the server's words."""

    model = OutgoingMail
    base_url_path = "operations/mail"
    menu_label = _("Mail")
    menu_icon = "mail"
    list_display = ("created_at", "kind", "to", "language", "state", "attempts", "last_error")
    list_filter = ("state", "kind", "language", "created_at")
    search_fields = ("to", "kind", "last_error")
    inspect_view_fields: ClassVar = ["kind", "to", "language", "state", "attempts", "last_error", "created_at", "sent_at"]


class TaskRegister(Register):
    """Every background task; "Failed" is parked and waits for `tasks_status --retry`."""

    model = DBTaskResult
    base_url_path = "operations/tasks"
    menu_label = _("Background tasks")
    menu_icon = "tasks"
    ordering = ("-enqueued_at",)  # the model's own is made of expressions, which modeladmin cannot read
    list_display = ("enqueued_at", "task_path", "status", "attempts", "finished_at", "exception_class_path")
    list_filter = ("status", "task_path", "enqueued_at")
    search_fields = ("task_path", "exception_class_path")
    inspect_view_fields: ClassVar = ["task_path", "status", "enqueued_at", "started_at", "finished_at", "exception_class_path", "traceback"]

    @staticmethod
    def attempts(result: DBTaskResult) -> int:
        return len(result.worker_ids)


class OperationsGroup(ModelAdminGroup):
    menu_label = _("Operations")
    menu_icon = "cogs"
    menu_order = 900
    items = (MailRegister, TaskRegister)


modeladmin_register(OperationsGroup)


class TurnFlagView(EditView):
    """Wagtail's form, through the service that writes the audit log."""

    def save_instance(self) -> Flag:
        values = self.form.cleaned_data
        changes = {"everyone": values["everyone"], "percent": values["percent"], "groups": [group.name for group in values["groups"]]}
        return flags.turn(name=self.object.name, changes=changes, actor=self.request.user, refuse_if_changed=lambda flag: None)


class FlagPolicy(ModelPermissionPolicy):
    """Code declares the flags; people only turn them."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action in {"view", "change"} and bool(super().user_has_permission(user, action))


register_permission_policy(Flag, FlagPolicy(Flag))


class FlagViewSet(ModelViewSet):
    """Feature flags; single people are given one over the API."""

    model = Flag
    name = "feature_flags"
    icon = "tick"
    menu_label = _("Feature flags")
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_view_class = TurnFlagView
    form_fields = ("everyone", "percent", "groups")
    list_display = ("name", Column("state", label=_("State"), accessor=flags.in_words), "note")
    ordering = "name"


@hooks.register("register_admin_viewset")
def register_flags() -> FlagViewSet:
    return FlagViewSet()
