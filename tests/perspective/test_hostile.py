"""Hostile text: no exception, linear time, and honest about what cannot be told."""

import time
from itertools import pairwise

import pytest

from qa_bot.perspective.reading import Reading
from qa_bot.perspective.speech.quotations import quotations
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.types import Document, Outline, Parties, Sentence, Span

MARKS = "\"“”„‟«»‹›‘’‚'「」『』"


def _one_sentence(text: str) -> Outline:
    span = Span(0, len(text))
    return Outline((), (span,), (Sentence(span, 0, 0),), ())


def _read(text: str) -> Reading:
    return Reading(voices_of(Document("d", "t", text, "0"), _one_sentence(text), Parties()))


def _timed(text: str) -> tuple[float, Reading]:
    start = time.process_time()
    reading = _read(text)
    return time.process_time() - start, reading


GROWTH = 10  # four times the text takes four times as long if time is linear, sixteen times if it is quadratic
NOISE = 0.1  # seconds below which a ratio says nothing

HOSTILE = {
    "a million letters": "a" * 1_000_000,
    "a million words of nothing": "word " * 200_000,
    "said said said": "he said " * 60_000,
    "commas and sayings": "He said, " * 5_000,
    "ten thousand opened": "“a " * 10_000,
    "ten thousand nested": "“a " * 10_000 + "b” " * 10_000,
    "ten thousand closed": "a” " * 10_000,
    "straight marks": '"a" b ' * 50_000,
    "single marks": "'a b " * 50_000,
    "apostrophes": "the boys' " * 50_000,
    "every mark in turn": (MARKS + " a ") * 5_000,
    "right to left": 'قال الوزير "سنعود" ' * 10_000,
    "cjk": "大臣は「帰る」と言った。" * 20_000,
    "labels": "Q: a\nA: b\n" * 20_000,
    "capitals": "Lund " * 100_000,
    "reports of reports": "reports of claims that " * 20_000,
    "counts and beliefs": "By its own count, if one believes what they say is that " * 10_000,
    "names in a row": "Lund, Marsh and " * 20_000,
    "ministers in a row": "the Minister of Lund and the President of Marsh and " * 5_000,
    "they of someone": "someone says they " * 20_000,
    "contributions": "This time from Tom Ray, cook. I was. " * 10_000,
    "letters": "Sir, a. Yours, Ada Fitch. " * 10_000,
    "salutations": "Sir, a. " * 20_000,
    "declares": "The Council declares: " * 5_000,
    "promises and dates": "promised, on Monday never " * 5_000,
    "as follows": "He described it as follows: " * 5_000,
    "colons": "A: " * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_linear_time(name):
    text = HOSTILE[name]
    quarter, _ = _timed(text[: len(text) // 4])
    # The better of two: the collector of garbage takes its time when it likes.
    whole, reading = min((_timed(text) for _ in range(2)), key=lambda timed: timed[0])
    assert whole < GROWTH * max(quarter, NOISE), f"{name}: {quarter:.2f} s for a quarter, {whole:.2f} s for all of it"
    assert sum(len(voiced.span) for voiced in reading.voices) == len(text)


@pytest.mark.parametrize("mark", list(MARKS))
@pytest.mark.parametrize(
    "shape", ["{0}", "{0}{0}{0}", "a {0}b c", "a b{0} c", "{0}a b", "a b{0}", "{0} {0} a", "a{0}b"]
)
def test_an_unbalanced_mark_of_any_kind_is_survived(mark, shape):
    text = shape.format(mark)
    found = quotations(text, (Span(0, len(text)),))
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert _read(text).voices[-1].span.end == len(text)
