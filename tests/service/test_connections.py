"""Clients that are slow or speak no HTTP, against a real socket: each is cut off, and the others are served."""

import json
import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from qa_bot.service import ServiceSettings, create_app
from qa_bot.service.connections import PatientProtocol
from qa_bot.service.server import bind

from .fakes import FakeBot, make_document

MANY = 40


class Hasty(PatientProtocol):
    head_s, read_s, max_connections = 0.4, 0.4, MANY


@contextmanager
def served(app):
    """The app on a socket with little patience, in a thread; gives its port."""
    with bind("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, http=Hasty, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port():
    bot = FakeBot()
    bot.documents = (*bot.documents, make_document("long", "A long document. " * 2_000_000))
    settings = ServiceSettings(mcp=False, body_timeout_s=0.4)
    with served(create_app(bot, settings=settings)) as port:
        yield port


def connect(port, *, buffer=None):
    connection = socket.socket()
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(5)
    connection.connect(("127.0.0.1", port))
    return connection


def rest_of(connection):
    """All that still comes until the server hangs up."""
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


def answer_on(connection):
    """One answer whose body ends with a brace."""
    received = b""
    while not received.endswith(b"}"):
        received += connection.recv(4_096)
    return received


def is_served(port):
    return httpx.post(f"http://127.0.0.1:{port}/v1/answer", json={"question": "bridge"}).status_code == 200


def test_head_that_comes_too_slowly_is_a_408_problem(port):
    with connect(port) as connection:
        began = time.monotonic()
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        answer = rest_of(connection)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n")
    assert time.monotonic() - began < 4


def test_a_byte_now_and_then_does_not_prolong_it(port):
    with connect(port) as connection:
        began = time.monotonic()
        while drips(connection) and time.monotonic() - began < 8:
            time.sleep(0.05)
    assert time.monotonic() - began < 4


def drips(connection):
    """Send one byte more; False when the server has hung up."""
    try:
        connection.sendall(b"G")
    except OSError:
        return False
    return True


def test_connection_on_which_nothing_is_asked_is_closed_without_a_word(port):
    with connect(port) as connection:
        assert rest_of(connection) == b""


def test_a_second_request_has_its_own_time(port):
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connect(port) as connection:
        for _ in range(3):
            connection.sendall(request[:20])
            time.sleep(0.2)
            connection.sendall(request[20:])
            assert answer_on(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(request[:20])
        assert rest_of(connection).startswith(b"HTTP/1.1 408")


def test_long_answer_is_not_cut_off():
    with served(create_app(FakeBot(delay_s=0.9), settings=ServiceSettings(mcp=False))) as port:
        assert is_served(port)


def test_body_that_comes_too_slowly_is_a_408_problem(port):
    with connect(port) as connection:
        head = b"POST /v1/answer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Content-Length: 9\r\n\r\n{")
        assert answer_on(connection).startswith(b"HTTP/1.1 408 Request Timeout")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"POST /v1/answer HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n",
        b"POST /v1/answer HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"\x16\x03\x01\x02\r\n\r\n",
    ],
    ids=["no host", "no length", "no chunk size", "no HTTP"],
)
def test_what_is_no_http_is_a_400_problem(port, request_):
    with connect(port) as connection:
        connection.sendall(request_)
        head, _, body = rest_of(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n")
    assert json.loads(body) == {
        "type": "urn:qa-bot:problem:bad-request",
        "title": "Bad Request",
        "status": 400,
        "detail": "the request is not well-formed HTTP/1.1",
    }
    assert is_served(port)


def test_what_is_no_http_after_the_response_ends_the_connection_without_a_second_one(port):
    with connect(port) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert answer_on(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(b"xyz\r\n")
        assert rest_of(connection) == b""


def test_response_that_is_not_read_ends_the_connection(port):
    with connect(port, buffer=4_096) as connection:
        connection.sendall(b"GET /v1/documents/long/text HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1.5)
        assert len(rest_of(connection)) < 34_000_000  # of the whole text there was no more than what lay in buffers


def test_too_many_connections_are_told_when_to_come_back_and_room_is_made_again(port):
    connections = [connect(port) for _ in range(MANY)]
    try:
        with connect(port) as connection:
            answer = rest_of(connection)
        assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"Retry-After: 1\r\n" in answer
    finally:
        time.sleep(0.6)  # by now the idle ones were closed
        assert is_served(port)
        for connection in connections:
            connection.close()


def test_slow_heads_by_the_dozen_do_not_keep_others_waiting(port):
    connections = [connect(port) for _ in range(MANY - 5)]
    for connection in connections:
        connection.sendall(b"POST /v1/answer HTTP/1.1\r\nHost: local")
    began = time.monotonic()
    assert is_served(port)
    assert time.monotonic() - began < 4
    for connection in connections:
        assert rest_of(connection).startswith(b"HTTP/1.1 408")
        connection.close()
