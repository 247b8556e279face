import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from qa_bot.service import ServeError, ServiceSettings, create_app, serve
from qa_bot.service.keys import create_key
from qa_bot.service.server import bind, check_exposure

from .fakes import FakeBot


def test_port_in_use_is_one_line_with_the_way_out():
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError) as error:
            serve(create_app(FakeBot()), "127.0.0.1", port)
    assert str(error.value) == (
        f"port {port} on 127.0.0.1 is in use; stop what uses it or choose another: --port {port + 1}"
    )


def test_small_responses_are_not_held_back():
    with bind("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP  # asyncio sets TCP_NODELAY on such sockets only


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.1"])
def test_unusable_host_is_one_line(host):
    with pytest.raises(ServeError, match=host) as error:
        bind(host, 0)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_port_that_does_not_exist_is_one_line(port):
    with pytest.raises(ServeError, match=f"^port {port} does not exist"):
        bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7"])
def test_serving_other_machines_needs_a_key_or_the_word(tmp_path, host):
    settings = ServiceSettings(keys_file=tmp_path / "keys.json")
    with pytest.raises(ServeError, match="--insecure"):
        check_exposure(host, settings)
    check_exposure(host, settings.model_copy(update={"auth": "never"}))
    create_key(settings.keys_file, "a")
    check_exposure(host, settings)


SERVER = """
import sys
from tests_service.fakes import FakeBot
from qa_bot.service import ServiceSettings, create_app, serve
app = create_app(FakeBot(delay_s=float(sys.argv[2])), settings=ServiceSettings(body_timeout_s=0.3))
serve(app, "127.0.0.1", int(sys.argv[1]))
"""


@pytest.fixture
def server(tmp_path, request):
    """A real server in a process of its own; the parameter is how long an answer takes."""
    (tmp_path / "tests_service").symlink_to(Path(__file__).parent)
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    said = tmp_path / "stderr.txt"
    with said.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port), str(getattr(request, "param", 0.0))],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            stderr=stderr,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        while not is_up(address):
            assert process.poll() is None, said.read_text()
            time.sleep(0.05)
        yield process, address, port
    finally:
        process.kill()
        process.wait()


def is_up(address):
    try:
        return httpx.get(f"{address}/healthz").is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize(("server", "status"), [(2.0, 200), (4.5, 503)], indirect=["server"])
def test_answer_in_flight_is_finished_before_the_server_stops_or_told_to_ask_again(server, status):
    process, address, _ = server
    got = []
    with httpx.Client(base_url=address, timeout=10) as client:
        asking = threading.Thread(target=lambda: got.append(client.post("/v1/answer", json={"question": "bridge"})))
        asking.start()
        while "qa_bot_queue 1.0" not in client.get("/metrics").text:
            assert asking.is_alive(), "answered before it could be interrupted"
        process.send_signal(signal.SIGTERM)
        asking.join()
    assert got[0].status_code == status
    if status == 503:
        assert got[0].headers["content-type"] == "application/problem+json"
        assert got[0].headers["retry-after"] == "1"
    assert process.wait(timeout=10) in {0, -signal.SIGTERM}


def test_client_behind_a_proxy_on_this_machine_is_not_this_machine(server):
    _, address, _ = server
    assert httpx.get(f"{address}/v1/documents").status_code == 200
    outside = httpx.get(f"{address}/v1/documents", headers={"X-Forwarded-For": "203.0.113.7"})
    assert outside.status_code == 403
    assert "qa-bot keys create" in outside.json()["detail"]


def test_slow_body_is_cut_off_and_the_server_lives(server):
    _, address, port = server
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(
            b"POST /v1/answer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        assert b"408 Request Timeout" in connection.recv(4_096)
    assert httpx.get(f"{address}/healthz").status_code == 200
