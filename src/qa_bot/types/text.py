"""Documents and their parts."""

from dataclasses import dataclass

from qa_bot.types.spans import Excerpt, Span
from qa_bot.types.standpoint import PerspectiveCard


@dataclass(frozen=True, slots=True)
class Document:
    """One source: canonical text, its SHA-256 (of the UTF-8 bytes), and its card, if it has one."""

    doc_id: str
    title: str
    text: str
    sha256: str
    card: PerspectiveCard | None = None

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
