from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "fammo.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from . import triggers

        post_migrate.connect(triggers.install, sender=self, dispatch_uid="fammo.api.triggers")
        autodiscover_modules("metrics")
        autodiscover_modules("flags")
        from . import flags

        post_migrate.connect(flags.make_missing_rows, sender=self, dispatch_uid="fammo.api.flags")
