"""Documents and their parts."""

from bisect import bisect_right
from dataclasses import dataclass

from qa_bot.types.spans import Excerpt, Span
from qa_bot.types.standpoint import PerspectiveCard


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a source's own making: its line in the canonical text, and its level, 1 the outermost."""

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What a source's format says about its parts, each in order of position; headings are paragraphs too.

    `pages[i]` is the offset where page `i + 1` starts; empty where the format knows no pages.
    """

    paragraphs: tuple[Span, ...]
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page, from 1, on which the character at an offset stands."""
        return bisect_right(self.pages, offset) or None

    def headings_at(self, offset: int) -> tuple[Heading, ...]:
        """The headings that a character stands under, outermost first."""
        path: list[Heading] = []
        for heading in self.headings[: bisect_right([h.span.start for h in self.headings], offset)]:
            path = [*(h for h in path if h.level < heading.level), heading]
        return tuple(path)

    def paragraph_at(self, offset: int) -> int | None:
        """The position of the paragraph that holds the character at an offset, None between paragraphs."""
        place = bisect_right([p.start for p in self.paragraphs], offset) - 1
        return place if place >= 0 and offset < self.paragraphs[place].end else None


@dataclass(frozen=True, slots=True)
class Document:
    """One source: canonical text, its SHA-256 (of the UTF-8 bytes), and its card, if it has one.

    `layout` is None for plain text, whose parts are told from the text alone.
    """

    doc_id: str
    title: str
    text: str
    sha256: str
    card: PerspectiveCard | None = None
    layout: Layout | None = None

    @property
    def party(self) -> str | None:
        """The party for which the document speaks, as its card declares it."""
        return self.card.value("perspective.party") if self.card else None

    @property
    def holder(self) -> str | None:
        """From whose point of view the document is written, as its card declares it."""
        return self.card.value("perspective.holder") if self.card else None

    def page_at(self, offset: int) -> int | None:
        """The number of the page, from 1, on which the character at an offset stands; None without pages."""
        return self.layout.page_at(offset) if self.layout else None

    def excerpt(self, span: Span) -> Excerpt:
        """The verbatim text of a span."""
        return Excerpt(span, span.of(self.text))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (None before the first one) and the range from it to the next heading."""

    heading: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of citation; `paragraph` and `section` are positions in the document's outline.

    A heading is a sentence too, so that the sentences tile the text; it is never cited as an answer.
    """

    span: Span
    paragraph: int
    section: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences `[first, last)` of one section, about 60-180 words; the unit of retrieval."""

    passage_id: str
    doc_id: str
    span: Span
    section: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Outline:
    """How one document is divided, every part in order of position.

    Sentences are disjoint and every gap between them is white space; passages tile the sentences
    that are not headings.
    """

    sections: tuple[Section, ...]
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
