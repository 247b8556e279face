"""Prometheus metrics of one app, in a registry of its own so that two apps in one process do not mix."""

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

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """What is counted: requests, answers, milliseconds by stage, the queue, and the index in use."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
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
        self.queue = Gauge("qa_bot_queue", "Calls running or waiting for a thread", registry=self.registry)
        self.turned_away = Counter("qa_bot_turned_away", "Requests turned away", ["reason"], registry=self.registry)
        self.reloads = Counter("qa_bot_index_reloads", "Index reloads", ["outcome"], registry=self.registry)
        self.index = Info("qa_bot_index", "The index in use", registry=self.registry)

    def count_answer(self, answer: Answer) -> None:
        """Take in the outcome and the timings of one answer."""
        self.answers.labels(answer.status.value).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self.stages.labels(stage).observe(milliseconds / 1_000)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take in one HTTP request; `route` is the pattern, never the address itself, to keep the series few."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def observe_queue(self, calls: int) -> None:
        """Take in how many calls are running or waiting."""
        self.queue.set(calls)

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self.registry)
