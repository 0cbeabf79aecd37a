"""The editor's form of a legal page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from legal.errors import ChangeIsMaterial, EffectiveInThePast


class LegalPageForm(WagtailAdminPageForm):
    """Says while submitting, not only on approval, what keeps the text from becoming a version. Drafts may be anything."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or self.is_deferred_validation:
            return
        if self.instance.contradicts_published_version():
            self.add_error("version", _("A different text is already published under this version. Give the new text a new version."))
        if self.instance.is_backdated():
            self.add_error("effective_on", EffectiveInThePast.message)
        if touched := self.instance.touched_terms():
            self.add_error("change_class", ChangeIsMaterial(language=self.instance.locale.language_code, touched=touched).message)
        if self.instance.repeats_change_note():
            self.add_error("change_note", _("This is what the version before it said. Say what changed since then."))
