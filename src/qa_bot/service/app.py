"""The parts of the service joined into one ASGI app."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import RedirectResponse
from starlette.routing import Route

from qa_bot import __version__
from qa_bot.bot import Bot
from qa_bot.library import Library
from qa_bot.service import answers, completions, documents, health, management, reference, uploads
from qa_bot.service.bodies import BodyLimits
from qa_bot.service.exchange import Exchange
from qa_bot.service.guard import Guard
from qa_bot.service.headers import SecurityHeaders
from qa_bot.service.jobs import Indexer
from qa_bot.service.keys import KeyRing
from qa_bot.service.live import LiveBot
from qa_bot.service.mcp_tools import McpDoor
from qa_bot.service.metrics import Metrics
from qa_bot.service.page import PageDoor
from qa_bot.service.problems import add_problem_handlers
from qa_bot.service.quotas import Quotas
from qa_bot.service.reloading import Reloader, reloading
from qa_bot.service.schema import describe
from qa_bot.service.settings import ServiceSettings
from qa_bot.service.state import ServiceState
from qa_bot.service.tracing import Traced, Tracing, make_provider
from qa_bot.service.workers import Workers

if TYPE_CHECKING:  # an optional extra
    from opentelemetry.sdk.trace import TracerProvider

MCP_PATH = "/mcp"
ONE_WINDOW = 14_600  # bytes that TCP sends before it waits (RFC 6928): to make less of them smaller saves no time


def create_app(
    bot: Bot | None,
    *,
    settings: ServiceSettings | None = None,
    library: Library | None = None,
    make_page: Callable[[], FastAPI] | None = None,
    traces: "TracerProvider | None" = None,
) -> FastAPI:
    """The HTTP service of a bot; without one it is up but answers 503.

    Given a `LiveBot`, it takes newly published indexes into use without dropping a request. `make_page` makes an app
    with the chat page at /ui/; it is called once there is an index, unless the settings want no page. With a `library`,
    documents can be added to it and removed from it. `traces` takes the spans of OpenTelemetry; without it the settings
    say where they go.

    Raises: TracingError: traces are asked for and cannot be made.
    """
    settings = settings or ServiceSettings()
    if traces is None and settings.traces != "off":
        traces = make_provider(settings.traces)
    metrics = Metrics()
    workers = Workers(settings.threads, settings.waiting, timeout_s=settings.answer_timeout_s, metrics=metrics)
    state = ServiceState(bot, settings, workers, metrics, Tracing(traces))
    app = FastAPI(
        title="qa_bot",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.service = state
    app.state.reloader = Reloader(bot, state.metrics) if isinstance(bot, LiveBot) else None
    reloader = app.state.reloader
    app.state.indexer = Indexer(library, reloader) if library and reloader else None
    add_problem_handlers(app)
    for part in (answers, completions, documents, uploads, management, health, reference):
        app.include_router(part.router)
    for path in ("/", "/ui"):
        start = _redirect_to_chat if settings.page else _redirect_to_reference
        app.add_api_route(path, start, include_in_schema=False)
    app.state.mcp = McpDoor(state, MCP_PATH) if settings.mcp and find_spec("mcp") else None
    if app.state.mcp:
        app.router.routes.append(Route(MCP_PATH, app.state.mcp, methods=["POST"], include_in_schema=False))
    make_page = make_page if settings.page else None
    app.state.page = PageDoor(lambda: state.current_bot() is not None, make_page) if make_page else None
    if app.state.page:
        app.router.routes.extend(app.state.page.routes)
    _add_middleware(app, state)
    describe(app)
    return app


def _add_middleware(app: FastAPI, state: ServiceState) -> None:
    """The last one added is the outermost."""
    settings = state.settings
    app.add_middleware(BodyLimits, settings=settings)
    quotas = Quotas(settings.rate_limit, settings.at_once, metrics=state.metrics)
    app.add_middleware(Guard, settings=settings, keys=KeyRing(settings.keys_file), quotas=quotas, workers=state.workers)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
            expose_headers=["ETag", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(GZipMiddleware, minimum_size=ONE_WINDOW, compresslevel=5)
    app.add_middleware(SecurityHeaders)
    if state.tracing.tracer:
        app.add_middleware(Traced, tracing=state.tracing)
    app.add_middleware(Exchange, metrics=state.metrics)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: ServiceState = app.state.service
    async with AsyncExitStack() as stack:
        stack.callback(state.tracing.close)
        stack.callback(state.workers.close)
        if app.state.mcp:
            await stack.enter_async_context(app.state.mcp.running())
        if app.state.reloader:
            watch = reloading(app.state.reloader, watch_seconds=state.settings.watch_seconds)
            await stack.enter_async_context(watch)
        if app.state.indexer:
            await stack.enter_async_context(app.state.indexer.running())
        if app.state.page:
            await stack.enter_async_context(app.state.page.running())
        yield


async def _redirect_to_chat(request: Request) -> RedirectResponse:
    query = request.url.query
    return RedirectResponse("/ui/" + (f"?{query}" if query else ""))


async def _redirect_to_reference() -> RedirectResponse:
    return RedirectResponse("/docs")
