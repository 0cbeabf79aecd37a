"""A legal text as CommonMark."""

from __future__ import annotations

import re

from .blocks import Block, ListItem, Span, blocks_of

# What CommonMark could read as markup, inside a line and at its start.
INSIDE = re.compile(r"([\\`*_\[\]<>])")
AT_START = re.compile(r"^(\s*)(\d*)([#+\-=~]|(?<=\d)[.)](?=\s))", re.MULTILINE)


def markdown_of(html: str) -> str:
    """The sanitised text with the same headings, lists, emphasis and links."""
    return "\n\n".join(map(_block, blocks_of(html)))


def _block(block: Block) -> str:
    match block["type"]:
        case "heading":
            return f"{'#' * block['level']} {_spans(block['spans'])}"
        case "list":
            return "\n".join(map(_item, block["items"]))
    return _spans(block["spans"])


def _item(item: ListItem) -> str:
    marker = "-" if item["number"] is None else f"{item['number']}."
    indent = "    " * item["level"]
    return f"{indent}{marker} {_spans(item['spans'])}".replace("\\\n", f"\\\n{indent}  ")


def _spans(spans: list[Span]) -> str:
    return AT_START.sub(r"\1\2\\\3", "".join(map(_span, spans))).replace("\n", "\\\n")


def _span(span: Span) -> str:
    words = INSIDE.sub(r"\\\1", span["text"])
    core = words.strip()
    if not core:
        return words
    styled = f"**{core}**" if span["bold"] else core
    styled = f"*{styled}*" if span["italic"] else styled
    if span["type"] == "link":
        styled = f"[{styled}](<{span['href']}>)"
    return words.replace(core, styled, 1)
