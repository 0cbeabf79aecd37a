"""The audit log's place in the admin."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .views import AuditReport


class AuditMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("audit.view_entry")


@hooks.register("register_admin_urls")
def register_report() -> list[URLPattern]:
    return [
        path("reports/audit/", AuditReport.as_view(), name="audit_report"),
        path("reports/audit/results/", AuditReport.as_view(results_only=True), name="audit_report_results"),
    ]


@hooks.register("register_reports_menu_item")
def register_menu_item() -> MenuItem:
    return AuditMenuItem(_("Audit log"), reverse("audit_report"), name="audit", icon_name="history", order=1100)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="audit", codename="view_entry")
