import re
from pathlib import Path

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from qa_bot import bot
from qa_bot.errors import QuotationError
from qa_bot.rendering.parsing import answer_from
from qa_bot.rendering.payload import AnswerPayload
from qa_bot.service import ServiceSettings, SettingsError, create_app
from qa_bot.service.examples import ANSWER
from qa_bot.settings import MAX_CITATIONS, MAX_HISTORY, MAX_QUESTION

from .fakes import FakeBot


def test_root_leads_to_the_chat_page_and_keeps_the_query(client):
    response = client.get("/?q=When%20%26%20why&span=bridge:1-2", follow_redirects=False)
    assert response.status_code == 307
    assert response.headers["location"] == "/ui/?q=When%20%26%20why&span=bridge:1-2"


def test_unknown_address_is_a_404_problem(client):
    response = client.get("/v2/answer")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) >= {"type", "title", "status", "detail"}


def test_wrong_method_is_a_405_problem_that_names_the_right_one(client):
    response = client.get("/v1/answer")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("address", "allowed"), [("/v1/documents", "GET, HEAD, POST"), ("/mcp", "POST")])
def test_wrong_method_names_every_right_one(client, address, allowed):
    response = client.patch(address)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/v1/documents", "/v1/documents/bridge/text", "/healthz", "/metrics", "/docs"])
def test_head_tells_what_get_would_without_the_body(client, address):
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers.get("etag") == got.headers.get("etag")
    route = address.replace("bridge", "{doc_id}")
    assert f'method="HEAD",route="{route}",status="200"' in client.get("/metrics").text


def test_without_an_index_the_process_is_up_but_not_ready():
    with TestClient(create_app(None)) as client:
        assert client.get("/healthz").status_code == 200
        for response in (
            client.get("/readyz"),
            client.post("/v1/answer", json={"question": "a"}),
            client.get("/v1/documents"),
        ):
            assert response.status_code == 503
            assert response.headers["content-type"] == "application/problem+json"
            assert response.headers["retry-after"]


def test_ready_names_the_index(client):
    assert client.get("/readyz").json() == {"status": "ready", "index_version": "v1", "documents": 1}


@pytest.mark.parametrize("fault", [RuntimeError("/home/secret/path"), QuotationError("the quotation moved")])
def test_fault_inside_is_a_500_problem_without_a_trace(fault):
    with TestClient(create_app(FakeBot(fault=fault))) as client:
        response = client.post("/v1/answer", json={"question": "a"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_body_over_the_limit_is_a_413_problem(client):
    response = client.post("/v1/answer", json={"question": "a" * 1_100_000})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_body_of_undeclared_length_is_cut_at_the_limit(client):
    chunks = (b" " * 100_000 for _ in range(20))
    response = client.post("/v1/answer", content=chunks, headers={"Content-Type": "application/json"})
    assert response.status_code == 413


@pytest.mark.parametrize("address", ["/", "/healthz", "/v1/documents", "/nowhere", "/docs"])
def test_every_response_has_security_headers_and_a_request_id(client, address):
    headers = client.get(address, follow_redirects=False).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])


@pytest.mark.parametrize(("given", "kept"), [("abc-123", True), ("a b", False), ("x" * 65, False)])
def test_plain_request_id_of_the_client_is_kept(client, given, kept):
    answered = client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert (answered == given) is kept


def test_only_the_chat_page_may_evaluate_code(client):
    assert "unsafe-eval" in client.get("/ui/").headers["content-security-policy"]
    assert "unsafe" not in client.get("/v1/documents").headers["content-security-policy"]


def test_reference_loads_nothing_from_elsewhere(client):
    page = client.get("/docs").text
    assert "http://" not in page
    assert "https://" not in page
    for source in re.findall(r'(?:src|href)="(/[^"]+)"', page):
        assert client.get(source).status_code == 200


def test_description_is_complete(client):
    description = client.get("/openapi.json").json()
    assert {"/v1/answer", "/v1/search", "/v1/documents/{doc_id}/perspective", "/readyz"} <= set(description["paths"])
    assert "HTTPValidationError" not in description["components"]["schemas"]
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["description"], path


def test_description_says_where_a_key_may_be_asked_for(client):
    description = client.get("/openapi.json").json()
    operations = {path: next(iter(found.values())) for path, found in description["paths"].items()}
    assert description["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert {path for path, operation in operations.items() if "security" not in operation} == {"/healthz", "/readyz"}
    assert operations["/metrics"]["security"] == [{"key": []}, {}]


def test_headers_that_are_too_large_are_a_problem_of_their_own_type(client):
    problem = client.get("/v1/documents", headers={"X-Long": "a" * 40_000}).json()
    assert (problem["status"], problem["type"]) == (431, "urn:qa-bot:problem:headers-too-large")


def test_metrics_count_answers_refusals_and_stages(client):
    client.post("/v1/answer", json={"question": "bridge"})
    client.post("/v1/answer", json={"question": "ferry"})
    metrics = client.get("/metrics").text
    assert 'qa_bot_answers_total{status="answered"} 1.0' in metrics
    assert 'qa_bot_answers_total{status="not_in_sources"} 1.0' in metrics
    assert 'qa_bot_stage_seconds_count{stage="retrieve"} 2.0' in metrics
    assert 'qa_bot_http_requests_total{method="POST",route="/v1/answer",status="200"} 2.0' in metrics
    assert 'qa_bot_index_info{version="v1"} 1.0' in metrics


def test_unknown_addresses_do_not_multiply_the_series(client):
    for number in range(5):
        client.get(f"/nowhere/{number}")
    assert "/nowhere" not in client.get("/metrics").text


def test_two_apps_in_one_process_count_apart():
    one, other = create_app(FakeBot()), create_app(FakeBot())
    with TestClient(one) as client:
        client.post("/v1/answer", json={"question": "bridge"})
    with TestClient(other) as client:
        assert 'status="answered"' not in client.get("/metrics").text


def test_settings_refuse_a_rate_limit_they_do_not_understand():
    with pytest.raises(ValueError, match="600/minute"):
        ServiceSettings(rate_limit="often")


def test_examples_are_what_the_service_gives():
    text = ANSWER["citations"][0]["context"]["text"]
    citation = answer_from(ANSWER).citations[0]
    assert TypeAdapter(AnswerPayload).validate_python(ANSWER, strict=True) == ANSWER
    assert text[citation.span.start - 12 : citation.span.end - 12] == citation.quote
    for excerpt in (*citation.perspective.attribution, citation.perspective.cue, answer_from(ANSWER).short):
        assert text[excerpt.span.start - 12 : excerpt.span.end - 12] == excerpt.text
    assert citation.href == ANSWER["citations"][0]["href"]


def test_wrong_setting_is_one_line_that_names_the_variable(monkeypatch):
    monkeypatch.setenv("QA_BOT_THREADS", "many")
    with pytest.raises(SettingsError, match="QA_BOT_THREADS has value 'many'; expected: Input should be a valid int"):
        ServiceSettings.read()


def test_list_that_is_no_json_is_one_line_that_names_it(monkeypatch):
    monkeypatch.setenv("QA_BOT_CORS_ORIGINS", "https://page.example")
    with pytest.raises(SettingsError, match="QA_BOT_CORS_ORIGINS is not JSON"):
        ServiceSettings.read()


def test_caps_are_those_of_the_bot():
    assert (MAX_QUESTION, MAX_HISTORY, MAX_CITATIONS, 100) == (
        bot.MAX_QUESTION,
        bot.MAX_HISTORY,
        bot.MAX_CITATIONS,
        bot.MAX_SEARCH,
    )


def test_every_setting_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    for name in ServiceSettings.model_fields:
        assert f"`QA_BOT_{name.upper()}`" in page


def test_every_response_has_an_example_that_fits_its_schema(client):
    description = client.get("/openapi.json").json()
    examined = 0
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                for kind, content in response.get("content", {}).items():
                    if kind in {"text/event-stream", "text/plain"}:
                        continue
                    assert "example" in content, (method, path, status)
                    schema = {**content["schema"], "components": description["components"]}
                    jsonschema_rs.Draft202012Validator(schema).validate(content["example"])
                    examined += 1
    assert examined > 100
