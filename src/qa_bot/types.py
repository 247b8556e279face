"""The vocabulary: frozen values that every module speaks in.

All offsets are Unicode code points into a document's canonical text, half-open:
`document.text[span.start:span.end]` is the quotation, always.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Embeddings: TypeAlias = npt.NDArray[np.float32]  # (n_texts, dim), rows of unit length


# ---------------------------------------------------------------- text


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points `[start, end)`, never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The characters of this span in a text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A span together with its verbatim text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One source: canonical text, its SHA-256 (of the UTF-8 bytes), and its card, if it has one."""

    doc_id: str
    title: str
    text: str
    sha256: str
    card: "PerspectiveCard | None" = None

    def excerpt(self, span: Span) -> Excerpt:
        """The verbatim text of a span."""
        return Excerpt(span, span.of(self.text))


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (None before the first one) and the range from it to the next heading."""

    heading: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit of citation; `paragraph` and `section` are positions in the document's outline.

    A heading is a sentence too, so that the sentences tile the text; it is never cited as an answer.
    """

    span: Span
    paragraph: int
    section: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences `[first, last)` of one section, about 60-180 words; the unit of retrieval."""

    passage_id: str
    doc_id: str
    span: Span
    section: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Outline:
    """How one document is divided, every part in order of position.

    Sentences are disjoint and every gap between them is white space; passages tile the sentences
    that are not headings.
    """

    sections: tuple[Section, ...]
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


# ---------------------------------------------------------------- standpoint


class Basis(StrEnum):
    """What a statement of the card rests on."""

    STATED = "stated"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardField:
    """One value of a card with its basis and the spans of the document that show it."""

    value: str
    basis: Basis = Basis.UNKNOWN
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class NamingPair:
    """A name as this document writes it, as others write it, and whose usage the document's is."""

    here: str
    elsewhere: str
    party: str


@dataclass(frozen=True, slots=True)
class PerspectiveCard:
    """Who made a document and from where it speaks, in the OPCVL form of source criticism.

    `fields` holds the declared origin, purpose and perspective values under dotted names such as
    "origin.author", "purpose.statement", "perspective.holder". `stance` maps a party to
    "for", "against", "neutral" or "mixed".
    """

    title: str
    language: str
    fields: dict[str, CardField] = field(default_factory=dict)
    stance: dict[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    naming: tuple[NamingPair, ...] = ()

    def value(self, name: str) -> str | None:
        """The declared value of a field such as "perspective.holder", or None."""
        declared = self.fields.get(name)
        return declared.value if declared else None


@dataclass(frozen=True, slots=True)
class Party:
    """A side of a dispute, with the other words that name it (adjectives, capitals, institutions)."""

    name: str
    aliases: tuple[str, ...] = ()


class ActorKind(StrEnum):
    """What kind of speaker an actor is."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or organisation that may speak in a document, with role and party as far as known."""

    name: str
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    role: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the other names it goes by; used to understand questions, never to rename quotations."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties, actors and places of a corpus (parties.toml)."""

    parties: tuple[Party, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()


# ---------------------------------------------------------------- voice


class Voice(StrEnum):
    """Whose words a stretch of text is in."""

    NARRATOR = "narrator"
    DIRECT_QUOTE = "direct_quote"
    ATTRIBUTED = "attributed"


class Resolution(StrEnum):
    """How the source of a second-hand stretch was found."""

    NAMED = "named"  # named in the same sentence
    PRONOUN = "pronoun"  # a pronoun or title that refers back
    CARRIED = "carried"  # named in an earlier sentence and still speaking
    VAGUE = "vague"  # the document names nobody in particular ("it is said", "reports")
    UNRESOLVED = "unresolved"  # somebody speaks and the rules cannot tell who


@dataclass(frozen=True, slots=True)
class Source:
    """Who is quoted or reported: `named` as the document writes it, the rest as parties.toml resolves it."""

    resolution: Resolution
    named: str | None = None
    actor: str | None = None
    role: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class VoicedSpan:
    """A stretch of text in one voice, as the rules over the whole document decided it.

    `closure` holds the spans that must be shown with any part of this stretch so that its speaker is seen.
    `nested` says that the stretch stands as a quotation inside another one. `rebuttal` is where the
    narrator disputes the source. `rule` names the deciding rule.
    """

    span: Span
    voice: Voice
    rule: str
    source: Source | None = None
    cue: Span | None = None
    closure: tuple[Span, ...] = ()
    nested: bool = False
    rebuttal: Span | None = None


@dataclass(frozen=True, slots=True)
class LoadedTerm:
    """A word that takes a side, whose word it is, and the reason by rule book."""

    span: Span
    text: str
    lemma: str
    category: str
    reason: str
    owner: Voice


@dataclass(frozen=True, slots=True)
class ClaimCue:
    """A kind of claim that editorial rule books say must be attributed, and whether a source is given here."""

    span: Span
    text: str
    kind: str
    sourced: bool


@dataclass(frozen=True, slots=True)
class Perspective:
    """From where one span speaks: the standpoint of its document, the voice, the loaded words, and a note.

    `holder` and `party` are the document's (its card); `speaker` and `speaker_party` are those of the
    quoted or reported source. `note` is one or two plain sentences made from templates, never empty.
    """

    holder: str
    party: str | None
    voice: Voice
    note: str
    speaker: str | None = None
    speaker_role: str | None = None
    speaker_party: str | None = None
    resolution: Resolution | None = None
    cue: Excerpt | None = None
    attribution: tuple[Excerpt, ...] = ()
    rebuttal: Excerpt | None = None
    loaded: tuple[LoadedTerm, ...] = ()
    claims: tuple[ClaimCue, ...] = ()
    rule: str = ""


# ---------------------------------------------------------------- ranking


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage (its position in the index) with a score comparable only within one ranking."""

    passage: int
    score: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence (document and position in its outline) with its score and the passage it was found in.

    `sentence` and `until` bound the run `[sentence, until)` to cite: one sentence, or two neighbours where only
    both together hold what the question asks for.
    """

    doc_id: str
    sentence: int
    until: int
    passage: int
    score: float


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


# ---------------------------------------------------------------- answers


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says: fixed wording around verbatim quotations, or that the sources do not say.

    `confidence` is the probability that citation 1 answers the question; `closest` is empty when answered,
    `citations` when not; `timings_ms` holds milliseconds by stage.
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


# ---------------------------------------------------------------- evaluation


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
Run: TypeAlias = dict[str, dict[str, float]]  # query_id -> doc_id -> score, as in TREC
