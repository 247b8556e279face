"""Words that were parted at the end of a line: put together again, or compounds with a hyphen of their own."""

import re
from collections import Counter
from collections.abc import Iterable

from qa_bot.ingest.pdf.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:[-‐’'][^\W\d_]+)*")
_LAST = re.compile(r"[^\W_]+(?:-[^\W_]+)*$")
_FIRST = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Words:
    """How often each word stands whole in a document."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._seen: Counter[str] = Counter()
        for line in lines:
            found = _WORD.findall(line.text)
            self._seen.update(word.casefold() for word in (found[:-1] if line.parted else found))

    def between(self, line: Line, following: str) -> str:
        """What stands between a line and the text that goes on from it: a space, a hyphen, or nothing.

        A hyphen stays before a capital or a number, and where the document writes the word with one elsewhere.
        """
        if not line.parted:
            return " "
        before, after = _LAST.search(line.text), _FIRST.match(following)
        if not before or not after or not following[0].islower():
            return "-"
        first, second = before.group().casefold(), after.group().casefold()
        whole, compound = self._seen[first + second], self._seen[f"{first}-{second}"]
        return "-" if compound > whole else ""
