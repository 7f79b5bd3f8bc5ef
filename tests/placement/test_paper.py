"""The press: what somebody wrote is printed as they wrote it, in a file that everybody can read, within its bounds."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from placement.paper import printing
from placement.paper.document import Block, Bullet, Bullets, Entry, Heading, Paper, Paragraph, Picture, Table
from placement.paper.printing import ENVIRONMENT, NotPrinted, print_paper
from placement.svg import as_html, draw, picture

#: What a note may hold that a typesetter would act on, if it read it.
HOSTILE = [
    '#read("/etc/passwd")',
    '#read("paper.typ")',
    '#image("/etc/hostname")',
    '#include "paper.typ"',
    '#import "@preview/tablex:0.0.9": *',
    '#panic("stop") #sys.inputs #eval("1+1")',
    "*fed* _kursiv_ `kode` $x^2$ @kilde <navn> = Overskrift",
    "// borte /* væk */ \\ \\u{1F600} ~ -- --- ' \"",
    "- punkt\n+ punkt\n/ ord: betydning",
    "]) #set text(fill: white) [(",
    "https://example.org/%23?x=1",
]


def paper(*blocks: Block, title: str = "Til mødet", language: str = "da") -> Paper:
    return Paper(
        title=title, lead="2026-0001 Maja", footer="Fortroligt · 2026-0001", page_words=("Side", "af"),
        language=language, printed_at=datetime(2026, 11, 26, 9, 30, tzinfo=UTC), blocks=list(blocks),
    )  # fmt: skip


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def words_of(pdf: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in read(pdf).pages))


def everywhere(text: str) -> Sequence[Block]:
    """A text in every place that a paper has."""
    svg = picture("p", (100, 40), text, text)
    draw(svg, "text", x=0, y=20, font_size=8).text = text
    return [
        Heading(text), Paragraph(text), Paragraph(text, muted=True), Bullets([Bullet(text, word=text, small=text)]),
        Entry(text, small=text, text=text, lines=[(text, text)]),
        Picture(title=text, svg=as_html(svg), words=text, about=text, mark=text),
        Table(text, [text, text], [[text, text]]),
    ]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_wrote_is_printed_as_it_is(text: str) -> None:
    printed = words_of(print_paper(paper(*everywhere(text), title=text)))
    # Each place but the words in the picture, which are drawn as shapes.
    assert printed.count(squeezed(text)) >= 18
    assert "root:" not in printed and "#letpaper" not in printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Žďár, ő, ẞ, Ωжщ, ½ → ✓ ▲", "Žďár, ő, ẞ, Ωжщ, ½ → ✓ ▲"),
        ("Mor 😀👍🏽 ❤️", "Mor [grinning face][thumbs up sign] ❤"),
        ("a\x07b\x00c", "abc"),
    ],
)
def test_letters_of_other_alphabets_are_drawn_and_emoji_said_by_name(text: str, shown: str) -> None:
    pdf = print_paper(paper(Paragraph(text)))
    assert squeezed(shown) in words_of(pdf) and "Nogletegnkanikkevises" not in words_of(pdf)


def test_a_letter_that_no_font_has_is_told_and_the_paper_comes_all_the_same() -> None:
    assert "Nogletegnkanikkevisespåpapir." in words_of(print_paper(paper(Paragraph("日本"))))


def test_the_file_is_tagged_has_a_title_and_a_language_and_brings_its_fonts() -> None:
    pdf = print_paper(paper(*everywhere("Blåbærgrød")))
    found = read(pdf)
    catalogue = found.trailer["/Root"].get_object()
    assert catalogue["/Lang"] == "da-DK" or str(catalogue["/Lang"]).startswith("da")
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata is not None and found.metadata.title == "Til mødet"
    assert found.metadata.author is None
    assert found.xmp_metadata is not None
    assert b"pdfuaid:part" in pdf or b"pdfuaid" in found.xmp_metadata.stream.get_data()
    assert (round(found.pages[0].mediabox.width), round(found.pages[0].mediabox.height)) == (595, 842)
    fonts = [font for page in found.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "IBMPlexSans" in described["/FontName"] and {"/FontFile2", "/FontFile3"} & set(described)


def test_every_page_has_the_footer_and_its_number() -> None:
    pages = read(print_paper(paper(*[Paragraph("Ord " * 400) for _n in range(8)]))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = squeezed(page.extract_text())
        assert "Fortroligt·2026-0001" in text
        assert f"Side{number}af{len(pages)}" in text


@pytest.mark.parametrize("rows", [0, 1, 6, 7, 8, 25])
@pytest.mark.parametrize("columns", [2, 4])
def test_no_row_of_a_table_is_lost_when_it_stands_in_parts(rows: int, columns: int) -> None:
    cells = [[f"r{row:02}k{column}" for column in range(columns)] for row in range(rows)]
    head = [f"Hoved{column}" for column in range(columns)]
    printed = words_of(print_paper(paper(Table("Tal", head, cells))))
    assert [cell for row in cells for cell in row if cell not in printed] == []


def test_too_long_a_paper_is_refused_in_words() -> None:
    with pytest.raises(NotPrinted, match="for meget"):
        print_paper(paper(Paragraph("x" * printing.LARGEST)))


@pytest.mark.parametrize("bound", [{"seconds": 0.001}, {"memory": 40 * 1024**2}])
def test_a_press_that_takes_too_much_is_ended_and_the_next_paper_comes_out(
    bound: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(NotPrinted, match="kunne ikke laves"):
        print_paper(paper(Paragraph("Mor er bange.")), **bound)  # type: ignore[arg-type]
    assert caplog.records and "bange" not in caplog.text and "Maja" not in caplog.text
    assert print_paper(paper()).startswith(b"%PDF")


def test_the_press_knows_nothing_of_the_house() -> None:
    assert set(ENVIRONMENT) == {"RAYON_NUM_THREADS", "MALLOC_ARENA_MAX"}
