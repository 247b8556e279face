"""Limits on what comes in: how large headers and bodies may be, and how slowly bodies may come."""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_bot.service.problems import problem_response
from qa_bot.service.settings import ServiceSettings

UPLOADS = "/v1/documents"
MAX_HEADER_BYTES = 32_768  # all of them together; browsers and proxies stay below 16 kB


@dataclass(frozen=True, slots=True)
class Limit:
    """What a body may have: bytes, and seconds to arrive in."""

    max_bytes: int
    timeout_s: float


class BodyLimits:
    """ASGI middleware that ends a request that is too large (413, headers 431) or comes in too slowly (408)."""

    def __init__(self, app: ASGIApp, *, settings: ServiceSettings) -> None:
        self.app = app
        self._usual = Limit(settings.max_body_bytes, settings.body_timeout_s)
        self._upload = Limit(settings.max_upload_bytes, settings.upload_timeout_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
            refused = problem_response(scope, 431, f"the headers are larger than {MAX_HEADER_BYTES:,} bytes")
            await refused(scope, receive, send)
            return
        upload = scope["method"] == "POST" and scope["path"] == UPLOADS
        limit = self._upload if upload else self._usual
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and len(declared) < 19 and int(declared) <= limit.max_bytes:
            await self.app(scope, _limited(receive, limit), send)
            return
        refused = problem_response(scope, 413, f"the body is larger than {limit.max_bytes:,} bytes")
        await refused(scope, receive, send)


def _limited(receive: Receive, limit: Limit) -> Receive:
    taken, complete = 0, False
    deadline = asyncio.get_running_loop().time() + limit.timeout_s

    async def limited() -> Message:
        nonlocal taken, complete
        if complete:  # from here on `receive` waits for the client to go away, for as long as that takes
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, f"the body did not arrive within {limit.timeout_s:g} seconds") from None
        taken += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if taken > limit.max_bytes:
            raise HTTPException(413, f"the body is larger than {limit.max_bytes:,} bytes")
        return message

    return limited
