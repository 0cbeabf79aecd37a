from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fammo.common import written_once


class LegalConfig(AppConfig):
    name = "legal"
    verbose_name = _("Legal")

    def ready(self) -> None:
        from . import account_page, guards, receivers  # noqa: F401

        written_once.protect(self, *guards.GUARDS)
        receivers.connect()
