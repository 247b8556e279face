import asyncio
import json
from dataclasses import replace

import httpx
import pytest

from qa_bot.client import AsyncClient, Client, ServiceError
from qa_bot.rendering.payload import answer_payload
from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.keys import create_key
from qa_bot.types import Span

from .fakes import TEXT, FakeBot
from .test_completions import served


@pytest.fixture(scope="module")
def address():
    with served(create_app(FakeBot(), settings=ServiceSettings(mcp=False))) as address:
        yield address


@pytest.fixture
def bot(address):
    with Client(address) as bot:
        yield bot


def test_client_gives_the_values_of_the_bot_itself(bot):
    local = FakeBot()
    options = {"history": ("arches",), "max_citations": 1, "doc_ids": ["bridge"], "parties": ["Town"]}
    assert bot.ask("bridge", **options) == local.ask("bridge", **options)
    assert bot.ask("ferry") == local.ask("ferry")
    assert bot.search("bridge", limit=2) == local.search("bridge", limit=2)
    assert bot.perspective("bridge", Span(44, 93)) == local.perspective("bridge", Span(44, 93))


def test_passages_are_told_before_the_answer(address, bot):
    told, told_later = [], []
    answer = bot.ask("and who?", history=["arches"], on_retrieved=told.append)

    async def scenario():
        async with AsyncClient(address) as other:
            return await other.ask("and who?", history=["arches"], on_retrieved=told_later.append)

    assert asyncio.run(scenario()) == answer == FakeBot().ask("and who?", history=("arches",))
    assert told == told_later == [answer.citations]


def test_problem_while_listening_is_an_error_and_a_busy_service_is_asked_again(bot):
    with pytest.raises(ServiceError, match="422"):
        bot.ask("  ", on_retrieved=print)
    with pytest.raises(ServiceError, match="422"):
        bot.ask("a", doc_ids=["tunnel"], on_retrieved=print)
    cut = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, text="event: retrieved\n")
    http = httpx.Client(transport=httpx.MockTransport(lambda _: cut))
    with Client("http://cut", http=http) as other, pytest.raises(ServiceError, match="broke off"):
        other.ask("bridge", on_retrieved=print)
    replies = [httpx.Response(503, headers={"Retry-After": "0"}), httpx.Response(404, json={"detail": "gone"})]
    http = httpx.Client(transport=httpx.MockTransport(lambda _: replies.pop(0)))
    with Client("http://busy", http=http) as other, pytest.raises(ServiceError, match="404: gone"):
        other.ask("bridge", on_retrieved=print)
    assert replies == []


SEPARATED = "Lines\u2028part\u2029here\x85or\x0bthere."


class Separated(FakeBot):
    """Answers with separators of lines that are not those of events."""

    def ask(self, question, **options):
        return replace(super().ask(question, **options), perspective_note=SEPARATED)


@pytest.mark.parametrize("in_ascii", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cut", [1, 7, 10_000])
def test_events_are_understood_wherever_they_are_cut(in_ascii, end, cut):
    answer = Separated().ask("bridge")
    found = {"results": answer_payload(answer)["citations"]}
    lines = []
    for name, data in (("retrieved", found), ("answer", answer_payload(answer))):
        lines += [f"event: {name}", f"data: {json.dumps(data, ensure_ascii=in_ascii)}", ""]
    sent = (end.join(lines) + end).encode()
    pieces = [sent[start : start + cut] for start in range(0, len(sent), cut)]
    listened = heard(pieces)
    assert listened == (answer, [answer.citations])


def heard(pieces):
    """What a client makes of events that come in pieces: the answer, and what it was told before."""
    reply = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=iter(pieces))
    told = []
    with Client("http://a", http=httpx.Client(transport=httpx.MockTransport(lambda _: reply))) as bot:
        return bot.ask("bridge", on_retrieved=told.append), told


def test_separators_of_lines_in_an_answer_part_no_event():
    app = create_app(Separated(), settings=ServiceSettings(mcp=False))
    with served(app) as address, Client(address) as bot:
        assert bot.ask("bridge", on_retrieved=print).perspective_note == SEPARATED
        body, stream = {"question": "bridge"}, {"Accept": "text/event-stream"}
        with httpx.stream("POST", f"{address}/v1/answer", json=body, headers=stream) as response:
            lines = [line for line in response.iter_lines() if line]  # as other clients part them
    assert [line.partition(": ")[0] for line in lines] == ["event", "data"] * 2


@pytest.mark.parametrize(
    "events",
    [
        "event: answer\ndata: {}\n\n",
        "event: answer\ndata: [1]\n\n",
        "event: answer\ndata: {\n\n",
        "event: retrieved\ndata: {'results': 1}\n\n",
        'event: retrieved\ndata: {"results": [{}]}\n\n',
        "event: problem\ndata: null\n\n",
    ],
)
def test_events_of_another_service_are_recognised(events):
    with pytest.raises(ServiceError, match="http://a/v1/answer did not answer like a qa_bot service") as error:
        heard([events.encode()])
    assert error.value.status == 200


def test_an_error_of_who_is_told_the_passages_is_not_the_service_s(bot):
    def fails(_passages):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        bot.ask("bridge", on_retrieved=fails)


def test_documents_are_read(bot):
    assert [document["doc_id"] for document in bot.documents()] == ["bridge"]
    assert bot.document("bridge")["card"]["language"] == "en"
    assert (bot.text("bridge"), bot.text("bridge", Span(94, 110))) == (TEXT, "It has 𝒵 arches.")


def test_batch_gives_an_answer_or_a_reason_for_each_question(bot):
    first, second = bot.ask_all(["bridge", "  "])
    assert first == FakeBot().ask("bridge")
    assert isinstance(second, ServiceError)
    assert second.status == 422


def test_asynchronous_client_gives_the_same(address):
    async def scenario():
        async with AsyncClient(address) as bot:
            return (
                await bot.ask("bridge"),
                await bot.ask_all(["bridge"]),
                await bot.search("bridge"),
                await bot.documents(),
                await bot.document("bridge"),
                await bot.text("bridge"),
                await bot.perspective("bridge", Span(0, 5)),
            )

    with Client(address) as bot:
        assert asyncio.run(scenario()) == (
            bot.ask("bridge"),
            bot.ask_all(["bridge"]),
            bot.search("bridge"),
            bot.documents(),
            bot.document("bridge"),
            bot.text("bridge"),
            bot.perspective("bridge", Span(0, 5)),
        )


def test_problem_becomes_one_line_with_its_status(bot):
    with pytest.raises(ServiceError, match="404: no document 'tunnel'") as error:
        bot.text("tunnel")
    assert error.value.status == 404
    assert error.value.problem["title"] == "Not Found"


def test_service_that_is_not_there_is_named():
    with Client("http://127.0.0.1:1") as bot, pytest.raises(ServiceError, match="qa-bot serve") as error:
        bot.ask("bridge")
    assert error.value.status is None


@pytest.mark.parametrize("address", ["http://a:port", "http://a\n", "127.0.0.1:8000", "", "ftp://a"])
def test_what_is_no_address_is_told(address):
    async def scenario():
        async with AsyncClient(address) as bot:
            await bot.documents()

    with Client(address) as bot, pytest.raises(ServiceError, match="is no address of a service"):
        bot.documents()
    with Client(address) as bot, pytest.raises(ServiceError, match="is no address of a service"):
        bot.ask("bridge", on_retrieved=print)
    with pytest.raises(ServiceError, match="is no address of a service"):
        asyncio.run(scenario())


@pytest.mark.parametrize("status", [301, 404, 502])
@pytest.mark.parametrize("body", [{"text": "<h1>Sorry</h1>"}, {"json": []}, {"json": {"error": "x"}}])
def test_a_refusal_that_is_no_problem_names_the_address(status, body):
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, **body)))
    with Client("http://other/", http=http) as bot, pytest.raises(ServiceError, match="check the address") as error:
        bot.documents()
    assert str(error.value).startswith(f"{status}: http://other/v1/documents did not answer like a qa_bot service")
    assert error.value.status == status


def test_other_service_is_recognised():
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"hello": 1})))
    with Client("http://other", http=http) as bot, pytest.raises(ServiceError, match="did not answer like"):
        bot.ask("bridge")


def test_busy_service_is_asked_again_after_the_time_it_names():
    replies = [httpx.Response(503, headers={"Retry-After": "0"}), httpx.Response(200, json={"documents": []})]
    http = httpx.Client(transport=httpx.MockTransport(lambda _: replies.pop(0)))
    with Client("http://busy", http=http) as bot:
        assert bot.documents() == []
    assert replies == []


def test_service_that_stays_busy_is_given_up():
    http = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(429, headers={"Retry-After": "0"}, text="no"))
    )

    async def scenario():
        async with AsyncClient("http://busy", http=http) as bot:
            await bot.documents()

    with pytest.raises(ServiceError, match="429"):
        asyncio.run(scenario())


def test_key_is_sent(tmp_path):
    key = create_key(tmp_path / "keys.json", "a")
    settings = ServiceSettings(auth="always", keys_file=tmp_path / "keys.json", mcp=False)
    with served(create_app(FakeBot(), settings=settings)) as address:
        with Client(address) as bot, pytest.raises(ServiceError, match="401"):
            bot.documents()
        with Client(address, key=key) as bot:
            assert bot.documents()
