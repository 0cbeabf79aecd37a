"""Every CSV file of the admin, Wagtail's own reports included: what a spreadsheet would take for a formula is marked as text."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
preprocess = SpreadsheetExportMixin.preprocess_field_value


def as_text(value: str) -> str:
    """The value as it stands in a CSV file: names, addresses and versions of apps are written by strangers."""
    return f"'{value}" if len(value) > 1 and value.startswith(FORMULA_STARTS) else value


def preprocess_field_value(self: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    """Wagtail's, whose reports prepare some columns by functions of their own: so the cell is marked after all of them."""
    cell = preprocess(self, field, value, export_format)
    return as_text(cell) if export_format == self.FORMAT_CSV and isinstance(cell, str) else cell


def mark_formulas() -> None:
    """Once at start, for every view that exports."""
    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
