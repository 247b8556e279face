"""Several processes behind one address, with a small bot: what they share, and what happens when one of them dies."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.server import bind

from .fakes import FakeBot

WORKERS = 2
SERVE = """
from qa_bot.service import serve_workers

if __name__ == '__main__':
    serve_workers('{module}:make_app', '127.0.0.1', {port}, workers=2)
"""


def make_app():
    """What every worker serves; its index version is its process."""
    return create_app(FakeBot(index_version=str(os.getpid()), delay_s=0.02), settings=ServiceSettings.read(mcp=False))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("served")
    (tmp_path / "tests_service").symlink_to(Path(__file__).parent)
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    code = SERVE.format(module="tests_service.test_several_workers", port=port)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "QA_BOT_RATE_LIMIT": "300/hour"}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: len(workers_of(address)) == WORKERS)
        yield process, address
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until(condition, seconds=200):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.2)


def workers_of(address):
    """The processes that take connections made at the same time."""

    def ask(_):
        try:
            return httpx.get(f"{address}/readyz", timeout=10).json()["index_version"]
        except httpx.TransportError:
            return None

    with ThreadPoolExecutor(8) as pool:
        return set(pool.map(ask, range(16))) - {None}


def ask(address):
    return httpx.post(f"{address}/v1/answer", json={"question": "bridge"}, timeout=10).status_code


def test_metrics_add_up_whichever_worker_is_asked(served):
    _, address = served
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: ask(address), range(40))) == {200}
    for _ in range(6):
        metrics = httpx.get(f"{address}/metrics").text
        assert 'qa_bot_answers_total{status="answered"} 40.0' in metrics
        assert re.search(r'qa_bot_stage_seconds_count\{stage="wait"\} 40.0', metrics)
        assert "qa_bot_queue 0.0" in metrics
        assert "process_resident_memory_bytes" in metrics


def test_connections_are_shared_out(served):
    _, address = served
    counts = Counter(httpx.get(f"{address}/readyz").json()["index_version"] for _ in range(100))
    assert min(counts[worker] for worker in workers_of(address)) > 15


def test_worker_that_is_killed_is_replaced_and_the_others_go_on(served):
    process, address = served
    killed = sorted(workers_of(address))[0]
    os.kill(int(killed), signal.SIGKILL)
    wait_until(lambda: len(workers_of(address) - {killed}) == WORKERS)
    assert ask(address) == 200
    assert "qa_bot_queue 0.0" in httpx.get(f"{address}/metrics").text
    process.terminate()
    assert process.wait(timeout=60) == 0
    with pytest.raises(httpx.ConnectError):
        ask(address)
