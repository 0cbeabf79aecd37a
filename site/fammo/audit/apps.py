from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from fammo.common import written_once


class AuditConfig(AppConfig):
    name = "fammo.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        written_once.protect(self, written_once.Guard("audit_entry", keys=(("id",),)))
        autodiscover_modules("audit")
