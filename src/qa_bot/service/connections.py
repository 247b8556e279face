"""HTTP/1.1 as uvicorn speaks it, on connections that do not wait for ever and are not too many.

uvicorn waits without limit for a request's head and for a client to read its response; either way a client that does
nothing (slowloris) would hold a connection for as long as it likes. How slowly bodies may come is `bodies`' matter.
What is no HTTP is told as every other error of the service is.
"""

import asyncio
import json
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa_bot.service.problems import MEDIA_TYPE, RETRY_SECONDS, make_problem

HEAD_S = 10.0  # from a connection's beginning, or a further request's first byte, to the end of its head
READ_S = 30.0  # how long a client may leave its response lying
MAX_CONNECTIONS = 900  # most systems allow a process 1,024 open files


class PatientProtocol(H11Protocol):
    """One connection. Everything not about patience and its own errors is uvicorn's."""

    head_s, read_s, max_connections = HEAD_S, READ_S, MAX_CONNECTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._read_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Turn the connection away when there are too many, else wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            self._end_with(503, "too many connections; try again shortly", f"Retry-After: {RETRY_SECONDS}")
        else:
            self._head_timer = self.loop.call_later(self.head_s, self._on_slow_head)

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget_head()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_s, self._on_slow_head)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words
        """Refuse what is no HTTP; once a response has begun, ending the connection is the only honest answer."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._end_with(400, "the request is not well-formed HTTP/1.1")
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        self._forget_read()
        self._read_timer = self.loop.call_later(self.read_s, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        self._forget_read()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._forget_head()
        self._forget_read()
        super().connection_lost(exc)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _forget_read(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None

    def _on_slow_head(self) -> None:
        if self.conn.trailing_data[0]:
            self._end_with(408, f"the head of the request did not arrive within {self.head_s:g} seconds")
        else:  # nothing was asked, as by a browser that connects in advance
            self.transport.close()

    def _end_with(self, status: int, detail: str, *headers: str) -> None:
        problem = make_problem(status, detail)
        body = json.dumps(problem).encode()
        lines = (
            f"HTTP/1.1 {status} {problem['title']}",
            f"Content-Type: {MEDIA_TYPE}",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *headers,
        )
        if not self.transport.is_closing():
            self.transport.write("\r\n".join((*lines, "", "")).encode("ascii") + body)
            self.transport.close()
