"""POST /v1/index/reload, for those who run the service."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from qa_bot.service.problems import problem_schemas
from qa_bot.service.reloading import Reloader

router = APIRouter(prefix="/v1/index", tags=["operation"])


class ReloadPayload(TypedDict):
    """The index now in use."""

    index_version: str


@router.post(
    "/reload",
    summary="Take a new index into use",
    response_model=ReloadPayload,
    responses=problem_schemas(401, 403, 409, 429, 500),
)
async def post_reload(request: Request) -> Response:
    """Load the newest published index; requests in progress finish with the one they began with.

    Needs the scope `manage`. 409 when the index cannot be loaded: the one in use stays.
    """
    reloader: Reloader | None = request.app.state.reloader
    if reloader is None:
        raise HTTPException(409, "this service was started with a fixed index")
    if not await reloader.reload():
        raise HTTPException(409, "the index could not be loaded, the one in use stays; the log says why")
    reloaded: ReloadPayload = {"index_version": reloader.live.index_version}
    return JSONResponse(reloaded)
