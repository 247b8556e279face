"""BM25 (Robertson et al., TREC-3) over Snowball stems, by bm25s."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError

NO_WORDS = "nowordsatall"


class LexicalIndex:
    """Texts by position; search returns positions and BM25 scores above zero, best first, ties by position."""

    def __init__(self, index: Any, size: int) -> None:
        self._index, self._size = index, size

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index texts in the order given."""
        import bm25s

        index = bm25s.BM25(method="lucene")
        stems = _stems(texts)
        if not any(stems.ids):  # bm25s cannot index texts without a single word
            stems = _stems([NO_WORDS] * len(texts))
        index.index(stems, show_progress=False)
        return cls(index, len(texts))

    @classmethod
    def load(cls, folder: Path, size: int) -> "LexicalIndex":
        """Map an index that `save` wrote into memory.

        Raises: IndexDamagedError: the folder does not hold one.
        """
        import bm25s

        try:
            return cls(bm25s.BM25.load(folder, mmap=True), size)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise IndexDamagedError(folder, "bm25s cannot read it") from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        self._index.save(folder, show_progress=False)

    def search(
        self, question: str, k: int, *, allowed: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The k best positions for a question, only `allowed` positions if given."""
        scores = self.scores(question)
        positions = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
        found = scores[positions]
        if len(found) > k:  # sorting all of a large index takes longer than scoring it
            least = np.partition(found, len(found) - k)[len(found) - k]
            positions, found = positions[found >= least], found[found >= least]
        order = np.lexsort((positions, -found))[:k]
        return positions[order].astype(np.int64), found[order]

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """The BM25 score of every text, shape (n,)."""
        known = [t for t in stems_of([question])[0] if t in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def _stems(texts: Sequence[str]) -> Any:
    import bm25s

    return bm25s.tokenize(list(texts), stopwords="en", stemmer=_stemmer(), show_progress=False)


def stems_of(texts: Sequence[str]) -> list[list[str]]:
    """The stems of each text in their order, stop words left out: what of a text is searched."""
    import bm25s

    tokens = bm25s.tokenize(list(texts), stopwords="en", stemmer=_stemmer(), show_progress=False, return_ids=False)
    return [list(words) for words in tokens]
