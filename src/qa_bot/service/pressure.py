"""How full the service is, and whether one more call would still be answered soon enough.

Up to `waiting` calls wait their turn for as long as it takes: a few clients with one question at a time each are never
turned away. When more requests than that are here at once there is overload, until there have been fewer for a while;
then a call is let in only if waiting and answering together will probably take at most LIMIT times as long as an answer
does when nothing else is going on. A queue is thus measured in time and not in calls, as in controlled delay (Nichols
and Jacobson, ACM Queue 10(5), 2012; for servers: Maurer, "Fail at Scale", ACM Queue 13(8), 2015).

A refused request is held for a moment before it is told so. That costs nothing, keeps clients that try again at once
from taking the time of those that are answered, and shows how many there are.
"""

import time
from collections import deque
from collections.abc import Callable
from itertools import count
from statistics import median
from threading import Lock
from typing import TypeVar

LIMIT = 2.0  # times a quiet answer; below 3 by what answers take longer when there is much to do
CALM_S = 1.0  # overload is over when for so long there were no more requests here than may wait
HOLD = 30  # a refusal comes after so many answers' time: at one and a half times what can be answered, 15 are held
HOLD_S = (0.1, 1.0)  # but not sooner or later than this
MAX_HELD = 1_000
QUIET_CALLS = 31  # the newest calls without company; their median stands for all, so that a slow first one does not
SMOOTHING = 0.1  # weight of the newest call in the mean time of a call

T = TypeVar("T")


class Pressure:
    """The calls let in, those refused and held, and how long calls take. Counted from one event loop."""

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads, self.capacity = threads, threads + waiting
        self.admitted = 0
        self.held = 0
        self._numbers = count()
        self._lock = Lock()
        self._begun: dict[int, float] = {}
        self._quiet: deque[float] = deque(maxlen=QUIET_CALLS)
        self._mean_s = 0.0
        self._last_crowded = float("-inf")

    def has_room(self) -> bool:
        """Whether one more call would have its turn soon enough."""
        now = time.monotonic()
        if self.admitted + self.held >= self.capacity:
            self._last_crowded = now
        if self.admitted >= self.capacity:
            return False
        return not self._is_overloaded(now) or self._expected_s(now) <= LIMIT * self._quiet_s()

    def patience_s(self) -> float:
        """Seconds that a call let in may wait for a thread, by what is known now."""
        quiet = self._quiet_s()
        if self.admitted <= self.threads:
            return float("inf")  # a thread is free for it, if slow to begin
        if not quiet or not self._is_overloaded(time.monotonic()):
            return float("inf")
        return max(LIMIT * quiet - self._mean_s, 0.5 * quiet)

    def hold_s(self) -> float:
        """Seconds after which a refused request is told so."""
        shortest, longest = HOLD_S
        return min(max(HOLD * self._quiet_s(), shortest), longest) if self.held < MAX_HELD else 0.0

    def timed(self, call: Callable[[], T]) -> T:
        """The result of a call, whose time is taken; runs in the thread that makes the call."""
        started, number = time.monotonic(), next(self._numbers)
        with self._lock:
            self._begun[number] = started
        alone = self.admitted + self.held <= 1
        try:
            return call()
        finally:
            taken = time.monotonic() - started
            with self._lock:
                del self._begun[number]
                self._mean_s += (taken - self._mean_s) * (SMOOTHING if self._mean_s else 1.0)
                if alone and self.admitted + self.held <= 1:
                    self._quiet.append(taken)

    def _expected_s(self, now: float) -> float:
        """Seconds that a call let in now would probably wait and take."""
        if self.admitted < self.threads:
            return 0.0  # a thread is idle: it must not stay so, however slow calls have become
        with self._lock:
            left = sum(max(0.0, begun + self._mean_s - now) for begun in self._begun.values())
            ahead = max(0, self.admitted - len(self._begun)) * self._mean_s
        return (left + ahead) / self.threads + self._mean_s

    def _quiet_s(self) -> float:
        with self._lock:
            return median(self._quiet) if self._quiet else self._mean_s

    def _is_overloaded(self, now: float) -> bool:
        return now - self._last_crowded < CALM_S
