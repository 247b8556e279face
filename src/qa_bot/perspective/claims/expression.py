"""A pattern of the claims, compiled by PCRE2.

Python's `re` compiles in Python: for these patterns, with the forms of some thousand words in them, that takes ten
times as long, a second of the first document that a process reads, and matching six times as long.
"""

from collections.abc import Iterator, Sequence

import pcre2

SIZE = 20_000  # characters of a pattern; PCRE2 takes about 40,000 at once
LONGEST = 5_000  # characters of a text that are looked at; what is longer is no sentence


class Expression:
    """Alternatives, of whole words unless `words` is false; searching gives places (start, end) in a text.

    Of alternatives that begin at one place the first counts, up to SIZE characters of them; those beyond that are
    looked for besides, so that their places may overlap.
    """

    def __init__(self, alternatives: Sequence[str], *, words: bool = True) -> None:
        edge = r"\b" if words else ""
        self.patterns = tuple(f"{edge}(?:{'|'.join(part)}){edge}" for part in _parts(alternatives))
        self._parts = tuple(map(_Part, self.patterns))

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Every place in a text, part after part, each in order."""
        for part in self._parts:
            yield from part.places(text, 0, LONGEST)

    def first(self, text: str, start: int = 0, end: int = LONGEST) -> int | None:
        """Where the first place within [start, end) of a text starts, if there is one."""
        found = (next(iter(part.places(text, start, min(end, LONGEST))), None) for part in self._parts)
        return min((place[0] for place in found if place), default=None)


class _Part:
    """One pattern, in machine code; where its stack is too small, hostile texts only, it is interpreted."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pcre2.compile(pattern)

    def places(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        try:
            return [match.span() for match in self._pattern.finditer(text, start, end)]
        except pcre2.LibraryError:
            slow = pcre2.compile(self._pattern, jit=False)
        try:
            return [match.span() for match in slow.finditer(text, start, end)]
        except pcre2.LibraryError:  # it would take too long or too much memory: no place is found
            return []


def _parts(alternatives: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for alternative in alternatives:
        if part and sum(map(len, part)) + len(alternative) > SIZE:
            yield part
            part = []
        part.append(alternative)
    yield part
