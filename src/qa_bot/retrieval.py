"""Question → ranked passages and sentences: FAISS and BM25 → fusion → late interaction.

Every stage returns the same Ranking, so that each can be measured alone. Two runs give identical results: ties are
decided by position.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

import numpy as np
import numpy.typing as npt

from qa_bot.encoder import EncodedQuestion, Encoder
from qa_bot.index import PassageIndex
from qa_bot.types import Ranking, ScoredPassage, ScoredSentence

RRF_K = 60  # Cormack, Clarke & Buettcher, SIGIR 2009
POOL = 40  # fused passages that late interaction reads
LEG = 100  # passages that each first-stage ranking contributes to the fusion
PASSAGE_WEIGHT = 0.3  # of the whole passage's late interaction, added to that of each of its sentences
JOIN_GAIN = 0.12  # rise of the score from which two neighbouring sentences are cited together


class Stage(StrEnum):
    """Parts of the pipeline that can rank alone."""

    DENSE = "dense"
    BM25 = "bm25"
    RRF = "rrf"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Legs:
    """First-stage rankings of passage positions with their own scores, best first.

    `sentences` ranks passages by their best sentence: a passage's vector blurs what one sentence of it says.
    """

    dense: tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
    sentences: tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
    lexical: tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]


class Retriever:
    """Ranks the passages and sentences of one index."""

    def __init__(self, index: PassageIndex, encoder: Encoder) -> None:
        self._index, self._encoder = index, encoder

    def retrieve(
        self, question: str, *, doc_ids: Sequence[str] | None = None, stage: Stage = Stage.LATE, limit: int = LEG
    ) -> Ranking:
        """Rank up to `limit` passages, and the sentences of the best ones, only within `doc_ids` if given.

        Returns: passages and sentences by descending score; scores are comparable only within one ranking.
        """
        start = perf_counter()
        encoded = self._encoder.encode_question(question)
        embedded = perf_counter()
        allowed = None if doc_ids is None else self._index.passages_of(doc_ids)
        legs = self._legs(question, encoded, allowed, max(limit, LEG))
        passages = _first_stage(legs, stage)[:limit]
        searched = perf_counter()
        if stage is Stage.LATE:
            passages, sentences = self._late(encoded, passages)
        else:
            sentences = self._sentences(encoded, passages[:POOL])
        ms = {"encode": embedded - start, "search": searched - embedded, "late": perf_counter() - searched}
        return Ranking(question, tuple(passages), tuple(sentences), {k: round(v * 1000, 3) for k, v in ms.items()})

    def _legs(self, question: str, encoded: EncodedQuestion, allowed: npt.NDArray[np.int64] | None, k: int) -> Legs:
        dense = self._index.dense.search(encoded.vector, k, allowed=allowed)
        rows = None if allowed is None else self._index.rows_of(allowed)
        found, scores = self._index.sentences.search(encoded.vector, k, allowed=rows)
        passages, first = np.unique(self._index.passage_of(found), return_index=True)
        order = np.argsort(first)
        sentences = (passages[order], scores[first[order]])
        return Legs(dense, sentences, self._index.lexical.search(question, k, allowed=allowed))

    def _late(
        self, encoded: EncodedQuestion, fused: list[ScoredPassage]
    ) -> tuple[list[ScoredPassage], list[ScoredSentence]]:
        """Rank the pool anew by MaxSim; what lies beyond it keeps its fused order, below."""
        weights = self._weights(encoded)
        question = self._index.tokens.projection.apply(encoded.tokens)
        passages: list[ScoredPassage] = []
        sentences: list[ScoredSentence] = []
        for candidate in fused[:POOL]:
            first, last = self._index.rows[candidate.passage : candidate.passage + 2]
            best = self._index.tokens.similarities(question, first, last)
            whole = float(best.max(0, initial=0.0) @ weights) if len(weights) else 0.0
            scores = (best @ weights + PASSAGE_WEIGHT * whole) / (1 + PASSAGE_WEIGHT)
            passages.append(ScoredPassage(candidate.passage, max(map(float, scores), default=0.0)))
            sentences.extend(self._scored(candidate.passage, scores, _joins(best, weights)))
        lowest = min((p.score for p in passages), default=0.0)
        rest = [ScoredPassage(p.passage, lowest - 1 + p.score) for p in fused[POOL:]]
        return sorted(passages, key=_passage_order) + rest, self._ordered(sentences)

    def _sentences(self, encoded: EncodedQuestion, passages: list[ScoredPassage]) -> list[ScoredSentence]:
        """The sentences of the best passages by the cosine of their mean-pooled vectors."""
        found: list[ScoredSentence] = []
        for candidate in passages:
            first, last = self._index.rows[candidate.passage : candidate.passage + 2]
            scores = self._index.sentences.vectors(first, last) @ encoded.vector
            found.extend(self._scored(candidate.passage, scores, [0] * len(scores)))
        return self._ordered(found)

    def _weights(self, encoded: EncodedQuestion) -> npt.NDArray[np.float32]:
        """Inverse document frequencies of the question's tokens, summing to one."""
        weights = self._index.tokens.idf(encoded.token_ids)
        return np.asarray(weights / max(float(weights.sum()), 1e-9), np.float32)

    def _scored(self, passage: int, scores: npt.NDArray[np.float32], joins: Sequence[int]) -> Iterator[ScoredSentence]:
        here = self._index.passages[passage]
        paragraphs = [s.paragraph for s in self._index.entry(here.doc_id).outline.sentences[here.first : here.last]]
        for i, (score, join) in enumerate(zip(scores, joins, strict=True)):
            other = i + join if paragraphs[i + join] == paragraphs[i] else i
            first, last = here.first + min(i, other), here.first + max(i, other)
            yield ScoredSentence(here.doc_id, first, last + 1, passage, float(score))

    def _ordered(self, sentences: list[ScoredSentence]) -> list[ScoredSentence]:
        return sorted(sentences, key=lambda s: (-s.score, s.passage, s.sentence))


def _joins(best: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> list[int]:
    """For each sentence the neighbour (-1, +1) that holds what it lacks of the question, or 0.

    Two sentences are joined when their tokens together match the question better than either does, by JOIN_GAIN.
    """
    joins = [0] * len(best)
    alone = best @ weights
    for i in range(len(best)):
        gains = {
            step: float(np.maximum(best[i], best[i + step]) @ weights - max(alone[i], alone[i + step]))
            for step in (1, -1)
            if 0 <= i + step < len(best)
        }
        step = max(gains, key=lambda s: (gains[s], s), default=0)
        joins[i] = step if gains.get(step, 0.0) >= JOIN_GAIN else 0
    return joins


def _first_stage(legs: Legs, stage: Stage) -> list[ScoredPassage]:
    if stage in (Stage.DENSE, Stage.BM25):
        positions, scores = legs.dense if stage is Stage.DENSE else legs.lexical
        return [ScoredPassage(int(p), float(s)) for p, s in zip(positions, scores, strict=True)]
    fused: dict[int, float] = {}
    for positions, _ in (legs.dense, legs.sentences, legs.lexical):
        for rank, position in enumerate(positions.tolist(), start=1):
            fused[position] = fused.get(position, 0.0) + 1 / (RRF_K + rank)
    return sorted((ScoredPassage(p, s) for p, s in fused.items()), key=_passage_order)


def _passage_order(passage: ScoredPassage) -> tuple[float, int]:
    return -passage.score, passage.passage
