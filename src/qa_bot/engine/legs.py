"""What a retriever searches, read from LanceDB tables.

Each leg has the form of its counterpart in a folder and returns positions of the documents in their order. LanceDB
takes filters as SQL text; they are made here only, of ids, with every quotation mark doubled.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_bot.dense import DenseIndex, Found
from qa_bot.lexical import LexicalIndex, stems_of
from qa_bot.pieces import Pieces
from qa_bot.tokens import Projection, TokenStore
from qa_bot.types import Embeddings

PROBES = 64  # lists of vectors that a search reads where there is an index of them
REFINE = 2  # times k: candidates that are ranked again by their exact vectors
HELD = 2_000  # passages whose token vectors stay in memory (up to 80 MB)


@dataclass(frozen=True)
class Layout:
    """The order of passages: their ids and documents, and the first sentence row of each, with the end of the last."""

    ids: list[str]
    owners: list[str]
    rows: npt.NDArray[np.int64]

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of every chunk id."""
        return {chunk: position for position, chunk in enumerate(self.ids)}

    def documents(self, positions: npt.NDArray[np.int64]) -> list[str]:
        """The documents that hold some passages."""
        return sorted({self.owners[position] for position in positions.tolist()})

    def passage_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The passages that hold some sentence rows."""
        return np.searchsorted(self.rows, rows, side="right").astype(np.int64) - 1


def one_of(column: str, values: Sequence[str]) -> str:
    """A filter on some values of a column of text."""
    return f"{column} IN ({', '.join(_quoted(value) for value in values)})"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class TableVectors(DenseIndex):
    """Vectors of passages, or of sentences, in a table."""

    def __init__(self, table: Any, layout: Layout, *, each_sentence: bool) -> None:
        self._table, self._layout, self._each_sentence = table, layout, each_sentence
        self._indexed = any("vector" in found.columns for found in table.list_indices())

    def __len__(self) -> int:
        return int(self._layout.rows[-1]) if self._each_sentence else len(self._layout.ids)

    @property
    def description(self) -> str:
        """Which LanceDB search this is."""
        if self._indexed:
            return f"LanceDB IVF_SQ, {PROBES} lists a search, best {REFINE}k ranked again ({len(self)} vectors)"
        return f"LanceDB, exact ({len(self)} vectors)"

    def save(self, path: Path) -> None:
        """Raises: TypeError: a table is no file."""
        raise TypeError(f"vectors in a table cannot be written to '{path}'; publish the index from its folder")

    def vectors(self, first: int = 0, last: int | None = None) -> Embeddings:
        """The vectors at positions [first, last), all by default, shape (n, dim)."""
        places = np.arange(first, len(self) if last is None else last)
        passages = np.unique(self._layout.passage_of(places)) if self._each_sentence else places
        ids = [self._layout.ids[passage] for passage in passages.tolist()]
        columns = ["chunk_id", *self._number, "vector"]
        found = self._table.search().where(one_of("chunk_id", ids)).select(columns).limit(None).to_arrow()
        values = np.stack(found["vector"].to_numpy(zero_copy_only=False))
        at = self._places(found)
        order = np.argsort(at)
        return np.asarray(values[order][np.isin(at[order], places)], np.float32)

    def search(self, vector: npt.NDArray[np.float32], k: int, *, allowed: npt.NDArray[np.int64] | None = None) -> Found:
        """The k nearest positions of one vector of shape (dim,), only `allowed`, all of some documents, if given."""
        if not np.isfinite(vector).all():
            raise ValueError("the vector that is searched for holds values that are not finite")
        if allowed is not None and not len(allowed):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        query = self._table.search(vector).distance_type("dot").limit(min(k, len(self)))
        if self._indexed:
            query = query.nprobes(PROBES).refine_factor(REFINE)
        if allowed is not None:
            passages = self._layout.passage_of(allowed) if self._each_sentence else allowed
            query = query.where(one_of("doc_id", self._layout.documents(passages)), prefilter=True)
        found = query.select(["chunk_id", *self._number, "_distance"]).to_arrow()
        return _ranked(self._places(found), 1 - found["_distance"].to_numpy())

    @property
    def _number(self) -> list[str]:
        return ["number"] if self._each_sentence else []

    def _places(self, found: Any) -> npt.NDArray[np.int64]:
        passages = np.array([self._layout.positions[chunk] for chunk in found["chunk_id"].to_pylist()], np.int64)
        return self._layout.rows[passages] + found["number"].to_numpy() if self._each_sentence else passages


class TableWords(LexicalIndex):
    """The stems of passages in a table; BM25 is LanceDB's, with its usual constants."""

    def __init__(self, table: Any, layout: Layout) -> None:
        self._table, self._layout = table, layout

    def save(self, folder: Path) -> None:
        """Raises: TypeError: a table is no file."""
        raise TypeError(f"words in a table cannot be written to '{folder}'; publish the index from its folder")

    def search(self, question: str, k: int, *, allowed: npt.NDArray[np.int64] | None = None) -> Found:
        """The k best positions for a question, only `allowed` positions, of whole documents, if given."""
        from lancedb.query import MatchQuery

        stems = stems_of([question])[0]
        if not stems or (allowed is not None and not len(allowed)):
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        match: Any = MatchQuery
        query = self._table.search(match(" ".join(stems), "stems"), query_type="fts").limit(k)
        if allowed is not None:
            query = query.where(one_of("doc_id", self._layout.documents(allowed)), prefilter=True)
        found = query.select(["chunk_id", "_score"]).to_arrow()
        positions = np.array([self._layout.positions[chunk] for chunk in found["chunk_id"].to_pylist()], np.int64)
        return _ranked(positions, found["_score"].to_numpy())

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """The BM25 score of every text, shape (n,)."""
        scores = np.zeros(len(self._layout.ids), np.float32)
        positions, found = self.search(question, max(len(scores), 1))
        scores[positions] = found
        return scores


@dataclass(frozen=True, slots=True)
class TableTokens(TokenStore):
    """Token vectors in a table, fetched by passage; those of the last HELD passages stay in memory."""

    table: Any
    layout: Layout
    held: "OrderedDict[int, tuple[npt.NDArray[np.int8], npt.NDArray[np.int32]]]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(
        cls, table: Any, layout: Layout, projection: Projection, frequencies: npt.NDArray[np.int32]
    ) -> "TableTokens":
        """The tokens of a table of passages."""
        kept = projection.components.shape[1]
        bounds = np.broadcast_to(np.int64(0), int(layout.rows[-1]) + 1)  # only its length is asked for
        nothing = Pieces.of(np.zeros((0, kept), np.int8)), np.zeros(0, np.int32)
        return cls(*nothing, bounds, projection, frequencies, table, layout)

    def similarities(self, question: Embeddings, ranges: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """The best cosine of each question token in each sentence of some passages, named by their sentence rows."""
        passages = self.layout.passage_of(np.asarray(ranges, np.int64)[:, 0]).tolist()
        parts = self._fetched(passages)
        lengths = np.concatenate([part[1] for part in parts])
        bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        tokens = np.concatenate([part[0] for part in parts])
        few = TokenStore(Pieces.of(tokens), self.token_ids, bounds, self.projection, self.frequencies)
        return few.similarities(question, [(0, len(lengths))])

    def _fetched(self, passages: Sequence[int]) -> list[tuple[npt.NDArray[np.int8], npt.NDArray[np.int32]]]:
        with self.lock:
            known = {p: self.held[p] for p in passages if p in self.held}
        missing = [p for p in passages if p not in known]
        if missing:
            chosen = one_of("chunk_id", [self.layout.ids[p] for p in missing])
            rows = self.table.search().where(chosen).select(["chunk_id", "tokens", "lengths"]).limit(None).to_arrow()
            for row in rows.to_pylist():
                tokens = np.frombuffer(row["tokens"], np.int8).reshape(-1, self.vectors.width)
                known[self.layout.positions[row["chunk_id"]]] = tokens, np.frombuffer(row["lengths"], np.int32)
        with self.lock:
            for passage in passages:
                self.held[passage] = known[passage]
                self.held.move_to_end(passage)
            while len(self.held) > HELD:
                self.held.popitem(last=False)
        return [known[passage] for passage in passages]


def _ranked(positions: npt.NDArray[np.int64], scores: npt.NDArray[Any]) -> Found:
    order = np.lexsort((positions, -scores))
    return positions[order], np.asarray(scores[order], np.float32)
