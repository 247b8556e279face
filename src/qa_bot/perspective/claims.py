"""Claim cues: the kinds of statement that editorial rule books want attributed, and whether a source is given.

After BBC Editorial Guidelines 11.3, the sourcing rules of the Reuters Handbook and Wikipedia's words to watch
(unsupported attributions). The rules look for the language of such statements inside one sentence (claims.toml);
they never judge whether one is true.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

from qa_bot.perspective.claim_patterns import ClaimPatterns, claim_patterns
from qa_bot.perspective.stretches import Stretches
from qa_bot.types import ClaimCue, Outline, Span, VoicedSpan

KINDS = (
    "casualty_figure",
    "loss_figure",
    "attacked_first",
    "legal_status",
    "atrocity",
    "motive",
    "superlative",
    "agentless",
)
REACH = 90  # characters between a figure and the loss it counts: a noun phrase with its modifiers

_Place = tuple[int, int]  # start and end in the sentence
_Found = tuple[str, _Place]  # kind and place


def claim_cues(text: str, outline: Outline, voices: Sequence[VoicedSpan]) -> tuple[ClaimCue, ...]:
    """The claim cues of a document in order of position; cues of one kind never overlap, headings have none.

    `sourced` says that the cue stands in second-hand words whose source is known, or that its sentence names one.
    """
    stretches, patterns = Stretches(voices), claim_patterns()
    cues = []
    for sentence in outline.sentences:
        if sentence.heading:
            continue
        written = sentence.span.of(text)
        lowered = _lower(written)
        named = bool(patterns.named_source.search(lowered))
        for kind, (start, end) in _joined(_meant(written, lowered, patterns)):
            span = Span(sentence.span.start + start, sentence.span.start + end)
            cues.append(ClaimCue(span, span.of(text), kind, named or stretches.sourced(span.start)))
    return tuple(sorted(cues, key=lambda cue: (cue.span, KINDS.index(cue.kind))))


def _lower(text: str) -> str:
    """A text in lower case with every offset kept: the few letters that would become two stay as they are."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _meant(written: str, sentence: str, patterns: ClaimPatterns) -> Iterator[_Found]:
    """The cues that no neutral expression meets, of a sentence as it is written and in lower case."""
    named = ((kind, match.span()) for kind, names in patterns.names.items() for match in names.finditer(written))
    neutral: dict[str, list[_Place]] = {}
    for kind, place in chain(_found(sentence, patterns), named):
        if kind not in neutral:
            expressions = patterns.neutral.get(kind)
            neutral[kind] = [match.span() for match in expressions.finditer(sentence)] if expressions else []
        if not any(_distance(place, span) < 0 for span in neutral[kind]):
            yield kind, place


def _found(sentence: str, patterns: ClaimPatterns) -> Iterator[_Found]:
    yield from _figures(sentence, patterns)
    for kind, pattern in patterns.phrases.items():
        yield from ((kind, match.span()) for match in pattern.finditer(sentence))


def _figures(sentence: str, patterns: ClaimPatterns) -> Iterator[_Found]:
    """A word for death, harm or loss with the figure nearest to it; a death also with the one person it befell."""
    quantities = _quantities(sentence, patterns)
    people = [match.span() for match in patterns.somebody.finditer(sentence)]
    for match in patterns.casualty.finditer(sentence):
        counted = _nearest(match.span(), quantities, REACH) or _nearest(match.span(), people, REACH // 2)
        if counted:
            yield "casualty_figure", _both(match.span(), counted)
    for match in patterns.harm.finditer(sentence):
        counted = _nearest(match.span(), quantities, REACH)
        if counted and _of_people(sentence, place := _both(match.span(), counted), patterns.counted, patterns.things):
            yield "casualty_figure", place
    for match in patterns.loss.finditer(sentence):
        if counted := _nearest(match.span(), quantities, REACH):
            place = _both(match.span(), counted)
            of_people = _of_people(sentence, place, patterns.people, patterns.things)
            yield ("casualty_figure" if of_people else "loss_figure"), place


def _quantities(sentence: str, patterns: ClaimPatterns) -> list[_Place]:
    found = []
    for match in patterns.quantity.finditer(sentence):
        before = sentence[max(match.start() - 12, 0) : match.end()]  # the longest month and a space
        if not patterns.year.search(before):
            found.append(match.span())
    return found


def _nearest(place: _Place, others: Sequence[_Place], reach: int) -> _Place | None:
    """The place nearest to another one within reach, the first of those equally near.

    `others` are in order and disjoint, so only those beside the place are looked at.
    """
    after = bisect_left(others, place)
    beside = [other for other in others[max(after - 2, 0) : after + 2] if other != place]
    nearest = min(beside, default=None, key=lambda other: _distance(place, other))
    return nearest if nearest is not None and _distance(place, nearest) <= reach else None


def _distance(one: _Place, other: _Place) -> int:
    """Characters between two places; below zero where they overlap."""
    return max(other[0] - one[1], one[0] - other[1])


def _both(one: _Place, other: _Place) -> _Place:
    return min(one[0], other[0]), max(one[1], other[1])


def _of_people(sentence: str, place: _Place, people: re.Pattern[str], things: re.Pattern[str]) -> bool:
    """Whether a figure counts people rather than things: who or what is named first after the number."""
    beside = _beside(place, sentence)
    person, thing = people.search(sentence, *beside), things.search(sentence, *beside)
    if person is None or thing is None:
        return person is not None or (thing is None and "losses" in sentence[slice(*place)])
    return person.start() < thing.start()


def _beside(place: _Place, sentence: str) -> _Place:
    """A place with what may still belong to its noun phrase."""
    return place[0], min(place[1] + REACH // 2, len(sentence))


def _joined(found: Iterator[_Found]) -> Iterator[_Found]:
    """Overlapping cues of one kind as one."""
    by_kind: dict[str, list[_Place]] = {}
    for kind, place in sorted(found, key=lambda each: each[1]):
        places = by_kind.setdefault(kind, [])
        if places and place[0] < places[-1][1]:
            places[-1] = _both(places[-1], place)
        else:
            places.append(place)
    for kind, places in by_kind.items():
        yield from ((kind, place) for place in places)
