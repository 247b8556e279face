"""Words of a text with their places: runs of letters, so that a hyphen, a digit or an apostrophe ends a word."""

import re
from dataclasses import dataclass

_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order: `folded[i]` is casefolded and stands at `text[starts[i]:ends[i]]`."""

    text: str
    folded: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Words":
        """The words of a text, in one pass."""
        matches = list(_LETTERS.finditer(text))
        return cls(
            text,
            tuple(match.group().casefold() for match in matches),
            tuple(match.start() for match in matches),
            tuple(match.end() for match in matches),
        )

    def __len__(self) -> int:
        return len(self.folded)

    def gap(self, position: int) -> str:
        """What stands between the word at a position and the word before it."""
        return self.text[self.ends[position - 1] : self.starts[position]] if position else ""

    def capitalised(self, position: int) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[self.starts[position]].isupper()


def words_of(text: str) -> tuple[str, ...]:
    """The casefolded words of a text."""
    return tuple(match.group().casefold() for match in _LETTERS.finditer(text))
