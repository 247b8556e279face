"""Examples and shapes shown in the API reference."""

from typing import Any

from qa_bot.rendering.payload import AnswerPayload, PerspectivePayload

PERSPECTIVE: PerspectivePayload = {
    "holder": "unknown",
    "party": "Town",
    "voice": "direct_quote",
    "speaker": "the mayor",
    "speaker_party": "Town",
    "cue": {"start": 88, "end": 92, "text": "said"},
    "attribution": [{"start": 78, "end": 92, "text": "the mayor said"}],
    "loaded": [
        {
            "start": 55,
            "end": 61,
            "text": "finest",
            "category": "glorifying",
            "lemma": "fine",
            "reason": "praise in place of a fact",
            "owner": "direct_quote",
        }
    ],
    "note": "The mayor, quoted directly, in an account written from the town's point of view.",
    "speaker_role": "mayor",
    "resolution": "named",
    "rebuttal": None,
    "claims": [],
    "rule": "quote-said",
}

ANSWER: AnswerPayload = {
    "question": "What does the mayor say of the bridge?",
    "resolved_question": "What does the mayor say of the bridge?",
    "status": "answered",
    "confidence": 0.93,
    "answer": {
        "text": "In “The bridge”, the mayor says:\n[1] “It is the finest bridge of all,” the mayor said.",
        "short": {"start": 45, "end": 75, "text": "It is the finest bridge of all"},
    },
    "citations": [
        {
            "number": 1,
            "doc_id": "bridge",
            "title": "The bridge",
            "section": "Opening",
            "page": None,
            "span": {"start": 44, "end": 93},
            "quote": "“It is the finest bridge of all,” the mayor said.",
            "document_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "score": 0.93,
            "context": {
                "start": 12,
                "end": 93,
                "text": "The bridge was opened on 3 May. “It is the finest bridge of all,” the mayor said.",
            },
            "perspective": PERSPECTIVE,
            "href": "/ui/?doc=bridge&span=44-93",
        }
    ],
    "closest": [],
    "perspective_note": "One account, written from the town's point of view.",
    "index_version": "3f2a9c01",
    "timings_ms": {"retrieve": 11.2, "read": 0.0, "total": 12.0},
}

EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "one server-sent event; its data is JSON",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}


def example(content: object) -> dict[str, Any]:
    """The OpenAPI entry of a successful response, with an example of it."""
    return {"content": {"application/json": {"example": content}}}
