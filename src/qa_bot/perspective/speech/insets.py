"""Insets: passages within a document that are wholly somebody else's, set off by the line that opens them.

Who it is must be resolved while the document is read; how far an inset goes is told afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.mentions import PERSON
from qa_bot.perspective.sources.referred import Referred
from qa_bot.perspective.speech.interviews import TurnSpeaker
from qa_bot.perspective.speech.openings import (
    announcement,
    contributor,
    item,
    notice,
    resolves,
    resolving_body,
    salutation,
    signature,
)
from qa_bot.perspective.speech.reports import Line
from qa_bot.perspective.speech.turns import Turn
from qa_bot.types import Outline, Resolution, Source, Span, Voice

LONGEST = 60  # sentences within which a letter is signed
OPENING = 2  # paragraphs at the start of a document, whose greetings and bylines are its own
OWN = 2  # sentences of a contribution in which its author says "I"
_NOTICE, _ANNOUNCED, _RESOLVED, _LETTER, _CONTRIBUTED = "notice", "announcement", "resolution", "letter", "contribution"
_I = frozenset("i my me i'd i'll i've i'm".split())
_UNSIGNED = Source(Resolution.UNRESOLVED)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A sentence that opens an inset, and who is named there."""

    number: int
    kind: str
    source: Source
    label: Span
    closure: tuple[Span, ...] = ()


class Insets:
    """Reads sentences in order, and knows afterwards which of them are whose."""

    def __init__(self, outline: Outline, discourse: Discourse) -> None:
        self._outline, self._discourse = outline, discourse
        self._openings: list[_Opening] = []
        self._noticed: set[int] = set()  # the sentences that open a notice
        self._signed: dict[int, _Opening] = {}  # by the sentence that closes a letter
        self._unsigned = -1  # the sentence that closes a letter, the name of whose writer is to follow
        self._ends = _paragraph_ends(outline)

    def read(self, number: int, clause: Clause) -> None:
        """Read a sentence or a heading."""
        paragraph = self._outline.sentences[number].paragraph
        if self._unsigned == number - 1 and number:
            self._sign(number - 1, clause, (0, clause.last_word()), paragraph)
        self._unsigned = -1
        for kind, test in ((_NOTICE, notice), (_ANNOUNCED, announcement), (_RESOLVED, resolving_body)):
            if (kind == _NOTICE or not self._outline.sentences[number].heading) and (span := test(clause)):
                self._open(number, kind, clause, span)
                return
        if paragraph < OPENING or self._outline.sentences[number].heading:
            return
        if (span := contributor(clause)) is not None:
            self._open(number, _CONTRIBUTED, clause, span)
        elif salutation(clause):
            self._openings.append(_Opening(number, _LETTER, _UNSIGNED, _whole(clause, (0, 1))))
        elif (name := signature(clause)) is not None:
            self._unsigned = number if name[0] == name[1] else -1
            self._sign(number, clause, name, paragraph)

    def turns(self, lines: Sequence[Line], taken: Sequence[Turn]) -> Iterator[tuple[Turn, TurnSpeaker]]:
        """The insets, in order and disjoint, apart from the turns that are taken."""
        position, near = 0, 0
        personal = any(opening.kind == _CONTRIBUTED for opening in self._openings) and self._personal(lines)
        for opening in self._openings:
            if opening.number < position or (personal and opening.kind == _CONTRIBUTED):
                continue
            first, last = self._extent(opening, lines)
            while near < len(taken) and taken[near].last <= first:
                near += 1
            position = max(position, last)
            if first >= last or (near < len(taken) and taken[near].first < last):
                continue
            signed = next((s for k in (last - 1, last - 2) if (s := self._signed.get(k)) and k >= first), None)
            whose = signed if opening.kind == _LETTER and signed else opening
            voice = Voice.DIRECT_QUOTE if opening.kind in {_LETTER, _CONTRIBUTED} else Voice.ATTRIBUTED
            turn = Turn(first, last, self._outline.sentences[first].span.start, voice, opening.kind, opening.label)
            yield turn, TurnSpeaker(whose.source, tuple(sorted({*whose.closure, whose.label})))

    # ------------------------------------------------------------ reading

    def _open(self, number: int, kind: str, clause: Clause, span: Range) -> None:
        referred = self._discourse.resolve(clause, span, self._outline.sentences[number].paragraph)
        if kind != _CONTRIBUTED or _is_person(referred):
            self._noticed |= {number} if kind == _NOTICE else set()
            closure = () if referred.antecedent is None else (referred.antecedent,)
            self._openings.append(_Opening(number, kind, referred.source, _whole(clause, span), closure))

    def _sign(self, number: int, clause: Clause, span: Range, paragraph: int) -> None:
        short = 0 < span[1] - span[0] < 6 and clause.capitalised(span[0]) and not clause.is_statement(*span)
        if short:
            referred = self._discourse.resolve(clause, span, paragraph)
            self._signed[number] = _Opening(number, _LETTER, referred.source, _whole(clause, span))

    # ------------------------------------------------------------ how far it goes

    def _personal(self, lines: Sequence[Line]) -> bool:
        """Whether half of the document's paragraphs say "I"."""
        said: dict[int, bool] = {}
        for sentence, line in zip(self._outline.sentences, lines, strict=True):
            said[sentence.paragraph] = said.get(sentence.paragraph, False) or _says_i(line.clause)
        return 2 * sum(said.values()) >= len(said)

    def _extent(self, opening: _Opening, lines: Sequence[Line]) -> Range:
        number, sentences = opening.number, self._outline.sentences
        own = self._end(number)
        if opening.kind == _NOTICE:
            if own > number + 1:
                return number, own
            return number + sentences[number].heading, self._section_end(number)
        if opening.kind == _ANNOUNCED:
            return number, self._list_end(number, lines) if own == number + 1 else own
        if opening.kind == _RESOLVED:
            last = own
            while last < len(sentences) and not sentences[last].heading and resolves(lines[last].clause):
                last = self._end(last)
            return (number, last) if own == number + 1 and last > own + 1 else (number, number)
        if opening.kind == _LETTER:
            return number, self._letter_end(number, lines)
        last = own if own > number + 1 else self._section_end(number)
        return (number + 1, last) if self._in_first_person(number + 1, last, lines) else (number, number)

    def _end(self, number: int) -> int:
        """The sentence after the paragraph of a sentence."""
        return self._ends[self._outline.sentences[number].paragraph]

    def _section_end(self, number: int) -> int:
        """Where the next line or heading opens something else; without one, the end of the next paragraph."""
        sentences = self._outline.sentences
        for last in range(number + 1, min(len(sentences), number + LONGEST)):
            if sentences[last].heading or last in self._noticed:
                return last
        return self._end(number + 1) if number + 1 < len(sentences) else number + 1

    def _list_end(self, number: int, lines: Sequence[Line]) -> int:
        """The end of the items that a colon announces, or of the one paragraph."""
        sentences, last = self._outline.sentences, number + 1
        if last == len(sentences) or sentences[last].heading or _quoted(lines[last].clause):
            return number
        listed = item(lines[last].clause)
        last = self._end(last)
        while listed and last < len(sentences) and not sentences[last].heading and item(lines[last].clause):
            last = self._end(last)
        return last

    def _letter_end(self, number: int, lines: Sequence[Line]) -> int:
        """The sentence after the signature; where there is none, the paragraph's end or the next letter."""
        sentences = self._outline.sentences
        for last in range(number + 1, min(len(sentences), number + LONGEST)):
            if sentences[last].heading or salutation(lines[last].clause):
                break
            if last in self._signed:
                named = signature(lines[last].clause)
                return last + 2 if named is not None and named[0] == named[1] else last + 1
        end = self._end(number)
        return next((k for k in range(number + 1, end) if salutation(lines[k].clause)), end)

    def _in_first_person(self, first: int, last: int, lines: Sequence[Line]) -> bool:
        """Whether a passage says "I" from its beginning on."""
        told = [_says_i(line.clause) for line in lines[first : min(last, first + LONGEST)]]
        return any(told[:OWN]) and sum(told) >= OWN


def _paragraph_ends(outline: Outline) -> dict[int, int]:
    """By paragraph, the sentence after its last one."""
    return {sentence.paragraph: number + 1 for number, sentence in enumerate(outline.sentences)}


def _is_person(referred: Referred) -> bool:
    return referred.mention is not None and referred.mention.kind == PERSON and referred.mention.name is not None


def _says_i(clause: Clause) -> bool:
    return clause.any_word(0, clause.size, _I)


def _quoted(clause: Clause) -> bool:
    return clause.size > 0 and clause.items[0].quotation >= 0


def _whole(clause: Clause, span: Range) -> Span:
    return Span(clause.items[span[0]].start, clause.items[span[1] - 1].end)
