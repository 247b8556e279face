"""Hot reload: a new index is taken into use when it is published, on SIGHUP, or on request."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from qa_bot.errors import QaBotError
from qa_bot.service.live import LiveBot
from qa_bot.service.logs import logger
from qa_bot.service.metrics import Metrics

_log = logger("qa_bot.service")


class Reloader:
    """Loads the index again in a thread while the bot in use goes on answering; one loading at a time."""

    def __init__(self, live: LiveBot, metrics: Metrics) -> None:
        self.live, self.metrics = live, metrics
        self._lock = asyncio.Lock()

    async def reload(self) -> bool:
        """Take the newest index into use, and say whether that worked; the reason why not is in the log."""
        async with self._lock:
            try:
                await asyncio.to_thread(self.live.reload)
            except Exception as error:  # whatever a bad index makes happen, the one in use must stay
                told = {"reason": str(error), "kind": type(error).__name__}
                unexpected = not isinstance(error, QaBotError)
                _log.error("index not loaded, the one in use stays", **told, exc_info=unexpected)
                self.metrics.reloads.labels("failed").inc()
                return False
        self.metrics.reloads.labels("loaded").inc()
        return True

    async def watch(self, seconds: float) -> None:
        """Look for a newly published index every so many seconds, for ever."""
        while True:
            await asyncio.sleep(seconds)
            if self.live.changed():
                await self.reload()


@asynccontextmanager
async def reloading(reloader: Reloader, *, watch_seconds: float) -> AsyncIterator[None]:
    """While this lasts, SIGHUP and newly published indexes make the bot reload; 0 seconds switches watching off."""
    loop = asyncio.get_running_loop()
    tasks = set[asyncio.Task[object]]()

    def on_hangup() -> None:
        task = loop.create_task(reloader.reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):  # Windows, or not the main thread
        loop.add_signal_handler(signal.SIGHUP, on_hangup)
    if watch_seconds:
        tasks.add(loop.create_task(reloader.watch(watch_seconds)))
    try:
        yield
    finally:
        with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop.remove_signal_handler(signal.SIGHUP)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
