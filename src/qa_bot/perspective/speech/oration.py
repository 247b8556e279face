"""Orations: a speech told in pieces, paragraph after paragraph in quotation marks, its speaker named once.

The title says who speaks ("The address of President Lund"), or the narration before the first piece ("The President
spoke from the balcony"). Where two people qualify, nobody does: a wrong speaker is worse than none.
"""

from qa_bot.perspective.reporting.clause import Clause
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.mentions import PERSON
from qa_bot.perspective.sources.phrases import whose
from qa_bot.perspective.sources.referred import Referred
from qa_bot.perspective.speech.reports import Line
from qa_bot.types import Span

PIECES = 2  # paragraphs in quotation marks that make a speech told in pieces
_SPEECHES = frozenset(
    "speech address sermon broadcast oration lecture testimony evidence deposition statement appeal farewell homily "
    "proclamation".split()
)
_SPEAKS = frozenset("speak speaks spoke spoken speaking address addresses addressed".split())
_PLACES = frozenset("rostrum podium lectern microphone pulpit balcony".split())  # from which somebody speaks
_TAKES = frozenset("took takes mounted mounts ascended climbed entered approached stepped stood rose".split())
# where the speaker's name ends: "speech of X of 6 May", "address by X, broadcast live"
_AFTER = frozenset("of on from in about with at to during before after concerning and as ,".split())
_SOMEBODY_ELSE = frozenset("who whom whose which not never nobody".split())


class Oration:
    """Reads headings and narration in order, and knows afterwards who speaks in a document, if one person does."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._titled: list[tuple[Referred, Span]] = []
        self._told: list[tuple[int, Referred, Span]] = []

    def read_heading(self, clause: Clause, paragraph: int) -> None:
        """Read a heading."""
        span = whose(clause, _SPEECHES, _AFTER)
        if span is not None:
            self._titled.extend(_person(self._discourse.resolve(clause, span, paragraph), clause))

    def read(self, number: int, line: Line) -> None:
        """Read a sentence of the narration."""
        if line.subject is not None and speaks(line.clause):
            self._told.extend((number, *found) for found in _person(line.subject, line.clause))

    def orator(self, first: int) -> tuple[Referred, Span] | None:
        """Who speaks in the pieces of which the first stands in a sentence, and the words that say so."""
        before = self._titled or [(referred, span) for number, referred, span in self._told if number < first]
        return before[0] if len({_name(referred) for referred, _ in before}) == 1 else None


def speaks(clause: Clause) -> bool:
    """Whether somebody makes a speech in a sentence: "X was to speak to the nation", "X mounted the rostrum"."""
    told = any(clause.word(i) in _SPEAKS and not clause.is_a(i - 1, "determiners") for i in range(clause.size))
    placed = any(clause.word(i) in _PLACES for i in range(clause.size))
    taken = placed and any(clause.word(i) in _TAKES for i in range(clause.size))
    return (told or taken) and not clause.any_word(0, clause.size, _SOMEBODY_ELSE)


def _person(referred: Referred, clause: Clause) -> list[tuple[Referred, Span]]:
    """Somebody who is one named person, with the words that name him."""
    if referred.mention is None or referred.mention.kind != PERSON or referred.mention.name is None:
        return []
    return [(referred, referred.place or Span(clause.items[0].start, clause.items[-1].end))]


def _name(referred: Referred) -> str | None:
    return referred.mention.name if referred.mention else None
