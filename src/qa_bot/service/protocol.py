"""What the service needs of the bot; `qa_bot.bot.QaBot` has it, and so may a small fake."""

from collections.abc import Sequence
from typing import Protocol

from qa_bot.perspective import Profile
from qa_bot.types import Answer, Citation, Document, Outline, Parties, Perspective, Span


class Bot(Protocol):
    """Answers questions about documents by quoting them; every method may be called from several threads."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, in the order of the corpus."""
        ...

    @property
    def parties(self) -> Parties:
        """The parties, actors and places of the corpus."""
        ...

    @property
    def index_version(self) -> str:
        """A name that changes when the index does."""
        ...

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
    ) -> Answer:
        """An answer quoted from the sources, or that they do not give one. Raises: QuestionError."""
        ...

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
    ) -> tuple[Citation, ...]:
        """The nearest passages, best first. Raises: QuestionError."""
        ...

    def document(self, doc_id: str) -> Document:
        """One document. Raises: UnknownDocumentError."""
        ...

    def outline(self, doc_id: str) -> Outline:
        """The parts of one document. Raises: UnknownDocumentError."""
        ...

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """The perspective of any span of a document. Raises: UnknownDocumentError, SpanError."""
        ...

    def profile(self, doc_id: str) -> Profile:
        """The computed profile of one document. Raises: UnknownDocumentError."""
        ...
