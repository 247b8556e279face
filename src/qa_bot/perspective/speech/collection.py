"""Collections: documents and sections that hand over one author's words: "Letters of X", "Sayings of Y", "Z's diary".

Quotations in them that nobody else is named for are the author's.
"""

from bisect import bisect_right

from qa_bot.perspective.reporting.clause import Clause
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.phrases import whose
from qa_bot.perspective.sources.referred import Referred
from qa_bot.types import Span

_COLLECTED = frozenset(
    "letters sayings speeches addresses sermons diary diaries memoirs notebook notebooks aphorisms maxims poems "
    "testimony testimonies telegrams dispatches despatches orders confessions".split()
)
# where the author's name ends: "Letters of X from the front", "Sayings of Y, with remarks"
_AFTER = frozenset("on from in about with at to during since before after concerning and".split())


class Collection:
    """Reads headings in order and knows afterwards whose words a passage collects."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._starts: list[int] = []  # the sentences from which an author holds
        self._authors: list[tuple[Referred, Span] | None] = []

    def read_heading(self, number: int, clause: Clause, paragraph: int) -> None:
        """Read a heading; one that names no collection goes back to the one that the title names."""
        found = self._author(clause, paragraph)
        if found is None and self._authors:
            found = self._authors[0]
        self._starts.append(number)
        self._authors.append(found)

    def author(self, number: int) -> tuple[Referred, Span] | None:
        """Whose words stand at a sentence, and the heading that says so."""
        at = bisect_right(self._starts, number) - 1
        return self._authors[at] if at >= 0 else None

    def _author(self, clause: Clause, paragraph: int) -> tuple[Referred, Span] | None:
        span = whose(clause, _COLLECTED, _AFTER)
        if span is None:
            return None
        referred = self._discourse.resolve(clause, span, paragraph)
        if referred.source.party is None:
            return None
        return referred, Span(clause.items[0].start, clause.items[-1].end)
