"""Question → ranked passages and sentences: FAISS and BM25 → fusion → late interaction.

Every stage returns the same Ranking, so that each can be measured alone. Two runs give identical results: ties are
decided by position.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from qa_bot.dense import Found
from qa_bot.encoder import EncodedQuestion, Encoder
from qa_bot.index import Entry, PassageIndex
from qa_bot.speakers import SpeakerTokens
from qa_bot.types import Passage, Ranking, ScoredPassage, ScoredSentence, Span

RRF_K = 60  # Cormack, Clarke & Buettcher, SIGIR 2009
POOL = 40  # fused passages that late interaction reads
SURE = 10  # passages of each first-stage ranking that are in the pool whatever the others say
LEG = 100  # passages that each first-stage ranking contributes to the fusion
SPARE = 20  # sentences beyond `limit` in a ranking: joined ones overlap, and no words are cited twice
SPEAKER_MATCH = 0.7  # how well a question's word matches a sentence whose speaker it names
PASSAGE_WEIGHT = 0.3  # of the whole passage's late interaction, added to that of each of its sentences
REPLY = 2  # sentences after a question that are cited with it
_CLOSING = "\"'”’»)] "
JOIN_GAIN = 0.12  # rise of the score from which two neighbouring sentences are cited together


class Stage(StrEnum):
    """Parts of the pipeline that can rank alone; READ is late interaction and, above this module, the reader."""

    DENSE = "dense"
    BM25 = "bm25"
    RRF = "rrf"
    LATE = "late"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Legs:
    """First-stage rankings of passage positions with their own scores, best first.

    `sentences` ranks passages by their best sentence: a passage's vector blurs what one sentence of it says.
    """

    dense: Found
    sentences: Found
    lexical: Found


class Retriever:
    """Ranks the passages and sentences of one index."""

    def __init__(self, index: PassageIndex, encoder: Encoder) -> None:
        self._index, self._encoder, self.speakers = index, encoder, SpeakerTokens(index, encoder)
        # The products here are small: threads that wait busily for the next one only take the encoder's time.
        threadpool_limits(limits=1)

    def retrieve(
        self, question: str, *, doc_ids: Sequence[str] | None = None, stage: Stage = Stage.LATE, limit: int = LEG
    ) -> Ranking:
        """Rank up to `limit` passages, and a few more sentences of the best ones, only within `doc_ids` if given.

        Returns: passages and sentences by descending score; scores are comparable only within one ranking.
        """
        start = perf_counter()
        allowed = None if doc_ids is None else self._index.passages_of(doc_ids)
        k = max(limit, LEG)
        encoded = self._encoder.encode_question(question)
        embedded = perf_counter()
        legs = self._legs(question, encoded, allowed, k)
        found = _pooled(legs) if stage is Stage.LATE else _first_stage(legs, stage)
        searched = perf_counter()
        ranking = (self._late if stage is Stage.LATE else self._dense)(question, encoded, found, limit)
        ms = {"encode": embedded - start, "search": searched - embedded, "late": perf_counter() - searched}
        return replace(ranking, timings_ms={name: round(value * 1000, 3) for name, value in ms.items()})

    def _legs(self, question: str, encoded: EncodedQuestion, allowed: npt.NDArray[np.int64] | None, k: int) -> Legs:
        dense = self._index.dense.search(encoded.vector, k, allowed=allowed)
        rows = None if allowed is None else self._index.rows_of(allowed)
        found, scores = self._index.sentences.search(encoded.vector, k, allowed=rows)
        passages, first = np.unique(self._index.passage_of(found), return_index=True)
        order = np.argsort(first)
        sentences = (passages[order], scores[first[order]])
        return Legs(dense, sentences, self._index.lexical.search(question, k, allowed=allowed))

    def _late(self, question: str, encoded: EncodedQuestion, found: Found, limit: int) -> Ranking:
        """Rank the pool anew by MaxSim; what lies beyond it keeps its fused order, below."""
        passages, fused = found[0][:limit], found[1][:limit]
        pool = passages[:POOL]
        if not len(pool) or not len(encoded.token_ids):
            return Ranking(question, _scored(passages, fused), ())
        weights = self._weights(encoded)
        ranges = np.stack([self._index.rows[pool], self._index.rows[pool + 1]], axis=1)
        said = self._index.tokens.similarities(self._index.tokens.projection.apply(encoded.tokens), ranges)
        rows = self._index.rows_of(pool)
        best = np.maximum(said, SPEAKER_MATCH * self.speakers.named(encoded.token_ids, rows))
        sizes = ranges[:, 1] - ranges[:, 0]
        firsts = np.cumsum(sizes) - sizes
        whole = np.maximum.reduceat(best, firsts, axis=0) @ weights
        alone = best @ weights
        scores = np.asarray((alone + PASSAGE_WEIGHT * np.repeat(whole, sizes)) / (1 + PASSAGE_WEIGHT), np.float32)
        owners = self._index.passage_of(rows)
        near = (np.diff(rows) == 1) & (np.diff(owners) == 0) & (np.diff(self._index.paragraphs[rows]) == 0)
        joins = _joins(best, alone, weights, near)
        tops = np.maximum.reduceat(scores, firsts)
        order = _order(pool, tops)
        reranked = _scored(pool[order], tops[order])
        rest = _scored(passages[POOL:], float(tops.min()) - 1 + fused[POOL:])
        coverage = float(said.max(0) @ weights)
        return Ranking(question, reranked + rest, self._sentences(rows, scores, joins, limit), coverage)

    def _dense(self, question: str, encoded: EncodedQuestion, found: Found, limit: int) -> Ranking:
        """Keep the passages as they are; rank their sentences by the cosine of their mean-pooled vectors."""
        passages, fused = found[0][:limit], found[1][:limit]
        rows = self._index.rows_of(passages[:POOL])
        vectors = [self._index.sentences.vectors(row, row + 1)[0] for row in rows]
        scores = np.array([vector @ encoded.vector for vector in vectors], np.float32)
        sentences = self._sentences(rows, scores, np.zeros(len(rows), np.int64), limit)
        return Ranking(question, _scored(passages, fused), sentences)

    def _weights(self, encoded: EncodedQuestion) -> npt.NDArray[np.float32]:
        """Inverse document frequencies of the question's tokens, summing to one."""
        weights = self._index.tokens.idf(encoded.token_ids)
        return np.asarray(weights / max(float(weights.sum()), 1e-9), np.float32)

    def _sentences(
        self, rows: npt.NDArray[np.int64], scores: npt.NDArray[np.float32], joins: npt.NDArray[np.int64], limit: int
    ) -> tuple[ScoredSentence, ...]:
        """Sentence rows by descending score, ties by position; at most `limit` of them and SPARE."""
        order = _order(rows, scores)[: limit + SPARE]
        passages = self._index.passage_of(rows[order])
        places = (rows[order] - self._index.rows[passages]).tolist()
        known, entry = self._index.passages, self._index.entry
        found = []
        for passage, place, score, join in zip(
            passages.tolist(), places, scores[order].tolist(), joins[order].tolist(), strict=True
        ):
            here = known[passage]
            first = here.first + place + min(join, 0)
            until = _replied(entry(here.doc_id), here, first + 1 + abs(join))
            found.append(ScoredSentence(here.doc_id, first, until, passage, score))
        return tuple(found)


def _replied(entry: Entry, passage: Passage, until: int) -> int:
    """The end of a run of sentences after the reply, where its last sentence asks: a question answers nothing."""
    sentences, text = entry.outline.sentences, entry.document.text
    end = min(until + REPLY, passage.last)
    while until < end and _asks(text, sentences[until - 1].span):
        until += 1
    return until


def _asks(text: str, span: Span) -> bool:
    end = span.end
    while end > span.start and text[end - 1] in _CLOSING:
        end -= 1
    return text[end - 1] == "?"


def _joins(
    best: npt.NDArray[np.float32],
    alone: npt.NDArray[np.float32],
    weights: npt.NDArray[np.float32],
    near: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """For each sentence the neighbour (-1, +1) that holds what it lacks of the question, or 0.

    `near` says, for each sentence but the last, whether the next one follows it in the same paragraph. Two sentences
    are joined when their tokens together match the question better than either does, by JOIN_GAIN.
    """
    pairs = np.maximum(best[:-1], best[1:]) @ weights - np.maximum(alone[:-1], alone[1:])
    pairs = np.where(near, pairs, -1.0)
    after, before = np.append(pairs, -1.0), np.insert(pairs, 0, -1.0)
    steps = np.where(after >= before, 1, -1)
    return np.where(np.maximum(after, before) >= JOIN_GAIN, steps, 0).astype(np.int64)


def _first_stage(legs: Legs, stage: Stage) -> Found:
    """Passages and their scores by one leg, or by the reciprocal ranks of all, best first, ties by position."""
    if stage in (Stage.DENSE, Stage.BM25):
        return legs.dense if stage is Stage.DENSE else legs.lexical
    return _fused(legs, frozenset())


def _pooled(legs: Legs) -> Found:
    """The fused passages with the best of every leg in front, so that no two legs can outvote the third."""
    return _fused(legs, {p for found in (legs.dense, legs.sentences, legs.lexical) for p in found[0][:SURE].tolist()})


def _fused(legs: Legs, front: Set[int]) -> Found:
    """Passages by the sum of their reciprocal ranks, those of `front` before all others."""
    scores: dict[int, float] = {}
    for positions, _ in (legs.dense, legs.sentences, legs.lexical):
        for rank, position in enumerate(positions.tolist(), start=RRF_K + 1):
            scores[position] = scores.get(position, 0.0) + 1 / rank
    order = sorted(scores, key=lambda position: (position not in front, -scores[position], position))
    return np.array(order, np.int64), np.array([scores[position] for position in order], np.float64)


def _order(positions: npt.NDArray[np.int64], scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int64]:
    """Which come first: by descending score, ties by position."""
    return np.lexsort((positions, -scores))


def _scored(passages: npt.NDArray[np.int64], scores: npt.NDArray[np.floating[Any]]) -> tuple[ScoredPassage, ...]:
    return tuple(map(ScoredPassage, passages.tolist(), scores.tolist()))
