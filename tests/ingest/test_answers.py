"""From a folder of files to a citation: the page, the section and the exact quotation."""

import pytest

from qa_bot import QaBot
from qa_bot.bot import update_index
from qa_bot.corpus import read_corpus
from qa_bot.index import checked_spans, load_index
from tests.fakes import HashingEncoder
from tests.ingest.pdf_files import lines, pdf_file

FIRST = [
    (50, 760, 16, "The weir of Orsel"),
    *lines(50, 700, ["The weir was built in 1931 by the people of the long", "valley, and it has leaked ever"]),
]
SECOND = [
    *lines(50, 760, ["since the summer of 1940 began."]),
    (50, 700, 16, "The boats"),
    *lines(50, 670, ["Nine boats sank."]),
]


@pytest.fixture
def bot(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "weir.pdf").write_bytes(pdf_file(FIRST, SECOND))
    (corpus / "page.html").write_text(
        "<h1>Cows of the valley</h1><p>they graze</p><h2>Milk</h2><table><tr><td>Cream<td>12 litres</table>",
        encoding="utf-8",
    )
    encoder = HashingEncoder(dim=64)
    update_index(read_corpus(corpus), tmp_path / "index", encoder)
    return QaBot(load_index(tmp_path / "index"), encoder)


def test_a_citation_of_a_pdf_names_its_page_and_its_section(bot):
    built, sank = (bot.search(q, limit=1)[0] for q in ("weir built in 1931 by the people", "nine boats sank"))

    assert (built.page, built.section) == (1, "The weir of Orsel")
    assert built.quote.endswith("it has leaked ever since the summer of 1940 began.")  # over the end of the page
    assert (sank.page, sank.section, sank.quote) == (2, "The boats", "Nine boats sank.")


def test_sections_are_the_headings_of_the_markup_and_rows_are_quoted_whole(bot):
    row = bot.search("cream 12 litres", limit=1)[0]

    assert (row.page, row.section, row.quote) == (None, "Milk", "Cream | 12 litres")
    assert [s.heading for s in bot.outline("page").sections] == ["Cows of the valley", "Milk"]


def test_the_layout_comes_back_from_the_index(bot, tmp_path):
    read = {d.doc_id: d for d in read_corpus(tmp_path / "corpus").documents}

    assert {d.doc_id: d for d in bot.documents} == read
    assert checked_spans(bot.index) > 0
