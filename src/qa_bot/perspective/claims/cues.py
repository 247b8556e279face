"""Claim cues: the kinds of statement that editorial rule books want attributed, and whether a source is given.

After BBC Editorial Guidelines 11.3, the sourcing rules of the Reuters Handbook and Wikipedia's words to watch
(unsupported attributions). A small trained model and patterns for the language of such statements (claims.toml) look
for them in every sentence: what the model finds likely counts, and what a pattern finds unless the model is sure that
it is none. They never judge whether a statement is true.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import TypeAlias

from qa_bot.perspective.claims.expression import Expression
from qa_bot.perspective.claims.model import Claim, Likely, Said, claim_model, in_order
from qa_bot.perspective.claims.patterns import ClaimPatterns, claim_patterns
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
_COUNTED = frozenset({"casualty_figure", "loss_figure"})
REACH = 90  # characters between a figure and the loss it counts: a noun phrase with its modifiers

LIKELY = 0.125  # probability from which the model is believed: a missed claim weighs three superfluous notes
CONCEIVABLE = 0.0005  # and from which a pattern is (docs/decisions.md)

Found: TypeAlias = Mapping[Said, tuple[Claim, ...]]  # the claims in some sentences
_Place: TypeAlias = tuple[int, int]  # start and end in the sentence
_Met: TypeAlias = tuple[str, _Place]  # kind and place


def found_claims(text: str, outline: Outline, known: Found = MappingProxyType({})) -> Found:
    """The claims in every sentence of a document but its headings; sentences that are `known` are not read again."""
    new = [said for said in dict.fromkeys(said for _, said in _said(text, outline)) if said not in known]
    conceivable = claim_model().read(new, CONCEIVABLE)
    return {**known, **{said: _claims(said.sentence, kinds) for said, kinds in zip(new, conceivable, strict=True)}}


def claim_cues(
    text: str, outline: Outline, voices: Sequence[VoicedSpan], found: Found | None = None
) -> tuple[ClaimCue, ...]:
    """The claim cues of a document in order of position; cues of one kind never overlap, headings have none.

    `sourced` says that the cue stands in second-hand words whose source is known, or that its sentence names one.
    """
    stretches, patterns = Stretches(voices), claim_patterns()
    found = found_claims(text, outline) if found is None else found
    cues = []
    for sentence, said in _said(text, outline):
        claims = found[said]
        named = bool(claims) and patterns.named_source.first(_lower(said.sentence)) is not None
        for claim in claims:
            span = Span(sentence.start + claim.start, sentence.start + claim.end)
            cues.append(ClaimCue(span, span.of(text), claim.kind, named or stretches.sourced(span.start)))
    return tuple(sorted(cues, key=lambda cue: (cue.span, KINDS.index(cue.kind))))


def known_claims(text: str, outline: Outline, cues: Sequence[ClaimCue]) -> Found:
    """What `found_claims` had found for the cues of a document, for a text that shares some of its sentences."""
    rest, found = list(reversed(cues)), {}
    for sentence, said in _said(text, outline):
        claims = []
        while rest and rest[-1].span.start < sentence.end:
            cue = rest.pop()
            claims.append(Claim(cue.kind, cue.span.start - sentence.start, cue.span.end - sentence.start))
        found[said] = tuple(claims)
    return found


def _said(text: str, outline: Outline) -> list[tuple[Span, Said]]:
    """The sentences of a document that are no headings, and where they stand."""
    spans = [s.span for s in outline.sentences if not s.heading]
    return list(zip(spans, in_order(span.of(text) for span in spans), strict=True))


def _claims(sentence: str, conceivable: Sequence[Likely]) -> tuple[Claim, ...]:
    """The claims of a sentence: those that a pattern confirms in its words, and the likely ones in the model's."""
    if not conceivable:
        return ()
    kinds = {each.claim.kind for each in conceivable}
    met = list(_joined(_meant(sentence, _lower(sentence), kinds)))
    confirmed = {kind for kind, _ in met}
    likely = (each.claim for each in conceivable if each.probability >= LIKELY and each.claim.kind not in confirmed)
    return tuple(sorted((*(_claim(sentence, kind, place) for kind, place in met), *likely), key=_in_order))


def _claim(sentence: str, kind: str, place: _Place) -> Claim:
    start, end = place
    return Claim(kind, start, start + len(sentence[start:end].rstrip()))


def _in_order(claim: Claim) -> tuple[int, int, int]:
    return claim.start, claim.end, KINDS.index(claim.kind)


def _lower(text: str) -> str:
    """A text in lower case with every offset kept: the few letters that would become two stay as they are."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _meant(written: str, sentence: str, kinds: Set[str]) -> Iterator[_Met]:
    """What the patterns of some kinds find and no neutral expression meets.

    The sentence is given as it is written and in lower case.
    """
    patterns = claim_patterns()
    neutral: dict[str, list[_Place]] = {}
    for kind, place in _found(written, sentence, kinds, patterns):
        if kind not in neutral:
            expressions = patterns.neutral.get(kind)
            neutral[kind] = list(expressions.places(sentence)) if expressions else []
        if not any(_distance(place, span) < 0 for span in neutral[kind]):
            yield kind, place


def _found(written: str, sentence: str, kinds: Set[str], patterns: ClaimPatterns) -> Iterator[_Met]:
    if kinds & _COUNTED:
        yield from ((kind, place) for kind, place in _figures(sentence, patterns) if kind in kinds)
    for text, expressions in ((sentence, patterns.phrases), (written, patterns.names)):
        for kind in kinds & expressions.keys():
            yield from ((kind, place) for place in expressions[kind].places(text))


def _figures(sentence: str, patterns: ClaimPatterns) -> Iterator[_Met]:
    """A word for death, harm or loss with the figure nearest to it; a death also with the one person it befell."""
    quantities = _quantities(sentence, patterns)
    people = list(patterns.somebody.places(sentence))
    for place in patterns.casualty.places(sentence):
        if counted := _nearest(place, quantities, REACH) or _nearest(place, people, REACH // 2):
            yield "casualty_figure", _both(place, counted)
    for place in patterns.harm.places(sentence):
        counted = _nearest(place, quantities, REACH)
        if counted and _of_people(sentence, both := _both(place, counted), patterns.counted, patterns.things):
            yield "casualty_figure", both
    for place in patterns.loss.places(sentence):
        if counted := _nearest(place, quantities, REACH):
            both = _both(place, counted)
            of_people = _of_people(sentence, both, patterns.people, patterns.things)
            yield ("casualty_figure" if of_people else "loss_figure"), both


def _quantities(sentence: str, patterns: ClaimPatterns) -> list[_Place]:
    found = []
    for start, end in patterns.quantity.places(sentence):
        before = sentence[max(start - 12, 0) : end]  # the longest month and a space
        if patterns.year.first(before) is None:
            found.append((start, end))
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


def _of_people(sentence: str, place: _Place, people: Expression, things: Expression) -> bool:
    """Whether a figure counts people rather than things: who or what is named first after the number."""
    beside = _beside(place, sentence)
    person, thing = people.first(sentence, *beside), things.first(sentence, *beside)
    if person is None or thing is None:
        return person is not None or (thing is None and "losses" in sentence[slice(*place)])
    return person < thing


def _beside(place: _Place, sentence: str) -> _Place:
    """A place with what may still belong to its noun phrase."""
    return place[0], min(place[1] + REACH // 2, len(sentence))


def _joined(found: Iterator[_Met]) -> Iterator[_Met]:
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
