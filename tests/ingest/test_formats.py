"""Files that real programs made are read back as what their author wrote."""

import re
import unicodedata
from itertools import pairwise

from tests.ingest.chronicle import RUNNING_HEAD, TITLE, chapters, headings, paragraphs, table_rows
from tests.ingest.conftest import FIXTURES, PDFS, source_of


def paragraphs_read(source):
    return [span.of(source.text) for span in source.layout.paragraphs]


def test_the_text_is_that_of_the_author_and_nothing_else(source):
    written = []
    for year in chapters():
        written += [year.heading, *year.paragraphs, year.trade, *(" | ".join(row) for row in year.rows)]
        written += [year.remarks, *year.items]

    found = paragraphs_read(source)

    assert found[found[0] == TITLE :] == written  # pandoc writes the title of a document into its text


def test_headings_are_those_of_the_author_with_their_levels(source):
    found = [(heading.span.of(source.text), heading.level) for heading in source.headings]

    assert [h for h in found if h[0] != TITLE] == headings()


def test_every_offset_of_a_part_leads_to_it(source):
    layout, text = source.layout, source.text
    for paragraph in paragraphs():
        start = text.index(paragraph)
        place = layout.paragraph_at(start)
        assert layout.paragraphs[place].of(text) == paragraph
        assert layout.paragraph_at(start + len(paragraph)) is None


def test_an_item_stands_under_its_chapter_and_its_part(source):
    for year in chapters():
        path = source.layout.headings_at(source.text.index(year.items[-1]))
        assert [heading.span.of(source.text) for heading in path] == [year.heading, year.remarks]


def test_the_rows_of_a_table_are_paragraphs_without_a_blank_line_between(source):
    assert set(table_rows()) <= set(paragraphs_read(source))
    for year in chapters():
        assert "\n".join(" | ".join(row) for row in year.rows[:2]) in source.text


def test_the_title_is_the_one_the_file_declares(source):
    assert source.title in (TITLE, None)  # Markdown declares none


def test_nothing_around_a_web_page_is_taken_for_its_text():
    text = source_of("chromium.mhtml").text
    for stray in (
        "Menu entry",
        "not a word of this is text",
        "Site name",
        "rights reserved",
        "invisible offer",
        "Read this",
    ):
        assert stray not in text


# ---------------------------------------------------------------- pages


def letters(text):
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def pages_of(source):
    bounds = [*source.pages, len(source.text)]
    return [letters(source.text[a:b]) for a, b in pairwise(bounds)]


def witness_pages(name):
    """What poppler finds on each page, without the lines at its edges that are not the author's."""
    found = (FIXTURES / name).with_suffix(".pdftotext.txt").read_text(encoding="utf-8").split("\f")[:-1]
    edges = re.compile(rf"{RUNNING_HEAD}|{TITLE}, page \d+|Page \d+ of \d+")
    return [letters(edges.sub("", page)) for page in found]


def test_every_page_holds_the_letters_that_another_reader_finds_on_it():
    for name in PDFS:
        ours, theirs = pages_of(source_of(name)), witness_pages(name)

        assert len(ours) == len(theirs) == 33
        assert [sorted(page) for page in ours] == [sorted(page) for page in theirs]
        # poppler swaps a few justified lines; the order of the others is an independent witness of ours
        assert sum(a == b for a, b in zip(ours, theirs, strict=True)) >= 29


def test_the_page_of_an_offset_is_the_one_on_which_it_starts(pdf):
    assert pdf.pages == tuple(sorted(pdf.pages))
    for number, start in enumerate(pdf.pages, 1):
        assert pdf.layout.page_at(start) == number
        assert start == 0 or pdf.layout.page_at(start - 1) == number - 1


def test_a_paragraph_goes_on_over_pages_and_columns(pdf):
    whole = [p for p in pdf.layout.paragraphs if pdf.layout.page_at(p.start) != pdf.layout.page_at(p.end - 1)]

    assert whole
    assert {p.of(pdf.text) for p in whole} <= {*paragraphs(), *(item for year in chapters() for item in year.items)}


def test_other_formats_have_no_pages():
    assert source_of("pandoc.docx").pages == ()
    assert source_of("pandoc.docx").layout.page_at(5) is None


def test_the_fixtures_have_what_makes_a_pdf_hard():
    printed = [(FIXTURES / name).with_suffix(".pdftotext.txt").read_text(encoding="utf-8") for name in PDFS]

    assert len(re.findall(r"[a-z]-\n", printed[0])) >= 10  # hyphens at the end of lines
    assert all(RUNNING_HEAD in text for text in printed)
    assert all("ﬁ" not in source_of(name).text for name in PDFS)
    assert "‐\n" in printed[1]
