"""What evaluation needs of a bot, so that any ranking, model or fake can be measured."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

from qa_bot.measures.spans import Placed
from qa_bot.types import Answer, Citation, Document, Outline, Perspective, Span

Stage: TypeAlias = Literal["bm25", "dense", "rrf", "late"]
STAGES: tuple[Stage, ...] = ("bm25", "dense", "rrf", "late")
Unit: TypeAlias = Literal["sentence", "passage"]


class Ranked(Placed, Protocol):
    """One ranked place; scores compare only within one ranking."""

    @property
    def score(self) -> float:
        """The higher the better."""
        ...


class Askable(Protocol):
    """What is measured."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The sources, with their canonical texts."""
        ...

    @property
    def index_version(self) -> str:
        """Changes when the index does."""
        ...

    @property
    def manifest(self) -> Mapping[str, object]:
        """All that identifies the index: model, documents with their SHA-256, how it was divided."""
        ...

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        """The cited answer; raises QuestionError for a question that cannot be asked."""
        ...

    def search(self, question: str, *, limit: int = 10) -> Sequence[Citation]:
        """The ranking without an answer, best first."""
        ...

    def rank(self, question: str, *, stage: Stage, unit: Unit, limit: int = 10) -> Sequence[Ranked]:
        """What one stage of the pipeline alone ranks, best first, no place overlapping a better one."""
        ...

    def outline(self, doc_id: str) -> Outline:
        """How a document is divided."""
        ...

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """From where a span speaks."""
        ...
