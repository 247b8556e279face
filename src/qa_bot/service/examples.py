"""Examples and shapes shown in the API reference."""

from typing import Any

from qa_bot.rendering.payload import AnswerPayload, DocumentPayload, DocumentSummaryPayload, PerspectivePayload

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

_SUMMARY: DocumentSummaryPayload = {
    "doc_id": "bridge",
    "title": "The bridge",
    "sha256": ANSWER["citations"][0]["document_sha256"],
    "length": 110,
    "party": "Town",
}
_DOCUMENT: DocumentPayload = {
    **_SUMMARY,
    "card": {
        "title": "The bridge",
        "language": "en",
        "origin": {"author": {"value": "unknown", "basis": "unknown", "evidence": []}},
        "purpose": {},
        "perspective": {
            "party": {
                "value": "Town",
                "basis": "stated",
                "evidence": [{"start": 12, "end": 22, "text": "The bridge"}],
            }
        },
        "stance": {"Town": "for"},
        "values": ["an account by those who built it"],
        "limitations": ["nobody from the village is heard"],
        "naming": [{"here": "the New Bridge", "elsewhere": "the Mill Bridge", "party": "Town"}],
    },
    "sections": [{"heading": "Opening", "span": {"start": 0, "end": 110}}],
    "profile": {"words": 19, "voices": {"narrator": 2, "direct_quote": 1}},
}
_JOB = {
    "job_id": "1867a3c2f4d5e6f700a1b2c3",
    "action": "add",
    "doc_id": "bridge",
    "state": "done",
    "created": "2026-05-03T09:00:00+00:00",
    "passages_done": 1,
    "passages": 1,
    "index_version": "3f2a9c01",
    "detail": None,
    "document": _SUMMARY,
}

RESPONSES: dict[str, object] = {  # of each operation, when it succeeds
    "POST /v1/answer": ANSWER,
    "POST /v1/answers": {"answers": [{"answer": ANSWER, "problem": None}], "index_version": "3f2a9c01"},
    "POST /v1/search": {
        "question": "the mayor on the bridge",
        "results": ANSWER["citations"],
        "index_version": "3f2a9c01",
    },
    "GET /v1/models": {
        "object": "list",
        "data": [{"id": "qa-bot", "object": "model", "created": 0, "owned_by": "qa_bot"}],
    },
    "GET /v1/documents": {"documents": [_SUMMARY], "index_version": "3f2a9c01"},
    "GET /v1/documents/{doc_id}": _DOCUMENT,
    "GET /v1/documents/{doc_id}/text": {
        "doc_id": "bridge",
        "document_sha256": _SUMMARY["sha256"],
        "start": 44,
        "end": 93,
        "text": ANSWER["citations"][0]["quote"],
    },
    "GET /v1/documents/{doc_id}/perspective": PERSPECTIVE,
    "POST /v1/documents": _JOB,
    "DELETE /v1/documents/{doc_id}": {**_JOB, "action": "remove", "document": None},
    "GET /v1/jobs/{job_id}": _JOB,
    "POST /v1/index/reload": {"index_version": "3f2a9c01"},
    "GET /healthz": {"status": "ok"},
    "GET /readyz": {"status": "ready", "index_version": "3f2a9c01", "documents": 1},
}

EXAMPLE_DETAILS = {
    400: "the body is not valid JSON",
    401: "an API key is needed: Authorization: Bearer KEY",
    403: "this needs an API key with the scope 'manage'",
    404: "no document 'tunnel'; the index holds: bridge",
    413: "the body is larger than 1,000,000 bytes",
    415: "send the body as Content-Type: application/json",
    422: "max_citations: Input should be less than or equal to 10",
    429: "more than 600 per 1 minute; wait and try again",
    503: "the service is answering as many questions as it can; try again shortly",
}

EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "one server-sent event; its data is JSON",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["data"],
}
