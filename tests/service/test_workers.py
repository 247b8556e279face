import asyncio
import threading
import time

import pytest
from starlette.exceptions import HTTPException

from qa_bot.service.workers import Workers


def test_no_more_calls_run_at_once_than_there_are_threads():
    running, most, lock = 0, 0, threading.Lock()

    def call():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    async def scenario():
        workers = Workers(2, 8, timeout_s=5)
        await asyncio.gather(*(workers.run(call) for _ in range(8)))
        workers.close()

    asyncio.run(scenario())
    assert most == 2


def test_calls_beyond_the_queue_are_turned_away_at_once():
    async def scenario():
        workers = Workers(1, 1, timeout_s=5)
        go = threading.Event()
        accepted = [asyncio.create_task(workers.run(go.wait)) for _ in range(2)]
        await asyncio.sleep(0.01)
        with pytest.raises(HTTPException) as refused:
            await workers.run(lambda: None)
        go.set()
        await asyncio.gather(*accepted)
        assert (refused.value.status_code, refused.value.headers) == (503, {"Retry-After": "1"})
        assert (workers.turned_away, workers.admitted) == (1, 0)
        assert await workers.run(lambda: "again") == "again"
        workers.close()

    asyncio.run(scenario())


def test_call_over_time_keeps_its_place_until_its_thread_is_free():
    async def scenario():
        workers = Workers(1, 0, timeout_s=0.05)
        go = threading.Event()
        with pytest.raises(HTTPException, match="503"):
            await workers.run(go.wait)
        assert workers.admitted == 1
        go.set()
        await asyncio.sleep(0.05)
        assert workers.admitted == 0
        workers.close()

    asyncio.run(scenario())


def test_error_of_a_call_comes_through():
    async def scenario():
        workers = Workers(1, 0, timeout_s=1)
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)
        assert workers.admitted == 0
        workers.close()

    asyncio.run(scenario())


def test_burst_waits_its_turn_and_lasting_overload_is_turned_away(monkeypatch):
    monkeypatch.setattr("qa_bot.service.workers.BURST_S", 0.2)

    async def scenario():
        workers = Workers(1, 100, timeout_s=5)
        outcomes = {"burst": [], "overload": []}

        async def ask(kind):
            try:
                await workers.run(lambda: time.sleep(0.01))
                outcomes[kind].append(200)
            except HTTPException as refused:
                outcomes[kind].append(refused.status_code)

        await asyncio.gather(*(ask("burst") for _ in range(10)))
        keeping_busy = [
            asyncio.create_task(workers.run_in_place(lambda: time.sleep(0.01), patient=True)) for _ in range(60)
        ]
        await asyncio.sleep(0.25)
        await asyncio.gather(*(ask("overload") for _ in range(10)))
        await asyncio.gather(*keeping_busy)
        await ask("burst")
        workers.close()
        return outcomes

    outcomes = asyncio.run(scenario())
    assert set(outcomes["burst"]) == {200}
    assert set(outcomes["overload"]) == {503}
