"""The page is there as soon as there is an index, also when that comes after the start."""

import threading

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from qa_bot.service import LiveBot, ServiceSettings, create_app

from .test_live import Shelf

SETTINGS = ServiceSettings(mcp=False, watch_seconds=0)


class Maker:
    """Makes a page and counts how often; knows whether what the page started was also ended."""

    def __init__(self, fault=None):
        self.fault, self.made, self.running = fault, 0, False

    def __call__(self):
        self.made += 1
        if self.fault:
            raise self.fault
        page = FastAPI(lifespan=self._lifespan)
        page.add_api_route("/ui/missing", lambda: PlainTextResponse("no", 404))
        page.add_api_route("/ui/hidden", lambda: PlainTextResponse("/secret", 403))
        page.add_api_route("/ui/{rest:path}", lambda rest: PlainTextResponse(f"page {rest}"))
        page.add_api_route("/favicon.ico", lambda: PlainTextResponse("icon"))
        return page

    async def _lifespan(self, _):
        self.running = True
        yield
        self.running = False


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


def app_of(shelf, make_page):
    live = LiveBot(shelf.load, folder=shelf.folder)
    if (shelf.folder / "CURRENT").exists():
        live.reload()
    return create_app(live, settings=SETTINGS, make_page=make_page)


def test_without_a_page_nothing_of_it_is_made_and_the_start_is_the_reference(shelf):
    shelf.publish("v1")
    make = Maker()
    settings = SETTINGS.model_copy(update={"page": False})
    live = LiveBot(shelf.load, folder=shelf.folder)
    live.reload()
    with TestClient(create_app(live, settings=settings, make_page=make)) as client:
        assert client.get("/", follow_redirects=False).headers["location"] == "/docs"
        assert client.get("/ui/").status_code == 404
    assert make.made == 0


def test_page_is_made_at_the_start_when_there_is_an_index(shelf):
    shelf.publish("v1")
    make = Maker()
    with TestClient(app_of(shelf, make)) as client:
        assert make.made == 1
        assert client.get("/ui/a?q=b").text == "page a"
        assert client.get("/favicon.ico").text == "icon"
        assert client.get("/", follow_redirects=True).text == "page "
        assert make.running
    assert not make.running


def test_page_and_answers_come_with_the_first_index(shelf):
    make = Maker()
    with TestClient(app_of(shelf, make)) as client:
        for address in ("/ui/", "/readyz", "/v1/documents"):
            response = client.get(address)
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert response.headers["content-type"] == "application/problem+json"
        assert make.made == 0
        shelf.publish("v1")
        client.post("/v1/index/reload")
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/answer", json={"question": "bridge"}).status_code == 200
        assert client.get("/ui/").text == "page "
    assert (make.made, make.running) == (1, False)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/ui/missing", 404), ("GET", "/ui/hidden", 403), ("PUT", "/ui/a", 405)],
)
def test_what_the_page_refuses_is_a_problem_like_any_other(shelf, method, address, status):
    shelf.publish("v1")
    with TestClient(app_of(shelf, Maker())) as client:
        response = client.request(method, address)
    assert (response.status_code, response.json()["status"]) == (status, status)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert response.headers.get("allow") == ("GET" if status == 405 else None)


def test_page_is_made_once_however_many_ask_for_it(shelf):
    make = Maker()
    with TestClient(app_of(shelf, make)) as client:
        shelf.publish("v1")
        client.post("/v1/index/reload")
        statuses = []
        asking = [threading.Thread(target=lambda: statuses.append(client.get("/ui/").status_code)) for _ in range(5)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert statuses == [200] * 5
    assert make.made == 1


def test_page_that_cannot_be_made_does_not_take_the_answers_with_it(shelf):
    shelf.publish("v1")
    with TestClient(app_of(shelf, Maker(RuntimeError("/secret/path")))) as client:
        response = client.get("/ui/")
        assert response.status_code == 503
        assert "secret" not in response.text
        assert client.post("/v1/answer", json={"question": "bridge"}).status_code == 200


def test_app_can_be_started_again(shelf):
    shelf.publish("v1")
    make = Maker()
    app = app_of(shelf, make)
    for _ in range(2):
        with TestClient(app) as client:
            assert client.get("/ui/").text == "page "
    assert make.made == 2
