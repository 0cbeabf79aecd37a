"""Bringing a sheet back into a reference list: what it would change is shown first, and done only on a second word."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from pets import services
from pets.reference_import import MAX_BYTES, sheet_columns

SHOWN_CHANGES = 500


class SheetForm(forms.Form):
    """The file to be tried out."""

    file = forms.FileField(label=_("CSV file"), help_text=_("UTF-8, as the list's own export gives it. At most 2 MB."))

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file


class ConfirmForm(forms.Form):
    """The same file once more, and what its trial said."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=2 * MAX_BYTES)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except binascii.Error as exc:
            raise forms.ValidationError(_("The file did not arrive whole. Please try again.")) from exc


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """First the file, then its report, then the import. Needs the right to change rows; new rows need the right to add them."""

    model: Any = None  # one of the reference lists
    list_url_name = ""
    header_icon = ""
    permission_required = "change"
    template_name = "pets/admin/import.html"

    def setup(self, *args: Any, **kwargs: Any) -> None:
        super().setup(*args, **kwargs)
        self.permission_policy = policy_registry.get_by_type(self.model)

    @property
    def may_add(self) -> bool:
        return bool(self.permission_policy.user_has_permission(self.request.user, "add"))

    def get_page_title(self) -> str:
        return str(_("Import %(name)s") % {"name": self.model._meta.verbose_name_plural})

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": reverse(self.list_url_name), "label": capfirst(self.model._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, listing, {"url": "", "label": self.get_page_title()}]

    def get_form_class(self) -> type[forms.Form]:
        return ConfirmForm if "digest" in self.request.POST else SheetForm

    def form_valid(self, form: forms.Form) -> HttpResponse:
        if isinstance(form, ConfirmForm):
            return self._import(form.cleaned_data["content"], form.cleaned_data["digest"])
        content: bytes = form.cleaned_data["file"].read()
        report = services.try_import(model=self.model, content=content, may_add=self.may_add)
        confirm = ConfirmForm(initial={"content": base64.b64encode(content).decode(), "digest": report.digest})
        shown = {"report": report, "changes": report.changes[:SHOWN_CHANGES], "more": max(0, len(report.changes) - SHOWN_CHANGES)}
        return self.render_to_response(self.get_context_data(form=confirm, **shown))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(list_url=reverse(self.list_url_name), columns=list(sheet_columns(self.model)), **kwargs)

    def _import(self, content: bytes, digest: str) -> HttpResponse:
        user: Any = self.request.user
        report = services.import_rows(actor=user, model=self.model, content=content, may_add=self.may_add, digest=digest)
        if report.problems:
            messages.error(self.request, _("Nothing was imported: the file has problems."))
            return redirect(self.request.path)
        count = report.changed + len(report.added)
        messages.success(self.request, ngettext("%(count)d row was imported.", "%(count)d rows were imported.", count) % {"count": count})
        return redirect(self.list_url_name)
