"""The vocabulary: frozen values that every module speaks in.

All offsets are Unicode code points into a document's canonical text, half-open:
`document.text[span.start:span.end]` is the quotation, always.
"""

from qa_bot.types.answers import Answer, Aside, Citation, Evidence, Ranking, ScoredPassage, ScoredSentence, Status
from qa_bot.types.questions import Gold, Qrels, Question
from qa_bot.types.spans import Embeddings, Excerpt, Span
from qa_bot.types.standpoint import (
    Actor,
    ActorKind,
    Basis,
    CardField,
    ClaimCue,
    LoadedTerm,
    NamingPair,
    Parties,
    Party,
    Perspective,
    PerspectiveCard,
    Place,
    Resolution,
    Source,
    Speaker,
    Speakers,
    Voice,
    VoicedSpan,
)
from qa_bot.types.text import Document, Heading, Layout, Outline, Passage, Section, Sentence

__all__ = [
    "Actor",
    "ActorKind",
    "Answer",
    "Aside",
    "Basis",
    "CardField",
    "Citation",
    "ClaimCue",
    "Document",
    "Embeddings",
    "Evidence",
    "Excerpt",
    "Gold",
    "Heading",
    "Layout",
    "LoadedTerm",
    "NamingPair",
    "Outline",
    "Parties",
    "Party",
    "Passage",
    "Perspective",
    "PerspectiveCard",
    "Place",
    "Qrels",
    "Question",
    "Ranking",
    "Resolution",
    "ScoredPassage",
    "ScoredSentence",
    "Section",
    "Sentence",
    "Source",
    "Span",
    "Speaker",
    "Speakers",
    "Status",
    "Voice",
    "VoicedSpan",
]
