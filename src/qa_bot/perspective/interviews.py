"""Who speaks in a turn: the name before its colon, or whom the sentence before the interview introduces."""

from dataclasses import dataclass, replace

from qa_bot.perspective.clause import Clause
from qa_bot.perspective.discourse import Discourse, Referred
from qa_bot.perspective.nouns import owner
from qa_bot.perspective.reports import Line
from qa_bot.perspective.turns import Turn
from qa_bot.types import Resolution, Source, Span

ASKING = frozenset("question q interviewer journalist reporter host moderator correspondent presenter anchor".split())
_CHAMBERS = frozenset(
    "chamber parliament parliamentary assembly senate congress diet sitting hansard house lords commons".split()
)
ANSWERING = frozenset("answer a interviewee respondent".split())
_NOBODY = Referred(Source(Resolution.UNRESOLVED))


@dataclass(frozen=True, slots=True)
class TurnSpeaker:
    """The source of a turn and the spans that show it."""

    source: Source
    closure: tuple[Span, ...]


class Interview:
    """Follows the turns of a document and remembers who asks and who answers."""

    def __init__(self, text: str, discourse: Discourse) -> None:
        self._text, self._discourse = text, discourse
        self._asking = self._answering = _NOBODY
        self._introduction: tuple[Span, ...] = ()
        self._ended = -1  # the sentence after the last turn
        self._chamber = False  # whether a heading says that this is the record of a parliament
        self._country: str | None = None  # and of which country

    def read_heading(self, clause: Clause, paragraph: int) -> None:
        """Read a heading: "A conversation with X", "Sitting of the Chamber"."""
        self._enter(clause)
        self._read(clause, paragraph)

    def read_introduction(self, clause: Clause) -> None:
        """Read a sentence before the first turn: "The House met at noon"."""
        sat = (i for i in range(1, min(clause.size, 8)) if clause.word(i) in _CHAMBERS and clause.capitalised(i))
        if any(clause.finite(i + 1) for i in sat):
            self._enter(clause)

    def speaker(self, turn: Turn, before: Line | None, line: Line, paragraph: int) -> TurnSpeaker:
        """Who speaks in a labelled turn; `before` is the line before it, `line` its own."""
        if turn.label is None:
            return TurnSpeaker(Source(Resolution.UNRESOLVED), ())
        if turn.first != self._ended:
            self._introduce(before, paragraph)
        self._ended = turn.last
        label = turn.label.of(self._text)
        if label.lower() in ASKING:
            return self._known(self._asking, label, turn.label)
        if label.lower() in ANSWERING:
            return self._known(self._answering, label, turn.label)
        last = next((i for i in range(line.clause.size) if line.clause.word(i) == ":"), 0)
        referred = self._discourse.resolve(line.clause, (0, last), paragraph) if last else _NOBODY
        antecedent = () if referred.antecedent is None else (referred.antecedent,)
        source = referred.source
        declared = referred.mention is not None and referred.mention.role is not None
        if self._chamber and not declared:  # who sits in a parliament speaks for its country
            source = replace(source, party=source.party if self._country is None else self._country)
        return TurnSpeaker(replace(source, named=label), (*antecedent, turn.label))

    def _enter(self, clause: Clause) -> None:
        if any(clause.word(i) in _CHAMBERS for i in range(min(clause.size, 30))):
            country = self._discourse.party_in(clause) or self._country
            self._chamber, self._country = True, country or self._discourse.home

    def _known(self, referred: Referred, label: str, span: Span) -> TurnSpeaker:
        source = referred.source
        if source.resolution is Resolution.UNRESOLVED:
            return TurnSpeaker(Source(Resolution.UNRESOLVED, label), (*self._introduction, span))
        shown = self._introduction or ((referred.antecedent,) if referred.antecedent else ())
        return TurnSpeaker(replace(source, resolution=Resolution.CARRIED), (*shown, span))

    def _introduce(self, before: Line | None, paragraph: int) -> None:
        if before is not None and before.clause.size:
            self._enter(before.clause)
            self._read(before.clause, paragraph)
        if not self._introduction:
            self._asking, self._answering = _NOBODY, self._discourse.latest_person(paragraph)

    def _read(self, clause: Clause, paragraph: int) -> None:
        """Who meets whom; an introduction holds until there is another one."""
        asking, answering = self._asking, self._answering
        self._asking = self._answering = _NOBODY
        self._meet(clause, paragraph)
        if self._asking is not _NOBODY or self._answering is not _NOBODY:
            self._introduction = (Span(clause.items[0].start, clause.items[-1].end),)
            if self._answering is _NOBODY:
                self._answering = self._discourse.latest_person(paragraph)
        else:
            self._asking, self._answering = asking, answering

    def _meet(self, clause: Clause, paragraph: int) -> None:
        for i in range(min(clause.size, 60)):
            if clause.word(i) in {"interview", "interviewed", "conversation"} and clause.word(i + 1) in {
                "with",
                "by",
                "to",
                "for",
            }:
                self._met(self._discourse.resolve(clause, (i + 2, _phrase_end(clause, i + 2)), paragraph))
            elif clause.word(i) in {"question", "questions"} and clause.word(i + 1) in {"of", "from", "by"}:
                self._asking = self._discourse.resolve(clause, (i + 2, _phrase_end(clause, i + 2)), paragraph)
            elif clause.word(i) in {"answer", "answers", "reply", "replies", "response"}:
                source, relation = owner(clause, i)
                if source and relation == "subject":
                    self._answering = self._discourse.resolve(clause, source, paragraph)

    def _met(self, referred: Referred) -> None:
        """An interview "with" a person is that person's answers; with a newspaper or channel, its questions."""
        if referred.mention is not None and referred.mention.kind == "person":
            self._answering = referred
        else:
            self._asking = referred


def _phrase_end(clause: Clause, first: int) -> int:
    ends = {"and", "on", "in", "about", "at", "during"}
    last = first
    while last < clause.size and clause.items[last].is_word and clause.word(last) not in ends:
        last += 1
    return last
