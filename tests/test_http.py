"""The real bot behind every door of the service: the same answers, each quotation in its place."""

import json

import pytest
from fastapi.testclient import TestClient

from qa_bot.service import ServiceSettings, create_app
from qa_bot.types import Span

QUESTIONS = (
    "When was Shusha taken?",
    "how many tanks were destroyed",
    "What did Erdogan say about the war?",
    "who is pashinyan",
    "Which cities were hit by missiles?",
    "What does the Armenian side say about its losses?",
    "What is the capital of Peru?",
    "asdf qwer",
)


@pytest.fixture(scope="module")
def client(bot):
    with TestClient(create_app(bot, settings=ServiceSettings())) as client:
        yield client


def ask(client, question, **more):
    response = client.post("/v1/answer", json={"question": question, **more})
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quotation_stands_in_its_source_with_its_perspective(client, question):
    answer = ask(client, question, max_citations=5)
    assert bool(answer["citations"]) == (answer["status"] == "answered")
    assert not (answer["citations"] and answer["closest"])
    for citation in answer["citations"] + answer["closest"]:
        place = f"/v1/documents/{citation['doc_id']}"
        span = f"start={citation['span']['start']}&end={citation['span']['end']}"
        assert client.get(f"{place}/text?{span}").json()["text"] == citation["quote"]
        assert client.get(f"{place}/perspective?{span}").json() == citation["perspective"]
        assert client.get(place).json()["sha256"] == citation["document_sha256"]
        assert citation["perspective"]["note"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_chat_completion_keeps_citations_and_speakers(client, question):
    answer = ask(client, question)
    body = {"messages": [{"role": "user", "content": question}]}
    message = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    cited = answer["citations"] or answer["closest"]
    assert [annotation["citation"] for annotation in message["annotations"]] == cited
    for citation in cited:
        assert citation["quote"] in message["content"]
        assert citation["perspective"]["note"] in message["content"]


def test_answer_and_events_and_batch_agree(client):
    question = QUESTIONS[0]
    whole = without_timings(ask(client, question))
    batch = client.post("/v1/answers", json={"questions": [{"question": question}]}).json()
    events = client.post("/v1/answer", json={"question": question}, headers={"Accept": "text/event-stream"}).text
    streamed = json.loads(events.strip().split("\n\n")[-1].split("data: ", 1)[1])
    assert without_timings(batch["answers"][0]["answer"]) == without_timings(streamed) == whole


def test_what_is_retrieved_is_what_is_cited_also_in_a_conversation(client):
    body = {"question": "And who announced it?", "history": ["When was Shusha taken?"]}
    events = client.post("/v1/answer", json=body, headers={"Accept": "text/event-stream"}).text
    retrieved, answer = (json.loads(line[6:]) for line in events.splitlines() if line.startswith("data: "))
    assert retrieved["results"]
    shown = answer["citations"] or answer["closest"]
    assert {c["span"]["start"] for c in shown} & {c["span"]["start"] for c in retrieved["results"]}


def without_timings(answer):
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_any_span_of_the_document_has_a_perspective(client, bot):
    document = bot.documents[0]
    for start in range(0, len(document.text) - 1, 997):
        span = Span(start, min(len(document.text), start + 1 + start % 400))
        address = f"/v1/documents/{document.doc_id}/perspective?start={span.start}&end={span.end}"
        assert client.get(address).json()["note"]


def test_parties_and_documents_limit_what_may_answer(client):
    only = ask(client, QUESTIONS[0], doc_ids=["second-karabakh-war"], parties=["Azerbaijan"])
    assert {citation["doc_id"] for citation in only["citations"]} == {"second-karabakh-war"}
    assert ask(client, QUESTIONS[0], parties=["Armenia"])["status"] == "not_in_sources"
