"""How far a sentence can answer a question that says whose words it wants, or of which day.

What somebody said is answered by their words, not by what their opponent says of the same thing; what happened on a
day not by what happened on another. A reader cannot tell: who speaks seldom stands in the sentence.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from qa_bot.conversation import days_in, speaker_wanted
from qa_bot.index import PassageIndex
from qa_bot.speakers import SpeakerTokens
from qa_bot.types import Ranking, ScoredSentence, Span

FITS = 0.5  # share of the words that name somebody from which a speaker may be the one who is meant


class Bearing(NamedTuple):
    """What is added to the relevance that a reader finds in a sentence, and to its score before."""

    relevance: float
    score: float


NONE = Bearing(0.0, 0.0)
OWN, PERHAPS, NARRATED, ANOTHERS = Bearing(0.5, 0.1), Bearing(-0.5, 0.05), Bearing(-1.0, 0.0), Bearing(-3.0, -0.05)
SAME_DAY, OTHER_DAY = Bearing(1.0, 0.1), Bearing(-2.0, -0.1)


def with_bearing(ranking: Ranking, index: PassageIndex, speakers: SpeakerTokens) -> Ranking:
    """The ranking ordered anew, each sentence with its `bearing`; as it is if the question asks for no such thing."""
    tests = [test for test in (_by_speaker(ranking, index, speakers), _by_day(ranking, index)) if test]
    if not tests:
        return ranking
    found = [_added(scored, [test(scored) for test in tests]) for scored in ranking.sentences]
    return replace(ranking, sentences=tuple(sorted(found, key=lambda s: -s.score)))  # stable: ties as they were


def _added(scored: ScoredSentence, bearings: list[Bearing]) -> ScoredSentence:
    score = scored.score + sum(bearing.score for bearing in bearings)
    return replace(scored, score=score, bearing=sum(bearing.relevance for bearing in bearings))


def _by_speaker(
    ranking: Ranking, index: PassageIndex, speakers: SpeakerTokens
) -> Callable[[ScoredSentence], Bearing] | None:
    wanted = speaker_wanted(ranking.question)
    if wanted is None:
        return None
    shares = {scored: _share(scored, " ".join(wanted.words), index, speakers) for scored in ranking.sentences}
    if not wanted.sure and 1.0 not in shares.values():
        return None

    def bearing(scored: ScoredSentence) -> Bearing:
        share = shares[scored]
        if share is None:
            return NARRATED
        return ANOTHERS if share < FITS else PERHAPS if share < 1 else OWN

    return bearing


def _share(scored: ScoredSentence, who: str, index: PassageIndex, speakers: SpeakerTokens) -> float | None:
    """The largest share of some words that names the speaker of one of the sentences of a run, None without one."""
    first = int(index.rows[scored.passage]) + scored.sentence - index.passages[scored.passage].first
    rows = np.arange(first, first + scored.until - scored.sentence)
    spoken = rows[index.speaker_of[rows] >= 0]
    return float(speakers.shares(who, spoken).max()) if len(spoken) else None


def _by_day(ranking: Ranking, index: PassageIndex) -> Callable[[ScoredSentence], Bearing] | None:
    asked = days_in(ranking.question)
    if not asked:
        return None

    def bearing(scored: ScoredSentence) -> Bearing:
        entry = index.entry(scored.doc_id)
        run = entry.outline.sentences[scored.sentence : scored.until]
        told = days_in(Span(run[0].span.start, run[-1].span.end).of(entry.document.text))
        return NONE if not told else SAME_DAY if told & asked else OTHER_DAY

    return bearing
