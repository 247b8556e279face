"""A small pool of threads for the bot's work; calls that could not have their turn in time are turned away.

Answering is CPU-bound, so more threads than cores only make every answer slower.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from typing import TypeVar

from starlette.exceptions import HTTPException

from qa_bot.service.metrics import Metrics
from qa_bot.service.pressure import Pressure
from qa_bot.service.problems import unavailable

LOOK_AGAIN_S = 0.05  # how often a waiting call looks whether its patience has shrunk

T = TypeVar("T")


class Workers:
    """Runs calls in at most `threads` threads while a few more wait for one. Used from one event loop."""

    def __init__(self, threads: int, waiting: int, *, timeout_s: float, metrics: Metrics | None = None) -> None:
        self.threads, self.timeout_s = threads, timeout_s
        self._pressure = Pressure(threads, waiting)
        self._metrics = metrics or Metrics()
        self._pool: ThreadPoolExecutor | None = None  # made when first needed, so that an app can be started again

    @property
    def admitted(self) -> int:
        """Places held, and calls that outlived their request and still occupy a thread."""
        return self._pressure.admitted

    async def run(self, call: Callable[[], T]) -> T:
        """The result of one call, made in a thread.

        Raises: HTTPException: 503 when too much is waiting or the call takes longer than the time limit.
        """
        async with self.place():
            return await self.run_in_place(call)

    async def check_room(self) -> None:
        """Let pass while a further call could have its turn in time; else hold it for a moment. Raises: as `run`."""
        if self._pressure.has_room():
            return
        refusal = self._refusal()
        wait = self._pressure.hold_s()
        self._pressure.held += 1
        try:
            await asyncio.sleep(wait)
        finally:
            self._pressure.held -= 1
        raise refusal

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue, to make several calls from, one after the other. Raises: as `run`."""
        await self.check_room()
        self._admit(1)
        try:
            yield
        finally:
            self._admit(-1)

    async def run_in_place(self, call: Callable[[], T], *, patient: bool = False) -> T:
        """The result of one call, made by the holder of a place; a patient one waits for its turn until time is up.

        Raises: as `run`.
        """
        self._pool = self._pool or ThreadPoolExecutor(self.threads, thread_name_prefix="qa-bot")
        deadline = time.monotonic() + self.timeout_s  # for waiting and answering together
        future = self._pool.submit(copy_context().run, self._pressure.timed, call)
        result = asyncio.wrap_future(future)
        try:
            await self._wait_for_turn(result, deadline, patient=patient)
            if future.cancel():
                raise self._refusal()
            return await asyncio.wait_for(result, max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            self._count_until_done(future)
            raise unavailable(f"no answer within {self.timeout_s:g} seconds; try again later") from None
        except asyncio.CancelledError:  # who asked has gone and gives the place back: its call must not stay unseen
            if not future.cancel():
                self._count_until_done(future)
            raise

    def close(self) -> None:
        """Finish the calls in progress, drop those that wait."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    async def _wait_for_turn(self, result: "asyncio.Future[T]", deadline: float, *, patient: bool) -> None:
        """Return when the result is there or patience has ended, which may be sooner than it seemed at first."""
        started = time.monotonic()
        while not result.done():
            until = deadline if patient else min(deadline, started + self._pressure.patience_s())
            left = until - time.monotonic()
            if left <= 0:
                return
            await asyncio.wait({result}, timeout=min(left, LOOK_AGAIN_S))

    def _count_until_done(self, future: "Future[T]") -> None:
        if future.done():
            return
        loop = asyncio.get_running_loop()
        self._admit(1)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._admit, -1))

    def _admit(self, calls: int) -> None:
        self._pressure.admitted += calls
        self._metrics.queue.inc(calls)

    def _refusal(self) -> HTTPException:
        self._metrics.turned_away.labels("overload").inc()
        return unavailable("the service is answering as many questions as it can; try again shortly")
