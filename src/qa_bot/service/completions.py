"""The OpenAI-compatible door: POST /v1/chat/completions and GET /v1/models.

The last user message is the question, the earlier ones are the history; system messages and sampling options have
nothing to act on here and are passed over. The reply holds the quotations with numbered references, and every citation
whole as a structured annotation, so that nothing is lost on clients that know only this interface.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from typing_extensions import TypedDict

from qa_bot.bot import checked_question
from qa_bot.errors import QuestionError
from qa_bot.rendering.payload import AnswerPayload, CitationPayload, answer_payload
from qa_bot.service.asking import answer_in_place, check_selection
from qa_bot.service.examples import EVENT_SCHEMA
from qa_bot.service.problems import problem_schemas
from qa_bot.service.replies import Reply, reply_to
from qa_bot.service.requests import AnswerRequest, DocIds, PartyNames, require_json
from qa_bot.service.state import CurrentBot, Place, State
from qa_bot.settings import MAX_CITATIONS, MAX_HISTORY, MAX_QUESTION

MODEL = "qa-bot"
MAX_MESSAGES = 1_000

_PROBLEMS = problem_schemas(400, 401, 403, 408, 413, 415, 422, 429, 500, 503)

router = APIRouter(prefix="/v1", tags=["openai"])


class ContentPart(BaseModel):
    """A part of a message; only text can be a question."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    role: str
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream shall hold besides the reply."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    include_usage: bool | None = False


class CompletionRequest(BaseModel):
    """A conversation; unknown options are ignored, as clients of this interface send many."""

    model_config = ConfigDict(
        extra="ignore",
        strict=True,
        frozen=True,
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "When was Shusha taken?"}]}]
        },
    )

    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    model: Annotated[str, Field(max_length=200)] = MODEL
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_citations: int = Field(3, ge=1, le=MAX_CITATIONS)
    doc_ids: DocIds | None = None
    parties: PartyNames | None = None


class UrlCitation(TypedDict):
    """Where the reply refers to a source, in characters of the reply, and the address that shows the passage."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(TypedDict):
    """A reference of the reply, with the whole citation beside what this interface defines."""

    type: Literal["url_citation"]
    url_citation: UrlCitation
    citation: CitationPayload


class AssistantMessage(TypedDict):
    """The reply."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]


class Choice(TypedDict):
    """The only choice."""

    index: int
    message: AssistantMessage
    finish_reason: str
    logprobs: None


class Usage(TypedDict):
    """Always zero: no token is generated."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(TypedDict):
    """A chat completion; `qa_bot` holds the answer as POST /v1/answer gives it."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    qa_bot: AnswerPayload


class Model(TypedDict):
    """What can be asked for by name."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(TypedDict):
    """The list of models."""

    object: Literal["list"]
    data: list[Model]


_NO_TOKENS: Usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


@router.post(
    "/chat/completions",
    summary="Answer as an OpenAI-compatible chat",
    response_model=Completion,
    responses={200: {"content": {"text/event-stream": {"schema": EVENT_SCHEMA}}}, **_PROBLEMS},
    dependencies=[Depends(require_json)],
)
async def post_completion(
    request: Request, body: CompletionRequest, bot: CurrentBot, state: State, _: Place
) -> Response:
    """The last user message is answered from the sources; earlier ones are its history.

    Citations are in `choices[0].message.annotations`, and the whole answer in `qa_bot`; with `stream` they come in
    the last chunk.
    """
    question = _question(body)
    check_selection(question, bot)
    answer = await answer_in_place(question, bot, state)
    reply = reply_to(answer, base_url=str(request.base_url).rstrip("/"))
    completion = completion_payload(reply, answer_payload(answer), request.scope["state"]["request_id"])
    if body.stream:
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        return StreamingResponse(_chunks(completion, reply, with_usage=with_usage), media_type="text/event-stream")
    return JSONResponse(completion)


@router.get("/models", summary="The models of the OpenAI-compatible chat", response_model=Models, responses=_PROBLEMS)
async def get_models() -> Response:
    """One: the quoting bot."""
    models: Models = {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "qa_bot"}]}
    return JSONResponse(models)


def _question(body: CompletionRequest) -> AnswerRequest:
    """Raises: RequestValidationError: the conversation has no user message, or the last one is no question."""
    asked = [message.text for message in body.messages if message.role == "user"]
    if not asked:
        fault = {"type": "missing", "loc": ("body", "messages"), "msg": "no message with role 'user'; add one"}
        raise RequestValidationError([fault])
    try:
        return AnswerRequest(
            question=asked[-1],
            history=list(_askable(asked[:-1]))[-MAX_HISTORY:],
            max_citations=body.max_citations,
            doc_ids=body.doc_ids,
            parties=body.parties,
        )
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False)) from error


def _askable(earlier: Sequence[str]) -> Iterator[str]:
    """Earlier messages as questions; one that cannot be asked is passed over, for it is not what is asked now."""
    for text in earlier:
        with suppress(QuestionError):
            yield checked_question(text.strip()[:MAX_QUESTION])


def completion_payload(reply: Reply, answer: AnswerPayload, request_id: str) -> Completion:
    """The JSON of a chat completion."""
    annotations: list[Annotation] = [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start,
                "end_index": mark.end,
                "title": citation["title"],
                "url": reply.base_url + citation["href"],
            },
            "citation": citation,
        }
        for mark, citation in zip(reply.marks, answer["citations"] or answer["closest"], strict=True)
    ]
    message: AssistantMessage = {
        "role": "assistant",
        "content": reply.text,
        "refusal": None,
        "annotations": annotations,
    }
    return {
        "id": f"chatcmpl-{request_id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _NO_TOKENS,
        "qa_bot": answer,
    }


def _chunks(completion: Completion, reply: Reply, *, with_usage: bool) -> Iterator[bytes]:
    """The reply paragraph by paragraph, then the annotations, then the end mark of this interface."""
    annotations = completion["choices"][0]["message"]["annotations"]
    yield _chunk(completion, {"role": "assistant", "content": ""})
    for paragraph in reply.paragraphs():
        yield _chunk(completion, {"content": paragraph})
    yield _chunk(completion, {"annotations": annotations}, finish_reason="stop", more={"qa_bot": completion["qa_bot"]})
    if with_usage:
        yield _chunk(completion, None, more={"usage": _NO_TOKENS})
    yield format_sse_event(data_str="[DONE]")


def _chunk(
    completion: Completion,
    delta: dict[str, Any] | None,
    *,
    finish_reason: str | None = None,
    more: dict[str, Any] | None = None,
) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
    chunk = {
        "id": completion["id"],
        "object": "chat.completion.chunk",
        "created": completion["created"],
        "model": completion["model"],
        "choices": [] if delta is None else [choice],
        **(more or {}),
    }
    return format_sse_event(data_str=json.dumps(chunk))  # in ASCII, as the events of an answer
