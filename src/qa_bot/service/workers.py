"""A bounded pool of threads for the bot's work, which turns calls away before it is swamped.

Answering is CPU-bound, so more threads than cores only make every answer slower. A few calls, and bursts, wait their
turn; when a long queue has not been empty for a while, calls that have waited longer than an answer takes are turned
away, so that those that are accepted stay quick (controlled delay: Nichols and Jacobson, ACM Queue 10(5), 2012; for
servers: Maurer, "Fail at Scale", ACM Queue 13(8), 2015).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from threading import Lock
from typing import TypeVar

from starlette.exceptions import HTTPException

from qa_bot.service.problems import unavailable

CROWD = 16  # calls that may wait for good: a few clients, each with one question at a time, are never turned away
BURST_S = (
    2.0  # a longer queue may take this long to empty; beyond it there is overload, until as long without a refusal
)
PATIENCE = 1.5  # waiting time allowed then, in answers' time: an answer takes at most 1 + 1.5 < 3 times as long
MIN_PATIENCE_S = 0.01
LOOK_AGAIN_S = 0.1
SMOOTHING = 0.1  # weight of the newest call in the mean time of an undisturbed call

T = TypeVar("T")


class Workers:
    """Runs calls in at most `threads` threads while at most `waiting` more wait for one. Used from one event loop."""

    def __init__(self, threads: int, waiting: int, *, timeout_s: float) -> None:
        self.threads, self.capacity, self.timeout_s = threads, threads + waiting, timeout_s
        self.admitted = 0  # places held, and calls that outlived their request and still occupy a thread
        self.turned_away = 0
        self._queue = _QueueClock()
        self._pool: ThreadPoolExecutor | None = None  # made when first needed, so that an app can be started again

    async def run(self, call: Callable[[], T]) -> T:
        """The result of one call, made in a thread.

        Raises: HTTPException: 503 when too much is waiting or the call takes longer than the time limit.
        """
        async with self.place():
            return await self.run_in_place(call)

    def check_room(self) -> None:
        """Let pass while a further call could have its turn in time. Raises: as `run`."""
        if self.admitted >= self.capacity or self._queue.is_too_long(self.threads):
            raise self._refusal()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue, to make several calls from, one after the other. Raises: as `run`."""
        self.check_room()
        self.admitted += 1
        try:
            yield
        finally:
            self.admitted -= 1

    async def run_in_place(self, call: Callable[[], T], *, patient: bool = False) -> T:
        """The result of one call, made by the holder of a place; a patient one waits as long as it takes.

        Raises: as `run`.
        """
        self._pool = self._pool or ThreadPoolExecutor(self.threads, thread_name_prefix="qa-bot")
        self._queue.join()
        future = self._pool.submit(copy_context().run, self._queue.timed, call)
        result = asyncio.wrap_future(future)
        await self._wait_for_turn(result, patient=patient)
        if future.cancel():
            self._queue.leave()
            raise self._refusal()
        try:
            return await asyncio.wait_for(result, self.timeout_s)
        except TimeoutError:
            self._count_until_done(future)
            raise unavailable(f"no answer within {self.timeout_s:g} seconds; try again later") from None

    def close(self) -> None:
        """Finish the calls in progress, drop those that wait."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    async def _wait_for_turn(self, result: "asyncio.Future[T]", *, patient: bool) -> None:
        """Return when the result is there or patience has ended, which may be sooner than it seemed at first."""
        started = time.monotonic()
        while not result.done():
            patience = self.timeout_s if patient else min(self._queue.patience(), self.timeout_s)
            left = started + patience - time.monotonic()
            if left <= 0:
                return
            await asyncio.wait({result}, timeout=min(left, LOOK_AGAIN_S))

    def _refusal(self) -> HTTPException:
        self.turned_away += 1
        self._queue.refused()
        return unavailable("the service is answering as many questions as it can; try again shortly")

    def _count_until_done(self, future: "Future[T]") -> None:
        if future.done():
            return
        loop = asyncio.get_running_loop()
        self.admitted += 1
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._release))

    def _release(self) -> None:
        self.admitted -= 1


class _QueueClock:
    """How long the queue has not been empty, and how long a call takes on average when nothing else waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting = 0
        self._last_empty = time.monotonic()
        self._last_refusal = float("-inf")
        self._mean_s = 0.0

    def join(self) -> None:
        """Count a call that begins to wait."""
        with self._lock:
            if not self._waiting:
                self._last_empty = time.monotonic()
            self._waiting += 1

    def leave(self) -> None:
        """Count a call that waits no longer."""
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self._last_empty = time.monotonic()

    def refused(self) -> None:
        """Remember that a call was turned away."""
        self._last_refusal = time.monotonic()

    def timed(self, call: Callable[[], T]) -> T:
        """The result of a call that waits no longer."""
        self.leave()
        undisturbed = not self._waiting
        started = time.perf_counter()
        try:
            return call()
        finally:
            taken = time.perf_counter() - started
            if not self._mean_s:
                self._mean_s = taken
            elif undisturbed:
                self._mean_s += SMOOTHING * (taken - self._mean_s)

    def patience(self) -> float:
        """Seconds that a call may wait for a thread."""
        return max(MIN_PATIENCE_S, PATIENCE * self._mean_s) if self._is_overloaded() else float("inf")

    def is_too_long(self, threads: int) -> bool:
        """Whether a call that joined now would wait for more than patience allows."""
        return self._waiting >= PATIENCE * threads and self._is_overloaded()

    def _is_overloaded(self) -> bool:
        now = time.monotonic()
        crowded = self._waiting > CROWD and now - self._last_empty > BURST_S
        return crowded or now - self._last_refusal < BURST_S
