"""The document's full text as numbered paragraphs, or a window of it when it is large."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.chat.annotation import Annotation, annotate
from qa_bot.chat.escaping import e
from qa_bot.chat.languages import lang
from qa_bot.chat.voices import voice_label
from qa_bot.chat.wording import say
from qa_bot.types import Citation, Document, Excerpt, Outline, Span

WINDOW = 60_000  # code points of text shown at once; below this a browser lays the pane out in well under 0.1 s
STEP = 24_000  # how many more one step forwards or backwards shows
MAX_BLOCK = 6_000  # a longer paragraph is shown in pieces of whole sentences under one number


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a piece of a long one: its place, its paragraph's number (from 1), whether it is a heading."""

    span: Span
    paragraph: int
    heading: bool = False
    continued: bool = False


def paragraph_number(outline: Outline, position: int) -> int:
    """The number, from 1, of the paragraph that holds a position or comes last before it."""
    return max(1, bisect_right(outline.paragraphs, position, key=lambda p: p.start))


def blocks_of(outline: Outline) -> tuple[Block, ...]:
    """All blocks in order of position."""
    headings = {s.paragraph for s in outline.sentences if s.heading}
    return tuple(
        Block(piece, index + 1, index in headings, continued=piece.start > paragraph.start)
        for index, paragraph in enumerate(outline.paragraphs)
        for piece in (_pieces(outline, paragraph) if len(paragraph) > MAX_BLOCK else (paragraph,))
    )


def window_around(blocks: Sequence[Block], position: int, size: int = WINDOW) -> range:
    """The run of blocks, about `size` code points long, with the one at a position in its middle."""
    if not blocks:
        return range(0)
    centre = max(0, bisect_right(blocks, position, key=lambda b: b.span.start) - 1)
    first = bisect_right(blocks, blocks[centre].span.start - size // 2, key=lambda b: b.span.end)
    last = bisect_right(blocks, blocks[first].span.start + size, key=lambda b: b.span.end)
    return range(min(first, centre), max(last, centre + 1))


def document_text(
    document: Document,
    blocks: Sequence[Block],
    shown: range,
    citations: Sequence[Citation] = (),
    *,
    active: int = 0,
    short: Excerpt | None = None,
) -> str:
    """A window of blocks as HTML with every citation marked, the active one (its number) strongly, and a short answer.

    Inside each block the text is verbatim: `textContent` of its `.text` element is the block's slice of the document.
    """
    return (
        earlier_button(shown)
        + blocks_html(document, blocks, shown, citations, active=active, short=short)
        + later_button(shown, blocks)
    )


def blocks_html(
    document: Document,
    blocks: Sequence[Block],
    shown: range,
    citations: Sequence[Citation] = (),
    *,
    active: int = 0,
    short: Excerpt | None = None,
) -> str:
    """The blocks alone."""
    notes = _annotations(citations, active, short)
    return "".join(_block(document, blocks[i], i, notes) for i in shown)


def earlier_button(shown: range) -> str:
    """A button for the text before a window; nothing when it begins with the document."""
    return _more("earlier", shown.start) if shown.start else ""


def later_button(shown: range, blocks: Sequence[Block]) -> str:
    """A button for the text after a window; nothing when it ends with the document."""
    return _more("later", shown.stop) if shown.stop < len(blocks) else ""


def step(blocks: Sequence[Block], edge: int, *, later: bool, size: int = STEP) -> range:
    """The next window: after block `edge` (exclusive bound) when going later, else before it."""
    length, stop = 0, edge
    for i in range(edge, len(blocks)) if later else range(edge - 1, -1, -1):
        length += len(blocks[i].span)
        stop = i + 1 if later else i
        if length >= size:
            break
    return range(edge, stop) if later else range(stop, edge)


def _more(direction: str, edge: int) -> str:
    label = e(say(f"pane.{direction}"))
    return f'<button type="button" class="more" data-more="{direction}" data-edge="{edge}">{label}</button>'


@dataclass(frozen=True, slots=True)
class _Notes:
    """What is laid over the text, the citations with the active one first."""

    citations: tuple[Citation, ...]
    active: int
    short: tuple[Annotation, ...]


def _annotations(citations: Sequence[Citation], active: int, short: Excerpt | None) -> _Notes:
    ordered = tuple(sorted(citations, key=lambda c: (c.number != active, c.number)))
    attributes = f'class="short" title="{e(say("card.short"))}"'
    return _Notes(ordered, active, (Annotation(short.span, "strong", attributes),) if short else ())


def _block(document: Document, block: Block, place: int, notes: _Notes) -> str:
    here = [c for c in notes.citations if c.span.overlaps(block.span)]
    marks = [_mark(c, block, active=c.number == notes.active) for c in here]
    loaded = [
        Annotation(term.span, "span", f'class="loaded" title="{e(term.reason)}"')
        for c in here
        for term in c.perspective.loaded
    ]
    text = annotate(document.text, block.span, [marks, notes.short if here else (), loaded])
    number = "" if block.continued else str(block.paragraph)
    tag, role = ("div", ' role="heading" aria-level="4"') if block.heading else ("p", "")
    return (
        f'<div class="para{" heading" if block.heading else ""}" data-n="{number}" data-block="{place}">'
        f'<{tag}{role} class="text" dir="auto"{lang(document)} data-start="{block.span.start}">{text}</{tag}></div>'
    )


def _mark(citation: Citation, block: Block, *, active: bool) -> Annotation:
    begins = block.span.start <= citation.span.start
    identity = f'id="mark-{citation.number}" tabindex="-1" data-number="{citation.number}" ' if begins else ""
    label = e(voice_label(citation.perspective))
    return Annotation(
        citation.span,
        "mark",
        f'{identity}class="m{citation.number}{" active" if active else ""}" title="{label}"',
    )


def _pieces(outline: Outline, paragraph: Span) -> Iterator[Span]:
    start, end = paragraph.start, paragraph.start
    first = bisect_right(outline.sentences, paragraph.start - 1, key=lambda s: s.span.start)
    for sentence in outline.sentences[first:]:
        if sentence.span.start >= paragraph.end:
            break
        if sentence.span.end - start > MAX_BLOCK and end > start:
            yield Span(start, sentence.span.start)
            start = sentence.span.start
        end = sentence.span.end
    yield Span(start, paragraph.end)
