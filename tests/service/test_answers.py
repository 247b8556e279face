import json
import threading
import time

import httpx
import pytest
from fastapi.testclient import TestClient

from qa_bot.service import ServiceSettings, create_app

from .fakes import TEXT, FakeBot
from .test_completions import served

CONTRACT_KEYS = {
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
}


def test_answer_has_every_field_of_the_contract(client):
    answer = client.post("/v1/answer", json={"question": "When was the bridge opened?"}).json()
    assert set(answer) >= CONTRACT_KEYS
    assert answer["status"] == "answered"
    assert answer["answer"]["short"] == {"start": 37, "end": 42, "text": "3 May"}


def test_citation_quotes_the_source_exactly(client):
    answer = client.post("/v1/answer", json={"question": "arches"}).json()
    citation = answer["citations"][0]
    assert TEXT[citation["span"]["start"] : citation["span"]["end"]] == citation["quote"] == "It has 𝒵 arches."
    assert citation["href"] == "/ui/?doc=bridge&span=94-110"


def test_refusal_holds_the_closest_passages_and_no_citation(client):
    answer = client.post("/v1/answer", json={"question": "Who sank that ferry?"}).json()
    assert (answer["status"], answer["citations"]) == ("not_in_sources", [])
    assert len(answer["closest"]) == 1


def test_every_option_reaches_the_bot(client, bot):
    client.post(
        "/v1/answer",
        json={
            "question": "Why?",
            "history": ["a", "b"],
            "max_citations": 2,
            "doc_ids": ["bridge"],
            "parties": ["Town"],
        },
    )
    assert bot.asked == [
        {"question": "Why?", "history": ("a", "b"), "n": 2, "doc_ids": ["bridge"], "parties": ["Town"]}
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "x" * 1_001},
        {"question": "   "},
        {"question": "a\x00b"},
        {"question": 7},
        {"question": None},
        {"question": ["a"]},
        {"question": "a", "history": ["x" * 1_001]},
        {"question": "a", "history": ["x"] * 21},
        {"question": "a", "history": "b"},
        {"question": "a", "max_citations": 0},
        {"question": "a", "max_citations": 11},
        {"question": "a", "max_citations": "3"},
        {"question": "a", "max_citations": True},
        {"question": "a", "doc_ids": []},
        {"question": "a", "doc_ids": "bridge"},
        {"question": "a", "max_citation": 3},
        [],
        "a",
    ],
)
def test_wrong_body_is_a_422_problem(client, body):
    response = client.post("/v1/answer", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


def test_question_of_a_thousand_characters_is_taken(client):
    assert client.post("/v1/answer", json={"question": "𝒵" * 1_000}).status_code == 200


def test_unknown_documents_and_parties_are_named(client):
    response = client.post("/v1/answer", json={"question": "a", "doc_ids": ["bridge", "tunnel"]})
    assert response.status_code == 422
    assert response.json()["detail"] == "doc_ids: not in the index: tunnel; it holds: bridge"
    response = client.post("/v1/answer", json={"question": "a", "parties": ["City"]})
    assert "no party 'City' in this corpus; it names: Town, Village" in response.json()["detail"]


def test_unknown_key_is_named(client):
    problem = client.post("/v1/answer", json={"question": "a", "max_citation": 3}).json()
    assert problem["errors"] == [{"field": "max_citation", "problem": "Extra inputs are not permitted"}]


def test_lone_surrogate_is_refused_and_never_echoed(client):
    response = client.post(
        "/v1/answer", content=b'{"question": "\\ud800", "\\ud800": 1}', headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b"nul", b'{"question": "a"} {}'])
def test_unreadable_json_is_a_400_or_422_problem(client, content):
    response = client.post("/v1/answer", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_other_content_types_are_a_415_problem(client, kind):
    response = client.post("/v1/answer", content=b'{"question": "a"}', headers={"Content-Type": kind} if kind else {})
    assert response.status_code == 415
    assert response.json()["title"] == "Unsupported Media Type"


def test_search_ranks_passages_without_answering(client):
    found = client.post("/v1/search", json={"question": "bridge", "limit": 1}).json()
    assert [citation["number"] for citation in found["results"]] == [1]
    assert "answer" not in found


def test_batch_answers_in_order_and_reports_the_bad_question_in_its_place(client):
    questions = [{"question": "bridge"}, {"question": "  "}, {"question": "ferry"}]
    batch = client.post("/v1/answers", json={"questions": questions}).json()
    first, second, third = batch["answers"]
    assert first["answer"]["status"] == "answered"
    assert (second["answer"], second["problem"]["status"]) == (None, 422)
    assert third["answer"]["status"] == "not_in_sources"


def test_batch_answers_the_others_where_one_names_a_document_that_is_not_there(client):
    questions = [{"question": "bridge"}, {"question": "bridge", "doc_ids": ["tunnel"]}]
    first, second = client.post("/v1/answers", json={"questions": questions}).json()["answers"]
    assert first["answer"]["status"] == "answered"
    assert second["problem"]["detail"] == "doc_ids: not in the index: tunnel; it holds: bridge"


class Dawdling(FakeBot):
    """Keeps one question waiting until it may go."""

    def __init__(self):
        super().__init__()
        self.go = threading.Event()

    def ask(self, question, **options):
        if "slow" in question:
            self.go.wait(60)
        return super().ask(question, **options)


def test_batch_answers_the_others_where_one_takes_too_long():
    bot = Dawdling()
    with TestClient(create_app(bot, settings=ServiceSettings(threads=2, answer_timeout_s=1, mcp=False))) as client:
        questions = [{"question": question} for question in ("bridge", "slow bridge", "arches")]
        first, slow, third = client.post("/v1/answers", json={"questions": questions}).json()["answers"]
        bot.go.set()
    assert (first["answer"]["status"], third["answer"]["status"]) == ("answered", "answered")
    assert (slow["answer"], slow["problem"]["status"]) == (None, 503)
    assert slow["problem"]["detail"] == "no answer within 1 seconds; try again later"


@pytest.mark.parametrize("count", [0, 101])
def test_batch_takes_one_to_a_hundred_questions(client, count):
    assert client.post("/v1/answers", json={"questions": [{"question": "a"}] * count}).status_code == 422


def test_events_are_retrieved_then_answer(client):
    response = client.post("/v1/answer", json={"question": "bridge"}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in response.text.strip().split("\n\n")]
    assert [event["event"] for event in events] == ["retrieved", "answer"]
    plain = client.post("/v1/answer", json={"question": "bridge"}).json()
    assert json.loads(events[1]["data"]) == plain


def test_what_is_retrieved_comes_from_the_same_retrieval_with_the_conversation(client, bot):
    body = {"question": "And who?", "history": ["arches"], "max_citations": 1}
    response = client.post("/v1/answer", json=body, headers={"Accept": "text/event-stream"})
    retrieved, answer = (json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: "))
    assert retrieved["results"] == answer["citations"] == client.post("/v1/answer", json=body).json()["citations"]
    assert len(bot.asked) == 2


def test_what_is_retrieved_comes_before_the_answer_is_made():
    with served(create_app(FakeBot(delay_s=0.5), settings=ServiceSettings(mcp=False))) as address:
        stream = {"Accept": "text/event-stream"}
        with httpx.stream("POST", f"{address}/v1/answer", json={"question": "bridge"}, headers=stream) as response:
            began, came = time.monotonic(), {}
            for line in response.iter_lines():
                came.setdefault(line, time.monotonic() - began)
    assert came["event: answer"] - came["event: retrieved"] > 0.3


def test_events_report_a_question_that_cannot_be_asked(client):
    response = client.post("/v1/answer", json={"question": "  "}, headers={"Accept": "text/event-stream"})
    assert "event: problem" in response.text
    assert '"status": 422' in response.text
