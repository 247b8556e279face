import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.tracing import TracingError, make_provider

from .fakes import FakeBot

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def traced(bot, *requests):
    """The spans of some requests by name, and the responses."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = create_app(bot, settings=ServiceSettings(mcp=False), traces=provider)
    with TestClient(app) as client:
        responses = [client.request(method, path, **more) for method, path, more in requests]
    return {span.name: span for span in exporter.get_finished_spans()}, responses


def ask(question="bridge", **headers):
    return ("POST", "/v1/answer?secret=1", {"json": {"question": question}, "headers": headers})


def test_a_request_is_a_span_with_a_span_for_each_stage_below_it():
    spans, _ = traced(FakeBot(delay_s=0.01), ask())
    request = spans["POST /v1/answer"]
    assert request.kind is SpanKind.SERVER
    assert request.parent is None
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["http.route"] == request.attributes["url.path"] == "/v1/answer"
    above = {"wait": request, "answer": request, "retrieve": spans["answer"], "read": spans["answer"]}
    for name, parent in above.items():
        span = spans[name]
        assert span.parent.span_id == parent.context.span_id
        assert parent.start_time <= span.start_time <= span.end_time
    assert spans["read"].end_time - spans["read"].start_time == 2_000_000  # as the answer's timings say
    assert spans["retrieve"].end_time == spans["read"].start_time
    assert spans["answer"].attributes["qa_bot.index_version"] == "v1"


def test_steps_of_retrieval_are_below_it():
    class Stepwise(FakeBot):
        def ask(self, *args, **kwargs):
            answer = super().ask(*args, **kwargs)
            answer.timings_ms.update(encode=0.25, search=0.5)
            return answer

    spans, _ = traced(Stepwise(), ask())
    for step in ("encode", "search"):
        assert spans[step].parent.span_id == spans["retrieve"].context.span_id


def test_a_trace_that_the_client_began_is_continued():
    spans, _ = traced(FakeBot(), ask(traceparent=f"00-{TRACE}-{PARENT}-01"))
    assert {f"{span.context.trace_id:032x}" for span in spans.values()} == {TRACE}
    assert f"{spans['POST /v1/answer'].parent.span_id:016x}" == PARENT


@pytest.mark.parametrize("header", ["", "00-0-0-0", "00-" + "z" * 32 + "-00f067aa0ba902b7-01", "ff" * 5_000])
def test_a_nonsense_trace_begins_a_new_one(header):
    spans, (response,) = traced(FakeBot(), ask(traceparent=header))
    assert response.status_code == 200
    assert spans["POST /v1/answer"].parent is None


def test_no_span_holds_a_question_or_a_query():
    spans, _ = traced(FakeBot(), ask("bridge"), ask("ferry"))
    for span in spans.values():
        assert not {"bridge", "ferry", "secret"} & set(str(span.to_json()).replace('"', " ").replace("?", " ").split())


def test_faults_and_unknown_addresses_are_told():
    spans, _ = traced(FakeBot(fault=RuntimeError("broken")), ask(), ("GET", "/nowhere", {}))
    assert spans["POST /v1/answer"].status.status_code is StatusCode.ERROR
    assert spans["GET"].attributes["http.response.status_code"] == 404
    assert "http.route" not in spans["GET"].attributes


def test_without_traces_none_are_made_and_no_provider_is_needed():
    with TestClient(create_app(FakeBot(), settings=ServiceSettings(mcp=False))) as client:
        assert client.post("/v1/answer", json={"question": "bridge"}).status_code == 200


def test_provider_is_named_and_a_missing_extra_is_one_line(monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "reading-room")
    provider = make_provider("console")
    assert provider.resource.attributes["service.name"] == "reading-room"
    provider.shutdown()
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(TracingError, match=r"pip install 'qa-bot\[otel\]'"):
        make_provider("otlp")
