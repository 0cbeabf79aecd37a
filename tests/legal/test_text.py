"""What is made of a frozen text: blocks, Markdown, sentences and their differences, a PDF."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from legal.canonical import sanitise
from legal.models import LegalText, LegalVersion
from legal.text.blocks import blocks_of
from legal.text.markdown import markdown_of
from legal.text.pdf import pdf_of
from legal.text.sentences import Change, Sentence, changes_between, sentences_of, split
from tests.factories.legal import legal_version
from tests.legal.text_cases import NESTED, TEXTS


def simple(html: str) -> list[object]:
    """Blocks without what is not looked at: type and words."""
    found: list[object] = []
    for block in blocks_of(html):
        if block["type"] == "list":
            found.append([(item["level"], item["number"], "".join(span["text"] for span in item["spans"])) for item in block["items"]])
        else:
            found.append((block["type"], "".join(span["text"] for span in block["spans"])))
    return found


def test_inner_lists_keep_their_level_and_numbers() -> None:
    assert simple(NESTED) == [
        ("heading", "Rights"),
        [(0, 1, "One"), (1, None, "inner"), (1, None, "inner too"), (0, 2, "Two")],
        ("paragraph", "After."),
    ]


def test_styles_and_links_stay_with_their_words() -> None:
    (paragraph,) = blocks_of('<p>a <b>b <i>c</i></b> <a href="https://x.example/?a=1&amp;b=2">d</a><br>e</p>')

    assert paragraph == {
        "type": "paragraph",
        "spans": [
            {"type": "text", "text": "a ", "bold": False, "italic": False},
            {"type": "text", "text": "b ", "bold": True, "italic": False},
            {"type": "text", "text": "c", "bold": True, "italic": True},
            {"type": "text", "text": " ", "bold": False, "italic": False},
            {"type": "link", "text": "d", "href": "https://x.example/?a=1&b=2", "bold": False, "italic": False},
            {"type": "text", "text": "\n", "bold": False, "italic": False},
            {"type": "text", "text": "e", "bold": False, "italic": False},
        ],
    }


@pytest.mark.parametrize("html", ["", "<p></p>", "<p> </p><ul></ul>", "  \n "])
def test_nothing_makes_no_block_with_words(html: str) -> None:
    assert [block for block in simple(html) if block != []] == []
    assert markdown_of(html).strip() == ""


@pytest.mark.parametrize("html", [NESTED, *TEXTS])
def test_markdown_reads_like_the_text(html: str) -> None:
    rendered = MarkdownIt().render(markdown_of(html))

    assert simple(sanitise(rendered)) == simple(html)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See e.g. the page. It helps.", ["See e.g. the page.", "It helps."]),
        ("Maksu on 5. luokkaa. Esim. Kela maksaa.", ["Maksu on 5. luokkaa.", "Esim. Kela maksaa."]),
        ("Zie bijv. Amsterdam. Ja.", ["Zie bijv. Amsterdam.", "Ja."]),
        ("Örn. İstanbul’da. Şimdi başla.", ["Örn. İstanbul’da.", "Şimdi başla."]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
        ("Price 1.5 euros. Fine.", ["Price 1.5 euros.", "Fine."]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def as_sentences(*texts: str) -> list[Sentence]:
    return [Sentence(text, "Data") for text in texts]


def test_changes_are_told_sentence_by_sentence() -> None:
    before = as_sentences("We keep it for two years.", "We share it with nobody.", "You may object.", "Write to us.")
    after = as_sentences("We keep it for three years.", "You may object.", "A new promise stands here.", "Write to us.")

    assert changes_between(before, after) == [
        Change(type="changed", section="Data", before="We keep it for two years.", after="We keep it for three years."),
        Change(type="removed", section="Data", before="We share it with nobody.", after=""),
        Change(type="added", section="Data", before="", after="A new promise stands here."),
    ]


def test_equal_texts_have_no_changes_and_sections_are_named() -> None:
    sentences = sentences_of("<h2>Data</h2><p>One. Two.</p><ul><li>Three</li></ul>")

    assert [(each.text, each.section) for each in sentences] == [(text, "Data") for text in ("Data", "One.", "Two.", "Three")]
    assert changes_between(sentences, sentences) == []


@pytest.mark.django_db
def test_pdf_holds_the_letters_of_four_languages_and_is_the_same_each_time(caplog: pytest.LogCaptureFixture) -> None:
    version: LegalVersion = legal_version()
    text: LegalText = version.texts.get()
    text.title, text.content, text.language = "Käyttöehdot İğşÇ", f"<p>ä İ ğ ş ı ö €</p>{NESTED}", "tr"

    made = pdf_of(text)

    assert made.startswith(b"%PDF-")
    assert made == pdf_of(text)
    assert b"DejaVu" in made
    assert "missing the following glyphs" not in caplog.text
    text.content = "<p>\u4e2d</p>"
    pdf_of(text)
    assert "missing the following glyphs" in caplog.text, "or the line above proves nothing"


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["<p>{words}{link}</p>", "<ul><li>{words}{link}</li></ul>"])
def test_pdf_breaks_no_link_in_the_middle_of_a_word(template: str) -> None:
    text: LegalText = legal_version().texts.get()
    link = '<a href="mailto:privacy@fammo.example">privacy@fammo.example</a>'
    lengths = range(30, 90)
    text.content = "".join(template.format(words=f"{'word ' * 30}"[:length].rstrip() + " ", link=link) for length in lengths)

    links = pdf_of(text).count(b"/Subtype /Link")

    assert links == len(lengths), "a link that is broken is two"
