"""A reading: what the perspective rules found in one document, computed once at indexing."""

from bisect import bisect_right
from dataclasses import dataclass

from pydantic import TypeAdapter

from qa_bot.types import ClaimCue, LoadedTerm, Span, Voice, VoicedSpan

FRAME = "attribution"  # rule of a stretch that says who speaks; it is nobody's claim
FRAGMENT = "quoted fragment"  # rule of a few quoted words inside a sentence of the narrator or a report
NOUN_QUOTE = "words of"  # rule of a quotation that a noun announces, as a part of the narrator's sentence
QUOTED_INSIDE = "quotation inside"  # ending of the rule of a quotation that stands inside another one
NARRATIVE_SHARE = 0.7  # above this share of the narrator's own words, such quotations do not make the sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """Voices (ordered, disjoint, covering every sentence), loaded terms and claim cues (ordered)."""

    voices: tuple[VoicedSpan, ...]
    loaded: tuple[LoadedTerm, ...] = ()
    claims: tuple[ClaimCue, ...] = ()

    def to_json(self) -> str:
        """The reading as one line of JSON."""
        return _READING.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        """The reading that `to_json` wrote.

        Raises: ValueError: if the text is not such a reading.
        """
        return _READING.validate_json(text)

    def stretches(self, span: Span) -> tuple[VoicedSpan, ...]:
        """The stretches that a span touches, in order."""
        first = max(bisect_right(self.voices, span.start, key=_start) - 1, 0)
        last = bisect_right(self.voices, span.end - 1, key=_start)
        return tuple(voiced for voiced in self.voices[first:last] if voiced.span.overlaps(span))


def deciding_stretch(reading: Reading, span: Span) -> VoicedSpan | None:
    """The stretch that gives a sentence (or any span) its voice, or None where no sentence stands.

    The words that only say who speaks ("the president said:") decide nothing. Of the rest, second-hand words decide
    over the narrator's, direct speech over reported speech where it is at least as long; a few quoted words inside a
    report count as reported. Quotations that a noun announces within a narrative ("statements such as ...") leave the
    sentence to the narrator while his own words are most of it.
    """
    touched = [(voiced, _shared(voiced.span, span)) for voiced in reading.stretches(span)]
    if not touched:
        return None
    spoken = [entry for entry in touched if entry[0].voice is not Voice.NARRATOR]
    if not spoken:
        return max(touched, key=lambda entry: (entry[0].rule != FRAME, entry[1]))[0]
    narrated = sum(size for voiced, size in touched if voiced.voice is Voice.NARRATOR)
    total = narrated + sum(size for _, size in spoken)
    incidental = all(voiced.rule == NOUN_QUOTE for voiced, _ in spoken)
    if incidental and narrated > NARRATIVE_SHARE * total:
        return max((entry for entry in touched if entry not in spoken), key=lambda entry: entry[1])[0]
    direct = sum(size for voiced, size in spoken if sentence_weight(voiced) is Voice.DIRECT_QUOTE)
    reported = sum(size for voiced, size in spoken) - direct
    wanted = Voice.DIRECT_QUOTE if direct >= reported else Voice.ATTRIBUTED
    return max((entry for entry in spoken if sentence_weight(entry[0]) is wanted), key=lambda entry: entry[1])[0]


def sentence_voice(reading: Reading, span: Span) -> Voice:
    """The voice of a whole sentence, by the rule of `deciding_stretch`."""
    deciding = deciding_stretch(reading, span)
    return sentence_weight(deciding) if deciding else Voice.NARRATOR


def sentence_weight(voiced: VoicedSpan) -> Voice:
    """What a stretch counts as when a sentence is weighed: a quoted fragment counts as reported."""
    return Voice.ATTRIBUTED if voiced.rule == FRAGMENT else voiced.voice


def _shared(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _start(voiced: VoicedSpan) -> int:
    return voiced.span.start


_READING = TypeAdapter(Reading)
