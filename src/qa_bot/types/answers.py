"""Rankings, citations and answers."""

from dataclasses import dataclass, field
from enum import StrEnum

from qa_bot.types.spans import Excerpt, Span
from qa_bot.types.standpoint import Perspective


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage (its position in the index) with a score comparable only within one ranking."""

    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the reader found in a sentence.

    `late` is the sentence's score before it was read; `relevance` a logit, zero where an answer is as likely as none;
    `short` the words that answer, in the document, and `certainty` their probability among all words read around them.
    """

    late: float
    relevance: float
    short: Span | None
    certainty: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence (document and position in its outline) with its score and the passage it was found in.

    `sentence` and `until` bound the run `[sentence, until)` to cite: one sentence, two neighbours where only
    both together hold what is asked for, or a question with its reply. `evidence` is there if a reader has read it;
    `bearing` is added to the relevance that it finds.
    """

    doc_id: str
    sentence: int
    until: int
    passage: int
    score: float
    evidence: Evidence | None = None
    bearing: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """What retrieval returns: passages and sentences, best first, ties by position.

    `coverage` says how much of the question the passages match at all, whichever of them: the weighted mean over
    its tokens of the best cosine in any of them.
    """

    question: str
    passages: tuple[ScoredPassage, ...]
    sentences: tuple[ScoredSentence, ...]
    coverage: float = 0.0
    timings_ms: dict[str, float] = field(default_factory=dict)


class Status(StrEnum):
    """Whether the sources answer the question."""

    ANSWERED = "answered"
    NOT_IN_SOURCES = "not_in_sources"


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation with its exact place and its perspective."""

    number: int
    doc_id: str
    title: str
    section: str | None
    page: int | None
    span: Span
    quote: str
    document_sha256: str
    score: float
    context: Excerpt
    perspective: Perspective

    @property
    def href(self) -> str:
        """The deep link into the chat page that shows this span in its document."""
        from urllib.parse import quote

        return f"/ui/?doc={quote(self.doc_id)}&span={self.span.start}-{self.span.end}"


class Aside(StrEnum):
    """What an utterance is about that no document answers: the documents themselves, or the program."""

    SOURCE = "source"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says: fixed wording around verbatim quotations, or that the sources do not say.

    `confidence` is the probability that citation 1 answers the question; `closest` is empty when answered,
    `citations` when not; `timings_ms` holds milliseconds by stage, `unheard` the question's names that no source has.
    An `aside` is no question to the documents: nothing was searched for, and both are empty.
    """

    question: str
    resolved_question: str
    status: Status
    confidence: float
    text: str
    short: Excerpt | None
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    perspective_note: str
    index_version: str
    timings_ms: dict[str, float] = field(default_factory=dict)
    unheard: tuple[str, ...] = ()
    aside: Aside | None = None

    @property
    def shown(self) -> tuple[Citation, ...]:
        """What is quoted, whether it answers or is only the nearest."""
        return self.citations or self.closest
