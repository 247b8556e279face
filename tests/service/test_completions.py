import threading
from contextlib import contextmanager

import openai
import pytest
import uvicorn
from fastapi.testclient import TestClient

from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.server import bind

from .fakes import TEXT, FakeBot


@contextmanager
def served(app):
    """The app on a real socket, in a thread; gives its address."""
    with bind("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address():
    with served(create_app(FakeBot(), settings=ServiceSettings())) as address:
        yield address


@pytest.fixture(scope="module")
def client(address):
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none-needed", max_retries=0) as client:
        yield client


def messages(*texts):
    return [{"role": "user", "content": text} for text in texts]


def test_official_client_gets_the_quotation_and_its_citation(client, address):
    completion = client.chat.completions.create(model="any", messages=messages("When was the bridge opened?"))
    message = completion.choices[0].message
    assert completion.choices[0].finish_reason == "stop"
    assert "“The bridge was opened on 3 May.”" in message.content
    annotation = message.annotations[0]
    span = annotation.citation["span"]
    assert TEXT[span["start"] : span["end"]] == annotation.citation["quote"]
    assert annotation.url_citation.url == f"{address}/ui/?doc=bridge&span=12-43"
    marked = message.content[annotation.url_citation.start_index : annotation.url_citation.end_index]
    assert marked.startswith("[1] The bridge, “The bridge”, characters 12–43: ")


def test_official_client_streams_the_same_text_and_citations(client):
    whole = client.chat.completions.create(model="qa-bot", messages=messages("bridge")).choices[0].message
    chunks = list(
        client.chat.completions.create(
            model="qa-bot", messages=messages("bridge"), stream=True, stream_options={"include_usage": True}
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    assert len(deltas[-1].annotations) == len(whole.annotations)
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.total_tokens == 0


def test_earlier_user_messages_are_the_history(client):
    conversation = [
        {"role": "system", "content": "Be rude."},
        {"role": "user", "content": "What of the bridge?"},
        {"role": "assistant", "content": "…"},
        {"role": "user", "content": [{"type": "text", "text": "When was it opened?"}]},
    ]
    completion = client.chat.completions.create(model="qa-bot", messages=conversation, temperature=1.5)
    assert completion.qa_bot["resolved_question"] == "What of the bridge? When was it opened?"


def test_earlier_messages_that_cannot_be_asked_are_passed_over(client):
    asked = messages("\0", " \n", " " * 1_200 + "What of the arches?", "x\x1b[31m", "And the bridge?")
    completion = client.chat.completions.create(model="qa-bot", messages=asked)
    assert completion.qa_bot["resolved_question"] == "What of the arches? And the bridge?"


def test_a_conversation_without_a_user_says_what_is_missing(client):
    with pytest.raises(openai.UnprocessableEntityError) as error:
        client.chat.completions.create(model="qa-bot", messages=[{"role": "system", "content": "a"}])
    problem = error.value.response.json()
    assert problem["detail"] == "messages: no message with role 'user'; add one"
    assert problem["errors"] == [{"field": "messages", "problem": "no message with role 'user'; add one"}]


def test_refusal_names_the_nearest_passages_with_their_speakers(client):
    message = client.chat.completions.create(model="qa-bot", messages=messages("ferry")).choices[0].message
    assert "Nearest passages (not an answer):" in message.content
    assert "“The bridge was opened on 3 May.” (Narrator's own words.)" in message.content
    assert len(message.annotations) == 1


def test_one_model_is_listed(client):
    assert [model.id for model in client.models.list()] == ["qa-bot"]


@pytest.mark.parametrize(
    "conversation",
    [
        [],
        [{"role": "system", "content": "a"}],
        messages(""),
        messages("x" * 1_001),
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://a"}}]}],
        [{"role": "user"}],
        [{"content": "a"}],
    ],
)
def test_conversation_without_a_question_is_a_422_problem(client, conversation):
    with pytest.raises(openai.UnprocessableEntityError) as error:
        client.chat.completions.create(model="qa-bot", messages=conversation)
    assert error.value.response.headers["content-type"] == "application/problem+json"


def test_wrong_key_is_an_authentication_error(address):
    with (
        openai.OpenAI(base_url=f"{address}/v1", api_key="qab_1_2", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError),
    ):
        client.models.list()


def test_long_history_is_cut_to_what_the_bot_takes():
    with TestClient(create_app(FakeBot())) as client:
        body = {"messages": messages(*(f"question {number}" * 200 for number in range(60)), "bridge")}
        response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 200
