"""The parts of the service joined into one ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import RedirectResponse

from qa_bot import __version__
from qa_bot.service import answers, documents, health, reference
from qa_bot.service.bodies import BodyLimits
from qa_bot.service.exchange import Exchange
from qa_bot.service.headers import SecurityHeaders
from qa_bot.service.metrics import Metrics
from qa_bot.service.problems import add_problem_handlers
from qa_bot.service.protocol import Bot
from qa_bot.service.schema import describe
from qa_bot.service.settings import ServiceSettings
from qa_bot.service.state import ServiceState
from qa_bot.service.workers import Workers


def create_app(bot: Bot | None, *, settings: ServiceSettings | None = None) -> FastAPI:
    """The HTTP service of a bot; without one it is up but answers 503. Mount the chat page at /ui afterwards."""
    settings = settings or ServiceSettings()
    workers = Workers(settings.threads, settings.waiting, timeout_s=settings.answer_timeout_s)
    state = ServiceState(bot, settings, workers, Metrics())
    app = FastAPI(
        title="qa_bot",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.service = state
    add_problem_handlers(app)
    for part in (answers, documents, health, reference):
        app.include_router(part.router)
    app.add_api_route("/", _redirect_to_chat, include_in_schema=False)
    _add_middleware(app, state)
    describe(app)
    return app


def _add_middleware(app: FastAPI, state: ServiceState) -> None:
    """The last one added is the outermost."""
    settings = state.settings
    app.add_middleware(BodyLimits, max_bytes=settings.max_body_bytes, timeout_s=settings.body_timeout_s)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Exchange, metrics=state.metrics)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state: ServiceState = app.state.service
    yield
    state.workers.close()


async def _redirect_to_chat(request: Request) -> RedirectResponse:
    query = request.url.query
    return RedirectResponse("/ui/" + (f"?{query}" if query else ""))
