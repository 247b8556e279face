"""The chat page at its address, made as soon as there is an index, also when that comes after the start."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from qa_bot.service.logs import logger
from qa_bot.service.problems import problem_response, unavailable

REFUSALS = {403: "the page does not show this", 404: "the page has no such part", 405: "another method is needed"}
PATHS = ("/ui/{path:path}", "/manifest.json", "/favicon.ico")

_log = logger("qa_bot.service")


class PageDoor:
    """Hands requests on to the page, from `running` on.

    `is_ready` says whether the page can be made, `make` makes it: an app with the page at /ui/. That takes a second
    or two and happens in a thread, from the start on if the page can be made then; a request of the page waits for it.
    """

    def __init__(self, is_ready: Callable[[], bool], make: Callable[[], FastAPI]) -> None:
        self._is_ready, self._make = is_ready, make
        self._app: FastAPI | None = None
        self._wanted, self._settled, self._over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @property
    def routes(self) -> list[Route]:
        """The addresses that are the page's."""
        return [Route(path, self, include_in_schema=False) for path in PATHS]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Raises: HTTPException: 503 while there is no index."""
        if self._app is None:
            if not self._is_ready():
                raise unavailable("no index is loaded; run: qa-bot index")
            self._wanted.set()
            await self._settled.wait()
        if self._app is None:
            raise unavailable("the chat page could not be made; the log says why")
        await self._app(scope, receive, _with_problems(scope, receive, send))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts, requests are served."""
        self._wanted, self._settled, self._over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        keeper = asyncio.create_task(self._keep())
        if self._is_ready():
            self._wanted.set()  # without waiting for it: answers are given from now on, a page request waits
        try:
            yield
        finally:
            self._over.set()
            if not self._wanted.is_set():
                keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep(self) -> None:
        """The page from beginning to end in one task, as what it starts must also be ended by the same."""
        await self._wanted.wait()
        try:
            app = await asyncio.to_thread(self._make)
            async with app.router.lifespan_context(app):
                self._app = app
                self._settled.set()
                await self._over.wait()
        except Exception:
            _log.exception("the chat page could not be made")
            self._settled.set()
        finally:
            self._app = None


def _with_problems(scope: Scope, receive: Receive, send: Send) -> Send:
    """Refusals of the page's own framework as every other error of the service is told."""
    replaced = False

    async def send_problem(message: Message) -> None:
        nonlocal replaced
        if message["type"] == "http.response.start" and message["status"] in REFUSALS:
            replaced = True
            status, allow = message["status"], Headers(raw=message["headers"]).get("allow")
            headers = {"Allow": allow} if allow else None
            response = problem_response(scope, status, REFUSALS[status], headers=headers)
            await response(scope, receive, send)
        elif not replaced:
            await send(message)

    return send_problem
