"""The vectors of an index that is being built: those of known passages are taken over, the others encoded."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from qa_bot.encoder import Encoder, PassageText
from qa_bot.index.cuts import divided
from qa_bot.index.encoded import EncodedPassages, Stored
from qa_bot.index.store import Entry, PassageIndex
from qa_bot.lexical import Stems
from qa_bot.links import linked
from qa_bot.pieces import Pieces, write_order, write_piece
from qa_bot.progress import ENCODING, Progress
from qa_bot.tokens import FULL_LIMIT, TOKENS, Projection, TokenStore, dequantise, quantise, sentence_frequencies
from qa_bot.types import Embeddings, Passage, Span

CHUNK = 512  # passages encoded, and kept, at a time
SAMPLE = 100_000  # tokens from which the projection of a large index is fitted
BLOCK = 2**18  # tokens projected at a time

Rows: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of all passages in order, each from the index before (`old`) or encoded now.

    `places[i]` is the position of passage i in the old index, or `-1 - k` if it is the k-th of `fresh`.
    """

    places: npt.NDArray[np.int64]
    fresh: tuple[Stored, ...]
    texts: tuple[str, ...]  # of `fresh`
    old: "Old"

    @classmethod
    def of(
        cls,
        entries: Sequence[Entry],
        encoder: Encoder,
        before: PassageIndex | None,
        old: "Old",
        folder: Path,
        progress: Progress | None,
    ) -> "Vectors":
        """The vectors of the passages of some documents; what is encoded for them is kept in the folder meanwhile."""
        edition = f"{encoder.fingerprint}{old.projection.mean.tobytes()!r}{old.projection.components.tobytes()!r}"
        kept = EncodedPassages(folder, hashlib.sha256(edition.encode()).hexdigest()[:16])
        places, wanted = _places(entries, before)
        fresh = _encoded(wanted, encoder, old.projection, kept, progress)
        return cls(places, tuple(fresh), tuple(passage.text for passage in wanted), old)

    @property
    def encoded(self) -> int:
        """How many passages the index before did not hold."""
        return len(self.fresh)

    def stems(self) -> Stems:
        """The stems of all passages."""
        return self.old.stems.with_fresh(self.places, Stems.of(self.texts))

    def passages(self) -> Embeddings:
        """One vector a passage, shape (n_passages, dim)."""
        edges = np.arange(len(self.old.passages) + 1)
        return np.concatenate(list(self._slices(self.old.passages, edges, [s.vector[None] for s in self.fresh])))

    def sentences(self) -> Embeddings:
        """One vector a sentence, shape (n_sentences, dim)."""
        return np.concatenate(list(self._slices(self.old.sentences, self.old.rows, [s.sentences for s in self.fresh])))

    def tokens(self, folder: Path, vocabulary: int) -> TokenStore:
        """All token vectors, written into a folder; on fewer dimensions once there are more than FULL_LIMIT."""
        old, edges = self.old, self.old.edges
        counts = list(self._slices(np.diff(old.tokens.bounds), old.rows, [np.diff(s.bounds) for s in self.fresh]))
        bounds = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        ids = np.concatenate(list(self._slices(old.tokens.token_ids, edges, [s.token_ids for s in self.fresh])))
        fresh = [np.array([len(s.tokens)]) for s in self.fresh]
        sizes = np.concatenate(list(self._slices(np.diff(edges), np.arange(len(edges)), fresh)))
        projection = self._projection(len(ids))
        smaller = None if projection is old.projection else projection
        pieces = self._pieces(folder / TOKENS, divided(ids, sizes), smaller)
        return TokenStore(pieces, ids, bounds, projection, self._frequencies(ids, bounds, vocabulary))

    def _pieces(self, folder: Path, ranges: Sequence[tuple[int, int]], smaller: Projection | None) -> Pieces:
        """The token vectors of ranges of passages, a file each; one that the old index has is shared with it."""
        folder.mkdir()
        held = {} if smaller else self.old.pieces()
        files = []
        for first, last in ranges:
            place, size = next(self._runs(first, last))
            source = held.get((place, place + size)) if size == last - first else None
            files.append(linked(source, folder) if source else self._piece(folder, first, last, smaller))
        write_order(folder, files)
        return Pieces.open(folder)

    def _piece(self, folder: Path, first: int, last: int, smaller: Projection | None) -> Path:
        parts = list(self._parts(first, last))
        width = smaller.components.shape[1] if smaller else self.old.tokens.vectors.width
        return write_piece(folder, _blocks(parts, smaller), (sum(map(len, parts)), width))

    def _parts(self, first: int, last: int) -> Iterator[npt.NDArray[np.int8]]:
        """The token vectors of the passages [first, last) as they are kept. Raises: IndexDamagedError."""
        edges, vectors = self.old.edges, self.old.tokens.vectors
        for place, size in self._runs(first, last):
            if place < 0:
                yield self.fresh[-1 - place].tokens
            else:
                vectors.verify(int(edges[place]), int(edges[place + size]))
                yield from vectors.views(int(edges[place]), int(edges[place + size]))

    def _slices(self, old: Rows, edges: npt.NDArray[np.int64], fresh: Sequence[Rows]) -> Iterator[Rows]:
        """The rows of all passages in order; passage i of the old index has the rows `[edges[i], edges[i + 1])`."""
        old = np.asarray(old)  # a slice of a memmap takes ten times as long
        for place, size in self._runs(0, len(self.places)):
            yield fresh[-1 - place] if place < 0 else old[edges[place] : edges[place + size]]

    def _runs(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The passages [first, last) as runs that follow each other in the old index, too: place and length."""
        places = self.places[first:last]
        joins = (places[1:] < 0) | (places[:-1] < 0) | (np.diff(places) != 1)
        for start, end in pairwise([0, *(np.flatnonzero(joins) + 1).tolist(), len(places)]):
            yield int(places[start]), end - start

    def _projection(self, size: int) -> Projection:
        if not self.old.projection.is_identity or size <= FULL_LIMIT:
            return self.old.projection
        step = 1 + size // SAMPLE
        return Projection.fit(dequantise(np.concatenate([p[::step] for p in self._parts(0, len(self.places))])))

    def _frequencies(
        self, ids: npt.NDArray[np.int32], bounds: npt.NDArray[np.int64], vocabulary: int
    ) -> npt.NDArray[np.int32]:
        """In how many sentences each token occurs: counted anew, or corrected where little has changed."""
        uses = np.bincount(self.places[self.places >= 0], minlength=len(self.old.passages)) - 1
        changed = np.flatnonzero(uses)
        if (len(changed) + len(self.fresh)) * 4 > len(self.places) or len(self.old.frequencies) != vocabulary:
            return sentence_frequencies(ids, bounds, vocabulary)
        found = self.old.frequencies.copy()
        store, rows = self.old.tokens, self.old.rows
        for place in changed:
            of_passage = store.bounds[rows[place] : rows[place + 1] + 1]
            part = store.token_ids[of_passage[0] : of_passage[-1]]
            found += uses[place].astype(np.int32) * sentence_frequencies(part, of_passage - of_passage[0], vocabulary)
        for place, times in zip(*np.unique(self.places[self.places < 0], return_counts=True), strict=True):
            stored = self.fresh[-1 - place]
            found += np.int32(times) * sentence_frequencies(stored.token_ids, stored.bounds, vocabulary)
        return found


@dataclass(frozen=True, slots=True)
class Old:
    """What the index before holds, as arrays.

    Passage i has the sentence rows `[rows[i], rows[i + 1])` and the tokens `[edges[i], edges[i + 1])`.
    """

    passages: Embeddings
    sentences: Embeddings
    rows: npt.NDArray[np.int64]
    tokens: TokenStore
    edges: npt.NDArray[np.int64]
    stems: Stems

    @classmethod
    def of(cls, index: PassageIndex) -> "Old":
        """The arrays of an index."""
        rows, tokens = index.rows, index.tokens
        edges = np.asarray(tokens.bounds)[rows]
        return cls(index.dense.vectors(), index.sentences.vectors(), rows, tokens, edges, index.lexical.stems)

    @classmethod
    def nothing(cls, dim: int) -> "Old":
        """Where there is no index before."""
        none, edge = np.zeros((0, dim), np.float32), np.zeros(1, np.int64)
        tokens, ids = Pieces.of(np.zeros((0, dim), np.int8)), np.zeros(0, np.int32)
        return cls(none, none, edge, TokenStore(tokens, ids, edge, Projection.identity(dim), ids), edge, Stems.of(()))

    def pieces(self) -> dict[tuple[int, int], Path]:
        """The files of its token vectors, by the range of passages that each holds."""
        borders = np.searchsorted(self.edges, self.tokens.vectors.starts).tolist()
        return dict(zip(pairwise(borders), self.tokens.vectors.files, strict=False))

    @property
    def projection(self) -> Projection:
        """The projection of its tokens."""
        return self.tokens.projection

    @property
    def frequencies(self) -> npt.NDArray[np.int32]:
        """In how many of its sentences each token occurs."""
        return self.tokens.frequencies


def forget(folder: Path) -> None:
    """Drop what is kept of an index that is being built: it is published."""
    EncodedPassages(folder, "").drop()


def _places(entries: Sequence[Entry], before: PassageIndex | None) -> tuple[npt.NDArray[np.int64], list[PassageText]]:
    """Where the index before holds each passage, -1 - k for the k-th of those that it does not hold, and these."""
    held = before.entries if before else ()
    counts = [len(entry.outline.passages) for entry in held]
    firsts = dict(zip(map(id, held), accumulate(counts, initial=0), strict=False))
    texts = ((entry, p) for entry in held for p in entry.outline.passages)
    by_text = {p.span.of(entry.document.text): (place, entry, p) for place, (entry, p) in enumerate(texts)}
    places: list[int] = []
    wanted: dict[PassageText, int] = {}
    for entry in entries:
        if (first := firsts.get(id(entry))) is not None:  # taken over whole
            places += range(first, first + len(entry.outline.passages))
            continue
        for passage in entry.outline.passages:
            new = _passage_text(entry, passage)
            old = by_text.get(new.text)
            same = old and _passage_text(old[1], old[2]) == new
            places.append(old[0] if old and same else -1 - wanted.setdefault(new, len(wanted)))
    return np.array(places, np.int64), list(wanted)


def _passage_text(entry: Entry, passage: Passage) -> PassageText:
    """What decides the vectors of a passage: its words, and where its sentences stand."""
    start = passage.span.start
    sentences = entry.outline.sentences[passage.first : passage.last]
    spans = tuple(Span(s.span.start - start, s.span.end - start) for s in sentences)
    return PassageText(passage.span.of(entry.document.text), spans)


def _digest(passage: PassageText) -> str:
    spans = [(span.start, span.end) for span in passage.sentences]
    return hashlib.sha256(f"{spans}{passage.text}".encode()).hexdigest()


def _encoded(
    wanted: Sequence[PassageText],
    encoder: Encoder,
    projection: Projection,
    kept: EncodedPassages,
    progress: Progress | None,
) -> list[Stored]:
    """The stored form of some passages, in their order; a chunk at a time is encoded and kept."""
    found = kept.load() if wanted else {}
    digests = {passage: _digest(passage) for passage in wanted}
    missing = [passage for passage in wanted if digests[passage] not in found]
    done = len(wanted) - len(missing)

    def tick(passages: int) -> None:
        nonlocal done
        done += passages
        if progress:
            progress(ENCODING, done, len(wanted))

    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        encoded = encoder.encode_passages(chunk, tick)
        stored = {
            digests[passage]: Stored(e.vector, e.sentences, quantise(projection.apply(e.tokens)), e.token_ids, e.bounds)
            for passage, e in zip(chunk, encoded, strict=True)
        }
        kept.keep(stored)
        found |= stored
    return [found[digests[passage]] for passage in wanted]


def _blocks(parts: Iterable[npt.NDArray[np.int8]], smaller: Projection | None) -> Iterator[npt.NDArray[np.int8]]:
    """Rows as they are written, a block at a time, so that they never are in memory all at once."""
    for part in parts:
        for start in range(0, len(part), BLOCK):
            block = part[start : start + BLOCK]
            yield quantise(smaller.apply(dequantise(block))) if smaller else block
