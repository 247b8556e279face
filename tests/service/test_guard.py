import base64

import pytest
from fastapi.testclient import TestClient

from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.keys import Scope, create_key, revoke_key

from .fakes import FakeBot

QUESTION = {"question": "bridge"}


@pytest.fixture
def keys_file(tmp_path):
    return tmp_path / "keys.json"


def client_at(address, keys_file, **settings):
    app = create_app(FakeBot(), settings=ServiceSettings(keys_file=keys_file, **settings))
    return TestClient(app, client=(address, 50_000), base_url="http://127.0.0.1:8000")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_needs_no_key(keys_file, address):
    assert client_at(address, keys_file).post("/v1/answer", json=QUESTION).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.7", "2001:db8::1", "::ffff:10.0.0.5"])
def test_other_machines_are_refused_while_there_is_no_key(keys_file, address):
    response = client_at(address, keys_file).post("/v1/answer", json=QUESTION)
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert "qa-bot keys create" in response.json()["detail"]


def test_other_machines_come_in_with_a_key(keys_file):
    key = create_key(keys_file, "a")
    client = client_at("10.0.0.5", keys_file)
    assert client.post("/v1/answer", json=QUESTION, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    refused = client.post("/v1/answer", json=QUESTION)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="qa_bot"')


def test_browsers_are_asked_for_the_key_as_a_password(keys_file):
    key = create_key(keys_file, "a")
    client = client_at("10.0.0.5", keys_file)
    assert client.get("/ui/").headers["www-authenticate"] == 'Basic realm="qa_bot"'
    from_the_page = client.get("/v1/documents", headers={"Sec-Fetch-Site": "same-origin"})
    assert from_the_page.headers["www-authenticate"] == 'Basic realm="qa_bot"'
    basic = base64.b64encode(f"anyone:{key}".encode()).decode()
    assert client.get("/v1/documents", headers={"Authorization": f"Basic {basic}"}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/docs", "/docs/start.js"])
def test_browsers_are_asked_wherever_they_come_in(keys_file, address):
    create_key(keys_file, "a")
    assert client_at("10.0.0.5", keys_file).get(address).headers["www-authenticate"] == 'Basic realm="qa_bot"'


@pytest.mark.parametrize(
    "named",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Forwarded-For": "203.0.113.7:51000"},
        {"X-Forwarded-For": "unknown"},
        {"X-Forwarded-For": ""},
        {"X-Forwarded-For": "127.0.0.1, 203.0.113.7"},
        {"X-Real-IP": "2001:db8::1"},
        {"Forwarded": "for=203.0.113.7"},
    ],
)
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "unknown"])
def test_whoever_a_proxy_names_is_not_this_machine(keys_file, address, named):
    client = client_at(address, keys_file)
    assert client.get("/v1/documents", headers=named).status_code == 403
    assert client.post("/v1/index/reload", headers=named).status_code == 403


def test_this_machine_may_come_by_a_proxy_too(keys_file):
    client = client_at("127.0.0.1", keys_file)
    assert client.get("/v1/documents", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 200


def test_revoked_key_is_refused_even_on_this_machine(keys_file):
    key = create_key(keys_file, "a")
    revoke_key(keys_file, key.split("_")[1])
    response = client_at("127.0.0.1", keys_file).get("/v1/documents", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 401


@pytest.mark.parametrize(
    "authorization",
    ["Bearer ", "Bearer x", "Bearer " + "x" * 10_000, "Basic !!!", "Basic /w==", "Basic eA==", "bearer"],
)
def test_nonsense_is_no_key(keys_file, authorization):
    create_key(keys_file, "a")
    client = client_at("10.0.0.5", keys_file)
    assert client.get("/v1/documents", headers={"Authorization": authorization}).status_code == 401


@pytest.mark.parametrize(("key", "status"), [("sk-unused", 200), ("qab_1_2", 401)])
def test_keys_of_other_services_are_passed_over_where_none_is_needed(keys_file, key, status):
    headers = {"Authorization": f"Bearer {key}"}
    assert client_at("127.0.0.1", keys_file).get("/v1/documents", headers=headers).status_code == status
    assert client_at("10.0.0.5", keys_file).get("/v1/documents", headers=headers).status_code == 401


def test_always_asks_this_machine_too(keys_file):
    create_key(keys_file, "a")
    assert client_at("127.0.0.1", keys_file, auth="always").get("/v1/documents").status_code == 401


def test_never_lets_everyone_ask_but_not_manage(keys_file):
    client = client_at("10.0.0.5", keys_file, auth="never")
    assert client.get("/v1/documents").status_code == 200
    assert client.post("/v1/index/reload").status_code == 403


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:8000", 409), ("[::1]:8000", 409), ("named.example", 409), ("rebound.example", 403)]
)
def test_web_pages_manage_nothing_by_another_name_also_where_nobody_needs_a_key(keys_file, host, status):
    client = client_at("127.0.0.1", keys_file, auth="never", hosts=("named.example",))
    assert client.post("/v1/index/reload", headers={"Host": host}).status_code == status
    assert client.post("/v1/answer", headers={"Host": host}, json=QUESTION).status_code == 200


@pytest.mark.parametrize(("scope", "status"), [(Scope.ASK, 403), (Scope.MANAGE, 409)])
def test_managing_needs_its_scope(keys_file, scope, status):
    key = create_key(keys_file, "a", (scope,))
    client = client_at("10.0.0.5", keys_file)
    assert client.post("/v1/index/reload", headers={"Authorization": f"Bearer {key}"}).status_code == status


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_open_to_load_balancers(keys_file, address):
    assert client_at("10.0.0.5", keys_file).get(address).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:8000", 200), ("rebound.example", 403), ("[", 403), ("", 403)],
)
def test_web_pages_cannot_reach_the_service_by_another_name(keys_file, host, status):
    client = client_at("127.0.0.1", keys_file)
    assert client.get("/v1/documents", headers={"Host": host}).status_code == status


def test_other_names_can_be_allowed(keys_file):
    client = client_at("127.0.0.1", keys_file, hosts=("answers.example",))
    assert client.get("/v1/documents", headers={"Host": "answers.example:80"}).status_code == 200


def test_rate_limit_is_a_429_problem_that_says_when_to_come_back(keys_file):
    client = client_at("127.0.0.1", keys_file, rate_limit="3/minute")
    assert [client.get("/v1/documents").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/v1/documents")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get("/healthz").status_code == 200
    assert 'qa_bot_turned_away_total{reason="rate"} 2.0' in client.get("/metrics").text


def test_rate_limit_counts_each_key_by_itself(keys_file):
    one, other = (create_key(keys_file, name) for name in "ab")
    client = client_at("10.0.0.5", keys_file, rate_limit="1/minute")
    statuses = [
        client.get("/v1/documents", headers={"Authorization": f"Bearer {key}"}).status_code for key in (one, one, other)
    ]
    assert statuses == [200, 429, 200]


def test_cross_origin_requests_are_off_unless_named(keys_file):
    preflight = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    closed = client_at("127.0.0.1", keys_file).options("/v1/answer", headers=preflight)
    assert "access-control-allow-origin" not in closed.headers
    opened = client_at("127.0.0.1", keys_file, cors_origins=("https://page.example",))
    assert opened.options("/v1/answer", headers=preflight).headers["access-control-allow-origin"] == preflight["Origin"]


def test_nothing_can_be_uploaded_through_the_page(keys_file):
    files = {"files": ("a.html", b"<script>alert(1)</script>")}
    assert client_at("127.0.0.1", keys_file).post("/ui/gradio_api/upload", files=files).status_code == 404
