"""Questions with their accepted places, and relevance judgements as TREC knows them."""

from dataclasses import dataclass
from typing import TypeAlias

from qa_bot.types.spans import Span


@dataclass(frozen=True, slots=True)
class Gold:
    """One accepted place of an answer; several are alternatives."""

    doc_id: str
    span: Span
    short: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set; `gold` is empty when the sources do not answer it."""

    question_id: str
    text: str
    answerable: bool
    gold: tuple[Gold, ...] = ()
    history: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


Qrels: TypeAlias = dict[str, dict[str, int]]  # query_id -> doc_id -> relevance, as in TREC
