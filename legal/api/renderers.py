"""PDF as a type that clients may ask for; what goes wrong is told in JSON all the same."""

from __future__ import annotations

from fammo.api.renderers import JSONRenderer


class PdfRenderer(JSONRenderer):
    """Lets ``Accept: application/pdf`` through; the view hands out the file by itself."""

    media_type = "application/pdf"
    format = "pdf"
