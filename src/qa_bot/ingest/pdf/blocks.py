"""Paragraphs and tables of a PDF → blocks of text: words put together again, headings told by their letters."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from qa_bot.ingest.pdf.lines import Line, PageText, Table
from qa_bot.ingest.pdf.order import in_reading_order
from qa_bot.ingest.pdf.paragraphs import TERMINATED, Paragraph, paragraphs_of
from qa_bot.ingest.pdf.words import Words
from qa_bot.ingest.source import Block, one_line

LARGER = 1.12  # times the size of most of the text: a heading
MAX_HEADING_LINES, MAX_HEADING_WORDS = 4, 25
MAX_LEVEL = 6

_BULLET = re.compile(r"[•‣◦▪●○■□\ue000-\uf8ff]\s*")
_UNFINISHED = re.compile(r"[,;]$")


def blocks_of(pages: Sequence[PageText], contents: dict[str, int]) -> Iterator[Block]:
    """The blocks of a document; `contents` gives the level of each title in its own table of contents."""
    items = [item for page in pages for item in [*in_reading_order(page.items), *page.asides]]
    words = Words(chain.from_iterable(map(_lines_of, items)))
    parts = paragraphs_of(items)
    headings = _Headings([part for part in parts if isinstance(part, Paragraph)], contents, words)
    for before, part in pairwise([None, *parts]):
        if isinstance(part, Table):
            goes_on = isinstance(before, Table) and _goes_on(before, part)
            yield from _rows(part, words, close=goes_on)
        elif part and (block := _block(part, words, headings)):
            yield block


def _lines_of(item: Line | Table) -> Iterator[Line]:
    if isinstance(item, Line):
        yield item
    else:
        yield from (line for row in item.rows for cell in row for line in cell)


def _goes_on(before: Table, table: Table) -> bool:
    """Whether a table is the rest of one on the page before."""
    return table.page == before.page + 1 and len(table.rows[0]) == len(before.rows[-1])


def _rows(table: Table, words: Words, *, close: bool) -> Iterator[Block]:
    for row in table.rows:
        cells = (one_line(_joined(cell, words)[0]) for cell in row)
        yield Block(" | ".join(cells).strip(), close=close, pages=((0, table.page),))
        close = True


def _block(paragraph: Paragraph, words: Words, headings: "_Headings") -> Block | None:
    text, pages = _unmarked(paragraph, words)
    return Block(text, headings.level(paragraph, text), pages=pages) if text else None


def _unmarked(paragraph: Paragraph, words: Words) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of a paragraph without the mark of a list before it, and where in it each page starts."""
    text, pages = _joined(paragraph.lines, words)
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
        pages = tuple((max(0, place - bullet.end()), page) for place, page in pages)
    return text, pages


def _joined(lines: Sequence[Line], words: Words) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of lines that follow each other, and where in it each page starts."""
    text, page = "", None
    pages: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if number:
            text += words.between(lines[number - 1], line.text)
        if line.page != page:
            page = line.page
            pages.append((len(text), page))
        text += one_line(line.text)
    return text + "-" * lines[-1].parted if lines else text, tuple(pages)


class _Headings:
    """Which paragraphs are headings, and of which level: larger or bolder letters stand above smaller ones."""

    def __init__(self, paragraphs: Sequence[Paragraph], contents: dict[str, int], words: Words) -> None:
        lines = [line for paragraph in paragraphs for line in paragraph.lines]
        self._contents = contents
        self._size, self._bold = _main_style(lines)
        found = (p for p in paragraphs if self._stands_out(p, _unmarked(p, words)[0]))
        self._styles = sorted({_style(p) for p in found}, reverse=True)

    def level(self, paragraph: Paragraph, text: str) -> int:
        """From 1; 0 for body text."""
        listed = self._contents.get(text.casefold())
        if listed:
            return min(listed, MAX_LEVEL)
        if not self._stands_out(paragraph, text):
            return 0
        return min(self._styles.index(_style(paragraph)) + 1, MAX_LEVEL)

    def _stands_out(self, paragraph: Paragraph, text: str) -> bool:
        if len(paragraph.lines) > MAX_HEADING_LINES or len(text.split()) > MAX_HEADING_WORDS:
            return False
        if not any(c.isalpha() for c in text) or _UNFINISHED.search(text):
            return False
        line = paragraph.lines[0]
        if line.size >= LARGER * self._size:
            return True
        bolder = line.bold and not self._bold and line.size > 0.95 * self._size
        return bolder and not TERMINATED.search(text)


def _style(paragraph: Paragraph) -> tuple[float, bool]:
    line = paragraph.lines[0]
    return _rounded(line.size), line.bold


def _main_style(lines: Sequence[Line]) -> tuple[float, bool]:
    """Size and weight of most letters."""
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        letters[_rounded(line.size), line.bold] += len(line.text)
    return letters.most_common(1)[0][0] if letters else (0.0, False)


def _rounded(size: float) -> float:
    return round(size * 2) / 2
