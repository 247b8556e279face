"""POST /v1/documents, DELETE /v1/documents/{doc_id} and GET /v1/jobs/{job_id}: documents in and out.

A document is on disk in the corpus before any of these says so; the index follows in the background.
"""

import asyncio
import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from qa_bot.bot import Bot
from qa_bot.corpus.shelf import MAX_CARD_BYTES, Offer, plain_name
from qa_bot.errors import UnknownDocumentError
from qa_bot.ingest import SUFFIXES
from qa_bot.rendering.payload import DocumentSummaryPayload, document_summary_payload
from qa_bot.service.jobs import Indexer, Job, State
from qa_bot.service.problems import MEDIA_TYPE, problem_response, problem_schemas
from qa_bot.service.state import state_of

MAX_WAIT_S = 60
NOT_INDEXED = "urn:qa-bot:problem:not-indexed"
MAX_SHOWN = 40  # characters of a field or an ending that an error repeats
_FIELDS = {"file", "card"}
_REPLACING = "replace=true"  # how this door is told to replace
_CHUNK = 2**20
_FRESH = {"Cache-Control": "no-store"}

router = APIRouter(prefix="/v1", tags=["documents"])


class JobPayload(TypedDict):
    """How far the index has followed a document that was added or removed; `document` once it can be asked."""

    job_id: str
    action: str
    doc_id: str
    state: str
    created: str
    passages_done: int
    passages: int
    index_version: str | None
    detail: str | None
    document: DocumentSummaryPayload | None


Wait = Annotated[
    int, Query(ge=0, le=MAX_WAIT_S, description="seconds to wait for the index before answering 202 instead")
]
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": f"the source; its name ends in one of {', '.join(SUFFIXES)}",
                        },
                        "card": {"type": "string", "format": "binary", "description": "its card, TOML"},
                    },
                }
            }
        },
    }
}
_PROBLEMS = problem_schemas(400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503)
_PROBLEM, _JOB = ({"$ref": f"#/components/schemas/{name}"} for name in ("Problem", "JobPayload"))
_CHANGE_PROBLEMS: dict[int | str, dict[str, Any]] = {
    **_PROBLEMS,
    500: {
        "description": f"Something went wrong; as {NOT_INDEXED}, with the job: the index could not follow the corpus",
        "content": {MEDIA_TYPE: {"schema": {"anyOf": [_PROBLEM, {"allOf": [_PROBLEM, _JOB]}]}}},
    },
}


@router.post(
    "/documents",
    summary="Add a document",
    response_model=JobPayload,
    status_code=201,
    responses={
        200: {"description": "The same file again, indexed", "model": JobPayload},
        202: {"description": "Taken in, not indexed yet: ask the job", "model": JobPayload},
        **_CHANGE_PROBLEMS,
    },
    openapi_extra=_FORM,
)
async def post_document(request: Request, wait: Wait = 30, *, replace: bool = False) -> Response:
    """Take a file, and its card if there is one, into the corpus and index it. Needs the scope `manage`.

    The document's id is made of the file's name. 201 when it can be asked, 200 if it was there already, 202 with a job
    when that takes longer than `wait` seconds, 500 with the job when it could not be indexed; in each case the document
    is kept, whatever happens to this service. 409 when there is another document of this name, unless `replace`; the
    same file again is no conflict. 413 too large, 415 not of a format that can be read, 422 a document or card that
    cannot be used: it says which and why.
    """
    indexer = _indexer_of(request)
    with tempfile.TemporaryDirectory(prefix="qa-bot-") as folder:
        offer = await _received(request, FilePath(folder))
        document, new = await asyncio.to_thread(indexer.library.add, offer, replace=replace)
    job = await indexer.wait(indexer.submit("add", document.doc_id), wait)
    return _outcome(request, job, 201 if new else 200)


@router.delete(
    "/documents/{doc_id}",
    summary="Remove a document",
    response_model=JobPayload,
    responses={
        202: {"description": "Removed, the index follows: ask the job", "model": JobPayload},
        **_CHANGE_PROBLEMS,
    },
)
async def delete_document(request: Request, doc_id: Annotated[str, Path(max_length=200)], wait: Wait = 30) -> Response:
    """Delete a document and its card from the corpus and from the index. Needs the scope `manage`.

    200 when it has gone from the index in use, 202 with a job when that takes longer than `wait` seconds, 500 with the
    job when the index could not be brought up to date; in each case it has gone from the corpus.
    """
    indexer = _indexer_of(request)
    gone = await asyncio.to_thread(indexer.library.remove, doc_id)
    job = await indexer.wait(indexer.submit("remove", gone.doc_id), wait)
    return _outcome(request, job, 200)


@router.get("/jobs/{job_id}", summary="How far a job is", response_model=JobPayload, responses=_PROBLEMS)
async def get_job(
    request: Request, job_id: Annotated[str, Path(pattern="^[0-9a-f]{1,64}$")], wait: Wait = 0
) -> Response:
    """A job by its id; with `wait`, when it has ended or after so many seconds. The last 100 jobs are kept."""
    indexer = _indexer_of(request)
    job = indexer.book.find(job_id)
    if job is None:
        raise HTTPException(404, "no such job; the last 100 are kept")
    told = _payload(job if job.final else await indexer.wait(job, wait), state_of(request).current_bot())
    return JSONResponse(told, headers=_FRESH)


def _indexer_of(request: Request) -> Indexer:
    indexer: Indexer | None = request.app.state.indexer
    if indexer is None:
        raise HTTPException(409, "this service keeps no corpus; start it with: qa-bot serve --corpus DIR")
    return indexer


def _outcome(request: Request, job: Job, done: int) -> Response:
    """How a change stands: the status of one that is done, 202, or 500 with the job as members of the problem."""
    told = _payload(job, state_of(request).current_bot())
    headers = {"Location": f"/v1/jobs/{job.job_id}", **_FRESH}
    if job.state is State.FAILED:
        more = {"type": NOT_INDEXED, **told}
        return problem_response(request.scope, 500, job.detail or "", headers=headers, more=more)
    return JSONResponse(told, status_code=done if job.final else 202, headers=headers)


def _payload(job: Job, bot: Bot | None) -> JobPayload:
    return {
        "job_id": job.job_id,
        "action": job.action,
        "doc_id": job.doc_id,
        "state": job.state.value,
        "created": job.created,
        "passages_done": job.passages_done,
        "passages": job.passages,
        "index_version": job.index_version,
        "detail": job.detail,
        "document": _summary(bot, job.doc_id) if bot and job.state is State.DONE else None,
    }


def _summary(bot: Bot, doc_id: str) -> DocumentSummaryPayload | None:
    try:
        return document_summary_payload(bot.document(doc_id))
    except UnknownDocumentError:
        return None


# ---------------------------------------------------------------- what is sent


async def _received(request: Request, folder: FilePath) -> Offer:
    """The files of a form, written under names of our own making into a folder of our own.

    Raises: HTTPException: 415 no form, or a file of unknown format; 422 no file, or a field too many; 413.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise HTTPException(415, "send the file as multipart/form-data, in the field 'file'")
    try:
        form = await request.form(max_files=2, max_fields=2, max_part_size=MAX_CARD_BYTES)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise HTTPException(400, f"the form cannot be read: {error.detail}") from None
    try:
        for field in form:
            if field not in _FIELDS:
                raise HTTPException(422, f"the form has a field '{_shown(field)}'; send 'file' and 'card' only")
            if len(form.getlist(field)) > 1:
                raise HTTPException(422, f"{field}: is in the form more than once; send each document by itself")
        file, card = form.get("file"), form.get("card")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "file: send the source as a file, with its name")
        suffix = FilePath(file.filename).suffix.lower()
        if suffix not in SUFFIXES:
            ending = f"'{_shown(suffix)}' names" if suffix else "a file without an ending is of"
            raise HTTPException(415, f"file: {ending} no format that can be read; these are {', '.join(SUFFIXES)}")
        name = plain_name(file.filename)
        source = folder / f"source{suffix}"
        await _keep(file, source)
        kept_card = await _kept_card(card, folder)
    finally:
        await form.close()
    return Offer(source, name, kept_card, shown=name, shown_card=f"the card of {name}", replacing=_REPLACING)


def _shown(sent: str) -> str:
    """What a client calls something, for telling it: printable, and cut where it is long."""
    printable = "".join(c if c.isprintable() else "?" for c in sent[: MAX_SHOWN + 1])
    return printable if len(printable) <= MAX_SHOWN else f"{printable[:MAX_SHOWN]}…"


async def _kept_card(card: UploadFile | str | None, folder: FilePath) -> FilePath | None:
    if card is None or card == "":
        return None
    path = folder / "card.toml"
    if isinstance(card, str):
        await asyncio.to_thread(path.write_text, card, encoding="utf-8")
    else:
        await _keep(card, path)
    return path


async def _keep(file: UploadFile, path: FilePath) -> None:
    with path.open("wb") as out:
        while chunk := await file.read(_CHUNK):
            await asyncio.to_thread(out.write, chunk)
