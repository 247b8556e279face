"""Prometheus metrics of one app, in a registry of its own so that two apps in one process do not mix.

Where several worker processes serve one address, PROMETHEUS_MULTIPROC_DIR names a folder in which they add up what
they count (https://prometheus.github.io/client_python/multiprocess/); any of them then tells the sum.
"""

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from qa_bot.types import Answer

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client when it is imported
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """What is counted: requests, answers, seconds by stage, the queue, and the index in use."""

    def __init__(self) -> None:
        self.registry, self._own = CollectorRegistry(), CollectorRegistry()
        self.requests = Counter(
            "qa_bot_http_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "qa_bot_http_request_seconds", "Time to respond", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self.answers = Counter("qa_bot_answers", "Questions answered or refused", ["status"], registry=self.registry)
        self.stages = Histogram(
            "qa_bot_stage_seconds", "Time of an answer by stage", ["stage"], buckets=_SECONDS, registry=self.registry
        )
        self.queue = Gauge(
            "qa_bot_queue",
            "Calls running or waiting for a thread",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.turned_away = Counter("qa_bot_turned_away", "Requests turned away", ["reason"], registry=self.registry)
        self.reloads = Counter("qa_bot_index_reloads", "Index reloads", ["outcome"], registry=self.registry)
        # of the process that is asked, also where several serve
        ProcessCollector(registry=self._own)
        PlatformCollector(registry=self._own)
        GCCollector(registry=self._own)
        self.index = Info("qa_bot_index", "The index in use", registry=self._own)

    def count_answer(self, answer: Answer, *, waited_s: float) -> None:
        """Take in the outcome and the timings of one answer, and how long its question waited for a thread."""
        self.answers.labels(answer.status.value).inc()
        self.stages.labels("wait").observe(waited_s)
        for stage, milliseconds in answer.timings_ms.items():
            self.stages.labels(stage).observe(milliseconds / 1_000)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take in one HTTP request; `route` is the pattern, never the address itself, to keep the series few."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        folder = os.environ.get(SHARED_FOLDER)
        counted = _sum_of_workers(Path(folder)) if folder else self.registry
        return generate_latest(counted) + generate_latest(self._own)


def _sum_of_workers(folder: Path) -> CollectorRegistry:
    from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

    for file in folder.glob("gauge_live*.db"):
        with suppress(ValueError):
            worker = int(file.stem.rsplit("_", 1)[1])
            if not _lives(worker):
                mark_process_dead(worker, str(folder))  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return registry


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
