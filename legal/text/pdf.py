"""A legal text as a PDF: the same bytes for the same text, so that a printed copy can be compared with ours."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils import formats, translation
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from legal.models import LegalText

from .blocks import Block, Span, blocks_of

FONTS: Final = Path(__file__).resolve().parents[1] / "fonts"
STYLES: Final = {"": "DejaVuSans", "B": "DejaVuSans-Bold", "I": "DejaVuSans-Oblique", "BI": "DejaVuSans-BoldOblique"}
FAMILY: Final = "DejaVu"
LINE_MM: Final = 5.5
INDENT_MM: Final = 7
TEAL: Final = (13, 94, 99)
QUIET: Final = (90, 90, 90)
BLACK: Final = (20, 20, 20)


def pdf_of(text: LegalText) -> bytes:
    """The document in the language of the text, labels included."""
    with translation.override(text.language):
        paper = _Paper(text)
        paper.add_page()
        paper.write_head()
        for block in blocks_of(text.content):
            paper.write_block(block)
        paper.write_end()
        return bytes(paper.output())


class _Paper(FPDF):
    def __init__(self, text: LegalText) -> None:
        super().__init__(format="A4")
        self.legal_text = text
        self.set_margins(22, 20)
        self.set_auto_page_break(auto=True, margin=22)
        for style, name in STYLES.items():
            self.add_font(FAMILY, style, FONTS / f"{name}.ttf")
        self.set_title(text.title)
        self.set_author("Fammo")
        self.set_lang(text.language)
        self.set_creation_date(text.created_at)

    def footer(self) -> None:
        self.set_y(-15)
        self._line(f"{self.legal_text.title} {self.legal_text.version.version} · {self.page_no()}", size=8, colour=QUIET)

    def write_head(self) -> None:
        version = self.legal_text.version
        day = formats.date_format(version.effective_on, "DATE_FORMAT")
        facts = _("Version %(label)s, in force from %(day)s") % {"label": version.version, "day": day}
        self._line(self.legal_text.title, size=20, style="B", colour=TEAL)
        self._line(facts, size=9, colour=QUIET)
        self.ln(3)
        self._line(self.legal_text.summary, size=11, style="I")
        self.ln(3)

    def write_block(self, block: Block) -> None:
        match block["type"]:
            case "heading":
                self.ln(3)
                self._line("".join(span["text"] for span in block["spans"]), size=14 if block["level"] == 2 else 12, style="B", colour=TEAL)
                self.ln(1)
            case "paragraph":
                self._spans(block["spans"])
                self.ln(LINE_MM + 2)
            case "list":
                for item in block["items"]:
                    self._item("•" if item["number"] is None else f"{item['number']}.", item["level"], item["spans"])
                self.ln(2)

    def write_end(self) -> None:
        self.ln(4)
        self._line(f"{_('What changed')}: {self.legal_text.change_note}", size=9, colour=QUIET)
        self._line(f"SHA-256: {self.legal_text.sha256}", size=8, colour=QUIET)

    def _item(self, marker: str, level: int, spans: list[Span]) -> None:
        left = self.l_margin
        self._font("")
        self.set_x(left + level * INDENT_MM)
        self.cell(INDENT_MM, LINE_MM, marker)
        self.set_left_margin(left + (level + 1) * INDENT_MM)
        self._spans(spans)
        self.set_left_margin(left)
        self.ln(LINE_MM + 1)

    def _spans(self, spans: list[Span]) -> None:
        for span in spans:
            self._font(("B" if span["bold"] else "") + ("I" if span["italic"] else ""))
            self._break_before(span["text"])
            if span["type"] == "link":
                self.set_text_color(*TEAL)
                self.write(LINE_MM, span["text"], link=span["href"])
            else:
                self.write(LINE_MM, span["text"])

    def _break_before(self, words: str) -> None:
        """A new line if the first word does not fit: ``write`` would break a word that begins in the middle of a line."""
        first = words.split(" ", 1)[0]
        room = self.w - self.r_margin - self.get_x() - 2 * self.c_margin
        if self.get_x() > self.l_margin and self.get_string_width(first) > room:
            self.ln(LINE_MM)

    def _line(self, words: str, *, size: int, style: str = "", colour: tuple[int, int, int] = BLACK) -> None:
        self.set_font(FAMILY, style, size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.5, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _font(self, style: str) -> None:
        self.set_font(FAMILY, style, 10.5)
        self.set_text_color(*BLACK)
