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
