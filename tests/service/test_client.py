import asyncio

import httpx
import pytest

from qa_bot.client import AsyncClient, Client, ServiceError
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
