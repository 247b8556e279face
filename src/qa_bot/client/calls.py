"""What can be asked of the service: each request, how its JSON becomes a value, and what can go wrong."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
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
FAULTS = (httpx.HTTPError, httpx.InvalidURL)  # what a request ends with where no response comes
_LINE_END = re.compile(r"\r\n|\n|\r")  # those of events; `splitlines`, and so httpx, knows others too

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


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
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


def ask(
    question: str,
    history: Sequence[str],
    max_citations: int,
    doc_ids: Sequence[str] | None,
    parties: Sequence[str] | None,
) -> Call[Answer]:
    """A question."""
    body = {
        "question": question,
        "history": list(history),
        "max_citations": max_citations,
        "doc_ids": None if doc_ids is None else list(doc_ids),
        "parties": None if parties is None else list(parties),
    }
    return Call("POST", "/v1/answer", answer_from, body)


def ask_all(questions: Sequence[str]) -> Call[list[Answer | ServiceError]]:
    """Several questions, each answered by itself or refused."""

    def read(batch: Any) -> list[Answer | ServiceError]:
        return [
            answer_from(item["answer"]) if item["answer"] else refusal(item["problem"], item["problem"]["status"])
            for item in batch["answers"]
        ]

    return Call("POST", "/v1/answers", read, {"questions": [{"question": question} for question in questions]})


def search(question: str, limit: int) -> Call[tuple[Citation, ...]]:
    """The nearest passages."""

    def read(found: Any) -> tuple[Citation, ...]:
        return tuple(citation_from(citation) for citation in found["results"])

    return Call("POST", "/v1/search", read, {"question": question, "limit": limit})


def list_documents() -> Call[list[DocumentSummaryPayload]]:
    """All documents."""
    return Call("GET", "/v1/documents", lambda listed: listed["documents"])


def describe(doc_id: str) -> Call[DocumentPayload]:
    """One document."""
    return Call("GET", f"/v1/documents/{quote(doc_id, safe='')}", lambda document: document)


def read_text(doc_id: str, span: Span | None) -> Call[str]:
    """The text of a document, or of a span of it."""
    params = {"start": span.start, "end": span.end} if span else {}
    return Call("GET", f"/v1/documents/{quote(doc_id, safe='')}/text", lambda text: text["text"], params=params)


def perspective_of(doc_id: str, span: Span) -> Call[Perspective]:
    """The perspective of a span."""
    params = {"start": span.start, "end": span.end}
    return Call("GET", f"/v1/documents/{quote(doc_id, safe='')}/perspective", perspective_from, params=params)


def add(file: Path, card: Path | None, *, replace: bool) -> Call[Change]:
    """A document to add. Raises: ServiceError: its file cannot be read."""
    paths = {"file": file, **({"card": card} if card else {})}
    try:
        files = {field: (path.name, path.read_bytes()) for field, path in paths.items()}
    except OSError as error:
        raise ServiceError(f"{error.filename}: cannot be read ({error.strerror}); name the file to add") from error
    return Call("POST", "/v1/documents", _change, params={"replace": replace}, files=files)


def remove(doc_id: str) -> Call[Change]:
    """A document to remove."""
    return Call("DELETE", f"/v1/documents/{quote(doc_id, safe='')}", _change)


def follow(job_id: str) -> Call[Change]:
    """What has become of a change."""
    return Call("GET", f"/v1/jobs/{quote(job_id, safe='')}", _change, params={"wait": JOB_WAIT_S})


def _change(job: Any) -> Change:
    if job["state"] == "failed":
        raise ServiceError(f"'{job['doc_id']}': {job['detail']}")
    return Change(job["doc_id"], job["job_id"], job["state"], job["index_version"], job["document"])


class Listener:
    """Takes server-sent events as they come: tells the passages, keeps the answer.

    Raises: ServiceError: a problem, or events of something else.
    """

    def __init__(self, on_retrieved: OnRetrieved) -> None:
        self._answer: Answer | None = None
        self._on_retrieved = on_retrieved
        self._event = ""
        self._begun = ""  # a line whose end has not come yet

    def understands(self, response: httpx.Response) -> bool:
        """Whether a response holds events."""
        return response.is_success and response.headers.get("content-type", "").startswith(EVENTS)

    def take(self, text: str, response: httpx.Response) -> None:
        """Take in the next stretch of a response, wherever it is cut."""
        *lines, self._begun = _LINE_END.split(self._begun + text)
        for line in lines:
            name, _, value = line.partition(": ")
            if name == "event":
                self._event = value
            elif name == "data":
                self._take_event(value, response)

    def heard(self, response: httpx.Response) -> Answer:
        """The answer. Raises: ServiceError: the events ended before it came."""
        if self._answer is None:
            raise ServiceError(f"{response.url} broke off before the answer; ask again", status=response.status_code)
        return self._answer

    def _take_event(self, value: str, response: httpx.Response) -> None:
        passages: tuple[Citation, ...] | None = None
        with _reading(response):
            data = json.loads(value)
            if self._event == "retrieved":
                passages = tuple(citation_from(citation) for citation in data["results"])
            elif self._event == "answer":
                self._answer = answer_from(data)
            elif self._event == "problem":
                raise refusal(data, data["status"])
        if passages is not None:  # what goes wrong in being told them is no matter of the service
            self._on_retrieved(passages)


def headers_of(key: str | None) -> dict[str, str]:
    """The headers that show a key."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def seconds_to_wait(response: httpx.Response) -> float | None:
    """Seconds to wait before trying again, or None if that would not help."""
    after = response.headers.get("retry-after", "")
    if response.status_code not in {429, 503} or not after.isdecimal():
        return None
    return float(after) if float(after) <= MAX_WAIT_S else None


def result_of(call: Call[T], response: httpx.Response) -> T:
    """The value that a response holds. Raises: ServiceError: a problem, or a response of something else."""
    try:
        content = response.json()
    except ValueError:
        content = {}
    if not response.is_success:
        if isinstance(content, dict) and "detail" in content:
            raise refusal(content, response.status_code)
        told = f"{response.status_code}: {response.url} did not answer like a qa_bot service; check the address"
        raise ServiceError(told, status=response.status_code)
    with _reading(response):
        return call.read(content)


@contextmanager
def _reading(response: httpx.Response) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceError(
            f"{response.url} did not answer like a qa_bot service ({error!r}); check the address and its version",
            status=response.status_code,
        ) from error


def refusal(problem: Mapping[str, Any], status: int) -> ServiceError:
    """The error that a problem is."""
    return ServiceError(f"{status}: {problem.get('detail', 'no reason given')}", status=status, problem=problem)


def unreached(url: str, error: Exception) -> ServiceError:
    """The error that no response is."""
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return ServiceError(f"'{url}' is no address of a service ({error}); give one such as http://127.0.0.1:8000")
    return ServiceError(f"no answer from {url} ({type(error).__name__}); is it running? start it with: qa-bot serve")
