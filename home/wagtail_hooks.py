"""What the editorial side adds to the admin's first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language_info
from wagtail import hooks
from wagtail.admin.ui.components import Component

from home.translations import OTHER_CODES, Coverage, coverage


class TranslationsPanel(Component):
    """How far each language is, kind by kind; complete kinds are summed up so that what is missing stands out."""

    order = 250
    template_name = "home/admin/translations_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        rows = coverage()
        return {"languages": [_of_language(code, rows) for code in OTHER_CODES]}


def _of_language(code: str, rows: list[Coverage]) -> dict[str, Any]:
    own = [row for row in rows if row.language == code]
    waiting = urlencode({"target_locale": code, "waiting_for_translation": "true"})
    return {
        "name": get_language_info(code)["name_translated"],
        "gaps": [row for row in own if row.missing],
        "url": f"{reverse('wagtail_localize:translations_report')}?{waiting}",
    }


@hooks.register("construct_homepage_panels")
def show_translations(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm("wagtail_localize.submit_translation"):
        panels.append(TranslationsPanel())
