"""Rewording questions: what they share with the text is said by a synonym, or left out.

WordNet's files (Fellbaum 1998) come with Debian's package wordnet-base.
"""

import re
from functools import cache
from pathlib import Path

import numpy as np

REPLACED, LEFT_OUT = 0.3, 0.1  # shares of the words that a question has in common with the text
SENSES = 2  # of a word, the commonest first
_WORD = re.compile(r"[A-Za-z][a-z]{2,}")
_KEPT = frozenset(
    "who what when where why how which whom whose many much the and was were did does has had been".split()
)


class Synonyms:
    """The words that mean the same as a word in one of its commonest senses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._senses = {kind: _index(folder / f"index.{kind}") for kind in ("noun", "verb", "adj", "adv")}
        self._words = {kind: _data(folder / f"data.{kind}") for kind in self._senses}

    @cache  # noqa: B019  # one object lives as long as the training
    def of(self, word: str) -> tuple[str, ...]:
        """Single words, the word itself left out; of a plural, plurals."""
        found = self._plain(word)
        if not found and word.endswith("s"):
            found = tuple(f"{other}s" for other in self._plain(word[:-1]))
        return found

    def reword(self, question: str, text: str, rng: np.random.Generator) -> str:
        """The question with some of the words it shares with a text exchanged or left out; names stay."""
        shared = {w.casefold() for w in _WORD.findall(text)}

        def other(match: re.Match[str]) -> str:
            word = match.group()
            if word not in shared or word in _KEPT or word != word.lower():
                return word
            draw = rng.random()
            if draw < LEFT_OUT:
                return ""
            options = self.of(word) if draw < LEFT_OUT + REPLACED else ()
            return options[rng.integers(len(options))] if options else word

        return " ".join(_WORD.sub(other, question).split())

    def _plain(self, word: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for kind, senses in self._senses.items():
            for offset in senses.get(word, ())[:SENSES]:
                found.update(dict.fromkeys(self._words[kind].get(offset, ())))
        return tuple(w for w in found if w != word and w.isalpha())


def _index(path: Path) -> dict[str, tuple[str, ...]]:
    """The senses of each word, commonest first, as offsets into the data file."""
    found = {}
    for line in path.open(encoding="latin-1"):
        if not line.startswith(" "):
            fields = line.split()
            found[fields[0]] = tuple(fields[-int(fields[2]) :])
    return found


def _data(path: Path) -> dict[str, tuple[str, ...]]:
    """The words of each sense."""
    found = {}
    for line in path.open(encoding="latin-1"):
        if not line.startswith(" "):
            fields = line.split()
            words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
            found[fields[0]] = tuple(w.split("(")[0].lower() for w in words)
    return found
