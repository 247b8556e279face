"""What the routes of one app share, and how they get at it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from qa_bot.bot import Bot
from qa_bot.service.live import LiveBot
from qa_bot.service.metrics import Metrics
from qa_bot.service.problems import unavailable
from qa_bot.service.settings import ServiceSettings
from qa_bot.service.tracing import Tracing
from qa_bot.service.workers import Workers


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The parts that live as long as the app."""

    bot: Bot | None
    settings: ServiceSettings
    workers: Workers
    metrics: Metrics
    tracing: Tracing = field(default_factory=lambda: Tracing(None))

    def current_bot(self) -> Bot | None:
        """The bot to use for one request from beginning to end, or None while no index is loaded."""
        if isinstance(self.bot, LiveBot):
            return self.bot.current() if self.bot.loaded else None
        return self.bot


def state_of(request: Request) -> ServiceState:
    """The state of the app that serves a request."""
    return cast("ServiceState", request.app.state.service)


# What routes depend on is asynchronous although it waits for nothing: FastAPI would call it in a thread, which takes
# longer than what it does.


async def _state_of(request: Request) -> ServiceState:
    return state_of(request)


async def _bot_of(request: Request) -> Bot:
    """The bot to answer a request with. Raises: HTTPException: 503 when no index is loaded."""
    bot = state_of(request).current_bot()
    if bot is None:
        raise unavailable("no index is loaded")
    return bot


async def _place_of(request: Request) -> AsyncIterator[None]:
    """A place in the queue until the response is out. Raises: HTTPException: 503 when there is none."""
    async with state_of(request).workers.place():
        yield


State = Annotated[ServiceState, Depends(_state_of)]
CurrentBot = Annotated[Bot, Depends(_bot_of)]
Place = Annotated[None, Depends(_place_of)]
