"""How much one client may ask: requests in a stretch of time, and requests at the same time."""

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException

from qa_bot.service.metrics import Metrics


class Quotas:
    """Limits by client; None is no limit. Counted in this process: several workers allow that many times as much."""

    def __init__(self, rate: str | None, at_once: int | None, *, metrics: Metrics) -> None:
        self._rate = parse(rate) if rate else None
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._at_once = at_once
        self._running: Counter[str] = Counter()
        self._metrics = metrics

    @contextmanager
    def request(self, client: str) -> Iterator[None]:
        """One request of a client. Raises: HTTPException: 429 with Retry-After."""
        self._check_rate(client)
        self._check_running(client)
        self._running[client] += 1
        try:
            yield
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]

    def _check_rate(self, client: str) -> None:
        if self._rate is None or self._window.hit(self._rate, client):
            return
        wait = self._window.get_window_stats(self._rate, client).reset_time - time.time()
        raise self._refusal("rate", f"more than {self._rate}", wait)

    def _check_running(self, client: str) -> None:
        if self._at_once is not None and self._running[client] >= self._at_once:
            raise self._refusal("at_once", f"more than {self._at_once} requests at once", 1)

    def _refusal(self, reason: str, detail: str, wait: float) -> HTTPException:
        self._metrics.turned_away.labels(reason).inc()
        return HTTPException(429, f"{detail}; wait and try again", {"Retry-After": str(max(1, math.ceil(wait)))})
