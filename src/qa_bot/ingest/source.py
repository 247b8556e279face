"""What reading a source file gives, and how blocks of text become it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa_bot.types import Heading, Layout, Span

# Control characters, halves of surrogate pairs, and marks without a width that only say where a line may break.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class SourceText:
    """The canonical text of a source file: what is quoted, and what every offset counts in.

    `layout` maps offsets to headings, paragraphs and pages; None for plain text, which says nothing about them.
    `title` is the one the file declares, if it does; each warning is one sentence about what may be wrong.
    """

    text: str
    layout: Layout | None = None
    title: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def pages(self) -> tuple[int, ...]:
        """The offset at which each page starts; empty where the format knows no pages."""
        return self.layout.pages if self.layout else ()

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings that the format marks as such, in order; empty for plain text."""
        return self.layout.headings if self.layout else ()


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that stands alone: a paragraph, a list item, a table row, or a heading of a level from 1.

    `close` says that it follows the block before it without a blank line between, as the rows of a table do;
    `pages` are places in the text where a page starts, as pairs of an offset and the page's position.
    """

    text: str
    level: int = 0
    close: bool = False
    pages: tuple[tuple[int, int], ...] = ()


def compose(
    blocks: Iterable[Block], *, title: str | None = None, warnings: tuple[str, ...] = (), pages: int = 0
) -> SourceText:
    """Join blocks to a canonical text; offsets are made here, while joining, and nowhere else.

    A page (of `pages` in all) on which no block starts or continues begins where the next one does.

    Raises: ValueError: a block's page comes before that of the text before it, so that pages have no one start.
    """
    parts: list[str] = []
    spans: list[Span] = []
    headings: list[Heading] = []
    starts: list[int | None] = [None] * pages
    offset = reached = 0
    for block in blocks:
        if parts:
            parts.append("\n" if block.close else "\n\n")
            offset += len(parts[-1])
        span = Span(offset, offset + len(block.text))
        parts.append(block.text)
        spans.append(span)
        if block.level:
            headings.append(Heading(span, block.level))
        for place, page in block.pages:
            if page < reached:  # then text would be cited with the number of a later page
                raise ValueError(f"page {page + 1} comes after page {reached + 1}, in {block.text[:40]!r}")
            reached = page
            if starts[page] is None:
                starts[page] = offset + place
        offset = span.end
    layout = Layout(tuple(spans), tuple(headings), _filled(starts, offset))
    return SourceText("".join(parts), layout, title, warnings)


def one_line(text: str) -> str:
    """A text with every run of white space made one space, and without characters that are no text."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def many_lines(text: str) -> str:
    """A text whose lines and indents are kept, without blank lines, trailing spaces and characters that are no text."""
    lines = (_UNPRINTABLE.sub("", line).rstrip() for line in _NEWLINES.sub("\n", text).split("\n"))
    return "\n".join(line for line in lines if line).lstrip()


def _filled(starts: list[int | None], end: int) -> tuple[int, ...]:
    filled: list[int] = []
    for start in reversed(starts):
        end = end if start is None else start
        filled.append(end)
    return tuple(reversed(filled))
