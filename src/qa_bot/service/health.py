"""GET /healthz, /readyz and /metrics, for whatever keeps the service running."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from typing_extensions import TypedDict

from qa_bot.service.problems import problem_schemas
from qa_bot.service.state import CurrentBot, State

router = APIRouter(tags=["operation"])


class HealthPayload(TypedDict):
    """The process is up."""

    status: str


class ReadinessPayload(TypedDict):
    """An index is loaded and verified, and which."""

    status: str
    index_version: str
    documents: int


@router.get("/healthz", summary="Is the process up?", response_model=HealthPayload)
async def get_health() -> Response:
    """200 whenever the process can answer at all; says nothing about the index."""
    return JSONResponse({"status": "ok"})


@router.get(
    "/readyz", summary="Can questions be answered?", response_model=ReadinessPayload, responses=problem_schemas(503)
)
async def get_readiness(bot: CurrentBot) -> Response:
    """200 when an index is loaded and verified, else 503."""
    ready: ReadinessPayload = {
        "status": "ready",
        "index_version": bot.index_version,
        "documents": len(bot.documents),
    }
    return JSONResponse(ready)


@router.get(
    "/metrics", summary="Prometheus metrics", response_class=PlainTextResponse, responses=problem_schemas(401, 403)
)
async def get_metrics(state: State) -> Response:
    """Requests, answers, time by stage, the queue and the index in use, in the text format of Prometheus."""
    bot = state.current_bot()
    state.metrics.index.info({"version": bot.index_version if bot else "none"})
    return Response(state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
