"""A document as the rules for speech see it, and what they find in it."""

from bisect import bisect_right
from dataclasses import dataclass

from qa_bot.perspective.speech.quotations import Quotation
from qa_bot.perspective.speech.reports import Line
from qa_bot.types import Outline, Source, Span


@dataclass(frozen=True, slots=True)
class Speech:
    """A quotation that is somebody's words."""

    span: Span
    rule: str
    source: Source
    cue: Span | None
    closure: tuple[Span, ...]
    nested: tuple[Span, ...] = ()
    inside_report: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A document as the voice rules see it: its text, outline, quotations, and the line of each sentence."""

    text: str
    outline: Outline
    quotations: tuple[Quotation, ...]
    lines: tuple[Line, ...]
    starts: tuple[int, ...]  # of the sentences

    def sentence_at(self, position: int) -> int:
        """The number of the sentence at or before a position."""
        return max(bisect_right(self.starts, position) - 1, 0)
