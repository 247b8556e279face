"""The computed profile of a document: who speaks how much, in how loaded words, with how many unsourced claims."""

import re
from collections import Counter
from dataclasses import dataclass

from qa_bot.perspective.claims.cues import KINDS
from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.words import SIGNS
from qa_bot.types import Document, Outline, Voice

# a number with its separators, a word with its hyphens: one each
_WORD = re.compile(rf"\w[\w{SIGNS}]*(?:[’'.,-]\w[\w{SIGNS}]*)*")


@dataclass(frozen=True, slots=True)
class VoiceShare:
    """How much of a document is in one voice, and how loaded it is.

    `loaded_per_1000` is the number of loaded terms in every 1,000 words of this voice.
    """

    voice: Voice
    words: int
    sentences: int
    loaded: int
    loaded_per_1000: float


@dataclass(frozen=True, slots=True)
class PartyShare:
    """How much of a document is in the words of sources of one party; None: no party is known for the source."""

    party: str | None
    words: int
    sentences: int


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """How many cues of one kind of claim a document has, with and without a source."""

    kind: str
    sourced: int
    unsourced: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts over one document; sentences leave headings out.

    `voices` has each voice once; `parties` covers the second-hand words only, most words first; `categories` counts
    the loaded terms, most frequent first; `claims` has each kind once. None of it is a score or a verdict.
    """

    words: int
    sentences: int
    voices: tuple[VoiceShare, ...]
    parties: tuple[PartyShare, ...]
    categories: dict[str, int]
    claims: tuple[ClaimCount, ...]


def profile(document: Document, outline: Outline, reading: Reading) -> Profile:
    """The profile of a document, from its reading."""
    voices = _voices(document, outline, reading)
    categories = Counter(term.category for term in reading.loaded)
    return Profile(
        words=sum(share.words for share in voices),
        sentences=sum(share.sentences for share in voices),
        voices=voices,
        parties=_parties(document, outline, reading),
        categories=dict(sorted(categories.items(), key=lambda entry: (-entry[1], entry[0]))),
        claims=_claims(reading),
    )


def _voices(document: Document, outline: Outline, reading: Reading) -> tuple[VoiceShare, ...]:
    words: Counter[Voice] = Counter()
    for voiced in reading.voices:
        words[voiced.voice] += _count_words(voiced.span.of(document.text))
    spoken = [sentence.span for sentence in outline.sentences if not sentence.heading]
    sentences = Counter(sentence_voice(reading, span) for span in spoken)
    loaded = Counter(term.owner for term in reading.loaded)
    return tuple(
        VoiceShare(voice, words[voice], sentences[voice], loaded[voice], _per_1000(loaded[voice], words[voice]))
        for voice in Voice
    )


def _parties(document: Document, outline: Outline, reading: Reading) -> tuple[PartyShare, ...]:
    words: Counter[str | None] = Counter()
    for voiced in reading.voices:
        if voiced.voice is not Voice.NARRATOR:
            words[voiced.source.party if voiced.source else None] += _count_words(voiced.span.of(document.text))
    sentences: Counter[str | None] = Counter()
    for sentence in outline.sentences:
        deciding = None if sentence.heading else deciding_stretch(reading, sentence.span)
        if deciding is not None and deciding.voice is not Voice.NARRATOR:
            sentences[deciding.source.party if deciding.source else None] += 1
    shares = (PartyShare(party, words[party], sentences[party]) for party in words)
    return tuple(sorted(shares, key=lambda share: (-share.words, share.party or "")))


def _claims(reading: Reading) -> tuple[ClaimCount, ...]:
    counts = Counter((claim.kind, claim.sourced) for claim in reading.claims)
    return tuple(ClaimCount(kind, counts[kind, True], counts[kind, False]) for kind in KINDS)


def _count_words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def _per_1000(terms: int, words: int) -> float:
    return round(1000 * terms / words, 1) if words else 0.0
