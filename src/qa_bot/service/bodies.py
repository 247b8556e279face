"""Limits on what comes in: how large headers and bodies may be, and how slowly bodies may come."""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa_bot.service.problems import problem_response

MAX_HEADER_BYTES = 32_768  # all of them together; browsers and proxies stay below 16 kB


class BodyLimits:
    """ASGI middleware that ends a request that is too large (413, headers 431) or comes in too slowly (408)."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, timeout_s: float) -> None:
        self.app, self.max_bytes, self.timeout_s = app, max_bytes, timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
            response = problem_response(431, f"the headers are larger than {MAX_HEADER_BYTES:,} bytes")
            await response(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and len(declared) < 19 and int(declared) <= self.max_bytes:
            await self.app(scope, self._limited(receive), send)
            return
        response = problem_response(413, f"the body is larger than {self.max_bytes:,} bytes")
        await response(scope, receive, send)

    def _limited(self, receive: Receive) -> Receive:
        taken, complete = 0, False
        deadline = asyncio.get_running_loop().time() + self.timeout_s

        async def limited() -> Message:
            nonlocal taken, complete
            if complete:  # from here on `receive` waits for the client to go away, for as long as that takes
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, f"the body did not arrive within {self.timeout_s:g} seconds") from None
            taken += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if taken > self.max_bytes:
                raise HTTPException(413, f"the body is larger than {self.max_bytes:,} bytes")
            return message

        return limited
