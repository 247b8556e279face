"""One request and its response: an id for it, a line in the log, a count in the metrics, and no crash to be seen."""

import asyncio
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_bot.service.logs import logger
from qa_bot.service.metrics import Metrics
from qa_bot.service.problems import METHODS, RETRY_SECONDS, problem_response

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_AGAIN = {"Retry-After": str(RETRY_SECONDS)}
_log = logger("qa_bot.service")


class Exchange:
    """ASGI middleware around everything else.

    The id is the client's X-Request-ID if that is a plain word, else a new one; it goes back in the same header.
    HEAD is served like GET; the server leaves the body out.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status, started = 0, time.perf_counter()
        served = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self.app(served, receive, send_with_id)
        except asyncio.CancelledError:  # by the server, which is stopping and has waited long enough
            if status:
                raise
            response = problem_response(scope, 503, "the service is stopping; ask again", headers=_AGAIN)
            await response(scope, receive, send_with_id)
        except Exception:
            _log.exception("request failed", request_id=request_id, path=scope["path"])
            if status:  # the response has begun; cutting the connection is the only honest end
                raise
            response = problem_response(scope, 500, "something went wrong here; the log has it")
            await response(scope, receive, send_with_id)
        finally:
            self._note(scope, _route(served), status, time.perf_counter() - started)

    def _note(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.count_request(method, route, status, seconds)
        state = scope["state"]
        log = _log.debug if state.get("turned_away") else _log.info  # these are many, and the metrics count them
        log(
            "request",
            request_id=state["request_id"],
            method=method,
            path=scope["path"],
            status=status,
            ms=round(seconds * 1_000, 2),
            client=scope["client"][0] if scope.get("client") else None,
            key=state.get("key_id"),
            **({"trace_id": state["trace_id"]} if "trace_id" in state else {}),
        )


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid4().hex


def _route(scope: Scope) -> str:
    if scope["path"].startswith("/ui"):
        return "/ui"
    return str(getattr(scope.get("route"), "path", "other"))
