"""Texts that the tests of blocks, Markdown and PDF share."""

from __future__ import annotations

from pathlib import Path

NESTED = "<h2>Rights</h2><ol><li>One<ul><li>inner</li><li>inner too</li></ul></li><li>Two</li></ol><p>After.</p>"
DEMO = Path(__file__).resolve().parents[2] / "home" / "demo" / "legal"
TEXTS = [
    *(path.read_text(encoding="utf-8") for path in sorted(DEMO.glob("*.html"))),
    "<p>1. not a list</p><p>- neither</p><p># nor this</p><p>a * b _ c [d] &lt;e&gt; `f` \\g</p>",
    "<p><b>bold </b>and <i> italic</i></p><ul><li><b>Term:</b> words</li></ul>",
]
