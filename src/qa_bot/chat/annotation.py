"""Annotations: tags laid over verbatim text by offsets, never by searching."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa_bot.chat.escaping import e
from qa_bot.types import Span


@dataclass(frozen=True, slots=True)
class Annotation:
    """An element around a span: its tag and its attributes as ready, escaped HTML (`class="..."`)."""

    span: Span
    tag: str
    attributes: str = ""


def annotate(
    text: str, span: Span, layers: Sequence[Iterable[Annotation]], *, escape: Callable[[object], str] = e
) -> str:
    """The characters of a span as HTML, with elements around annotated parts.

    Layers come outermost first. Within a layer an earlier annotation wins over a later one that overlaps it; an
    annotation is clipped to the span and, where an outer element ends inside it, closed and opened again.
    Leaving the tags out and unescaping gives `span.of(text)`, whatever the layers.
    """
    if not layers:
        return escape(span.of(text))
    pieces, position = [], span.start
    for note in _disjoint(layers[0], span):
        pieces.append(_between(text, position, note.span.start, layers[1:], escape))
        inside = annotate(text, note.span, layers[1:], escape=escape)
        pieces.append(f"<{note.tag}{' ' if note.attributes else ''}{note.attributes}>{inside}</{note.tag}>")
        position = note.span.end
    pieces.append(_between(text, position, span.end, layers[1:], escape))
    return "".join(pieces)


def clip(span: Span, within: Span) -> Span | None:
    """The part of a span inside another one, or None."""
    start, end = max(span.start, within.start), min(span.end, within.end)
    return Span(start, end) if start < end else None


def _between(
    text: str, start: int, end: int, layers: Sequence[Iterable[Annotation]], escape: Callable[[object], str]
) -> str:
    return annotate(text, Span(start, end), layers, escape=escape) if start < end else ""


def _disjoint(layer: Iterable[Annotation], within: Span) -> list[Annotation]:
    kept: list[Annotation] = []
    for note in layer:
        visible = clip(note.span, within)
        if visible and not any(visible.overlaps(other.span) for other in kept):
            kept.append(Annotation(visible, note.tag, note.attributes))
    return sorted(kept, key=lambda note: note.span)
