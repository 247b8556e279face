"""GET /v1/documents and what is below it: cards, sections, text and the perspective of any span."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from qa_bot import __version__
from qa_bot.bot import Bot
from qa_bot.rendering.payload import (
    DocumentPayload,
    DocumentSummaryPayload,
    DocumentTextPayload,
    PerspectivePayload,
    document_payload,
    document_summary_payload,
    perspective_payload,
    text_payload,
)
from qa_bot.service.problems import problem_schemas
from qa_bot.service.state import CurrentBot
from qa_bot.types import Document, Span

_PROBLEMS = problem_schemas(401, 403, 404, 422, 429, 500, 503)

router = APIRouter(
    prefix="/v1/documents",
    tags=["documents"],
    responses={304: {"description": "Not modified since the version named in If-None-Match"}, **_PROBLEMS},
)

DocId = Annotated[str, Path(max_length=200, description="the name of the source file without its ending")]
Offset = Annotated[int, Query(ge=0, le=2**31, description="Unicode code points from the start of the text")]


class DocumentsPayload(TypedDict):
    """All documents of the index."""

    documents: list[DocumentSummaryPayload]
    index_version: str


@router.get("", summary="All documents", response_model=DocumentsPayload)
async def get_documents(request: Request, bot: CurrentBot) -> Response:
    """Id, title, SHA-256, length and party of each document, in the order of the corpus."""
    documents: DocumentsPayload = {
        "documents": [document_summary_payload(document) for document in bot.documents],
        "index_version": bot.index_version,
    }
    return _cacheable(request, bot, documents)


@router.get("/{doc_id}", summary="One document", response_model=DocumentPayload)
def get_document(request: Request, doc_id: DocId, bot: CurrentBot) -> Response:
    """Card (null: perspective not declared), sections, SHA-256 and computed profile."""
    document = bot.document(doc_id)
    return _cacheable(request, bot, document_payload(document, bot.outline(doc_id), bot.profile(doc_id)))


@router.get("/{doc_id}/text", summary="The text, or a stretch of it", response_model=DocumentTextPayload)
async def get_text(
    request: Request, doc_id: DocId, bot: CurrentBot, start: Offset = 0, end: Offset | None = None
) -> Response:
    """Canonical text, verbatim: `text` is the characters `[start, end)` of it."""
    document = bot.document(doc_id)
    span = span_in(document, start, len(document.text) if end is None else end)
    return _cacheable(request, bot, text_payload(document, span))


@router.get("/{doc_id}/perspective", summary="The perspective of a span", response_model=PerspectivePayload)
def get_perspective(request: Request, doc_id: DocId, bot: CurrentBot, start: Offset, end: Offset) -> Response:
    """From where the characters `[start, end)` speak: the `perspective` object of a citation, for any span."""
    span = span_in(bot.document(doc_id), start, end)
    return _cacheable(request, bot, perspective_payload(bot.perspective(doc_id, span)))


def span_in(document: Document, start: int, end: int) -> Span:
    """The characters `[start, end)` of a document. Raises: HTTPException: 422 when it has no such characters."""
    length = len(document.text)
    if not 0 <= start < end <= length:
        raise HTTPException(
            422, f"span {start}-{end} is not in '{document.doc_id}': needs 0 <= start < end <= {length}"
        )
    return Span(start, end)


def _cacheable(request: Request, bot: Bot, content: object) -> Response:
    """What is told about documents holds for one version of the index: a client may keep it and ask whether it does."""
    tag = f'W/"{bot.index_version}-{__version__}"'  # another release may tell more of the same index
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    asked = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or tag.removeprefix("W/") in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return JSONResponse(content, headers=headers)
