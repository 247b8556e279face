"""BM25 (Robertson et al., TREC-3) over Snowball stems, by bm25s."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError
from qa_bot.mapping import mapped, one_header, rows_of

NO_WORDS = "nowordsatall"
_WORD = re.compile(r"\b\w\w+\b")  # as bm25s has it
WORDS, IDS, BOUNDS = "words.json", "ids.npy", "bounds.npy"  # files of the stems


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of texts, stop words left out: those of text i are `ids[bounds[i] : bounds[i + 1]]`.

    An id is a place in `words`, which are in the order of their first use.
    """

    words: tuple[str, ...]
    ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Stems":
        """The stems of some texts."""
        import bm25s

        if not texts:
            return cls((), np.zeros(0, np.int32), np.zeros(1, np.int64))
        found = bm25s.tokenize([plain(text) for text in texts], stopwords="en", stemmer=_stemmer(), show_progress=False)
        words = sorted(found.vocab, key=found.vocab.__getitem__)
        ids = np.fromiter(chain.from_iterable(found.ids), np.int32)
        return _tidy(words, ids, np.cumsum([0, *map(len, found.ids)]).astype(np.int64))

    def with_fresh(self, places: npt.NDArray[np.int64], fresh: "Stems") -> "Stems":
        """The stems of the texts at some places, of which -1 - k is text k of `fresh`."""
        known = {word: i for i, word in enumerate(self.words)}
        words = [*self.words, *(word for word in fresh.words if word not in known)]
        known |= {word: i for i, word in enumerate(words[len(self.words) :], len(self.words))}
        renumbered = np.array([known[word] for word in fresh.words], np.int32)[fresh.ids]
        ids = np.concatenate([self.ids, renumbered])
        bounds = np.concatenate([self.bounds, fresh.bounds[1:] + self.bounds[-1]])
        chosen = np.where(places < 0, len(self.bounds) - 2 - places, places)
        firsts, lasts = bounds[chosen], bounds[chosen + 1]
        return _tidy(words, ids[rows_of(firsts, lasts)], np.cumsum([0, *(lasts - firsts)]).astype(np.int64))


class LexicalIndex:
    """Texts by position; search returns positions and BM25 scores above zero, best first, ties by position."""

    def __init__(self, index: Any, size: int, stems: Stems) -> None:
        self._index, self._size, self.stems = index, size, stems

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index texts in the order given."""
        return cls.of(Stems.of(texts))

    @classmethod
    def of(cls, stems: Stems) -> "LexicalIndex":
        """Index texts of which the stems are known."""
        import bm25s

        index, size = bm25s.BM25(method="lucene"), len(stems.bounds) - 1
        searched = stems if len(stems.ids) else Stems.of([NO_WORDS] * size)  # bm25s cannot index texts without a word
        ids = searched.ids.tolist()
        texts = [ids[first:last] for first, last in pairwise(searched.bounds.tolist())]
        index.index((texts, {word: i for i, word in enumerate(searched.words)}), show_progress=False)
        return cls(index, size, stems)

    @classmethod
    def load(cls, folder: Path, size: int) -> "LexicalIndex":
        """Map an index that `save` wrote into memory.

        Raises: IndexDamagedError: the folder does not hold one.
        """
        import bm25s

        try:
            with one_header:
                index = bm25s.BM25.load(folder, mmap=True)
            words = tuple(json.loads((folder / WORDS).read_bytes()))
            return cls(index, size, Stems(words, mapped(folder / IDS), mapped(folder / BOUNDS)))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise IndexDamagedError(folder, "bm25s cannot read it") from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        self._index.save(folder, show_progress=False)
        (folder / WORDS).write_text(json.dumps(self.stems.words), encoding="utf-8")
        np.save(folder / IDS, self.stems.ids)
        np.save(folder / BOUNDS, self.stems.bounds)

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


def _tidy(words: Sequence[str], ids: npt.NDArray[np.int32], bounds: npt.NDArray[np.int64]) -> Stems:
    """Stems numbered by their first use, those that are not used any longer left out."""
    used, firsts = np.unique(ids, return_index=True)
    order = used[np.argsort(firsts)]
    numbers = np.zeros(len(words), np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    return Stems(tuple(words[i] for i in order), numbers[ids], bounds)


def stems_of(texts: Sequence[str]) -> list[list[str]]:
    """The stems of each text in their order, stop words left out: what of a text is searched.

    They are those of `bm25s.tokenize` for the same text in plain letters; it makes three progress bars for each
    question, shown or not.
    """
    stop, stemmer = _stop_words(), _stemmer()
    return [stemmer.stemWords([w for w in _WORD.findall(plain(text).lower()) if w not in stop]) for text in texts]


def plain(text: str) -> str:
    """A text with its letters and figures as they are typed: "CO₂" is found by "CO2" and "ﬁre" by "fire"."""
    return unicodedata.normalize("NFKC", text)


@cache
def _stop_words() -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN

    return frozenset(STOPWORDS_EN)
