"""Sides: for whom a source speaks whom neither its own words nor a declared name give a party.

"The prosecutor" of an account of one side, "an officer of theirs", "the pilot" of a passage about another side.
"""

from typing import NamedTuple

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.subjects import sentence_subject
from qa_bot.perspective.sources.cast import Cast
from qa_bot.perspective.sources.descriptions import Descriptions
from qa_bot.perspective.sources.memory import READ, Memory
from qa_bot.perspective.sources.mentions import BODY, NOT_OWN, Mention
from qa_bot.perspective.sources.phrases import (
    human,
    is_office,
    is_official,
    is_ranked,
    is_titled,
    of_the_foe,
    plural_head,
)
from qa_bot.perspective.sources.setting import Setting

_OWN = frozenset("we us our ours".split())


class Several(NamedTuple):
    """Where several acted last, for which party, and whether they are people for certain."""

    paragraph: int
    sentence: int
    party: str | None
    human: bool


class Sides:
    """Knows whose account a document is, and of whom the passage speaks."""

    def __init__(self, cast: Cast, setting: Setting, memory: Memory, descriptions: Descriptions) -> None:
        self._home, self._foe, self._issuers = cast.home, cast.foe, cast.issuers
        self._setting, self._memory, self._descriptions = setting, memory, descriptions
        self._actor: str | None = None  # the party that acts in the sentence
        self._several: Several | None = None
        self._partisan = False  # whether the narrator has said "we" of that party: it has soldiers, and a mayor

    def acted(self, party: str | None) -> None:
        """Remember the party of who acts or speaks in the sentence."""
        self._actor = party

    def read(self, clause: Clause, paragraph: int) -> None:
        """Read a sentence: whether several act in it, and whether the narrator speaks of the account's own side."""
        head = plural_head(clause, sentence_subject(clause, clause.size))
        if head is not None:
            self._several = Several(paragraph, self._memory.sentence, self._actor, human(clause, head))
        self._actor = None
        if self._home and clause.any_word(0, READ, _OWN):
            self._partisan = True
            self._setting.acted(self._home, paragraph)

    def party(self, clause: Clause, span: Range, mention: Mention | None, paragraph: int) -> str | None:
        """The party of a source that neither its own words nor a pronoun give one."""
        if self._foe and of_the_foe(clause, span):
            return self._foe
        kin, other = clause.any_is(*span, "kin"), clause.any_word(*span, NOT_OWN)
        if clause.word(span[1] - 2) == "of" and clause.word(span[1] - 1) in {"ours", "theirs"}:
            return None if kin or other else self._party_of_them(clause.word(span[1] - 1), paragraph)
        if (party := self._of_possessor(clause, span, paragraph)) and not kin:
            return party
        if kin and clause.word(span[0]) == "my":
            return self._home
        mine = clause.word(span[0]) == "my" and mention is not None and mention.kind == BODY  # "my Government"
        own = not (kin or other) and (clause.word(span[0]) == "our" or mine or self._local(clause, span, mention))
        here = self._home if own else self._party_here(clause, span, mention)
        here = here or self._descriptions.of_minister(clause, span)
        return here if here or kin or other else self.of_passage(clause, span, mention)

    def issues(self, clause: Clause, span: Range) -> bool:
        """Whether a source is the body whose document it is, called by its kind: "the Board", "our committee"."""
        named = span[1] - span[0] == 2 and clause.word(span[0]) in {"the", "our", "this"}
        return named and clause.word(span[0] + 1) in self._issuers

    def of_passage(self, clause: Clause, span: Range, mention: Mention | None) -> str | None:
        """The side of a soldier or an official of whom nothing else is told: the one that the passage is about."""
        if mention is not None and mention.media:
            return None
        side = self._setting.side(self._home)
        if side == self._home:
            known = self._partisan and clause.word(span[0]) not in {"a", "an"}
            return side if known and (is_ranked(clause, span) or is_official(clause, span)) else None
        return side if is_ranked(clause, span, unnamed=True) else None

    def _party_of_them(self, pronoun: str, paragraph: int) -> str | None:
        """Whose "an officer of theirs" is: of those spoken of, who are not the account's own side."""
        if pronoun == "ours":
            return self._home
        owner = self._memory.antecedent("they", paragraph)
        return owner.party if owner and owner.party not in {None, self._home} else self._foe

    def they(self, mention: Mention | None, paragraph: int) -> tuple[str | None] | None:
        """The party of a "they" that is not whom the memory holds; None where it is.

        Several people who acted since are nearer. In an account of one side, "they" are those on the other if nobody
        else is at hand: neither several of whatever kind nor people of no kind, for whom there is no party.
        """
        several = self._several if self._several and self._several.paragraph == paragraph else None
        if several and several.human and mention and self._memory.before(mention, several.sentence):
            return (several.party,)
        if self.of_others("they", mention, paragraph):
            anybody = several is not None or self._memory.people(paragraph)
            return ((several.party if several else None) if anybody else self._foe,)
        return None

    def of_others(self, pronoun: str, mention: Mention | None, paragraph: int) -> bool:
        """Whether nobody at hand is meant by a "they" or "their" of an account of one side."""
        several = mention is not None and self._memory.at_hand(mention, paragraph)
        return self._foe is not None and pronoun in {"they", "their"} and not several

    def _party_here(self, clause: Clause, span: Range, mention: Mention | None) -> str | None:
        """The party of which the passage speaks."""
        placed = self._setting.party_of(clause, span, mention) if mention else None
        if placed is None and self._home is None and mention and is_office(clause, span):
            return self._setting.topic  # an account of nobody's own: the state spoken of last
        return placed

    def _local(self, clause: Clause, span: Range, mention: Mention | None) -> bool:
        """Whether an account of one side says "the prosecutor", "the General Staff": its own unless it is elsewhere."""
        if self._home is None or mention is None or mention.media or self._setting.elsewhere(self._home):
            return False
        return is_office(clause, span) or is_titled(clause, span)

    def _of_possessor(self, clause: Clause, span: Range, paragraph: int) -> str | None:
        possessor = self._descriptions.possessor(clause, span, paragraph)
        if possessor is not None:
            return possessor.party
        the = next((i for i in range(span[0] + 1, span[1]) if clause.word(i) == "the"), span[1])
        # "figures released by the Ministry of Defence"
        away = self._home is None or self._setting.elsewhere(self._home)
        return None if away or the == span[1] or not is_office(clause, (the, span[1])) else self._home
