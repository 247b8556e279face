"""OpenTelemetry traces: a span a request with a span below it for each stage of an answer; needs the extra `otel`.

A trace that a client began is continued (W3C `traceparent`). Spans hold no question, no key and no query string.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_bot import __version__
from qa_bot.errors import QaBotError
from qa_bot.types import Answer

if TYPE_CHECKING:  # an optional extra
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_PARTS = ("retrieve", "read", "compose")  # one after the other; what else is timed lies within the first of them


class TracingError(QaBotError):
    """Traces are asked for and cannot be made."""


def make_provider(exporter: str) -> "TracerProvider":
    """A provider that sends spans by OTLP over HTTP, or prints them ("console"); OTEL_* variables say the rest.

    Raises: TracingError: the extra `otel` is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
    except ModuleNotFoundError as error:
        raise TracingError(
            f"QA_BOT_TRACES is '{exporter}' and {error.name} is missing; install the extra: pip install 'qa-bot[otel]'"
        ) from error
    named = Resource({"service.name": "qa-bot", "service.version": __version__, "process.pid": os.getpid()})
    provider = TracerProvider(resource=named.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(
        BatchSpanProcessor(ConsoleSpanExporter() if exporter == "console" else OTLPSpanExporter())
    )
    return provider


class Tracing:
    """Makes spans with a provider, or none without one."""

    def __init__(self, provider: "TracerProvider | None") -> None:
        self._provider = provider
        self.tracer: Tracer | None = provider.get_tracer("qa_bot", __version__) if provider else None

    @contextmanager
    def request(self, scope: Scope) -> Iterator[dict[str, Any]]:
        """The span of one HTTP request; what is put into the dictionary becomes its attributes."""
        told: dict[str, Any] = {}
        if self.tracer is None:
            yield told
            return
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        method = scope["method"]
        context = extract(dict(Headers(scope=scope)))
        with self.tracer.start_as_current_span(method, context=context, kind=SpanKind.SERVER) as span:
            scope["state"]["trace_id"] = f"{span.get_span_context().trace_id:032x}"
            try:
                yield told
            finally:
                route = str(getattr(scope.get("route"), "path", ""))
                span.update_name(f"{method} {route}".strip())
                span.set_attributes({"http.request.method": method, "url.path": scope["path"], **told})
                if route:
                    span.set_attribute("http.route", route)
                if int(told.get("http.response.status_code", 500)) >= 500:
                    span.set_status(StatusCode.ERROR)

    def answered(self, answer: Answer, joined_ns: int, begun_ns: int) -> None:
        """Note the spans of an answer: waiting for a thread from `joined_ns` to `begun_ns`, then its stages."""
        if self.tracer is None:
            return
        from opentelemetry.trace import set_span_in_context

        self.tracer.start_span("wait", start_time=joined_ns).end(begun_ns)
        ms = dict(answer.timings_ms)
        end_ns = begun_ns + _ns(ms.pop("total", 0.0))
        whole = self.tracer.start_span("answer", start_time=begun_ns)
        whole.set_attributes({"qa_bot.status": answer.status.value, "qa_bot.index_version": answer.index_version})
        inside, at_ns = set_span_in_context(whole), begun_ns
        for part in _PARTS:
            if part in ms:
                took_ns = _ns(ms.pop(part))
                span = self.tracer.start_span(part, context=inside, start_time=at_ns)
                if part == "retrieve":
                    self._steps(ms, at_ns, set_span_in_context(span))
                at_ns += took_ns
                span.end(at_ns)
        whole.end(max(at_ns, end_ns))

    def close(self) -> None:
        """Send what has not been sent yet."""
        if self._provider:
            self._provider.shutdown()

    def _steps(self, ms: dict[str, float], at_ns: int, inside: Any) -> None:
        assert self.tracer is not None  # noqa: S101
        for step in [name for name in ms if name not in _PARTS]:
            span = self.tracer.start_span(step, context=inside, start_time=at_ns)
            at_ns += _ns(ms.pop(step))
            span.end(at_ns)


class Traced:
    """ASGI middleware that puts every request into a span."""

    def __init__(self, app: ASGIApp, *, tracing: Tracing) -> None:
        self.app, self.tracing = app, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.tracing.request(scope) as told:

            async def send_and_tell(message: Message) -> None:
                if message["type"] == "http.response.start":
                    told["http.response.status_code"] = message["status"]
                await send(message)

            await self.app(scope, receive, send_and_tell)


def _ns(milliseconds: float) -> int:
    return round(milliseconds * 1_000_000)
