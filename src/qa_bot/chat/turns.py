"""Turns: what a browser keeps of a conversation, as places and never as text.

A turn holds the question and the spans that answered it. The quotations are read from the documents again whenever
the turn is shown, so a stored conversation cannot say what the sources do not. Records come back from the browser and
are therefore checked like any input: what does not fit is dropped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from qa_bot.bot import Bot
from qa_bot.conversation import aside_of
from qa_bot.errors import SpanError, UnknownDocumentError
from qa_bot.perspective import documents_note, perspective_note
from qa_bot.settings import MAX_QUESTION
from qa_bot.types import Answer, Aside, Citation, Document, Outline, Span, Status

MAX_TURNS = 40  # older ones are forgotten; a browser grants a page about 5 MB and every answer re-sends the chat
MAX_PLACES = 10
FORMAT = 1
SHA_KEPT = 16  # hexadecimal digits, enough to tell one state of a document from another


@dataclass(frozen=True, slots=True)
class Place:
    """Where one citation stands: quotation and context as offsets, and the beginning of the document's SHA-256."""

    doc_id: str
    start: int
    end: int
    context_start: int
    context_end: int
    page: int | None = None
    score: float = 0.0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and where its answer stands; `index_version` says of which state of the documents.

    `unheard` holds the names in it that no source had.
    """

    question: str
    resolved: str
    answered: bool
    confidence: float
    index_version: str
    places: tuple[Place, ...] = ()
    short: tuple[int, int] | None = None
    unheard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns so far, oldest first, and what the reader narrowed the documents to (None: nothing)."""

    turns: tuple[Turn, ...] = ()
    doc_ids: tuple[str, ...] | None = None
    parties: tuple[str, ...] | None = None

    @property
    def history(self) -> tuple[str, ...]:
        """The earlier questions, oldest first."""
        return tuple(turn.question for turn in self.turns)

    def with_turn(self, turn: Turn) -> "Conversation":
        """The conversation with one more turn at its end."""
        return replace(self, turns=(*self.turns, turn)[-MAX_TURNS:])


def turn_of(answer: Answer) -> Turn:
    """What to keep of an answer."""
    shown = answer.shown
    return Turn(
        question=answer.question,
        resolved=answer.resolved_question,
        answered=answer.status is Status.ANSWERED,
        confidence=answer.confidence,
        index_version=answer.index_version,
        places=tuple(_place(citation) for citation in shown[:MAX_PLACES]),
        short=(answer.short.span.start, answer.short.span.end) if answer.short else None,
        unheard=answer.unheard,
    )


def answer_of(turn: Turn, bot: Bot) -> Answer | None:
    """The answer a turn stands for, read again from the documents; None when what it quotes has changed since."""
    aside = None if turn.answered or turn.places else aside_of(turn.question)
    same = turn.index_version == bot.index_version
    try:
        if not all(_still_there(place, bot.document(place.doc_id), same=same) for place in turn.places):
            return None
        citations = tuple(cite(bot, place, number) for number, place in enumerate(turn.places, 1))
    except (UnknownDocumentError, SpanError):
        return None
    short = None
    if turn.short and citations and citations[0].span.covers(Span(*turn.short)):
        short = bot.document(citations[0].doc_id).excerpt(Span(*turn.short))
    return Answer(
        question=turn.question,
        resolved_question=turn.resolved,
        status=Status.ANSWERED if turn.answered else Status.NOT_IN_SOURCES,
        confidence=turn.confidence,
        text="",
        short=short,
        citations=citations if turn.answered else (),
        closest=() if turn.answered else citations,
        perspective_note=documents_note(bot.documents, cards=aside is Aside.SOURCE)
        if aside
        else perspective_note([c.perspective for c in citations], [c.title for c in citations]),
        index_version=turn.index_version,
        unheard=turn.unheard,
        aside=aside,
    )


def cite(bot: Bot, place: Place, number: int) -> Citation:
    """The citation of a place, with its perspective.

    Raises: UnknownDocumentError or SpanError: no such place.
    """
    document, span = bot.document(place.doc_id), Span(place.start, place.end)
    return Citation(
        number=number,
        doc_id=document.doc_id,
        title=document.title,
        section=_section(bot.outline(place.doc_id), span),
        page=place.page,
        span=span,
        quote=span.of(document.text),
        document_sha256=document.sha256,
        score=place.score,
        context=document.excerpt(Span(place.context_start, place.context_end)),
        perspective=bot.perspective(place.doc_id, span),
    )


def place_in(document: Document, outline: Outline, span: Span) -> Place:
    """A place whose context is the paragraphs around a span."""
    around = [p for p in outline.paragraphs if p.overlaps(span)]
    start, end = min([span, *around]).start, max(p.end for p in [span, *around])
    return Place(document.doc_id, span.start, span.end, start, end, page=document.page_at(span.start))


def to_record(conversation: Conversation) -> dict[str, Any]:
    """A conversation as plain JSON values for the browser to keep."""
    return {"format": FORMAT, **asdict(conversation)}


def from_record(record: object) -> Conversation:
    """The conversation of a browser's record; turns that do not fit are dropped, a foreign record is empty."""
    if not isinstance(record, Mapping) or record.get("format") != FORMAT:
        return Conversation()
    turns = record.get("turns")
    kept = [_read_turn(t) for t in turns[-MAX_TURNS:]] if isinstance(turns, list | tuple) else []
    return Conversation(tuple(t for t in kept if t), _names(record.get("doc_ids")), _names(record.get("parties")))


def _place(citation: Citation) -> Place:
    span, context = citation.span, citation.context.span
    return Place(
        citation.doc_id,
        span.start,
        span.end,
        context.start,
        context.end,
        page=citation.page,
        score=round(citation.score, 4),
        sha256=citation.document_sha256[:SHA_KEPT],
    )


def _still_there(place: Place, document: Document, *, same: bool) -> bool:
    unchanged = document.sha256.startswith(place.sha256) if place.sha256 else same
    return unchanged and place.context_end <= len(document.text)


def _section(outline: Outline, span: Span) -> str | None:
    return next((s.heading for s in reversed(outline.sections) if s.span.start <= span.start), None)


def _read_turn(record: object) -> Turn | None:
    try:
        return _turn(record)
    except (LookupError, TypeError, ValueError):
        return None


def _turn(record: Any) -> Turn:
    short, resolved = record["short"], _text(record["resolved"])
    return Turn(
        question=_text(record["question"]),
        resolved=resolved,
        answered=record["answered"] is True,
        confidence=min(1.0, max(0.0, float(record["confidence"]))),
        index_version=_text(record["index_version"]),
        places=tuple(_read_place(p) for p in record["places"][:MAX_PLACES]),
        short=_range(short[0], short[1]) if short else None,
        unheard=tuple(name for name in _names(record.get("unheard")) or () if name in resolved),
    )


def _read_place(record: Any) -> Place:
    start, end = _range(record["start"], record["end"])
    around = _range(record["context_start"], record["context_end"])
    if not (around[0] <= start and end <= around[1]):
        raise ValueError("a context holds its quotation")
    page = record["page"]
    return Place(
        _text(record["doc_id"]),
        start,
        end,
        *around,
        page=int(page) if page is not None else None,
        score=float(record["score"]),
        sha256=_text(record.get("sha256", "")),
    )


def _range(start: object, end: object) -> tuple[int, int]:
    if not (isinstance(start, int) and isinstance(end, int)):
        raise TypeError("offsets are integers")
    span = Span(start, end)
    return span.start, span.end


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_QUESTION * 2:
        raise TypeError("a short text was expected")
    return value


def _names(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes):
        return None
    names = tuple(v for v in value if isinstance(v, str) and len(v) <= MAX_QUESTION)
    return names or None
