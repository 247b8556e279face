"""Answers, citations and documents as the JSON of the public contract.

Pure functions from the values of `qa_bot.types` to dictionaries that hold only JSON types. The command line, the
HTTP service and its OpenAI-compatible and MCP doors all send these, so a citation looks the same everywhere.
"""

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import NotRequired

# pydantic reads these types for OpenAPI and needs the ones of typing_extensions below Python 3.12
from typing_extensions import TypeAliasType, TypedDict

from qa_bot.types import (
    Answer,
    Citation,
    ClaimCue,
    Document,
    Excerpt,
    LoadedTerm,
    Outline,
    Perspective,
    PerspectiveCard,
    Span,
)

Json = TypeAliasType("Json", "bool | int | float | str | list[Json] | dict[str, Json] | None")


class SpanPayload(TypedDict):
    """A half-open range of Unicode code points into a document's canonical text."""

    start: int
    end: int


class ExcerptPayload(TypedDict):
    """A range and its verbatim text."""

    start: int
    end: int
    text: str


class LoadedPayload(TypedDict):
    """A word that takes a side: where it stands, its category, and whose word it is."""

    start: int
    end: int
    text: str
    category: str
    lemma: str
    reason: str
    owner: str


class ClaimPayload(TypedDict):
    """A kind of claim that editorial rule books say must be attributed, and whether a source is given here."""

    start: int
    end: int
    text: str
    kind: str
    sourced: bool


class PerspectivePayload(TypedDict):
    """From where a span speaks: standpoint of the document, voice, loaded words and a note that is never empty."""

    holder: str
    party: str | None
    voice: str
    speaker: str | None
    speaker_party: str | None
    cue: ExcerptPayload | None
    attribution: list[ExcerptPayload]
    loaded: list[LoadedPayload]
    note: str
    speaker_role: str | None
    resolution: str | None
    rebuttal: ExcerptPayload | None
    claims: list[ClaimPayload]
    rule: str


class CitationPayload(TypedDict):
    """A verbatim quotation with its exact place and its perspective; `text[start:end] == quote`, always."""

    number: int
    doc_id: str
    title: str
    section: str | None
    page: int | None
    span: SpanPayload
    quote: str
    document_sha256: str
    score: float
    context: ExcerptPayload
    perspective: PerspectivePayload
    href: str


class AnswerTextPayload(TypedDict):
    """The reply in fixed wording and verbatim quotations, and the shortest answering span of citation 1, if any."""

    text: str
    short: ExcerptPayload | None


class AnswerPayload(TypedDict):
    """What the sources say, or that they do not say it: then `citations` is empty and `closest` is filled.

    `unheard` is there if the question names what no source names; `aside` if no question was put to the documents,
    "source" where it is about them and "tool" where it is about the program: then both are empty.
    """

    question: str
    resolved_question: str
    status: str
    confidence: float
    answer: AnswerTextPayload
    citations: list[CitationPayload]
    closest: list[CitationPayload]
    perspective_note: str
    index_version: str
    timings_ms: dict[str, float]
    unheard: NotRequired[list[str]]
    aside: NotRequired[str]


class CardFieldPayload(TypedDict):
    """One declared value, what it rests on, and the places of the document that show it."""

    value: str
    basis: str
    evidence: list[ExcerptPayload]


class NamingPayload(TypedDict):
    """A name as this document writes it, as others write it, and whose usage the document's is."""

    here: str
    elsewhere: str
    party: str


class CardPayload(TypedDict):
    """Who made a document and from where it speaks (OPCVL: origin, purpose, content, value, limitation)."""

    title: str
    language: str
    origin: dict[str, CardFieldPayload]
    purpose: dict[str, CardFieldPayload]
    perspective: dict[str, CardFieldPayload]
    stance: dict[str, str]
    values: list[str]
    limitations: list[str]
    naming: list[NamingPayload]


class SectionPayload(TypedDict):
    """A heading (null before the first one) and the range up to the next heading."""

    heading: str | None
    span: SpanPayload


class DocumentSummaryPayload(TypedDict):
    """One line of the list of documents; `length` counts Unicode code points."""

    doc_id: str
    title: str
    sha256: str
    length: int
    party: str | None


class DocumentPayload(DocumentSummaryPayload):
    """A document with its card (null: perspective not declared), its sections and its computed profile."""

    card: CardPayload | None
    sections: list[SectionPayload]
    profile: dict[str, Json]


class DocumentTextPayload(TypedDict):
    """A stretch of a document's canonical text, verbatim."""

    doc_id: str
    document_sha256: str
    start: int
    end: int
    text: str


def answer_payload(answer: Answer) -> AnswerPayload:
    """The JSON of an answer, with the field names and the order of the contract."""
    payload: AnswerPayload = {
        "question": answer.question,
        "resolved_question": answer.resolved_question,
        "status": answer.status.value,
        "confidence": answer.confidence,
        "answer": {"text": answer.text, "short": _optional_excerpt(answer.short)},
        "citations": [citation_payload(citation) for citation in answer.citations],
        "closest": [citation_payload(citation) for citation in answer.closest],
        "perspective_note": answer.perspective_note,
        "index_version": answer.index_version,
        "timings_ms": dict(answer.timings_ms),
    }
    if answer.unheard:
        payload["unheard"] = list(answer.unheard)
    if answer.aside:
        payload["aside"] = answer.aside.value
    return payload


def citation_payload(citation: Citation) -> CitationPayload:
    """The JSON of a citation or of a ranked passage."""
    return {
        "number": citation.number,
        "doc_id": citation.doc_id,
        "title": citation.title,
        "section": citation.section,
        "page": citation.page,
        "span": span_payload(citation.span),
        "quote": citation.quote,
        "document_sha256": citation.document_sha256,
        "score": citation.score,
        "context": excerpt_payload(citation.context),
        "perspective": perspective_payload(citation.perspective),
        "href": citation.href,
    }


def perspective_payload(perspective: Perspective) -> PerspectivePayload:
    """The JSON of a perspective, the same for a citation and for any span asked for by itself."""
    return {
        "holder": perspective.holder,
        "party": perspective.party,
        "voice": perspective.voice.value,
        "speaker": perspective.speaker,
        "speaker_party": perspective.speaker_party,
        "cue": _optional_excerpt(perspective.cue),
        "attribution": [excerpt_payload(excerpt) for excerpt in perspective.attribution],
        "loaded": [_loaded(term) for term in perspective.loaded],
        "note": perspective.note,
        "speaker_role": perspective.speaker_role,
        "resolution": perspective.resolution.value if perspective.resolution else None,
        "rebuttal": _optional_excerpt(perspective.rebuttal),
        "claims": [_claim(cue) for cue in perspective.claims],
        "rule": perspective.rule,
    }


def span_payload(span: Span) -> SpanPayload:
    """The JSON of a span."""
    return {"start": span.start, "end": span.end}


def excerpt_payload(excerpt: Excerpt) -> ExcerptPayload:
    """The JSON of a span with its text."""
    return {"start": excerpt.span.start, "end": excerpt.span.end, "text": excerpt.text}


def document_summary_payload(document: Document) -> DocumentSummaryPayload:
    """The JSON of one line of the list of documents."""
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "sha256": document.sha256,
        "length": len(document.text),
        "party": document.party,
    }


def document_payload(document: Document, outline: Outline, profile: object) -> DocumentPayload:
    """The JSON of a document: its summary, card, sections and computed profile (any dataclass of plain values)."""
    profiled = jsonable(profile)
    if not isinstance(profiled, dict):
        raise TypeError(f"a profile becomes a JSON object, got {type(profile).__name__}")
    return {
        **document_summary_payload(document),
        "card": _card(document.card, document) if document.card else None,
        "sections": [{"heading": section.heading, "span": span_payload(section.span)} for section in outline.sections],
        "profile": profiled,
    }


def text_payload(document: Document, span: Span) -> DocumentTextPayload:
    """The JSON of a stretch of a document's text."""
    return {
        "doc_id": document.doc_id,
        "document_sha256": document.sha256,
        "start": span.start,
        "end": span.end,
        "text": span.of(document.text),
    }


def jsonable(value: object) -> Json:
    """Plain JSON of nested dataclasses, enumerations, sequences and mappings; keys become strings.

    Raises: TypeError: for anything else, named by its type.
    """
    if isinstance(value, Enum):
        return jsonable(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(jsonable(key)): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    raise TypeError(f"no JSON for a {type(value).__name__}")


def _optional_excerpt(excerpt: Excerpt | None) -> ExcerptPayload | None:
    return excerpt_payload(excerpt) if excerpt else None


def _loaded(term: LoadedTerm) -> LoadedPayload:
    return {
        "start": term.span.start,
        "end": term.span.end,
        "text": term.text,
        "category": term.category,
        "lemma": term.lemma,
        "reason": term.reason,
        "owner": term.owner.value,
    }


def _claim(cue: ClaimCue) -> ClaimPayload:
    return {
        "start": cue.span.start,
        "end": cue.span.end,
        "text": cue.text,
        "kind": cue.kind,
        "sourced": cue.sourced,
    }


def _card(card: PerspectiveCard, document: Document) -> CardPayload:
    return {
        "title": card.title,
        "language": card.language,
        "origin": _card_part(card, "origin", document),
        "purpose": _card_part(card, "purpose", document),
        "perspective": _card_part(card, "perspective", document),
        "stance": dict(card.stance),
        "values": list(card.values),
        "limitations": list(card.limitations),
        "naming": [{"here": pair.here, "elsewhere": pair.elsewhere, "party": pair.party} for pair in card.naming],
    }


def _card_part(card: PerspectiveCard, part: str, document: Document) -> dict[str, CardFieldPayload]:
    return {
        name.removeprefix(f"{part}."): {
            "value": declared.value,
            "basis": declared.basis.value,
            "evidence": [excerpt_payload(document.excerpt(span)) for span in declared.evidence],
        }
        for name, declared in card.fields.items()
        if name.startswith(f"{part}.")
    }
