"""What the reader makes of a ranking: its best sentences ordered anew, with short answers.

The score of a sentence becomes its late interaction plus WEIGHT times the probability that it answers rather than
nothing does, so that the reader speaks up where it is sure and keeps still where it is not. WEIGHT was chosen on
development questions of several corpora (benchmarks/calibration.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa_bot.index import PassageIndex
from qa_bot.reader.model import Mark, Window
from qa_bot.reader.public import SentenceReader
from qa_bot.types import Evidence, Ranking, ScoredSentence, Span

WINDOWS = 4  # read for one question, two for each of two cores; more find hardly more (docs/decisions.md)
CANDIDATES = 16  # sentences of the ranking that windows are made for
WINDOW_WORDS = 75  # up to which a window grows around its sentence, as in training
WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class _Place:
    """A window of a document: sentences [first, last) of its outline, starting at `start` in its text."""

    doc_id: str
    first: int
    last: int
    start: int
    window: Window

    def holds(self, sentence: ScoredSentence) -> bool:
        return sentence.doc_id == self.doc_id and self.first <= sentence.sentence < self.last


def read_ranking(reader: SentenceReader, index: PassageIndex, ranking: Ranking) -> Ranking:
    """The ranking by combined scores; what the reader has read carries its `evidence`, the rest keeps its score."""
    places = _places(index, ranking)
    marks = reader.read(ranking.question, [place.window for place in places])
    found = {
        (place.doc_id, place.first + i): (mark, place.start)
        for place, row in reversed(list(zip(places, marks, strict=True)))
        for i, mark in enumerate(row)
    }
    sentences = [_read(s, [found[key] for key in _keys(s) if key in found]) for s in ranking.sentences]
    return replace(ranking, sentences=tuple(sorted(sentences, key=lambda s: -s.score)))  # stable: ties as they were


def _keys(scored: ScoredSentence) -> list[tuple[str, int]]:
    return [(scored.doc_id, sentence) for sentence in range(scored.sentence, scored.until)]


def _read(scored: ScoredSentence, marks: Sequence[tuple[Mark, int]]) -> ScoredSentence:
    """The run with the evidence of its most relevant sentence; as it is if none was read."""
    if not marks:
        return scored
    mark, start = max(marks, key=lambda marked: marked[0].relevance)
    short = Span(start + mark.short.start, start + mark.short.end) if mark.short else None
    relevance = mark.relevance + scored.bearing
    evidence = Evidence(scored.score, relevance, short, mark.certainty)
    return replace(scored, score=scored.score + WEIGHT * probability_of(relevance), evidence=evidence)


def probability_of(relevance: float) -> float:
    """The probability behind a relevance, whose zero is "as likely as no answer"."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, relevance))))


def _places(index: PassageIndex, ranking: Ranking) -> list[_Place]:
    """Windows around the best sentences, each sentence in one window only if it is its middle or nearby."""
    places: list[_Place] = []
    for sentence in ranking.sentences[:CANDIDATES]:
        if len(places) == WINDOWS:
            break
        if not any(place.holds(sentence) for place in places):
            places.append(_place(index, sentence))
    return places


def _place(index: PassageIndex, scored: ScoredSentence) -> _Place:
    entry = index.entry(scored.doc_id)
    passage = index.passages[scored.passage]
    spans = [s.span for s in entry.outline.sentences[passage.first : passage.last]]
    text, middle = entry.document.text, scored.sentence - passage.first
    first, last = middle, middle + 1

    def fits(a: int, b: int) -> bool:
        return a >= 0 and b <= len(spans) and len(text[spans[a].start : spans[b - 1].end].split()) <= WINDOW_WORDS

    grown = True
    while grown:
        grown = False
        if fits(first, last + 1):
            last, grown = last + 1, True
        if fits(first - 1, last):
            first, grown = first - 1, True
    start = spans[first].start
    relative = tuple(Span(s.start - start, s.end - start) for s in spans[first:last])
    shown = text[start : spans[last - 1].end]
    window = Window(shown, relative, _lead(index, scored, shown))
    return _Place(scored.doc_id, passage.first + first, passage.first + last, start, window)


def _lead(index: PassageIndex, scored: ScoredSentence, shown: str) -> str:
    """Who speaks in a sentence, where what is shown of the document around it does not name them."""
    row = index.rows[scored.passage] + scored.sentence - index.passages[scored.passage].first
    place = int(index.speaker_of[row])
    speaker = index.speakers[place] if place >= 0 else None
    return "" if speaker is None or speaker.is_shown_in(shown) else speaker.introduction
