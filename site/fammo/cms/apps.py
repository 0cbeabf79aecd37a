from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "fammo.cms"
    label = "cms"
    verbose_name = _("Content management")

    def ready(self) -> None:
        from . import notices, spreadsheets

        notices.connect()
        spreadsheets.mark_formulas()
