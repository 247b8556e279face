"""The OpenAPI description: made by FastAPI, with our problems in place of its own validation errors."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from qa_bot.service.problems import Problem

_TEXT = """Answers questions about documents by quoting them: every citation has its exact place, the SHA-256 of its
document and a note on whose words it is. Offsets are Unicode code points, half-open: `text[start:end] == quote`.
Every error is a problem by RFC 9457 (`application/problem+json`)."""
_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "an API key, where the service asks for one"},
}


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
    components = description.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = TypeAdapter(Problem).json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return description
