"""The bodies that clients send.

Types are strict and unknown keys are errors: a mistyped option must not pass unseen.
"""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from qa_bot.service.settings import MAX_BATCH
from qa_bot.settings import MAX_CITATIONS, MAX_HISTORY, MAX_QUESTION

QuestionText = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
DocIds = Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=1_000)]
PartyNames = Annotated[list[Annotated[str, Field(max_length=200)]], Field(min_length=1, max_length=100)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AnswerRequest(_Body):
    """A question, with what was asked before it and which documents may answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "When was Shusha taken?"},
                {
                    "question": "And who announced it?",
                    "history": ["When was Shusha taken?"],
                    "max_citations": 3,
                    "doc_ids": ["second-karabakh-war"],
                    "parties": None,
                },
            ]
        }
    )

    question: QuestionText = Field(description="1 to 1,000 characters, without control characters")
    history: list[QuestionText] = Field(
        [], max_length=MAX_HISTORY, description="earlier questions of the conversation, oldest first"
    )
    max_citations: int = Field(3, ge=1, le=MAX_CITATIONS)
    doc_ids: DocIds | None = Field(None, description="answer from these documents only; null for all")
    parties: PartyNames | None = Field(None, description="answer from documents of these parties only; null for all")


class BatchRequest(_Body):
    """Several questions, each by itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"questions": [{"question": "When was Shusha taken?"}, {"question": "Who is Ilham Aliyev?"}]}]
        }
    )

    questions: list[AnswerRequest] = Field(min_length=1, max_length=MAX_BATCH)


class SearchRequest(_Body):
    """A question whose nearest passages are wanted, without an answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "ceasefire violations", "limit": 5}]})

    question: QuestionText
    limit: int = Field(10, ge=1, le=100)


async def require_json(request: Request) -> None:
    """Let JSON bodies pass. Raises: HTTPException: 415 for any other kind."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        raise HTTPException(415, "send the body as Content-Type: application/json")
