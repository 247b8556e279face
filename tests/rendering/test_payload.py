import json
from dataclasses import dataclass, replace
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from qa_bot.rendering.parsing import answer_from
from qa_bot.rendering.payload import (
    AnswerPayload,
    DocumentPayload,
    answer_payload,
    document_payload,
    jsonable,
    perspective_payload,
    text_payload,
)
from qa_bot.types import (
    Answer,
    Basis,
    CardField,
    Citation,
    ClaimCue,
    Document,
    Excerpt,
    LoadedTerm,
    NamingPair,
    Outline,
    Perspective,
    PerspectiveCard,
    Resolution,
    Section,
    Span,
    Status,
    Voice,
)

PERSPECTIVE = Perspective(
    holder="the ministry",
    party="Town",
    voice=Voice.ATTRIBUTED,
    note="The mayor, as reported by this account.",
    speaker="the mayor",
    speaker_role="mayor",
    speaker_party="Town",
    resolution=Resolution.NAMED,
    cue=Excerpt(Span(10, 14), "said"),
    attribution=(Excerpt(Span(0, 9), "The mayor"),),
    loaded=(LoadedTerm(Span(20, 26), "heroic", "heroic", "glorifying", "takes a side", Voice.NARRATOR),),
    claims=(ClaimCue(Span(30, 32), "12", "losses", sourced=False),),
    rule="said-that",
)


def make_citation(text: str, span: Span, number: int = 1) -> Citation:
    return Citation(
        number=number,
        doc_id="a b",
        title="Title",
        section=None,
        page=None,
        span=span,
        quote=span.of(text),
        document_sha256="0" * 64,
        score=0.5,
        context=Excerpt(Span(0, len(text)), text),
        perspective=PERSPECTIVE,
    )


def make_answer(citations: tuple[Citation, ...]) -> Answer:
    return Answer(
        question="Who?",
        resolved_question="Who?",
        status=Status.ANSWERED,
        confidence=0.8,
        text="“…”",
        short=None,
        citations=citations,
        closest=(),
        perspective_note="One account.",
        index_version="v1",
        timings_ms={"total": 1.5},
    )


def test_answer_is_the_json_of_the_contract():
    payload = answer_payload(make_answer((make_citation("Heroic words.", Span(0, 6)),)))
    assert list(payload) == [
        "question",
        "resolved_question",
        "status",
        "confidence",
        "answer",
        "citations",
        "closest",
        "perspective_note",
        "index_version",
        "timings_ms",
    ]
    assert payload["answer"] == {"text": "“…”", "short": None}
    citation = payload["citations"][0]
    assert citation["span"] == {"start": 0, "end": 6}
    assert citation["href"] == "/ui/?doc=a%20b&span=0-6"
    assert TypeAdapter(AnswerPayload).validate_python(payload, strict=True) == payload


def test_perspective_names_both_layers_and_marks_loaded_words_by_offset():
    payload = perspective_payload(PERSPECTIVE)
    assert (payload["holder"], payload["speaker"], payload["voice"]) == ("the ministry", "the mayor", "attributed")
    assert payload["cue"] == {"start": 10, "end": 14, "text": "said"}
    assert payload["attribution"] == [{"start": 0, "end": 9, "text": "The mayor"}]
    assert payload["loaded"][0]["category"] == "glorifying"
    assert (payload["resolution"], payload["rebuttal"]) == ("named", None)
    assert payload["claims"] == [{"start": 30, "end": 32, "text": "12", "kind": "losses", "sourced": False}]


def test_document_groups_its_card_and_quotes_the_evidence():
    card = PerspectiveCard(
        title="T",
        language="en",
        fields={
            "origin.author": CardField("Anna", Basis.STATED, (Span(3, 7),)),
            "purpose.audience": CardField("unknown"),
        },
        stance={"Town": "for"},
        values=("shows one side",),
        limitations=("one account",),
        naming=(NamingPair("X", "Y", "Town"),),
    )
    document = Document("d", "T", "By Anna.", "0" * 64, card)
    outline = Outline((Section(None, Span(0, 8)),), (), (), ())
    payload = document_payload(document, outline, {"words": 2})
    assert payload["card"] is not None
    assert payload["card"]["origin"]["author"]["evidence"] == [{"start": 3, "end": 7, "text": "Anna"}]
    assert payload["card"]["purpose"]["audience"] == {"value": "unknown", "basis": "unknown", "evidence": []}
    assert payload["card"]["naming"] == [{"here": "X", "elsewhere": "Y", "party": "Town"}]
    assert TypeAdapter(DocumentPayload).validate_python(payload, strict=True) == payload


def test_document_without_a_card_says_so():
    document = Document("d", "T", "By Anna.", "0" * 64)
    payload = document_payload(document, Outline((), (), (), ()), {})
    assert (payload["card"], payload["party"]) == (None, None)


@given(st.text(min_size=1, max_size=60), st.data())
def test_quote_and_text_are_the_characters_of_their_span(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    document = Document("d", "T", text, "0" * 64)
    citation = answer_payload(make_answer((make_citation(text, span),)))["citations"][0]
    stretch = text_payload(document, span)
    assert citation["quote"] == stretch["text"] == text[stretch["start"] : stretch["end"]]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_payload_survives_json_unchanged(text):
    payload = answer_payload(make_answer((make_citation(text, Span(0, len(text))),)))
    assert json.loads(json.dumps(payload, ensure_ascii=False).encode()) == payload


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Nested:
    span: Span
    counts: dict[Colour, int]
    names: frozenset[str]


def test_jsonable_turns_values_into_plain_json():
    value = (Nested(Span(1, 2), {Colour.RED: 3}, frozenset({"b", "a"})),)
    assert jsonable(value) == [{"span": {"start": 1, "end": 2}, "counts": {"red": 3}, "names": ["a", "b"]}]


def test_jsonable_refuses_what_is_no_json():
    with pytest.raises(TypeError, match="no JSON for a object"):
        jsonable(object())


def test_profile_must_be_an_object():
    with pytest.raises(TypeError, match="got int"):
        document_payload(Document("d", "T", "x", "0" * 64), Outline((), (), (), ()), 3)


@given(st.text(min_size=1, max_size=60), st.data())
def test_answer_comes_back_from_its_json(text, data):
    span = Span(0, data.draw(st.integers(1, len(text))))
    answer = make_answer((make_citation(text, span), make_citation(text, span, number=2)))
    assert answer_from(answer_payload(answer)) == answer
    refused = replace(answer, unheard=(text,))
    assert answer_payload(refused)["unheard"] == [text]
    assert answer_from(answer_payload(refused)) == refused
