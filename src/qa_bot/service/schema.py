"""The OpenAPI description: made by FastAPI, with our problems in place of its own validation errors."""

from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from qa_bot.rendering.parsing import answer_from
from qa_bot.service.completions import completion_payload
from qa_bot.service.examples import ANSWER, EXAMPLE_DETAILS, RESPONSES
from qa_bot.service.problems import MEDIA_TYPE, Problem, make_problem
from qa_bot.service.replies import reply_to

_TEXT = """Answers questions about documents by quoting them: every citation has its exact place, the SHA-256 of its
document and a note on whose words it is. Offsets are Unicode code points, half-open: `text[start:end] == quote`.
Every error is a problem by RFC 9457 (`application/problem+json`)."""
_KEY = {"type": "http", "scheme": "bearer", "description": "an API key, where the service asks for one"}


def describe(app: FastAPI) -> None:
    """Make the app serve its description at /openapi.json."""

    @cache
    def openapi() -> dict[str, Any]:
        return _description(app)

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents for changing the description


def _description(app: FastAPI) -> dict[str, Any]:
    description = get_openapi(
        title="qa_bot",
        version=app.version,
        description=_TEXT,
        routes=app.routes,
        tags=[
            {"name": "answers", "description": "Questions in, quotations out"},
            {"name": "openai", "description": "The same for clients of the OpenAI interface"},
            {"name": "documents", "description": "The sources: cards, text and perspectives"},
            {"name": "operation", "description": "For whatever keeps the service running"},
        ],
    )
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            _add_examples(f"{method.upper()} {path}", operation["responses"])
            if "401" in operation["responses"]:
                operation["security"] = [{"key": []}, {}]  # the empty one: a client on this machine may need none
    components = description.setdefault("components", {})
    components["securitySchemes"] = {"key": _KEY}
    schemas = components.setdefault("schemas", {})
    problem = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return description


def _add_examples(operation: str, responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        content = response.get("content", {})
        if MEDIA_TYPE in content:
            problem = make_problem(int(status), EXAMPLE_DETAILS.get(int(status), HTTPStatus(int(status)).phrase))
            content[MEDIA_TYPE]["example"] = problem
        elif "application/json" in content and (shown := {**RESPONSES, **_completion_example()}.get(operation)):
            content["application/json"]["example"] = shown


@cache
def _completion_example() -> dict[str, object]:
    reply = reply_to(answer_from(ANSWER), base_url="http://127.0.0.1:8000")
    return {"POST /v1/chat/completions": completion_payload(reply, ANSWER, "0d6c1f2e3a4b5c6d7e8f90a1b2c3d4e5")}
