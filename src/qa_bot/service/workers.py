"""A bounded pool of threads for the bot's work, which turns calls away before it is swamped.

Answering is CPU-bound, so more threads than cores only make every answer slower. A few calls may wait; beyond that a
quick "try again" serves everyone better than a long queue (load shedding, as in Google's SRE book, chapter 22).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from typing import TypeVar

from qa_bot.service.problems import unavailable

T = TypeVar("T")


class Workers:
    """Runs calls in at most `threads` threads while at most `waiting` more wait for one. Used from one event loop."""

    def __init__(self, threads: int, waiting: int, *, timeout_s: float) -> None:
        self.threads, self.capacity, self.timeout_s = threads, threads + waiting, timeout_s
        self.admitted = 0  # places held, and calls that outlived their request and still occupy a thread
        self.turned_away = 0
        self._pool: ThreadPoolExecutor | None = None  # made when first needed, so that an app can be started again

    async def run(self, call: Callable[[], T]) -> T:
        """The result of one call, made in a thread.

        Raises: HTTPException: 503 when the queue is full or the call takes longer than the time limit.
        """
        async with self.place():
            return await self.run_in_place(call)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue, to make several calls from, one after the other."""
        if self.admitted >= self.capacity:
            self.turned_away += 1
            raise unavailable("the service is answering as many questions as it can; try again shortly")
        self.admitted += 1
        try:
            yield
        finally:
            self.admitted -= 1

    async def run_in_place(self, call: Callable[[], T]) -> T:
        """The result of one call, made by the holder of a place."""
        self._pool = self._pool or ThreadPoolExecutor(self.threads, thread_name_prefix="qa-bot")
        future = self._pool.submit(copy_context().run, call)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.timeout_s)
        except TimeoutError:
            self._count_until_done(future)
            raise unavailable(f"no answer within {self.timeout_s:g} seconds; try again later") from None

    def close(self) -> None:
        """Finish the calls in progress, drop those that wait."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _count_until_done(self, future: "Future[T]") -> None:
        if future.cancelled():
            return
        loop = asyncio.get_running_loop()
        self.admitted += 1
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._release))

    def _release(self) -> None:
        self.admitted -= 1
