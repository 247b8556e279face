"""Inner-product search over unit vectors (FAISS): exact while that is fast, inverted lists on disk beyond.

Up to FLAT_LIMIT vectors every search compares all of them. A larger index keeps two files, both memory-mapped: inverted
lists of 8-bit codes (IVF, Sivic & Zisserman, ICCV 2003; of which a search reads a part that shrinks as the index
grows), and the vectors themselves in half precision, by which the best candidates are ranked again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError
from qa_bot.mapping import let_go, mapped
from qa_bot.types import Embeddings

FLAT_LIMIT = 100_000  # vectors; up to here an exact search takes a few milliseconds
PROBES = 256  # lists that a search reads
FEW = 2_000_000  # vectors up to which it reads twice as many: the recall of a million passages is .98 instead of .95
CANDIDATES = 2  # times k: candidates that are ranked again by their exact vectors
SPARSE = 20_000  # allowed positions up to which all of them are compared, whatever the index
LISTS = 2.0  # lists are this many square roots of the number of vectors
SAMPLE = 64  # vectors a list that are seen when the lists are made
ROUNDS = 10  # of k-means
BLOCK = 65_536  # vectors added at once

Found: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.floating[Any]]]  # positions, scores


class DenseIndex:
    """Vectors by position; search returns positions and cosine similarities, best first, ties by position.

    `exact` holds the vectors of a large index, half precision, shape (n, dim); a flat index holds its own.
    """

    def __init__(self, index: Any, exact: npt.NDArray[np.float16] | None = None) -> None:
        self._index, self._exact = index, exact

    @classmethod
    def build(cls, vectors: npt.NDArray[np.floating[Any]]) -> "DenseIndex":
        """Index vectors of shape (n, dim), rows of unit length; they may be memory-mapped and are read in blocks."""
        import faiss

        if len(vectors) > FLAT_LIMIT:
            exact = vectors.astype(np.float16, copy=False)
            return cls(_inverted(exact), exact)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        """Map an index that `save` wrote into memory.

        Raises: IndexDamagedError: the file is not one, or its vectors are missing.
        """
        import faiss

        try:
            index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexDamagedError(path, "FAISS cannot read it") from error
        if not hasattr(index, "nlist"):
            return cls(index)
        lists: Any = faiss.downcast_InvertedLists(index.invlists)
        lists.prefetch_nthread = 0  # threads to read ahead cost more than a search
        return cls(index, mapped(path.with_suffix(".npy")))

    def save(self, path: Path) -> None:
        """Write the index to a file, and the vectors of a large one beside it."""
        import faiss

        faiss.write_index(self._index, str(path))
        if self._exact is not None:
            np.save(path.with_suffix(".npy"), self._exact)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def description(self) -> str:
        """Which FAISS index this is, and why."""
        if self._exact is None:
            return f"flat inner product, exact ({len(self)} vectors; exact up to {FLAT_LIMIT})"
        lists = self._index.nlist
        return (
            f"IVF{lists},SQ8 on disk, {self._probes} lists a search, best {CANDIDATES}k ranked again by exact "
            f"vectors ({len(self)} vectors; inverted lists above {FLAT_LIMIT})"
        )

    @property
    def _probes(self) -> int:
        return min(PROBES if len(self) > FEW else 2 * PROBES, int(self._index.nlist))

    def vectors(self, first: int = 0, last: int | None = None) -> Embeddings:
        """The vectors at positions [first, last), all by default, shape (n, dim)."""
        stop = len(self) if last is None else int(last)
        if self._exact is not None:
            return np.asarray(self._exact[int(first) : stop], np.float32)
        return np.asarray(self._index.reconstruct_n(int(first), stop - int(first)), np.float32)

    def search(self, vector: npt.NDArray[np.float32], k: int, *, allowed: npt.NDArray[np.int64] | None = None) -> Found:
        """The k nearest positions of one vector of shape (dim,), only `allowed` positions if given.

        Raises: ValueError: the vector holds values that are not finite.
        """
        if not np.isfinite(vector).all():
            raise ValueError("the vector that is searched for holds values that are not finite")
        if self._exact is None:
            return _ordered(*self._candidates(vector, k, allowed), k)
        if allowed is not None and len(allowed) <= SPARSE:
            candidates = np.unique(allowed)
        else:
            candidates = np.sort(self._candidates(vector, k * CANDIDATES, allowed)[0])
        exact = self._exact[candidates].astype(np.float32)
        let_go(self._exact)
        return _ordered(candidates, exact @ vector, k)

    def _candidates(self, vector: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.int64] | None) -> Found:
        with _on_one_thread():
            scores, positions = self._index.search(vector[None], min(k, len(self)), params=self._parameters(allowed))
        found = positions[0] >= 0
        return positions[0][found], scores[0][found]

    def _parameters(self, allowed: npt.NDArray[np.int64] | None) -> Any:
        """Search parameters: which positions count, and the more lists the fewer of them there are."""
        import faiss

        options: dict[str, Any] = {} if allowed is None else {"sel": _selector(allowed, len(self))}
        if self._exact is not None:
            share = 1.0 if allowed is None else max(len(allowed), 1) / len(self)
            options["nprobe"] = min(self._index.nlist, round(self._probes / share))
            return faiss.SearchParametersIVF(**options)
        return faiss.SearchParameters(**options) if options else None


@contextmanager
def _on_one_thread() -> Iterator[None]:
    """A search is too small to be shared out, and OpenMP asks every thread anew into how many it may."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _inverted(vectors: npt.NDArray[np.float16]) -> Any:
    """Inverted lists of 8-bit residuals, their centres found in two levels (a tenth of the work of one)."""
    import faiss
    from faiss.contrib.clustering import two_level_clustering

    dim, lists = vectors.shape[1], 2 ** round(np.log2(LISTS * np.sqrt(len(vectors))))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim), dim, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    chosen = np.random.default_rng(0).choice(len(vectors), min(len(vectors), SAMPLE * lists), replace=False)
    sample = vectors[np.sort(chosen)].astype(np.float32)
    split: Any = two_level_clustering
    centres, _ = split(sample, round(np.sqrt(lists)), lists, clustering_niter=ROUNDS, spherical=True)
    index.quantizer.add(centres)
    index.train(sample)
    for start in range(0, len(vectors), BLOCK):
        index.add(vectors[start : start + BLOCK].astype(np.float32))
    return index


def _selector(allowed: npt.NDArray[np.int64], size: int) -> Any:
    import faiss

    bits = np.zeros(size, np.bool_)
    bits[allowed] = True
    selector: Any = faiss.IDSelectorBitmap  # FAISS's types do not know that it takes an array
    return selector(np.packbits(bits, bitorder="little"))


def _ordered(positions: npt.NDArray[np.int64], scores: npt.NDArray[np.float32], k: int) -> Found:
    order = np.lexsort((positions, -scores))[:k]
    return positions[order], scores[order]
