"""POST /v1/answer, /v1/answers and /v1/search."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from qa_bot.bot import Bot
from qa_bot.errors import QuestionError
from qa_bot.rendering.payload import AnswerPayload, CitationPayload, answer_payload, citation_payload
from qa_bot.service.asking import answer_in_place, check_selection
from qa_bot.service.examples import EVENT_SCHEMA
from qa_bot.service.problems import Problem, make_problem, problem_schemas
from qa_bot.service.requests import AnswerRequest, BatchRequest, SearchRequest, require_json
from qa_bot.service.state import CurrentBot, Place, ServiceState, State
from qa_bot.types import Citation

_PROBLEMS = problem_schemas(400, 401, 403, 408, 413, 415, 422, 429, 500, 503)

router = APIRouter(prefix="/v1", tags=["answers"], dependencies=[Depends(require_json)], responses=_PROBLEMS)


class SearchPayload(TypedDict):
    """The nearest passages, best first; they are not an answer."""

    question: str
    results: list[CitationPayload]
    index_version: str


class BatchItemPayload(TypedDict):
    """The outcome of one question of a batch: an answer, or the problem with this question; the other is null."""

    answer: AnswerPayload | None
    problem: Problem | None


class BatchPayload(TypedDict):
    """The outcomes in the order of the questions."""

    answers: list[BatchItemPayload]
    index_version: str


@router.post(
    "/answer",
    summary="Answer a question by quoting the sources",
    response_model=AnswerPayload,
    responses={200: {"content": {"text/event-stream": {"schema": EVENT_SCHEMA}}}},
)
async def post_answer(request: Request, body: AnswerRequest, bot: CurrentBot, state: State, _: Place) -> Response:
    """Verbatim quotations with their exact places and perspectives, or that the sources do not say.

    `status` tells which. `confidence` is the probability that the first passage answers; little of it is left
    to a question about a topic, or naming a name, that the sources do not know.

    With `Accept: text/event-stream` the nearest passages come first as the event `retrieved`, as soon as they are
    found, then the event `answer` with the same JSON as otherwise (or the event `problem`).
    """
    check_selection(body, bot)
    if "text/event-stream" in request.headers.get("accept", ""):
        return StreamingResponse(_answer_events(body, bot, state), media_type="text/event-stream")
    return JSONResponse(answer_payload(await answer_in_place(body, bot, state)))


@router.post("/answers", summary="Answer up to 100 questions", response_model=BatchPayload)
async def post_answers(body: BatchRequest, bot: CurrentBot, state: State, _: Place) -> Response:
    """Each question by itself, in order, all from one version of the index.

    A question that cannot be asked, names documents or parties that are not there, or takes too long, gets a problem in
    its place; the others are answered. A body that is not of the described form is refused whole.
    """
    items = [await _batch_item(question, bot, state) for question in body.questions]
    batch: BatchPayload = {"answers": items, "index_version": bot.index_version}
    return JSONResponse(batch)


@router.post("/search", summary="The nearest passages, without an answer", response_model=SearchPayload)
async def post_search(body: SearchRequest, bot: CurrentBot, state: State, _: Place) -> Response:
    """Ranked passages in the form of citations, best first."""
    found = await state.workers.run_in_place(partial(bot.search, body.question, limit=body.limit))
    results: SearchPayload = {
        "question": body.question,
        "results": [citation_payload(citation) for citation in found],
        "index_version": bot.index_version,
    }
    return JSONResponse(results)


async def _batch_item(body: AnswerRequest, bot: Bot, state: ServiceState) -> BatchItemPayload:
    try:
        check_selection(body, bot)
        return {"answer": answer_payload(await answer_in_place(body, bot, state, patient=True)), "problem": None}
    except QuestionError as error:
        return {"answer": None, "problem": make_problem(422, str(error))}
    except HTTPException as error:
        return {"answer": None, "problem": make_problem(error.status_code, error.detail)}


async def _answer_events(body: AnswerRequest, bot: Bot, state: ServiceState) -> AsyncIterator[bytes]:
    """What is retrieved goes out while the answer is still being made from it."""
    loop, found = asyncio.get_running_loop(), asyncio.Queue[tuple[Citation, ...] | None]()

    def tell(citations: tuple[Citation, ...] | None) -> None:
        loop.call_soon_threadsafe(found.put_nowait, citations)

    answering = asyncio.create_task(answer_in_place(body, bot, state, on_retrieved=tell))
    answering.add_done_callback(lambda _: found.put_nowait(None))
    try:
        if (citations := await found.get()) is not None:
            yield _event("retrieved", {"results": [citation_payload(citation) for citation in citations]})
        yield _event("answer", answer_payload(await answering))
    except QuestionError as error:
        yield _event("problem", make_problem(422, str(error)))
    except HTTPException as error:
        yield _event("problem", make_problem(error.status_code, error.detail))
    finally:
        answering.cancel()


def _event(name: str, data: object) -> bytes:
    # in ASCII, for many clients take U+2028, U+2029 and U+0085 for ends of lines
    return format_sse_event(event=name, data_str=json.dumps(data))
