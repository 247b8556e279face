"""Words of a text with their places: runs of letters, so that a hyphen, a digit or an apostrophe ends a word.

An accent may be written as a sign of its own, which is no letter to Python: it belongs to its word all the same, and
words are compared composed.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from unicodedata import category, normalize

_LAST_SCRIPT = 0x1F000  # from here on there are symbols and ideographs


def _signs() -> str:
    """The combining signs (categories Mn, Mc and Me of Unicode), as ranges for a class of characters."""
    codes = (code for code in range(0x300, _LAST_SCRIPT) if category(chr(code)).startswith("M"))
    runs = ([code for _, code in run] for _, run in groupby(enumerate(codes), key=lambda entry: entry[1] - entry[0]))
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)


SIGNS = _signs()
_LETTERS = re.compile(rf"[^\W\d_]+(?:[{SIGNS}]+[^\W\d_]*)*")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text in order: `folded[i]` is casefolded, composed, and stands at `text[starts[i]:ends[i]]`."""

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
            tuple(composed(match.group().casefold()) for match in matches),
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
    return tuple(composed(match.group().casefold()) for match in _LETTERS.finditer(text))


def composed(word: str) -> str:
    """A word with its accents in its letters, however it is written."""
    return normalize("NFC", word)


def in_word(character: str) -> bool:
    """Whether a character is a letter, a digit, or a sign that belongs to one."""
    return character.isalnum() or category(character).startswith("M")
