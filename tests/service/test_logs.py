import asyncio
import json
import logging
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa_bot.errors import IndexDamagedError
from qa_bot.service import LiveBot, ServiceSettings, create_app
from qa_bot.service.keys import create_key
from qa_bot.service.logs import configure_logs
from qa_bot.service.metrics import Metrics
from qa_bot.service.reloading import Reloader

from .fakes import FakeBot


@contextmanager
def logged(capsys):
    """Gives a function for the lines logged so far, as dictionaries; the loggers are put back afterwards."""
    loggers = [logging.getLogger(name) for name in ("qa_bot", "uvicorn")]
    before = [(list(log.handlers), log.propagate, log.level) for log in loggers]
    configure_logs("INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    for log, (handlers, propagate, level) in zip(loggers, before, strict=True):
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)


def client_of(bot, **settings):
    return TestClient(create_app(bot, settings=ServiceSettings(mcp=False, **settings)))


def test_request_is_one_line_with_its_id_and_without_the_question(capsys):
    with logged(capsys) as lines:
        response = client_of(FakeBot()).post("/v1/answer?q=bridge", json={"question": "bridge"})
        (line,) = lines()
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("POST", "/v1/answer", 200)
    assert line["request_id"] == response.headers["x-request-id"]
    assert "bridge" not in json.dumps(line)


def test_questions_are_logged_when_switched_on(capsys):
    with logged(capsys) as lines:
        client_of(FakeBot(), log_questions=True).post("/v1/answer", json={"question": "bridge"})
        line = lines()[0]
    assert {"event": "question", "question": "bridge", "status": "answered"}.items() <= line.items()


def test_key_is_logged_by_its_id_only(capsys, tmp_path):
    file = tmp_path / "keys.json"
    key = create_key(file, "a")
    with logged(capsys) as lines:
        client_of(FakeBot(), keys_file=file).get("/v1/documents", headers={"Authorization": f"Bearer {key}"})
        (line,) = lines()
    assert line["key"] == key.split("_")[1]
    assert key.split("_", 2)[2] not in json.dumps(line)


def test_fault_inside_is_logged_with_its_trace_and_request_id(capsys):
    with logged(capsys) as lines:
        response = client_of(FakeBot(fault=RuntimeError("broken"))).post("/v1/answer", json={"question": "a"})
        failed = next(line for line in lines() if line["event"] == "request failed")
    assert "RuntimeError: broken" in failed["exception"]
    assert failed["request_id"] == response.json()["request_id"]


@pytest.mark.parametrize(
    ("error", "traced"), [(IndexDamagedError(Path("index"), "no reason"), False), (KeyError("dim"), True)]
)
def test_reload_that_fails_in_no_foreseen_way_is_logged_with_its_trace(capsys, tmp_path, error, traced):
    def load():
        raise error

    with logged(capsys) as lines:
        assert not asyncio.run(Reloader(LiveBot(load, folder=tmp_path), Metrics()).reload())
        (line,) = lines()
    assert (line["reason"], line["kind"]) == (str(error), type(error).__name__)
    assert ("Traceback" in line.get("exception", "")) == traced
