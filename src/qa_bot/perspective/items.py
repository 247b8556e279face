"""Words and marks with their offsets, the grain at which attribution is read."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa_bot.perspective.words import SIGNS, composed
from qa_bot.types import Span

_WORD = rf"[^\W_]+(?:[{SIGNS}]+[^\W_]*)*"
# a title keeps its full stop ("Col. Rhys"), so that none is taken for the end of a statement
_ITEM = re.compile(
    rf"(?:[A-ZÀ-ÞĀ-ɏḀ-ỿ][{SIGNS}]*\.)+(?=\s|[,;:)'’\"”-]|$)"
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Rev|Fr|St|Gen|Col|Lt|Maj|Capt|Cmdr|Adm|Sgt|Cpl|Pvt|Brig|Sen|Rep|Gov|Hon|Jr|Sr)\.(?=\s|,)"
    rf"|{_WORD}(?:(?:[.,'’‑-]|(?<=\d):(?=\d\d))(?=[^\W_]){_WORD})*|[^\w\s]|_"
)
_POSSESSIVE = ("'s", "’s")


class Item(NamedTuple):
    """A word, a punctuation mark, or (with `quotation` set) a whole quotation standing in for its words."""

    start: int
    end: int
    text: str
    lower: str  # lower case, composed, straight apostrophe, without a possessive ending
    possessive: bool = False
    quotation: int = -1

    @property
    def is_word(self) -> bool:
        """Whether this is neither punctuation nor a quotation."""
        return self.quotation < 0 and self.text[:1].isalnum()


def items_of(text: str, span: Span) -> Iterator[Item]:
    """The words and marks of a stretch of text, in order."""
    for found in _ITEM.finditer(text, span.start, span.end):
        spelling = composed(found.group())
        possessive = spelling.endswith(_POSSESSIVE) and len(spelling) > 2
        bare = spelling[:-2] if possessive else spelling.removesuffix(".") if len(spelling) > 2 else spelling
        yield Item(found.start(), found.end(), found.group(), bare.lower().replace("’", "'"), possessive)


def with_quotations(items: Sequence[Item], quotations: Sequence[tuple[int, Span]]) -> list[Item]:
    """The items of a sentence with each quotation (its number and span, in order) folded into one item."""
    folded: list[Item] = []
    position = 0
    for number, span in quotations:
        while position < len(items) and items[position].end <= span.start:
            folded.append(items[position])
            position += 1
        start = position
        while position < len(items) and items[position].start < span.end:
            position += 1
        if position > start:
            folded.append(Item(max(span.start, items[start].start), items[position - 1].end, "", "", quotation=number))
    folded.extend(items[position:])
    return folded
