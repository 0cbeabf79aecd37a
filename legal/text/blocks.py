"""A legal text as blocks: the sanitised HTML of ``legal.canonical`` taken apart once, for everything that is not a browser."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Literal, TypedDict


class TextSpan(TypedDict):
    """Words in one style; ``\\n`` is a line break."""

    type: Literal["text"]
    text: str
    bold: bool
    italic: bool


class LinkSpan(TypedDict):
    """Words that lead somewhere."""

    type: Literal["link"]
    text: str
    href: str
    bold: bool
    italic: bool


Span = TextSpan | LinkSpan


class HeadingBlock(TypedDict):
    """A heading; ``level`` is 2 or 3, as the title of the document is the first."""

    type: Literal["heading"]
    level: int
    spans: list[Span]


class ParagraphBlock(TypedDict):
    type: Literal["paragraph"]
    spans: list[Span]


class ListItem(TypedDict):
    """An item; ``level`` counts from 0, ``number`` is None in a list of bullets."""

    level: int
    number: int | None
    spans: list[Span]


class ListBlock(TypedDict):
    """A list with its inner lists, flat in reading order."""

    type: Literal["list"]
    items: list[ListItem]


Block = HeadingBlock | ParagraphBlock | ListBlock


def blocks_of(html: str) -> list[Block]:
    """The blocks of a sanitised text, in reading order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.blocks


def spans_of(block: Block) -> Iterator[list[Span]]:
    """The runs of words of a block: one of a heading or paragraph, one per item of a list."""
    if block["type"] == "list":
        yield from (item["spans"] for item in block["items"])
    else:
        yield block["spans"]


def plain_text(spans: list[Span]) -> str:
    """The words alone, on one line."""
    return " ".join("".join(span["text"] for span in spans).split())


class _Reader(HTMLParser):
    """Walks the fixed set of tags; anything that nh3 let through outside of a block is a paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.spans: list[Span] = []
        self.heading = 0
        self.bold = self.italic = 0
        self.href: str | None = None
        self.lists: list[int | None] = []
        self.in_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "h2", "h3", "li", "ul", "ol"):
            self.end_block()
        if tag in ("h2", "h3"):
            self.heading = int(tag[1])
        elif tag in ("ul", "ol"):
            if not self.lists:
                self.blocks.append(ListBlock(type="list", items=[]))
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._start_item()
        elif tag == "br":
            self._say("\n")
        elif tag == "a":
            self.href = dict(attrs).get("href")
        else:
            self._style(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "h2", "h3", "li", "ul", "ol"):
            self.end_block()
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.in_item = False
        elif tag == "a":
            self.href = None
        else:
            self._style(tag, -1)

    def handle_data(self, data: str) -> None:
        # As a browser does: white space is one space, and none at the start of a block.
        words = " ".join(data.split())
        if words or self.spans:
            before = " " if data[:1].isspace() and self.spans else ""
            after = " " if words and data[-1:].isspace() else ""
            self._say(f"{before}{words}{after}")

    def end_block(self) -> None:
        """What was said since the last block is one; nothing makes none."""
        spans, self.spans, heading, self.heading = _trimmed(self.spans), [], self.heading, 0
        if not spans:
            return
        if self.lists:
            self._add_to_item(spans)
        elif heading:
            self.blocks.append(HeadingBlock(type="heading", level=heading, spans=spans))
        else:
            self.blocks.append(ParagraphBlock(type="paragraph", spans=spans))

    def _start_item(self) -> None:
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
        self.in_item = True

    def _add_to_item(self, spans: list[Span]) -> None:
        block = self.blocks[-1]
        if block["type"] != "list":
            return
        number = self.lists[-1] if self.in_item else None
        block["items"].append(ListItem(level=len(self.lists) - 1, number=number, spans=spans))
        self.in_item = False

    def _style(self, tag: str, step: int) -> None:
        if tag in ("b", "strong"):
            self.bold = max(0, self.bold + step)
        elif tag in ("i", "em"):
            self.italic = max(0, self.italic + step)

    def _say(self, words: str) -> None:
        if not words:
            return
        bold, italic = self.bold > 0, self.italic > 0
        if self.href is None:
            self.spans.append(TextSpan(type="text", text=words, bold=bold, italic=italic))
        else:
            self.spans.append(LinkSpan(type="link", text=words, href=self.href, bold=bold, italic=italic))


def _trimmed(spans: list[Span]) -> list[Span]:
    """Without white space at either end, and without double spaces between spans."""
    kept: list[Span] = []
    for span in spans:
        starts_anew = not kept or kept[-1]["text"].endswith((" ", "\n"))
        span["text"] = span["text"].lstrip(" ") if starts_anew else span["text"]
        if span["text"]:
            kept.append(span)
    if kept:
        kept[-1]["text"] = kept[-1]["text"].rstrip()
    return [span for span in kept if span["text"]]
