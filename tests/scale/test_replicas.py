"""A replica and a door by themselves, without a cluster."""

import asyncio
import sys
from contextlib import asynccontextmanager
from types import ModuleType, SimpleNamespace

import pytest
from starlette.requests import Request

from qa_bot.bot import QaBot
from qa_bot.cluster.replicas import TRIES, Door, Exchanged, Replica
from qa_bot.service.settings import ServiceSettings

from ..service.fakes import FakeBot

READY = Exchanged("GET /readyz", [("host", "localhost")], b"")


@pytest.fixture
def replica(monkeypatch):
    monkeypatch.setattr(QaBot, "load", lambda _: FakeBot())
    return Replica("anywhere", ServiceSettings(auth="never"))


def lifespan_of(replica, monkeypatch, *outcomes):
    """Replaces what the service does when it starts; gives what has happened, in order."""
    happened, left = [], list(outcomes)

    @asynccontextmanager
    async def lifespan(_):
        if error := left.pop(0):
            raise error
        happened.append("started")
        task = asyncio.current_task()
        yield
        happened.append("ended by the same task" if asyncio.current_task() is task else "ended by another task")

    monkeypatch.setattr(replica._app.router, "lifespan_context", lifespan)
    return happened


def test_requests_start_the_service_once_and_closing_ends_it(replica, monkeypatch):
    happened = lifespan_of(replica, monkeypatch, None)

    async def scenario():
        found = await asyncio.gather(*(replica.answer(READY) for _ in range(3)))
        assert [answer.head for answer in found] == [200] * 3
        await replica.__del__()  # as Ray does

    asyncio.run(scenario())
    assert happened == ["started", "ended by the same task"]


def test_a_start_that_failed_is_tried_again(replica, monkeypatch):
    happened = lifespan_of(replica, monkeypatch, OSError("no more open files"), None)

    async def scenario():
        with pytest.raises(OSError, match="no more open files"):
            await replica.answer(READY)
        assert (await replica.answer(READY)).head == 200
        await replica.close()

    asyncio.run(scenario())
    assert happened == ["started", "ended by the same task"]


def test_the_whole_service_starts_answers_and_ends(replica):
    async def scenario():
        assert (await replica.answer(READY)).head == 200
        await replica.close()

    asyncio.run(scenario())


def test_a_replica_that_was_never_asked_can_be_closed(replica):
    asyncio.run(replica.close())


def test_a_door_without_a_replica_that_answers_is_a_503_problem(monkeypatch):
    class RayError(Exception):
        pass

    tried = []

    async def lost(asked):
        tried.append(asked.head)
        raise RayError

    ray, exceptions = ModuleType("ray"), ModuleType("ray.exceptions")
    exceptions.RayError = RayError
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setitem(sys.modules, "ray.exceptions", exceptions)
    monkeypatch.setattr("qa_bot.cluster.replicas.PAUSE_S", 0)
    door = Door(SimpleNamespace(answer=SimpleNamespace(remote=lost)))

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/readyz", "query_string": b"a=b", "headers": []}
    response = asyncio.run(door(Request(scope, receive)))
    assert tried == ["GET /readyz?a=b"] * TRIES
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.media_type == "application/problem+json"
