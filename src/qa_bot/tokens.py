"""Token vectors of every sentence in int8, memory-mapped, and late interaction over them.

Late interaction is the MaxSim of ColBERT (Khattab & Zaharia, SIGIR 2020), here with each question token weighted by
its inverse document frequency. Up to FULL_LIMIT tokens all dimensions are kept (39 KB a 100-token passage of
MiniLM); a larger index is centred and projected on 128 principal components (13 KB), which costs some precision
where all documents are about one thing (docs/decisions.md).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_bot.inference import ALL_CORES, Session
from qa_bot.mapping import mapped, rows_of
from qa_bot.pieces import Pieces
from qa_bot.types import Embeddings

DIMENSIONS = 128  # of the vectors of a large index
FULL_LIMIT = 1_000_000  # tokens up to which all dimensions are kept
PRODUCT = Path(__file__).with_name("product.onnx")  # one operator: a product of uint8 and int8 matrices
BLOCK = 65_536  # sentences counted at once
_SCALE = 127.0
_SEVEN_BITS = 63.0
_SHIFT = 128  # int8 with its first bit turned over is uint8, this much higher
TOKENS = "tokens"  # the folder of the vectors, by far the largest part
_FILES = ("token_ids", "bounds", "mean", "components", "frequencies")


@dataclass(frozen=True)
class Projection:
    """A centred linear map to unit rows: `mean` (dim,), `components` (dim, kept)."""

    mean: npt.NDArray[np.float32]
    components: npt.NDArray[np.float32]

    @classmethod
    def identity(cls, dim: int) -> "Projection":
        """The map that keeps every vector as it is."""
        return cls(np.zeros(dim, np.float32), np.eye(dim, dtype=np.float32))

    @cached_property
    def is_identity(self) -> bool:
        """Whether every vector is kept as it is."""
        rows, columns = self.components.shape
        ones = bool((self.components.diagonal() == 1).all())
        return rows == columns and ones and int(np.count_nonzero(self.components)) == rows

    @classmethod
    def fit(cls, vectors: Embeddings) -> "Projection":
        """The first DIMENSIONS principal components of vectors of shape (n, dim)."""
        mean = vectors.mean(0)
        centred = (vectors - mean).astype(np.float64)
        values, basis = np.linalg.eigh(centred.T @ centred)
        kept = basis[:, np.argsort(-values, kind="stable")[:DIMENSIONS]]
        signs = np.sign(kept[np.abs(kept).argmax(0), np.arange(kept.shape[1])])  # a sign of its own for every axis
        return cls(mean.astype(np.float32), (kept * signs).astype(np.float32))

    def apply(self, vectors: Embeddings) -> Embeddings:
        """Project vectors of shape (n, dim), unit rows, to unit rows of shape (n, kept)."""
        if self.is_identity:
            return vectors
        rows = (vectors - self.mean) @ self.components
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


@dataclass(frozen=True, slots=True)
class TokenStore:
    """Token vectors of all sentences one after another.

    `vectors` rows (n_tokens, kept); `token_ids` int32 (n_tokens,); `bounds` int64 (n_sentences + 1,) says which
    tokens a sentence holds; `frequencies` int32 (vocabulary,) in how many sentences a token id occurs.
    """

    vectors: Pieces
    token_ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]
    projection: Projection
    frequencies: npt.NDArray[np.int32]

    def idf(self, token_ids: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Inverse document frequency of token ids over sentences (Robertson-Sparck Jones, never negative)."""
        n = len(self.bounds) - 1
        df = np.asarray(self.frequencies)[token_ids]  # a memmap's own way takes longer
        return np.log1p((n - df + 0.5) / (df + 0.5)).astype(np.float32)

    def similarities(self, question: Embeddings, ranges: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """The best cosine of each question token in each sentence of some ranges [first, last) of sentences.

        `ranges` has the shape (n, 2); `question` holds projected unit rows. A sentence without tokens scores zero.
        Returns: shape (sentences of all ranges in order, n_question).
        """
        firsts, lasts = np.asarray(ranges, np.int64).T
        bounds = np.asarray(self.bounds)  # a memmap's own way takes longer
        levels, scales = _seven_bits(question)
        rows = _unsigned(self.vectors.rows(bounds[firsts], bounds[lasts]))
        block = _product().run({"rows": rows, "columns": levels})["products"]
        sentences = rows_of(firsts, lasts)
        lengths = bounds[sentences + 1] - bounds[sentences]
        best = np.zeros((len(lengths), len(question)), np.float32)
        filled = np.flatnonzero(lengths)
        if len(filled):
            largest = np.maximum.reduceat(block, (np.cumsum(lengths) - lengths)[filled], axis=0)
            best[filled] = (largest - _SHIFT * levels.sum(0, dtype=np.int32)) * (scales / _SCALE)
        return best

    def save(self, folder: Path) -> None:
        """Write the arrays into a folder; the vectors may be in it already."""
        if not self.vectors.files or self.vectors.files[0].parent != folder / TOKENS:
            self.vectors.save(folder / TOKENS)
        for name in _FILES:
            array = getattr(self, name) if name not in ("mean", "components") else getattr(self.projection, name)
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def load(cls, folder: Path) -> "TokenStore":
        """Map the arrays of a folder into memory.

        Raises: IndexDamagedError: a file is not an array.
        """
        arrays = {}
        for name in _FILES:
            arrays[name] = mapped(folder / f"{name}.npy")
        projection = Projection(np.array(arrays.pop("mean")), np.array(arrays.pop("components")))
        return cls(Pieces.open(folder / TOKENS), **arrays, projection=projection)


def _unsigned(tokens: npt.NDArray[np.int8]) -> npt.NDArray[np.uint8]:
    """The same numbers, each _SHIFT higher, in the same memory: what processors multiply fastest with signed ones."""
    found = tokens.view(np.uint8)
    found ^= np.uint8(_SHIFT)
    return found


def _seven_bits(question: Embeddings) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """A question's vectors in whole numbers, shape (dim, n_question), and what one of each is worth.

    With seven bits no sum of two products overflows on any processor, so that scores are the same on all.
    """
    scales = np.maximum(np.abs(question).max(axis=1), 1e-12) / _SEVEN_BITS
    return np.ascontiguousarray(np.rint(question / scales[:, None]).astype(np.int8).T), scales


@cache
def _product() -> Session:
    return Session(PRODUCT, threads=ALL_CORES)


def quantise(vectors: Embeddings) -> npt.NDArray[np.int8]:
    """Unit rows → int8, the largest error 1/254 a component."""
    return np.asarray(np.rint(vectors * _SCALE), np.int8)


def dequantise(vectors: npt.NDArray[np.int8]) -> Embeddings:
    """int8 → unit rows, as near as they were stored."""
    rows = np.asarray(vectors, np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


def sentence_frequencies(
    token_ids: npt.NDArray[np.int32], bounds: npt.NDArray[np.int64], vocabulary: int
) -> npt.NDArray[np.int32]:
    """In how many sentences each token id occurs, shape (vocabulary,)."""
    found = np.zeros(vocabulary, np.int32)
    for first in range(0, len(bounds) - 1, BLOCK):
        last = min(first + BLOCK, len(bounds) - 1)
        sentences = np.repeat(np.arange(last - first), np.diff(bounds[first : last + 1]))
        pairs = np.unique(sentences * vocabulary + token_ids[bounds[first] : bounds[last]])
        found += np.bincount(pairs % vocabulary, minlength=vocabulary).astype(np.int32)
    return found
