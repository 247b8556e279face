"""A passage with everything that is searched of it, and its form as rows of two tables."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qa_bot.index import Entry, PassageIndex
from qa_bot.lexical import stems_of
from qa_bot.types import Embeddings, Passage


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: unit `vector` (dim,), unit `sentences` (n, dim), and `tokens` int8 (m, kept), all in order.

    `lengths` (n,) says how many tokens each sentence has. The id changes whenever any of this does.
    """

    chunk_id: str
    doc_id: str
    text: str
    vector: npt.NDArray[np.float32]
    sentences: Embeddings
    tokens: npt.NDArray[np.int8]
    lengths: npt.NDArray[np.int32]


def chunk_id(entry: Entry, passage: Passage) -> str:
    """The id of a passage and of where its sentences end, by which vectors and tokens are divided."""
    ends = [s.span.end - passage.span.start for s in entry.outline.sentences[passage.first : passage.last]]
    return f"{passage.passage_id}:{hashlib.sha256(repr(ends).encode()).hexdigest()[:8]}"


def chunk_ids(index: PassageIndex) -> list[str]:
    """The id of every passage, by position."""
    return [chunk_id(entry, passage) for entry in index.entries for passage in entry.outline.passages]


def chunks_of(index: PassageIndex, positions: Sequence[int], ids: Sequence[str]) -> Iterator[Chunk]:
    """The chunks at some positions of an index that holds its own arrays; `ids` are those of all positions."""
    store, rows = index.tokens, index.rows
    for position in positions:
        passage = index.passages[position]
        first, last = int(rows[position]), int(rows[position + 1])
        bounds = store.bounds[first : last + 1]
        yield Chunk(
            ids[position],
            passage.doc_id,
            passage.span.of(index.entry(passage.doc_id).document.text),
            index.dense.vectors(position, position + 1)[0],
            index.sentences.vectors(first, last),
            store.vectors.rows(bounds[:1], bounds[-1:]),
            np.diff(bounds).astype(np.int32),
        )


def passage_rows(chunks: Sequence[Chunk]) -> pa.Table:
    """One row a chunk; `stems` are the words of our own analysis, so that every engine finds the same ones."""
    stems = stems_of([chunk.text for chunk in chunks])
    return pa.table(
        {
            "chunk_id": pa.array([chunk.chunk_id for chunk in chunks]),
            "doc_id": pa.array([chunk.doc_id for chunk in chunks]),
            "stems": pa.array([" ".join(words) for words in stems]),
            "vector": _vectors(np.stack([chunk.vector for chunk in chunks])),
            "tokens": pa.array([chunk.tokens.tobytes() for chunk in chunks], pa.large_binary()),
            "lengths": pa.array([chunk.lengths.tobytes() for chunk in chunks], pa.binary()),
        }
    )


def sentence_rows(chunks: Sequence[Chunk]) -> pa.Table:
    """One row a sentence, numbered within its chunk."""
    owners = [chunk for chunk in chunks for _ in chunk.sentences]
    return pa.table(
        {
            "chunk_id": pa.array([chunk.chunk_id for chunk in owners]),
            "doc_id": pa.array([chunk.doc_id for chunk in owners]),
            "number": pa.array([n for chunk in chunks for n in range(len(chunk.sentences))], pa.int32()),
            "vector": _vectors(np.concatenate([chunk.sentences for chunk in chunks])),
        }
    )


def _vectors(rows: Embeddings) -> Any:
    values = pa.array(np.ascontiguousarray(rows, np.float32).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(values, rows.shape[1])
