"""A client of the HTTP service that gives the same values as the bot itself, blocking or asynchronous.

with Client("http://127.0.0.1:8000") as bot:
answer = bot.ask("When was Shusha taken?")
answer.status, answer.citations[0].quote, answer.citations[0].perspective.note
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx

from qa_bot.bot import OnRetrieved
from qa_bot.errors import QaBotError
from qa_bot.rendering.parsing import answer_from, citation_from, perspective_from
from qa_bot.rendering.payload import DocumentPayload, DocumentSummaryPayload
from qa_bot.types import Answer, Citation, Perspective, Span

TIMEOUT_S = 60.0
JOB_WAIT_S = 30  # for which the service may hold back its answer about a job
RETRIES = 2  # after 429 and 503, which say when to come back
MAX_WAIT_S = 30.0
EVENTS = "text/event-stream"

T = TypeVar("T")


class ServiceError(QaBotError):
    """A request that the service refused or could not serve; `status` is None when it was not reached at all."""

    def __init__(self, message: str, *, status: int | None = None, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.problem = status, dict(problem or {})


@dataclass(frozen=True, slots=True)
class Change:
    """A document added or removed, and the version of the index that shows it."""

    doc_id: str
    job_id: str
    state: str
    index_version: str | None
    document: DocumentSummaryPayload | None

    @property
    def final(self) -> bool:
        """Whether the index has followed."""
        return self.state == "done"


class Client:
    """A blocking client; close it, or use it in a `with` statement. Every method raises ServiceError."""

    def __init__(self, url: str, *, key: str | None = None, http: httpx.Client | None = None) -> None:
        self._http = http or httpx.Client(timeout=TIMEOUT_S)
        self._url, self._headers = url.rstrip("/"), _headers(key)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        """An answer quoted from the sources, or that they do not give one; as `QaBot.ask`."""
        call = _ask(question, history, max_citations, doc_ids, parties)
        return self._listen(call, _Listener(on_retrieved)) if on_retrieved else self._send(call)

    def ask_all(self, questions: Sequence[str]) -> list[Answer | ServiceError]:
        """One outcome for each of up to 100 questions, in order: an answer, or why the question cannot be asked."""
        return self._send(_ask_all(questions))

    def search(self, question: str, *, limit: int = 10) -> tuple[Citation, ...]:
        """The nearest passages, best first; they are not an answer."""
        return self._send(_search(question, limit))

    def documents(self) -> list[DocumentSummaryPayload]:
        """Id, title, SHA-256, length and party of every document."""
        return self._send(_documents())

    def document(self, doc_id: str) -> DocumentPayload:
        """Card, sections and profile of a document."""
        return self._send(_document(doc_id))

    def text(self, doc_id: str, span: Span | None = None) -> str:
        """The text of a document, or of a span of it, verbatim."""
        return self._send(_text(doc_id, span))

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """From where a span of a document speaks."""
        return self._send(_perspective(doc_id, span))

    def add(self, file: Path, *, card: Path | None = None, replace: bool = False) -> Change:
        """Add a source file to the corpus, and wait until it can be asked. Needs a key with the scope `manage`."""
        return self._followed(self._send(_add(file, card, replace=replace)))

    def remove(self, doc_id: str) -> Change:
        """Remove a document, and wait until it is gone from the index. Needs a key with the scope `manage`."""
        return self._followed(self._send(_remove(doc_id)))

    def _followed(self, change: Change) -> Change:
        while not change.final:
            change = self._send(_job(change.job_id))
        return change

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, call: "_Call[T]") -> T:
        for attempt in range(RETRIES + 1):
            try:
                response = self._http.request(call.method, self._url + call.path, headers=self._headers, **call.content)
            except httpx.HTTPError as error:
                raise _unreached(self._url, error) from error
            wait = _wait(response)
            if wait is None or attempt == RETRIES:
                break
            time.sleep(wait)
        return _result(call, response)

    def _listen(self, call: "_Call[Answer]", listener: "_Listener") -> Answer:
        headers = self._headers | {"Accept": EVENTS}
        for attempt in range(RETRIES + 1):
            try:
                with self._http.stream(call.method, self._url + call.path, headers=headers, **call.content) as response:
                    wait = None if attempt == RETRIES else _wait(response)
                    if wait is None and listener.understands(response):
                        for line in response.iter_lines():
                            listener.take(line)
                        return listener.heard(response)
                    response.read()
            except httpx.HTTPError as error:
                raise _unreached(self._url, error) from error
            if wait is None:
                break
            time.sleep(wait)
        return _result(call, response)


class AsyncClient:
    """The asynchronous client, with the methods of `Client`; use it in an `async with` statement."""

    def __init__(self, url: str, *, key: str | None = None, http: httpx.AsyncClient | None = None) -> None:
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT_S)
        self._url, self._headers = url.rstrip("/"), _headers(key)

    async def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        """An answer quoted from the sources, or that they do not give one; as `QaBot.ask`."""
        call = _ask(question, history, max_citations, doc_ids, parties)
        return await (self._listen(call, _Listener(on_retrieved)) if on_retrieved else self._send(call))

    async def ask_all(self, questions: Sequence[str]) -> list[Answer | ServiceError]:
        """One outcome for each of up to 100 questions, in order: an answer, or why the question cannot be asked."""
        return await self._send(_ask_all(questions))

    async def search(self, question: str, *, limit: int = 10) -> tuple[Citation, ...]:
        """The nearest passages, best first; they are not an answer."""
        return await self._send(_search(question, limit))

    async def documents(self) -> list[DocumentSummaryPayload]:
        """Id, title, SHA-256, length and party of every document."""
        return await self._send(_documents())

    async def document(self, doc_id: str) -> DocumentPayload:
        """Card, sections and profile of a document."""
        return await self._send(_document(doc_id))

    async def text(self, doc_id: str, span: Span | None = None) -> str:
        """The text of a document, or of a span of it, verbatim."""
        return await self._send(_text(doc_id, span))

    async def perspective(self, doc_id: str, span: Span) -> Perspective:
        """From where a span of a document speaks."""
        return await self._send(_perspective(doc_id, span))

    async def add(self, file: Path, *, card: Path | None = None, replace: bool = False) -> Change:
        """Add a source file to the corpus, and wait until it can be asked. Needs a key with the scope `manage`."""
        call = await asyncio.to_thread(_add, file, card, replace=replace)
        return await self._followed(await self._send(call))

    async def remove(self, doc_id: str) -> Change:
        """Remove a document, and wait until it is gone from the index. Needs a key with the scope `manage`."""
        return await self._followed(await self._send(_remove(doc_id)))

    async def _followed(self, change: Change) -> Change:
        while not change.final:
            change = await self._send(_job(change.job_id))
        return change

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _send(self, call: "_Call[T]") -> T:
        for attempt in range(RETRIES + 1):
            try:
                response = await self._http.request(
                    call.method, self._url + call.path, headers=self._headers, **call.content
                )
            except httpx.HTTPError as error:
                raise _unreached(self._url, error) from error
            wait = _wait(response)
            if wait is None or attempt == RETRIES:
                break
            await asyncio.sleep(wait)
        return _result(call, response)

    async def _listen(self, call: "_Call[Answer]", listener: "_Listener") -> Answer:
        url, headers = self._url + call.path, self._headers | {"Accept": EVENTS}
        for attempt in range(RETRIES + 1):
            try:
                async with self._http.stream(call.method, url, headers=headers, **call.content) as response:
                    wait = None if attempt == RETRIES else _wait(response)
                    if wait is None and listener.understands(response):
                        async for line in response.aiter_lines():
                            listener.take(line)
                        return listener.heard(response)
                    await response.aread()
            except httpx.HTTPError as error:
                raise _unreached(self._url, error) from error
            if wait is None:
                break
            await asyncio.sleep(wait)
        return _result(call, response)


@dataclass(frozen=True, slots=True)
class _Call(Generic[T]):
    """A request, and how its JSON becomes the result."""

    method: str
    path: str
    read: Callable[[Any], T]
    body: dict[str, Any] | None = None
    params: dict[str, int | bool] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What is sent along, as httpx names it."""
        body = {"files": self.files} if self.files else {"json": self.body}
        return {"params": self.params, **body}


class _Listener:
    """Takes server-sent events line by line: tells the passages, keeps the answer. Raises: ServiceError: a problem."""

    def __init__(self, on_retrieved: OnRetrieved) -> None:
        self._answer: Answer | None = None
        self._on_retrieved = on_retrieved
        self._event = ""

    def understands(self, response: httpx.Response) -> bool:
        """Whether a response holds events."""
        return response.is_success and response.headers.get("content-type", "").startswith(EVENTS)

    def take(self, line: str) -> None:
        """Take in one line."""
        name, _, value = line.partition(": ")
        if name == "event":
            self._event = value
        elif name == "data":
            self._take_event(json.loads(value))

    def heard(self, response: httpx.Response) -> Answer:
        """The answer. Raises: ServiceError: the events ended before it came."""
        if self._answer is None:
            raise ServiceError(f"{response.url} broke off before the answer; ask again", status=response.status_code)
        return self._answer

    def _take_event(self, data: Any) -> None:
        if self._event == "retrieved":
            self._on_retrieved(tuple(citation_from(citation) for citation in data["results"]))
        elif self._event == "answer":
            self._answer = answer_from(data)
        elif self._event == "problem":
            raise _refusal(data, data["status"])


def _ask(
    question: str,
    history: Sequence[str],
    max_citations: int,
    doc_ids: Sequence[str] | None,
    parties: Sequence[str] | None,
) -> _Call[Answer]:
    body = {
        "question": question,
        "history": list(history),
        "max_citations": max_citations,
        "doc_ids": None if doc_ids is None else list(doc_ids),
        "parties": None if parties is None else list(parties),
    }
    return _Call("POST", "/v1/answer", answer_from, body)


def _ask_all(questions: Sequence[str]) -> _Call[list[Answer | ServiceError]]:
    def read(batch: Any) -> list[Answer | ServiceError]:
        return [
            answer_from(item["answer"]) if item["answer"] else _refusal(item["problem"], item["problem"]["status"])
            for item in batch["answers"]
        ]

    return _Call("POST", "/v1/answers", read, {"questions": [{"question": question} for question in questions]})


def _search(question: str, limit: int) -> _Call[tuple[Citation, ...]]:
    def read(found: Any) -> tuple[Citation, ...]:
        return tuple(citation_from(citation) for citation in found["results"])

    return _Call("POST", "/v1/search", read, {"question": question, "limit": limit})


def _documents() -> _Call[list[DocumentSummaryPayload]]:
    return _Call("GET", "/v1/documents", lambda listed: listed["documents"])


def _document(doc_id: str) -> _Call[DocumentPayload]:
    return _Call("GET", f"/v1/documents/{quote(doc_id, safe='')}", lambda document: document)


def _text(doc_id: str, span: Span | None) -> _Call[str]:
    params = {"start": span.start, "end": span.end} if span else {}
    return _Call("GET", f"/v1/documents/{quote(doc_id, safe='')}/text", lambda text: text["text"], params=params)


def _perspective(doc_id: str, span: Span) -> _Call[Perspective]:
    params = {"start": span.start, "end": span.end}
    return _Call("GET", f"/v1/documents/{quote(doc_id, safe='')}/perspective", perspective_from, params=params)


def _add(file: Path, card: Path | None, *, replace: bool) -> _Call[Change]:
    paths = {"file": file, **({"card": card} if card else {})}
    try:
        files = {field: (path.name, path.read_bytes()) for field, path in paths.items()}
    except OSError as error:
        raise ServiceError(f"{error.filename}: cannot be read ({error.strerror}); name the file to add") from error
    return _Call("POST", "/v1/documents", _change, params={"replace": replace}, files=files)


def _remove(doc_id: str) -> _Call[Change]:
    return _Call("DELETE", f"/v1/documents/{quote(doc_id, safe='')}", _change)


def _job(job_id: str) -> _Call[Change]:
    return _Call("GET", f"/v1/jobs/{quote(job_id, safe='')}", _change, params={"wait": JOB_WAIT_S})


def _change(job: Any) -> Change:
    if job["state"] == "failed":
        raise ServiceError(f"'{job['doc_id']}': {job['detail']}")
    return Change(job["doc_id"], job["job_id"], job["state"], job["index_version"], job["document"])


def _headers(key: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def _wait(response: httpx.Response) -> float | None:
    """Seconds to wait before trying again, or None if that would not help."""
    after = response.headers.get("retry-after", "")
    if response.status_code not in {429, 503} or not after.isdecimal():
        return None
    return float(after) if float(after) <= MAX_WAIT_S else None


def _result(call: _Call[T], response: httpx.Response) -> T:
    try:
        content = response.json()
    except ValueError:
        content = {}
    if not response.is_success:
        raise _refusal(content if isinstance(content, dict) else {}, response.status_code)
    try:
        return call.read(content)
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceError(
            f"{response.url} did not answer like a qa_bot service ({error!r}); check the address and its version",
            status=response.status_code,
        ) from error


def _refusal(problem: Mapping[str, Any], status: int) -> ServiceError:
    return ServiceError(f"{status}: {problem.get('detail', 'no reason given')}", status=status, problem=problem)


def _unreached(url: str, error: Exception) -> ServiceError:
    return ServiceError(f"no answer from {url} ({type(error).__name__}); is it running? start it with: qa-bot serve")
