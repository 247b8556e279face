"""The client that blocks."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self, TypeVar

import httpx

from qa_bot.bot import OnRetrieved
from qa_bot.client import calls
from qa_bot.client.calls import Change, ServiceError
from qa_bot.rendering.payload import DocumentPayload, DocumentSummaryPayload
from qa_bot.types import Answer, Citation, Perspective, Span

T = TypeVar("T")


class Client:
    """A blocking client; close it, or use it in a `with` statement. Every method raises ServiceError."""

    def __init__(self, url: str, *, key: str | None = None, http: httpx.Client | None = None) -> None:
        self._http = http or httpx.Client(timeout=calls.TIMEOUT_S)
        self._url, self._headers = url.rstrip("/"), calls.headers_of(key)

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
        call = calls.ask(question, history, max_citations, doc_ids, parties)
        return self._listen(call, calls.Listener(on_retrieved)) if on_retrieved else self._send(call)

    def ask_all(self, questions: Sequence[str]) -> list[Answer | ServiceError]:
        """One outcome for each of up to 100 questions, in order: an answer, or why the question cannot be asked."""
        return self._send(calls.ask_all(questions))

    def search(self, question: str, *, limit: int = 10) -> tuple[Citation, ...]:
        """The nearest passages, best first; they are not an answer."""
        return self._send(calls.search(question, limit))

    def documents(self) -> list[DocumentSummaryPayload]:
        """Id, title, SHA-256, length and party of every document."""
        return self._send(calls.list_documents())

    def document(self, doc_id: str) -> DocumentPayload:
        """Card, sections and profile of a document."""
        return self._send(calls.describe(doc_id))

    def text(self, doc_id: str, span: Span | None = None) -> str:
        """The text of a document, or of a span of it, verbatim."""
        return self._send(calls.read_text(doc_id, span))

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """From where a span of a document speaks."""
        return self._send(calls.perspective_of(doc_id, span))

    def add(self, file: Path, *, card: Path | None = None, replace: bool = False) -> Change:
        """Add a source file to the corpus, and wait until it can be asked. Needs a key with the scope `manage`."""
        return self._followed(self._send(calls.add(file, card, replace=replace)))

    def remove(self, doc_id: str) -> Change:
        """Remove a document, and wait until it is gone from the index. Needs a key with the scope `manage`."""
        return self._followed(self._send(calls.remove(doc_id)))

    def _followed(self, change: Change) -> Change:
        while not change.final:
            change = self._send(calls.follow(change.job_id))
        return change

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, call: calls.Call[T]) -> T:
        for attempt in range(calls.RETRIES + 1):
            try:
                response = self._http.request(call.method, self._url + call.path, headers=self._headers, **call.content)
            except calls.FAULTS as error:
                raise calls.unreached(self._url, error) from error
            wait = calls.seconds_to_wait(response)
            if wait is None or attempt == calls.RETRIES:
                break
            time.sleep(wait)
        return calls.result_of(call, response)

    def _listen(self, call: calls.Call[Answer], listener: calls.Listener) -> Answer:
        headers = self._headers | {"Accept": calls.EVENTS}
        for attempt in range(calls.RETRIES + 1):
            try:
                with self._http.stream(call.method, self._url + call.path, headers=headers, **call.content) as response:
                    wait = None if attempt == calls.RETRIES else calls.seconds_to_wait(response)
                    if wait is None and listener.understands(response):
                        for text in response.iter_text():
                            listener.take(text, response)
                        return listener.heard(response)
                    response.read()
            except calls.FAULTS as error:
                raise calls.unreached(self._url, error) from error
            if wait is None:
                break
            time.sleep(wait)
        return calls.result_of(call, response)
