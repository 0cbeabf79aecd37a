from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "fammo.privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        import_module("fammo.privacy.checks")
        import_module("fammo.privacy.libraries")
