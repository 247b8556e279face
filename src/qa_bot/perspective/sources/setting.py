"""Settings: the country line, the heading or the "In X," that tells whose officials a passage speaks of."""

from qa_bot.perspective.reporting.clause import DASHES, Clause, Range
from qa_bot.perspective.sources.gazetteer import Gazetteer
from qa_bot.perspective.sources.mentions import PERSON, Mention

HEAD = 8  # items within which a line names its country
# offices that a text names without their country while it stays with that country
_OFFICES = frozenset(
    "minister ministry premier speaker spokesman spokeswoman spokesperson parliament government".split()
)

_PART_OF = frozenset("the capital city parliament of".split())  # "In the capital of Turkey, ..."


class Setting:
    """Reads headings and beginnings of sentences in order; gives a party to officials whom no own word gives one."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._section: str | None = None  # "Turkey" as a heading
        self._line: str | None = None  # "Turkey - ..."
        self._filed = False  # whether the line only tells from where a report was sent: "ANKARA - ..."
        self._place: str | None = None  # "In Turkey, ..."
        self._speaker: str | None = (
            None  # the party of the paragraph's latest source, or its first word: "Turkey supported ..."
        )
        self._paragraph = -1
        self._acting_here: set[str] = set()  # the parties that act or speak in the paragraph
        self._opening = False  # whether the paragraph's first sentence is being read
        self._leading: str | None = None  # the party that acts in it
        self.topic: str | None = None  # the party with which the latest sentence to name one at its start begins

    def head(self, clause: Clause) -> None:
        """Read a heading."""
        self._section = self._party(clause, 0, clause.size)
        self.topic = None

    def enter(self, clause: Clause, paragraph: int) -> None:
        """Read how a sentence begins."""
        if paragraph != self._paragraph:
            end = next((i for i in range(min(clause.size, HEAD)) if clause.word(i) in DASHES | {":"}), 0)
            self._line, self._speaker = self._party(clause, 0, end), self._acting(clause)
            self._filed = all(clause.items[i].text.isupper() for i in range(end) if clause.items[i].is_word)
            self._paragraph, self._acting_here, self._leading = paragraph, set(), None
            self._opening = True
        self.topic = self._acting(clause, named=False) or self.topic
        comma = clause.find_ahead(1, (",",), HEAD) if clause.word(0) == "in" else None
        self._place = self._party(clause, 1, comma) if comma else None

    def spoke(self, party: str | None, paragraph: int) -> None:
        """Remember the party of a source."""
        self._speaker = party if paragraph == self._paragraph else None
        self.acted(party, paragraph, alone=True)

    def acted(self, party: str | None, paragraph: int, *, alone: bool = False) -> None:
        """Remember the party of a subject; `alone`: of one person."""
        if party is not None and paragraph == self._paragraph:
            self._acting_here.add(party)
            self._leading = party if self._opening and not alone else self._leading

    def ended(self) -> None:
        """Know that a sentence has been read."""
        self._opening = False

    def side(self, home: str | None) -> str | None:
        """The one party that acts in the paragraph so far; that of the account where nobody does.

        In an account of one side, a passage is about another only where that one acts from its first sentence on,
        and not one man of it.
        """
        if len(self._acting_here) > 1:
            return None
        side = next(iter(self._acting_here), home)
        return side if home is None or side in {home, self._leading} else None

    def elsewhere(self, party: str | None) -> bool:
        """Whether the passage speaks of another party's officials."""
        here = self._line or self._place or self._speaker or self._section
        return here is not None and here != party

    def party_of(self, clause: Clause, span: Range, mention: Mention) -> str | None:
        """The party of somebody whose own description names none; None for declared names and for media."""
        if mention.media or any(naming.entry.actor for naming in self._gazetteer.find(clause.items, *span)):
            return None
        official = any(clause.any_is(*span, name) for name in ("roles", "bodies"))
        if self._line and (official or (mention.kind == PERSON and not self._filed)):
            return self._line
        if official and (self._place or self._section):
            return self._place or self._section
        words = {clause.word(i) for i in range(*span)}
        return self._speaker if _OFFICES & words and "for" not in words else None  # "a spokesman for the hauliers"

    def _acting(self, clause: Clause, *, named: bool = True) -> str | None:
        """The party with which a sentence begins and which does something in it; `named`: or a person of it."""
        first = next(iter(self._gazetteer.find(clause.items, 0, min(clause.size, HEAD))), None)
        if first is None or first.first != 0 or not clause.finite(first.last):
            return None
        return first.entry.party if named or not first.entry.person else None

    def _party(self, clause: Clause, first: int, last: int) -> str | None:
        """The party that a range of items names, and nothing else."""
        namings = self._gazetteer.find(clause.items, first, last)
        if len(namings) != 1:
            return None
        named = range(namings[0].first, namings[0].last)
        rest = (i for i in range(first, last) if i not in named and clause.items[i].is_word)
        return namings[0].entry.party if all(clause.word(i) in _PART_OF for i in rest) else None
