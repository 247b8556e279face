"""Every error as RFC 9457 `application/problem+json`: what went wrong in one line, never a stack trace."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NotRequired

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope
from typing_extensions import TypedDict

from qa_bot.errors import (
    CorpusError,
    DocumentExistsError,
    FolderBusyError,
    FormatError,
    IndexDamagedError,
    IndexMissingError,
    IndexStaleError,
    LimitError,
    QaBotError,
    QuestionError,
    SpanError,
    UnknownDocumentError,
)

MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RETRY_SECONDS = 1  # what Retry-After says when the service is momentarily full

_NAMES = {
    400: "bad-request",
    401: "no-valid-key",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    409: "conflict",
    413: "too-large",
    415: "unsupported-type",
    422: "invalid",
    429: "too-many-requests",
    431: "headers-too-large",
    500: "internal",
    503: "unavailable",
}
_STATUS_OF_ERROR: dict[type[QaBotError], int] = {
    QuestionError: 422,
    SpanError: 422,
    UnknownDocumentError: 404,
    DocumentExistsError: 409,
    LimitError: 413,
    FormatError: 415,
    FolderBusyError: 503,
    CorpusError: 422,  # the last of its kinds, as the first that fits decides
    IndexMissingError: 503,
    IndexStaleError: 503,
    IndexDamagedError: 503,
}


class FieldProblem(TypedDict):
    """One wrong field of a request, by its dotted name, and what was expected there."""

    field: str
    problem: str


class Problem(TypedDict):
    """An error by RFC 9457; `request_id` is the one in the X-Request-ID header and in the log."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldProblem]]
    request_id: NotRequired[str]


def unavailable(detail: str) -> HTTPException:
    """503: the service cannot answer now, and when to try again."""
    return HTTPException(503, detail, headers={"Retry-After": str(RETRY_SECONDS)})


def make_problem(status: int, detail: str) -> Problem:
    """A problem with the type and title of its status."""
    return {
        "type": f"urn:qa-bot:problem:{_NAMES.get(status, 'error')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }


def problem_response(
    scope: Scope,
    status: int,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[FieldProblem] | None = None,
    more: Mapping[str, object] | None = None,
) -> JSONResponse:
    """A response to the request of `scope` holding a problem, with the request's id if it was given one.

    `more` are members of its own kind, which may be a `type` of its own.
    """
    problem = make_problem(status, detail)
    if errors:
        problem["errors"] = errors
    if request_id := scope.get("state", {}).get("request_id"):
        problem["request_id"] = request_id
    content = {**problem, **(more or {})}
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def problem_schemas(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of the problems that an operation may answer with."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def add_problem_handlers(app: FastAPI) -> None:
    """Make the app answer every kind of error with a problem."""
    app.add_exception_handler(QaBotError, _on_expected_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)


def _on_expected_error(request: Request, error: Exception) -> JSONResponse:
    status = next((status for kind, status in _STATUS_OF_ERROR.items() if isinstance(error, kind)), 500)
    if status == 503:  # the message names folders of this machine, which is no business of a client
        detail = "the corpus is being changed" if isinstance(error, FolderBusyError) else "no usable index is loaded"
        return problem_response(request.scope, 503, detail, headers={"Retry-After": str(RETRY_SECONDS)})
    if status == 500:
        raise error
    return problem_response(request.scope, status, str(error))


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    detail = str(error.detail)
    if error.status_code == 404 and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = "no such address here; see /docs"
    if error.status_code == 400 and "parsing the body" in detail:
        detail = "the body is not readable JSON"
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem_response(request.scope, error.status_code, detail, headers=headers)


def _allowed(request: Request) -> str:
    """The methods of an address, over all routes that it fits; the error names those of the first one only."""
    routes = request.app.routes
    fits = {m for m in METHODS if any(r.matches({**request.scope, "method": m})[0] is Match.FULL for r in routes)}
    return ", ".join(m for m in METHODS if m in fits or (m == "HEAD" and "GET" in fits))


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem_response(request.scope, 400, "the body is not valid JSON")
    errors = [_field_problem(fault) for fault in faults]
    detail = "; ".join(f"{fault['field']}: {fault['problem']}" for fault in errors[:3])
    return problem_response(request.scope, 422, detail, errors=errors[:20])


def _field_problem(fault: Mapping[str, Any]) -> FieldProblem:
    """Name and expectation only: what the client sent is never echoed, it may be huge or not even valid text."""
    place = [str(part) for part in fault["loc"] if part not in {"body", "query", "path", "header"}]
    name = ".".join(place)[:100].encode("utf-8", "replace").decode() or "body"
    return {"field": name, "problem": str(fault["msg"]).encode("utf-8", "replace").decode()}
