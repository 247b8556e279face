"""The voiced stretches of a document, looked up by position."""

from bisect import bisect_right
from collections.abc import Sequence

from qa_bot.types import Resolution, Voice, VoicedSpan

_NOBODY = frozenset({Resolution.VAGUE, Resolution.UNRESOLVED})


class Stretches:
    """Ordered, disjoint stretches; a position outside all of them is the narrator's."""

    def __init__(self, voices: Sequence[VoicedSpan]) -> None:
        self._voices = voices
        self._starts = [voiced.span.start for voiced in voices]

    def at(self, position: int) -> VoicedSpan | None:
        """The stretch that holds a position."""
        index = bisect_right(self._starts, position) - 1
        inside = index >= 0 and position < self._voices[index].span.end
        return self._voices[index] if inside else None

    def voice(self, position: int) -> Voice:
        """Whose words stand at a position."""
        found = self.at(position)
        return found.voice if found else Voice.NARRATOR

    def sourced(self, position: int) -> bool:
        """Whether a position lies in second-hand words whose source is known."""
        found = self.at(position)
        known = found is not None and found.source is not None and found.source.resolution not in _NOBODY
        return known and self.voice(position) is not Voice.NARRATOR
