"""The JSON of `payload` back into values: `answer_from(answer_payload(answer)) == answer`."""

from qa_bot.rendering.payload import (
    AnswerPayload,
    CitationPayload,
    ClaimPayload,
    ExcerptPayload,
    LoadedPayload,
    PerspectivePayload,
)
from qa_bot.types import (
    Answer,
    Aside,
    Citation,
    ClaimCue,
    Excerpt,
    LoadedTerm,
    Perspective,
    Resolution,
    Span,
    Status,
    Voice,
)


def answer_from(payload: AnswerPayload) -> Answer:
    """An answer from its JSON. Raises: KeyError, TypeError, ValueError: the JSON is not that of an answer."""
    return Answer(
        question=payload["question"],
        resolved_question=payload["resolved_question"],
        status=Status(payload["status"]),
        confidence=payload["confidence"],
        text=payload["answer"]["text"],
        short=_optional_excerpt(payload["answer"]["short"]),
        citations=tuple(citation_from(citation) for citation in payload["citations"]),
        closest=tuple(citation_from(citation) for citation in payload["closest"]),
        perspective_note=payload["perspective_note"],
        index_version=payload["index_version"],
        timings_ms=dict(payload["timings_ms"]),
        unheard=tuple(payload.get("unheard", ())),
        aside=Aside(payload["aside"]) if "aside" in payload else None,
    )


def citation_from(payload: CitationPayload) -> Citation:
    """A citation from its JSON. Raises: as `answer_from`."""
    return Citation(
        number=payload["number"],
        doc_id=payload["doc_id"],
        title=payload["title"],
        section=payload["section"],
        page=payload["page"],
        span=Span(payload["span"]["start"], payload["span"]["end"]),
        quote=payload["quote"],
        document_sha256=payload["document_sha256"],
        score=payload["score"],
        context=_excerpt(payload["context"]),
        perspective=perspective_from(payload["perspective"]),
    )


def perspective_from(payload: PerspectivePayload) -> Perspective:
    """A perspective from its JSON. Raises: as `answer_from`."""
    resolution = payload["resolution"]
    return Perspective(
        holder=payload["holder"],
        party=payload["party"],
        voice=Voice(payload["voice"]),
        note=payload["note"],
        speaker=payload["speaker"],
        speaker_role=payload["speaker_role"],
        speaker_party=payload["speaker_party"],
        resolution=Resolution(resolution) if resolution else None,
        cue=_optional_excerpt(payload["cue"]),
        attribution=tuple(_excerpt(excerpt) for excerpt in payload["attribution"]),
        rebuttal=_optional_excerpt(payload["rebuttal"]),
        loaded=tuple(_loaded(term) for term in payload["loaded"]),
        claims=tuple(_claim(cue) for cue in payload["claims"]),
        rule=payload["rule"],
    )


def _excerpt(payload: ExcerptPayload) -> Excerpt:
    return Excerpt(Span(payload["start"], payload["end"]), payload["text"])


def _optional_excerpt(payload: ExcerptPayload | None) -> Excerpt | None:
    return _excerpt(payload) if payload else None


def _loaded(payload: LoadedPayload) -> LoadedTerm:
    return LoadedTerm(
        span=Span(payload["start"], payload["end"]),
        text=payload["text"],
        lemma=payload["lemma"],
        category=payload["category"],
        reason=payload["reason"],
        owner=Voice(payload["owner"]),
    )


def _claim(payload: ClaimPayload) -> ClaimCue:
    return ClaimCue(
        span=Span(payload["start"], payload["end"]),
        text=payload["text"],
        kind=payload["kind"],
        sourced=payload["sourced"],
    )
