import asyncio
import os
import signal
import threading

import pytest
from fastapi.testclient import TestClient

from qa_bot.errors import IndexDamagedError, IndexMissingError
from qa_bot.service import LiveBot, ServiceSettings, create_app
from qa_bot.service.metrics import Metrics
from qa_bot.service.reloading import Reloader, reloading

from .fakes import FakeBot


class Shelf:
    """An index folder whose published version the loader reads; a version named bad is damaged."""

    def __init__(self, folder):
        self.folder = folder
        self.number = 0

    def publish(self, version):
        fresh = self.folder / "CURRENT.new"
        fresh.write_text(version)
        fresh.replace(self.folder / "CURRENT")

    def load(self):
        version = (self.folder / "CURRENT").read_text()
        if version == "bad":
            raise IndexDamagedError(self.folder, "no reason")
        return FakeBot(index_version=version)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


def live_bot(shelf):
    return LiveBot(shelf.load, folder=shelf.folder)


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def test_nothing_loaded_is_an_error_that_says_what_to_run(shelf):
    with pytest.raises(IndexMissingError, match="qa-bot index"):
        live_bot(shelf).ask("bridge")


def test_live_bot_stands_for_the_bot_in_use(shelf):
    shelf.publish("v1")
    live = live_bot(shelf)
    bot = live.reload()
    citation = live.search("bridge", limit=1)[0]
    assert live.ask("bridge", doc_ids=["bridge"], parties=["Town"]).citations[0] == citation
    assert (live.documents, live.parties, live.index_version) == (bot.documents, bot.parties, "v1")
    assert live.document("bridge") == bot.document("bridge")
    assert live.outline("bridge") == bot.outline("bridge")
    assert live.perspective("bridge", citation.span) == citation.perspective
    assert live.profile("bridge") == bot.profile("bridge")


def test_published_index_is_taken_into_use_and_a_bad_one_is_not(shelf):
    async def scenario():
        live, metrics = live_bot(shelf), Metrics()
        async with reloading(Reloader(live, metrics), watch_seconds=0.01):
            shelf.publish("v1")
            await until(lambda: live.loaded and live.index_version == "v1")
            shelf.publish("bad")
            await until(lambda: b'outcome="failed"' in metrics.text())
            assert live.index_version == "v1"
            shelf.publish("v2")
            await until(lambda: live.index_version == "v2")

    asyncio.run(scenario())


def test_hangup_signal_reloads(shelf):
    async def scenario():
        live = live_bot(shelf)
        shelf.publish("v1")
        live.reload()
        shelf.publish("v2")
        async with reloading(Reloader(live, Metrics()), watch_seconds=0):
            os.kill(os.getpid(), signal.SIGHUP)
            await until(lambda: live.index_version == "v2")

    asyncio.run(scenario())


def test_service_becomes_ready_when_the_first_index_is_published(shelf):
    live = live_bot(shelf)
    with TestClient(create_app(live, settings=ServiceSettings(watch_seconds=0))) as client:
        assert client.get("/readyz").status_code == 503
        assert client.post("/v1/index/reload").status_code == 409
        shelf.publish("v1")
        assert client.post("/v1/index/reload").json() == {"index_version": "v1"}
        assert client.get("/readyz").json()["index_version"] == "v1"


def test_hundred_new_indexes_under_load_fail_no_answer(shelf):
    live = live_bot(shelf)
    shelf.publish("v0")
    live.reload()
    statuses, versions, stop = [], set(), threading.Event()
    with TestClient(create_app(live, settings=ServiceSettings(watch_seconds=0, waiting=16))) as client:

        def ask():
            while not stop.is_set():
                response = client.post("/v1/answer", json={"question": "bridge"})
                statuses.append(response.status_code)
                versions.add(response.json()["index_version"])

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(1, 101):
            shelf.publish(f"v{number}")
            assert client.post("/v1/index/reload").status_code == 200
        stop.set()
        for thread in threads:
            thread.join()
    assert set(statuses) == {200}
    assert len(versions) > 10
