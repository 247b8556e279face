"""Dialogues: questions and answers without labels, each a paragraph, led by a dash or told by the question mark.

Paragraphs led by dashes are turns where at least two of them are questions that others answer. Without dashes the
text must announce an interview before the first question and somebody who answers must say "I" or "we", or somebody
must be asked as "you" and say "I" in one answer and "I" or "we" in most, unlike lists of frequent questions.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from qa_bot.perspective.speech.turns import FIRST_PERSON, Turn
from qa_bot.types import Outline, Span, Voice

QUESTIONS = 2  # that make a dialogue
LONGEST = 400  # characters of a question
UNLABELLED = "interview turn, without a label"  # of such a turn
_DASH = re.compile(r"\s*[–—-]\s+(?=\S)")
_ASKED = re.compile(r"\?[\"”»*_’']{0,4}\s*\Z")
_I = re.compile(r"\b(?:I|my)\b")
_YOU = re.compile(r"\b(?:you|your)\b", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"\b(?:interview(?:ed|s)?|conversation|Q ?& ?A|questions and answers|(?:spoke|speaks|talked|talks) (?:with|to)"
    r"|sat down with|answer(?:s|ed) (?:our|my|the|a few|some) (?:\w+ )?questions)\b",
    re.IGNORECASE,
)


class _Part(NamedTuple):
    """A paragraph: its sentences [first, last), its characters, and whether it asks."""

    first: int
    last: int
    span: Span
    heading: bool
    asks: bool
    dashed: bool


def unlabelled_turns(text: str, outline: Outline, free: Sequence[bool]) -> tuple[Turn, ...]:
    """The turns of a dialogue whose paragraphs name nobody, in order; none where there is no such dialogue."""
    parts = _parts(text, outline, free)
    dashed = [turn for run in _runs(parts) for turn in _dashed_turns(text, run)]
    return tuple(dashed or _bare_turns(text, parts))


def _parts(text: str, outline: Outline, free: Sequence[bool]) -> list[_Part]:
    parts: list[_Part] = []
    first = 0
    for number in range(1, len(outline.sentences) + 1):
        here = outline.sentences[first]
        if number < len(outline.sentences) and outline.sentences[number].paragraph == here.paragraph:
            continue
        span = Span(here.span.start, outline.sentences[number - 1].span.end)
        ending = _ASKED.search(text, max(span.end - 8, span.start), span.end)
        asks = len(span) <= LONGEST and free[first] and ending is not None
        dashed = free[first] and _DASH.match(text, span.start, span.end) is not None
        parts.append(_Part(first, number, span, here.heading, asks, dashed))
        first = number
    return parts


def _runs(parts: Sequence[_Part]) -> list[list[_Part]]:
    """Paragraphs led by dashes, one behind the other."""
    runs: list[list[_Part]] = [[]]
    for part in parts:
        if part.dashed and not part.heading:
            runs[-1].append(part)
        elif runs[-1]:
            runs.append([])
    return runs


def _dashed_turns(text: str, run: Sequence[_Part]) -> list[Turn]:
    answered = sum(part.asks and not after.asks for part, after in pairwise(run))
    if answered < QUESTIONS:
        return []
    first = next(i for i, part in enumerate(run) if part.asks)
    in_turn = all((i - first) % 2 == 0 for i, part in enumerate(run) if part.asks)
    turns = []
    for i, part in enumerate(run):
        dash = _DASH.match(text, part.span.start, part.span.end)
        start = dash.end() if dash else part.span.start
        asks = (i - first) % 2 == 0 if in_turn else part.asks
        turns.append(Turn(part.first, part.last, start, Voice.DIRECT_QUOTE, UNLABELLED, asks=asks))
    return turns


def _bare_turns(text: str, parts: Sequence[_Part]) -> list[Turn]:
    """Each question with the paragraphs up to the next one; the last answer goes on while somebody says "I"."""
    asked = [
        n for n, (part, after) in enumerate(pairwise(parts))
        if part.asks and not (part.heading or after.asks or after.heading)
    ]  # fmt: skip
    if len(asked) < QUESTIONS:
        return []
    turns: list[Turn] = []
    answers: list[_Part] = []
    for n, following in zip(asked, [*asked[1:], len(parts)], strict=True):
        last, final = n + 2, following == len(parts)
        while last < following and not parts[last].heading and (not final or _first_person(text, parts[last])):
            last += 1
        answers += parts[n + 1 : last]
        turns.append(
            Turn(parts[n].first, parts[n].last, parts[n].span.start, Voice.DIRECT_QUOTE, UNLABELLED, asks=True)
        )
        turns.append(
            Turn(parts[n + 1].first, parts[last - 1].last, parts[n + 1].span.start, Voice.DIRECT_QUOTE, UNLABELLED)
        )
    personal = sum(_first_person(text, part) for part in answers)
    if personal and _ANNOUNCED.search(text, 0, parts[asked[0]].span.start):
        return turns
    singular = any(_I.search(text, part.span.start, part.span.end) for part in answers)
    addressed = singular and any(_YOU.search(text, parts[n].span.start, parts[n].span.end) for n in asked)
    return turns if addressed and len(asked) > QUESTIONS and personal > len(answers) / 2 else []


def _first_person(text: str, part: _Part) -> bool:
    return FIRST_PERSON.search(text, part.span.start, part.span.end) is not None
