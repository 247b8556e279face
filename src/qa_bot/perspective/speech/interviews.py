"""Who speaks in a turn: the name before its colon, or whom the title and the sentences before it introduce."""

from dataclasses import dataclass, replace

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.reporting.nouns import owner
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.mentions import PERSON
from qa_bot.perspective.sources.phrases import initials_of, is_official, is_ranked
from qa_bot.perspective.sources.referred import Referred
from qa_bot.perspective.speech.dialogues import UNLABELLED
from qa_bot.perspective.speech.introductions import described, introduction, phrase_end
from qa_bot.perspective.speech.participants import Participants
from qa_bot.perspective.speech.reports import Line
from qa_bot.perspective.speech.turns import ANSWERING, ASKING, Turn, kind_of
from qa_bot.types import Resolution, Source, Span

_CHAMBERS = frozenset(
    "chamber parliament parliamentary assembly senate congress diet sitting hansard house lords commons".split()
)
_NOBODY = Referred(Source(Resolution.UNRESOLVED))


@dataclass(frozen=True, slots=True)
class TurnSpeaker:
    """The source of a turn and the spans that show it."""

    source: Source
    closure: tuple[Span, ...]


class Interview:
    """Follows the turns of a document and remembers who asks and who answers."""

    def __init__(self, text: str, discourse: Discourse, participants: Participants) -> None:
        self._text, self._discourse, self._participants = text, discourse, participants
        self._asking = self._answering = _NOBODY
        self._introduction: tuple[Span, ...] = ()
        self._ended = -1  # the sentence after the last turn
        self._chamber = False  # whether a heading says that this is the record of a parliament
        self._country: str | None = None  # and of which country
        self._states = False  # whether those who sit there speak for states of their own
        self._parties: dict[str, frozenset[str]] = {}  # for whom people speak, by each word of their names

    def read_heading(self, clause: Clause, paragraph: int) -> None:
        """Read a heading: "A conversation with X", "Sitting of the Chamber"."""
        self._enter(clause)
        self._read(clause, paragraph, heading=True)

    def read_introduction(self, clause: Clause, paragraph: int) -> None:
        """Read a sentence before the first turn: "The House met at noon", "Radio Lund spoke with X"."""
        sat = (i for i in range(1, min(clause.size, 8)) if clause.word(i) in _CHAMBERS and clause.capitalised(i))
        if any(clause.finite(i + 1) for i in sat):
            self._enter(clause)
        self._read(clause, paragraph)

    def speaker(self, turn: Turn, before: Line | None, line: Line, paragraph: int) -> TurnSpeaker:
        """Who speaks in a turn of an interview; `before` is the line before it, `line` its own."""
        if turn.first != self._ended:
            self._introduce(before, paragraph)
        self._ended = turn.last
        if turn.rule == UNLABELLED and not self._introduction:  # a story may have dialogues, too
            self._asking = self._answering = _NOBODY
        kind = "" if turn.label is None else kind_of(turn.label.of(self._text))
        if turn.asks or kind in ASKING:
            return self._asked(turn.label)
        if turn.label is None or kind in ANSWERING:
            return self._answered(turn.label)
        label = turn.label.of(self._text)
        for referred, told in ((self._answering, self._answered), (self._asking, self._asked)):
            if _is_called(referred, label):
                return told(turn.label, named=label)
        if known := self._discourse.person_called(label):
            party = known.source.party or self._told((known.source.named or "").casefold())
            return self._known(replace(known.source, party=party), turn.label, named=label)
        return self._named(label, turn.label, line.clause, paragraph)

    def _named(self, label: str, span: Span, clause: Clause, paragraph: int) -> TurnSpeaker:
        """Who is called by a label that is a name or an office."""
        last = next((i for i in range(clause.size) if clause.items[i].start >= span.end), 0)
        referred = self._discourse.resolve(clause, (0, last), paragraph) if last else _NOBODY
        antecedent = () if referred.antecedent is None else (referred.antecedent,)
        declared = referred.mention is not None and referred.mention.role is not None
        party = self._party(kind_of(label), referred.source.party, clause, last)
        of = self._discourse.party_in(clause, (0, last))  # "Mr. Roe (Oltania)", "The delegate of Oltania"
        self._states = self._states or ("(" in label and of not in {None, self._country})
        if self._chamber and not (declared or of):  # who sits in a parliament speaks for its country
            stranger = self._states and "(" in label and not clause.any_is(0, last, "roles")  # of a state of his own
            party = None if stranger else self._country or party
        elif not declared and (kind_of(label) in self._participants.askers or clause.any_is(0, last, "media")):
            party = None
        return TurnSpeaker(replace(referred.source, named=label, party=party), (*antecedent, span))

    def _party(self, name: str, party: str | None, clause: Clause, last: int) -> str | None:
        """For whom a name before a colon speaks: "Petar Visk (mayor)" is "Petar Visk" from then on."""
        party = party or self._told(name) or self._participants.selves.get(name)
        if party is None and self._participants.own and _in_office(clause, last):
            party = self._discourse.home  # "GENERAL IMBER:", in an account of one side
        if party is not None:
            self._tell(name, party)
        return party

    def _told(self, name: str) -> str | None:
        """For whom somebody speaks by what was said of him before, under his whole name or a part of it."""
        parties = [self._parties.get(word, frozenset()) for word in name.split()]
        common = frozenset.intersection(*parties) if parties else frozenset()
        return next(iter(common)) if len(common) == 1 else None

    def _tell(self, name: str, party: str) -> None:
        """Remember for whom somebody speaks."""
        for word in name.split():
            self._parties[word] = self._parties.get(word, frozenset()) | {party}

    def _enter(self, clause: Clause) -> None:
        if any(clause.word(i) in _CHAMBERS for i in range(min(clause.size, 30))):
            country = self._discourse.party_in(clause) or self._country
            self._chamber, self._country = True, country or self._discourse.home

    def _asked(self, label: Span | None, named: str | None = None) -> TurnSpeaker:
        """The turn of who asks; a newspaper and its reporter speak for no side."""
        source = self._asking.source
        person = _is_person(self._asking) and not _reports(self._asking)
        return self._known(source if person else replace(source, party=None), label, named)

    def _answered(self, label: Span | None, named: str | None = None) -> TurnSpeaker:
        source = self._answering.source
        if source.party is None and not _reports(self._answering):
            kind = "" if label is None else kind_of(label.of(self._text))
            name = "" if kind in ANSWERING else kind
            whole = (self._answering.mention.name if self._answering.mention else None) or name
            party = self._told(whole.casefold()) or self._participants.selves.get(name)
            if party is None and self._participants.own:
                party = self._discourse.home
            source = replace(source, party=party)
        return self._known(source, label, named)

    def _known(self, source: Source, label: Span | None, named: str | None) -> TurnSpeaker:
        shown = () if label is None else (label,)
        if source.resolution is Resolution.UNRESOLVED:
            word = None if label is None else label.of(self._text)
            return TurnSpeaker(replace(source, named=word), (*self._introduction, *shown))
        if named is not None:
            source = replace(source, named=named, actor=source.actor or source.named)
        latest = self._answering.antecedent or self._asking.antecedent
        told = self._introduction or ((latest,) if latest else ())
        return TurnSpeaker(replace(source, resolution=Resolution.CARRIED), (*told, *shown))

    def _introduce(self, before: Line | None, paragraph: int) -> None:
        if before is not None and before.clause.size:
            self._enter(before.clause)
            self._read(before.clause, paragraph)
        if not self._introduction:
            latest = self._discourse.latest_person(paragraph)
            self._asking, self._answering = (latest, _NOBODY) if _reports(latest) else (_NOBODY, latest)

    def _read(self, clause: Clause, paragraph: int, *, heading: bool = False) -> None:
        """Who meets whom; an introduction holds until there is another one."""
        people = self._discourse.people_in(clause)
        ends = [*(span[0] for span, _ in people), clause.size][1:]
        for (span, mention), after in zip(people, ends, strict=True):
            if party := mention.party or self._discourse.party_in(clause, described(clause, span, after)):
                self._tell((mention.name or "").casefold(), party)
        asking, answering = self._asking, self._answering
        self._asking = self._answering = _NOBODY
        self._meet(clause, paragraph, heading=heading)
        if self._asking is not _NOBODY or self._answering is not _NOBODY:
            here = Span(clause.items[0].start, clause.items[-1].end)
            named = self._answering.antecedent  # whose name stands before "She spoke to our reporter"
            before = (named,) if named and not here.overlaps(named) else self._introduction[-1:]
            self._introduction = (*before, here)
            self._answering = self._kept(answering, self._answering, paragraph)
            if self._asking is _NOBODY:
                self._asking = asking
        else:
            self._asking, self._answering = asking, answering

    def _kept(self, before: Referred, now: Referred, paragraph: int) -> Referred:
        """Who answers: a name that has been told stays where only "he" or "the commander" comes after it."""
        if before is _NOBODY:
            return self._discourse.latest_person(paragraph) if now is _NOBODY else now
        if now is _NOBODY:
            return before
        if now.source.resolution is not Resolution.NAMED:
            other = now.source.actor is not None and now.source.actor != before.source.actor
            return now if other and before.source.resolution is Resolution.CARRIED else before  # nobody was introduced
        if before.mention and before.mention.name and not (now.mention and now.mention.name):
            return replace(before, source=replace(before.source, party=before.source.party or now.source.party))
        return now

    def _meet(self, clause: Clause, paragraph: int, *, heading: bool) -> None:
        if found := introduction(clause, heading=heading):
            if found.asking:
                self._asking = self._described(clause, found.asking, paragraph)
            if found.answering:
                self._answering = self._described(clause, found.answering, paragraph)
            if _is_person(self._asking) and self._answering is not _NOBODY and not _is_person(self._answering):
                self._asking, self._answering = self._answering, self._asking  # "she spoke to the Orvel Post"
            if found.met:
                self._met(self._described(clause, found.met, paragraph))
            return
        for i in range(min(clause.size, 60)):
            if clause.word(i) in {"question", "questions"} and clause.word(i + 1) in {"of", "from", "by"}:
                asking = self._discourse.resolve(clause, (i + 2, phrase_end(clause, i + 2)), paragraph)
                self._asking = asking if asking.mention else self._asking  # not "the question of removing it"
            elif clause.word(i) in {"answer", "answers", "reply", "replies", "response"}:
                source, relation = owner(clause, i)
                if source and relation == "subject":
                    self._answering = self._discourse.resolve(clause, source, paragraph)

    def _described(self, clause: Clause, name: Range, paragraph: int) -> Referred:
        """Who is named, for the party that the words behind the name tell: "who led the Bulmarian boatmen"."""
        pronoun = clause.word(name[0]) if name[1] - name[0] == 1 else ""
        if pronoun in {"he", "she"} and (before := self._discourse.person_before(pronoun, paragraph)):
            return before
        referred = self._discourse.resolve(clause, name, paragraph)
        if referred.source.party is not None or _reports(referred) or clause.any_is(*name, "media"):
            return referred
        whole = described(clause, name, clause.size)
        party = self._discourse.party_in(clause, whole)
        if party is None and any(is_ranked(clause, part) or is_official(clause, part) for part in (name, whole)):
            party = self._discourse.home  # "Petar Visk, commander of the ford", in an account of one side
        return replace(referred, source=replace(referred.source, party=party))

    def _met(self, referred: Referred) -> None:
        """An interview "with" a person is that person's answers; with a newspaper or channel, its questions."""
        if _is_person(referred) and not _reports(referred):
            self._answering = referred
        else:
            self._asking = referred


def _in_office(clause: Clause, last: int) -> bool:
    """Whether a label names somebody by an office or a rank: "MINISTER GARRICK"."""
    return last > 1 and (clause.is_a(0, "roles") or is_ranked(clause, (0, last)) or is_official(clause, (0, last)))


def _is_called(referred: Referred, label: str) -> bool:
    """Whether somebody is called by a family name, in capitals or by initials: "VISK", "P.V."."""
    parts = ((referred.mention.name if referred.mention else None) or "").casefold().split()
    if referred.mention is None or len(parts) < 2:
        return False
    if initials := initials_of(label):
        return initials == "".join(part[0] for part in parts)
    words = label.casefold().split()
    return words[-1] in parts and set(words) <= referred.mention.words.union(parts)


def _is_person(referred: Referred) -> bool:
    return referred.mention is not None and referred.mention.kind == PERSON


def _reports(referred: Referred) -> bool:
    """Whether somebody is a reporter or a newspaper, who asks."""
    mention = referred.mention
    return mention is not None and (mention.media or not mention.words.isdisjoint(inventory().classes["media"]))
