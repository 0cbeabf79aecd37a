"""What the editor of a legal page is told about its languages, before anybody decides."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel
from wagtail.models import Locale
from wagtail_localize.models import Translation

from legal.querysets import people_to_ask_again


class LanguagesPanel(Panel):
    """Which languages would be published with this text and which are not completely translated yet, as of the last submission."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "legal/admin/languages_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None and self.instance.source().pk == self.instance.pk

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            page = self.instance
            translations = Translation.objects.filter(source__object_id=page.translation_key, enabled=True).select_related("target_locale")
            progress = [(translation.target_locale, *translation.get_progress()) for translation in translations]
            pages = type(page).objects.filter(translation_key=page.translation_key, alias_of=None)
            begun = {locale.pk for locale, _total, _done in progress} | set(pages.values_list("locale_id", flat=True))
            return {
                **super().get_context_data(parent_context),
                "complete": [locale for locale, total, done in progress if done == total],
                "incomplete": [(locale, total - done) for locale, total, done in progress if done < total],
                "not_begun": Locale.objects.exclude(pk__in=begun),
                "review": page.current_workflow_task_state,
                "people": people_to_ask_again(page.document_type),
            }
