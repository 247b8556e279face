"""What descriptions mean: "the president", "the council's own assessor", "the letter", as far as was spoken of them."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.sources.gazetteer import bare
from qa_bot.perspective.sources.memory import Memory, Remembered
from qa_bot.perspective.sources.mentions import BODY, PERSON, Mention, Mentions, characters
from qa_bot.perspective.sources.phrases import text_alone
from qa_bot.perspective.sources.setting import Setting
from qa_bot.types import Span

DEFINITE = frozenset({"the", "this", "that", "these", "those", "same", "our"})
# words for a body in business or private life: no ministry, county or army is "the company"
_PRIVATE = frozenset("agency company firm institution club union paper newspaper".split())
# words for any body, understood as the body spoken of last
_ANY_BODY = _PRIVATE | frozenset("organization organisation body bloc group".split())
_KINDS = frozenset("union club newspaper federation league association chamber party church".split())  # no company
_PUBLIC = frozenset(
    "ministry government county city town district state republic council parliament senate army navy police court "
    "cabinet presidency department".split()
)
_PRINT = frozenset({"newspaper", "paper"})  # no state is "the same newspaper"
# who speaks for the channel or the paper that was spoken of
_ON_AIR = frozenset("announcer announcers presenter presenters newsreader anchor commentator editor editors".split())
_MINISTRIES = frozenset({"ministry", "department", "office"})
_NO_PORTFOLIO = frozenset("the and of for general state affairs".split())
_NARROWER = frozenset({"prime", "vice", "deputy"})  # "the minister" is not the prime minister


class Descriptions:
    """Finds whom a description means among the mentions so far; `home` is the party whose "our president" is."""

    def __init__(self, mentions: Mentions, setting: Setting, memory: Memory, home: str | None) -> None:
        self._mentions, self._setting, self._memory, self._home = mentions, setting, memory, home

    def described(self, clause: Clause, span: Range, mention: Mention | None, paragraph: int) -> Mention | None:
        """Whom "the president", "the Foreign Ministry", "our president" describe: the nearest such mention."""
        opening = clause.word(span[0])
        wanted = (
            {bare(clause.items[i]).lower() for i in range(*span)}
            - {"same", "own"}
            - clause.inventory.classes["determiners"]
        )
        if not wanted or opening not in DEFINITE or (mention is not None and mention.whole):
            return None
        if wanted == {"head", "of", "state"}:
            wanted = {"president"}
        party = self._home if opening == "our" else mention.party if mention else None
        place = characters(clause, span)
        whose = party or self._home
        local = whose is not None and (party is not None or not self._setting.elsewhere(whose))
        own = self._mentions.in_role(wanted - {"our", "the"}, whose, place) if whose and local else None
        speaker = self._memory.speaker(paragraph)
        if speaker and speaker.party and wanted <= _ANY_BODY - _PRIVATE:
            bodies = (e.mention for e in self._memory.latest() if e.mention.kind == BODY)
            if body := next((body for body in bodies if body.party == speaker.party), None):
                return body
        entry = self._fitting(wanted, mention, party, place)
        if entry is None or (own and entry.sentence < self._memory.section):
            return own
        return entry.mention

    def _fitting(
        self, wanted: AbstractSet[str], mention: Mention | None, party: str | None, place: Span
    ) -> Remembered | None:
        """The latest whom a description fits: a body that bears its noun before one that may be called by any."""
        fitting = [
            entry
            for entry in self._memory.latest()
            if party in {None, entry.mention.party}
            and not entry.mention.span.overlaps(place)
            # "the General Staff" is not General Lund, chief of staff
            and not (mention and mention.kind == BODY and entry.mention.kind == PERSON)
        ]
        called = next((entry for entry in fitting if _is_called(entry.mention, wanted)), None)
        if called or not wanted <= _ANY_BODY:
            return called
        return next((entry for entry in fitting if _may_be(entry.mention, wanted)), None)

    def of_minister(self, clause: Clause, span: Range) -> str | None:
        """The one party whose "transport minister" was spoken of, for somebody of "the transport ministry"."""
        if not clause.any_word(*span, _MINISTRIES):
            return None
        wanted = {clause.word(i) for i in range(*span) if clause.is_a(i, "portfolios")} - _NO_PORTFOLIO
        people = (entry.mention for entry in self._memory.latest() if entry.mention.kind == PERSON)
        parties = {m.party for m in people if m.party and "minister" in m.words and wanted <= m.words}
        return parties.pop() if wanted and len(parties) == 1 else None

    def possessor(self, clause: Clause, span: Range, paragraph: int) -> Mention | None:
        """The council of "the council's own assessor" and "an officer of the council"; Lane of "Lane's lawyer"."""
        for i in range(*span):
            if clause.word(i) == "the" and clause.is_a(i + 1, "bodies"):
                last = i + 2
                while last < span[1] and (clause.is_a(last, "bodies") or clause.is_a(last, "portfolios")):
                    last += 1
                return self.described(clause, (i, last), None, paragraph) if i > span[0] or last < span[1] else None
            if clause.items[i].possessive and clause.capitalised(i) and i + 1 < span[1]:
                first = i - 1 if i > span[0] and clause.capitalised(i - 1) else i
                owner = self._mentions.of(clause, (first, i + 1))
                return self._memory.by_name(replace(owner, role=None)) if owner and owner.name else None
        last = next((i + 1 for i in range(*span) if clause.items[i].possessive), span[0])
        return self.described(clause, (span[0], last), None, paragraph) if last - span[0] > 1 else None

    def holder(self, clause: Clause, span: Range, paragraph: int) -> Mention | None:
        """Who speaks in "the letter states": heard last; whose the "ministry spokesman X" is: the ministry before."""
        if text_alone(clause, span):  # or who made it: "X adopted a resolution. The resolution calls for ..."
            return self._memory.speaker(paragraph) or self._memory.maker(clause.word(span[0] + 1))
        if clause.any_word(*span, _ON_AIR) and not clause.has_name(span):
            here = (entry.mention for entry in self._memory.latest() if entry.paragraph == paragraph)
            return next((m for m in here if m.kind == BODY and m.words & clause.inventory.classes["media"]), None)
        body = clause.word(span[0])
        office = clause.is_a(span[0], "bodies") and clause.is_a(span[0] + 1, "roles")
        if not office or (clause.capitalised(span[0]) and span[0] > 0):
            return None
        known = (entry.mention for entry in self._memory.latest())
        return next((m for m in known if m.kind == BODY and m.party and body in m.words), None)


def _is_called(known: Mention, wanted: AbstractSet[str]) -> bool:
    """Whether somebody has all the words of a description, and is not of a lower rank."""
    return wanted <= known.words and not (known.kind == PERSON and known.words & _NARROWER - wanted)


def _may_be(known: Mention, wanted: AbstractSet[str]) -> bool:
    """Whether "the company" may be a body: it is no ministry, and no union."""
    if known.kind != BODY or (wanted <= _PRINT and known.party and known.name is None):
        return False
    return not (wanted <= _PRIVATE and known.words & (_PUBLIC | _KINDS - wanted))
