"""People: e-mail users, sign-up, tokens, profiles, plans."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "fammo.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        import_module("fammo.accounts.api.callers")  # registers itself with fammo.api
