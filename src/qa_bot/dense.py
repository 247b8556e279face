"""Exact inner-product search over unit vectors (FAISS)."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError
from qa_bot.types import Embeddings

FLAT_LIMIT = 100_000  # vectors; up to here an exact search takes a few milliseconds


class DenseIndex:
    """Vectors by position; search returns positions and cosine similarities, best first, ties by position."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Embeddings) -> "DenseIndex":
        """Index vectors of shape (n, dim), rows of unit length."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        """Read an index that `save` wrote.

        Raises: IndexDamagedError: the file is not one.
        """
        import faiss

        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise IndexDamagedError(path, "FAISS cannot read it") from error

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def description(self) -> str:
        """Which FAISS index this is, and why."""
        return f"flat inner product, exact ({len(self)} vectors; exact up to {FLAT_LIMIT})"

    def vectors(self, first: int = 0, last: int | None = None) -> Embeddings:
        """The vectors at positions [first, last), all by default, shape (n, dim)."""
        stop = len(self) if last is None else int(last)
        return np.asarray(self._index.reconstruct_n(int(first), stop - int(first)), np.float32)

    def search(
        self, vector: npt.NDArray[np.float32], k: int, *, allowed: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The k nearest positions of one vector of shape (dim,), only `allowed` positions if given."""
        import faiss

        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters()
            parameters.sel = faiss.IDSelectorBatch(allowed)
        scores, positions = self._index.search(vector[None], min(k, len(self)), params=parameters)
        found = positions[0] >= 0
        order = np.lexsort((positions[0][found], -scores[0][found]))
        return positions[0][found][order], scores[0][found][order]
