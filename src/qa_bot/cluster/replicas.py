"""The HTTP service in several replicas, each answering from the same published tables (Ray Serve).

Clients talk to doors, which compute nothing. A door hands each request to a replica, and to another one when that
replica is lost before it has answered; answering twice changes nothing, so no answer is lost with a replica.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from qa_bot.service.problems import problem_response
from qa_bot.service.settings import ServiceSettings

NAME = "qa-bot"
CPUS = 1.0  # that a replica reserves
DOOR_CPUS = 0.1
TRIES = 4  # replicas that a request is handed to before it is refused
PAUSE_S = 0.3  # until Ray has noticed that a replica is lost
CHECK_S = 2.0  # how often Ray asks whether a replica is alive
_OF_THE_HOP = {"connection", "content-length", "content-encoding", "keep-alive", "transfer-encoding"}


def deploy(place: str, *, replicas: int = 2, settings: ServiceSettings | None = None, cpus: float = CPUS) -> Any:
    """Start replicas of the service on the cluster that Ray is connected to; each reads the index at `place`.

    Deploying again replaces the replicas one after another, and the new ones read the newest version. Where addresses
    and ports are is said to `ray.serve.start` before. A replica cannot see from where a client connects: every client
    needs an API key unless `settings` say otherwise; the file with the keys is read on every machine. Events are sent
    together, when the answer is complete.

    Returns: a handle of the running application.
    """
    from ray import serve

    settings = settings or ServiceSettings.read(auth="always")
    checks = {"health_check_period_s": CHECK_S, "health_check_timeout_s": 5 * CHECK_S}
    answering = serve.deployment(
        Replica,
        name=NAME,
        num_replicas=replicas,
        max_ongoing_requests=max(2, 2 * settings.threads),
        ray_actor_options={"num_cpus": cpus},
        **checks,
    )
    doors = serve.deployment(
        Door,
        name="door",
        num_replicas=replicas,
        max_ongoing_requests=1_000,
        ray_actor_options={"num_cpus": DOOR_CPUS},
        **checks,
    )
    return serve.run(doors.bind(answering.bind(place, settings)), name=NAME, route_prefix="/")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request or a response on its way between a door and a replica."""

    head: str | int  # method and target, or status
    headers: list[tuple[str, str]]
    body: bytes


class Replica:
    """One process with the index and the model, in which the service answers."""

    def __init__(self, place: str, settings: ServiceSettings) -> None:
        from qa_bot.bot import QaBot
        from qa_bot.service import create_app

        self._app = create_app(QaBot.load(place), settings=settings)
        self._started: asyncio.Future[httpx.AsyncClient] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self.__del__ = self.close  # Ray awaits it at the end; Python, which could not, looks at the class only

    async def answer(self, request: Exchanged) -> Exchanged:
        """What the service answers. The first request starts it; where that fails, the next one tries again."""
        client = await asyncio.shield(self._running())  # who gives up waiting does not stop what others wait for
        method, target = str(request.head).split(" ", 1)
        found = await client.request(method, target, headers=request.headers, content=request.body)
        return Exchanged(found.status_code, _passed_on(found.headers.multi_items()), found.content)

    async def close(self) -> None:
        """End the service."""
        self._over.set()
        if self._keeper:
            await self._keeper

    def _running(self) -> "asyncio.Future[httpx.AsyncClient]":
        """The client of the service, once it has begun."""
        started = self._started
        if started is None or (started.done() and started.exception()):
            started = self._started = asyncio.get_running_loop().create_future()
            self._keeper = asyncio.create_task(self._keep(started))
        return started

    async def _keep(self, started: "asyncio.Future[httpx.AsyncClient]") -> None:
        """The service from beginning to end in one task, as what it starts must also be ended by the same."""
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        try:
            async with (
                self._app.router.lifespan_context(self._app),
                httpx.AsyncClient(transport=transport, base_url="http://replica") as client,
            ):
                started.set_result(client)
                await self._over.wait()
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)


class Door:
    """Hands requests to replicas."""

    def __init__(self, replicas: Any) -> None:
        self._replicas = replicas

    async def __call__(self, request: Request) -> Response:
        """The answer of the first replica that lives and can give one, or 503."""
        from ray.exceptions import RayError

        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        asked = Exchanged(f"{request.method} {target}", _passed_on(request.headers.items()), await request.body())
        for _ in range(TRIES):
            try:
                found = await self._replicas.answer.remote(asked)
            except RayError:  # it is lost, or could not start the service: Ray has that in its log
                await asyncio.sleep(PAUSE_S)
            else:
                response = Response(found.body, int(found.head))
                response.raw_headers += [(k.encode("latin-1"), v.encode("latin-1")) for k, v in found.headers]
                return response
        return problem_response(request.scope, 503, "no replica can answer; try again", headers={"Retry-After": "2"})


def _passed_on(headers: Any) -> list[tuple[str, str]]:
    """Headers without those that are about one connection only."""
    return [(name, value) for name, value in headers if name.lower() not in _OF_THE_HOP]
