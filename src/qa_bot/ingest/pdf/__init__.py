"""PDF → blocks: glyphs with their places → lines and tables → paragraphs that may go on over columns and pages."""

from collections.abc import Iterator
from typing import Any

import pypdfium2

from qa_bot.ingest.pdf.blocks import blocks_of
from qa_bot.ingest.pdf.furniture import without_furniture
from qa_bot.ingest.pdf.glyphs import sheet_of
from qa_bot.ingest.pdf.lines import PageText, page_text
from qa_bot.ingest.problems import ExcessiveError, LockedError, UnreadableError
from qa_bot.ingest.source import SourceText, compose, one_line

MAX_PAGES = 20_000
MAX_UNKNOWN = 0.05  # of the glyphs; more of them without a character make a text hard to read

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY


def parse_pdf(content: bytes) -> SourceText:
    """The text of all pages in reading order, with the offset where each starts; running heads and feet left out.

    Raises: UnreadableError, LockedError, ExcessiveError.
    """
    document = _opened(content)
    if len(document) > MAX_PAGES:
        raise ExcessiveError(f"has {len(document):,} pages", f"{MAX_PAGES:,}")
    pages = list(_pages(document))
    blocks = blocks_of(without_furniture(pages), contents_of(document))
    title = one_line(document.get_metadata_value("Title") or "") or None
    return compose(blocks, title=title, warnings=tuple(_warnings(pages)), pages=len(pages))


def contents_of(document: Any) -> dict[str, int]:
    """The level of each entry of the document's own table of contents (its bookmarks), by its title in lower case."""
    try:
        return {one_line(entry.get_title()).casefold(): entry.level + 1 for entry in document.get_toc()}
    except pypdfium2.PdfiumError:
        return {}


def _opened(content: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (_PASSWORD, _SECURITY):
            raise LockedError from None
        raise UnreadableError("it is cut short or damaged") from None


def _pages(document: Any) -> Iterator[PageText]:
    for number in range(len(document)):
        try:
            page = document[number]
            yield page_text(number, sheet_of(page))
        except pypdfium2.PdfiumError:
            raise UnreadableError(f"its page {number + 1} is damaged") from None
        page.close()


def _warnings(pages: list[PageText]) -> Iterator[str]:
    empty = [page.number + 1 for page in pages if not page.items]
    if empty and len(empty) < len(pages):
        yield f"has no text on {_counted(empty)}; if they are images, run text recognition (OCR) on it"
    unknown, glyphs = sum(page.unknown for page in pages), sum(page.glyphs for page in pages)
    if unknown > MAX_UNKNOWN * glyphs:
        yield f"does not say which characters {unknown:,} of its {glyphs:,} glyphs are; check its text"


def _counted(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"page{'s' * (len(numbers) > 1)} {shown}" + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")
