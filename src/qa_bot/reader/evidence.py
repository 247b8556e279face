"""What the reader makes of a ranking: its best sentences ordered anew, with short answers.

The score of a sentence becomes WEIGHTS[0] × late interaction + WEIGHTS[1] × relevance, fitted on development questions of
several corpora (benchmarks/calibration.py).
"""

from dataclasses import dataclass, replace

from qa_bot.index import PassageIndex
from qa_bot.reader.model import Mark, Window
from qa_bot.reader.public import SentenceReader
from qa_bot.types import Evidence, Ranking, ScoredSentence, Span

WINDOWS = 6  # read for one question
CANDIDATES = 16  # sentences of the ranking that windows are made for
WINDOW_WORDS = 75  # up to which a window grows around its sentence, as in training
WEIGHTS = (1.0, 0.05)


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
    """The ranking with the sentences that the reader has read in front, by their combined score.

    Each of them carries its `evidence`.
    """
    places = _places(index, ranking)
    marks = reader.read(ranking.question, [place.window for place in places])
    found = {
        (place.doc_id, place.first + i): (mark, place.start)
        for place, row in reversed(list(zip(places, marks, strict=True)))
        for i, mark in enumerate(row)
    }
    read = [_read(s, *found[s.doc_id, s.sentence]) for s in ranking.sentences if (s.doc_id, s.sentence) in found]
    read.sort(key=lambda s: (-s.score, s.doc_id, s.sentence))
    floor = min((s.score for s in read), default=0.0)
    rest = [s for s in ranking.sentences if (s.doc_id, s.sentence) not in found]
    top = max((s.score for s in rest), default=0.0)
    below = [replace(s, score=floor - 0.001 + (s.score - top)) for s in rest]
    return replace(ranking, sentences=(*read, *below))


def _read(sentence: ScoredSentence, mark: Mark, start: int) -> ScoredSentence:
    late, relevance = WEIGHTS
    short = Span(start + mark.short.start, start + mark.short.end) if mark.short else None
    evidence = Evidence(sentence.score, mark.relevance, short, mark.certainty)
    return replace(sentence, score=late * sentence.score + relevance * mark.relevance, evidence=evidence)


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
        return 0 <= a and b <= len(spans) and len(text[spans[a].start : spans[b - 1].end].split()) <= WINDOW_WORDS

    grown = True
    while grown:
        grown = False
        if fits(first, last + 1):
            last, grown = last + 1, True
        if fits(first - 1, last):
            first, grown = first - 1, True
    start = spans[first].start
    relative = tuple(Span(s.start - start, s.end - start) for s in spans[first:last])
    window = Window(text[start : spans[last - 1].end], relative)
    return _Place(scored.doc_id, passage.first + first, passage.first + last, start, window)
