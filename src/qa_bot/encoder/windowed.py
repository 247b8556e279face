"""Passages and questions → vectors, by any model that turns token ids into vectors.

A token's vector is the mean of two: in the context of its passage and in its sentence alone. The first knows what a
pronoun stands for, the second is not blurred by the neighbours; together they rank better than either at the same
size (docs/decisions.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from qa_bot.encoder.vectors import EncodedPassage, EncodedQuestion, PassageText, Tick
from qa_bot.types import Embeddings

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH = 32  # texts in one forward pass
BATCH_TOKENS = 4_096  # and tokens, padding among them: bounds the memory of attention over long texts

Ids: TypeAlias = npt.NDArray[np.int64]  # (n_texts, length)


class Model(Protocol):
    """A transformer with its pooling; may be called from several threads."""

    def forward(self, ids: Ids, mask: Ids) -> tuple[Embeddings, npt.NDArray[np.float32]]:
        """Vectors of texts (n_texts, dim) and of their tokens (n_texts, length, dim), of any length.

        `mask` is 1 where `ids` holds a token and 0 where it is padded.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model's name and fingerprint, the size of its vectors and vocabulary, its window in tokens, its padding id."""

    name: str
    fingerprint: str
    dim: int
    vocabulary: int
    window: int
    padding: int


class WindowedEncoder:
    """An encoder made of a tokenizer and a model; texts longer than the model's window are read in several."""

    def __init__(self, card: ModelCard, tokenizer: "Tokenizer", model: Model) -> None:
        self.card = card
        self.name, self.fingerprint = card.name, card.fingerprint
        self.dim, self.vocabulary = card.dim, card.vocabulary
        tokenizer.enable_truncation(card.window, stride=0)
        self.model = model
        self._tokenizer = tokenizer

    def encode_passages(self, passages: Sequence[PassageText], tick: Tick | None = None) -> list[EncodedPassage]:
        """Encode passages, one result each in the order given, batched by length; `tick` is told the progress."""
        texts = [text for p in passages for text in (p.text, *_alone(p))]
        owner = [i for i, p in enumerate(passages) for _ in range(1 + len(_alone(p)))]
        encoded = iter(self._encode(texts, owner, tick))
        return [_join(p, next(encoded), [next(encoded) for _ in _alone(p)]) for p in passages]

    def encode_question(self, question: str) -> EncodedQuestion:
        """Encode one question; what exceeds the model's window is left out."""
        window = next(self._windows(0, question))
        ((vector, tokens),) = self._forward([window])
        return EncodedQuestion(vector, tokens[window.content], window.ids[window.content].astype(np.int32))

    def token_ids(self, text: str) -> npt.NDArray[np.int32]:
        """The tokens of a short text, special tokens left out; what exceeds the model's window is left out, too."""
        window = next(self._windows(0, text))
        return window.ids[window.content].astype(np.int32)

    def input_ids(self, question: str) -> Ids:
        """What the model is given for a question, special tokens among it, shape (1, length)."""
        return next(self._windows(0, question)).ids[None]

    def words(self) -> list[str]:
        """The whole alphabetic words of the model's vocabulary, sorted."""
        return sorted(word for word in self._tokenizer.get_vocab() if word.isalpha() and len(word) > 1)

    def _encode(self, texts: Sequence[str], owner: Sequence[int], tick: Tick | None) -> list["_Encoded"]:
        """Encode texts of any length; `owner` is non-decreasing and says which passage a text belongs to."""
        windows = [window for i, text in enumerate(texts) for window in self._windows(i, text)]
        windows.sort(key=lambda w: (-len(w.ids), w.text, w.start))
        left = np.bincount([owner[w.text] for w in windows], minlength=1)
        found: list[list[tuple[_Window, npt.NDArray[np.float32], Embeddings]]] = [[] for _ in texts]
        for batch in _batches(windows):
            for window, (vector, tokens) in zip(batch, self._forward(batch), strict=True):
                found[window.text].append((window, vector, tokens))
                left[owner[window.text]] -= 1
            if tick:
                tick(sum(1 for passage in {owner[w.text] for w in batch} if left[passage] == 0))
        return [_whole(sorted(parts, key=lambda part: part[0].start)) for parts in found]

    def _windows(self, number: int, text: str) -> Iterator["_Window"]:
        encoding = self._tokenizer.encode(text)
        for part in (encoding, *encoding.overflowing):
            content = ~np.array(part.special_tokens_mask, bool)
            starts = np.array([start for start, _ in part.offsets], np.int64)
            yield _Window(number, np.array(part.ids, np.int64), starts, content)

    def _forward(self, windows: Sequence["_Window"]) -> list[tuple[npt.NDArray[np.float32], Embeddings]]:
        lengths = [len(window.ids) for window in windows]
        ids = np.full((len(windows), max(lengths)), self.card.padding, np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        vectors, tokens = self.model.forward(ids, mask)
        return [(v, unit(t[:length])) for v, t, length in zip(unit(vectors), tokens, lengths, strict=True)]


@dataclass(frozen=True, slots=True)
class _Window:
    """A run of a text's tokens that fits the model: where each begins in the text; `content` masks special tokens."""

    text: int
    ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    content: npt.NDArray[np.bool_]

    @property
    def start(self) -> int:
        return int(self.starts[self.content][0]) if self.content.any() else 0


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One text: its vector, its content tokens' vectors and ids, and where each begins in the text."""

    vector: npt.NDArray[np.float32]
    tokens: Embeddings
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]


def unit(rows: npt.NDArray[np.float32]) -> Embeddings:
    """Rows scaled to length one; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)


def _batches(windows: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """Runs of windows, which come longest first, that fit BATCH and BATCH_TOKENS."""
    start = 0
    while start < len(windows):
        size = max(1, min(BATCH, BATCH_TOKENS // max(1, len(windows[start].ids))))
        yield windows[start : start + size]
        start += size


def _alone(passage: PassageText) -> list[str]:
    """The sentences to encode by themselves; none where the passage is its only sentence."""
    return [s.of(passage.text) for s in passage.sentences] if len(passage.sentences) > 1 else []


def _whole(parts: Sequence[tuple[_Window, npt.NDArray[np.float32], Embeddings]]) -> _Encoded:
    """A text from its windows: vectors averaged by length, tokens one after another."""
    weights = np.array([max(1, int(w.content.sum())) for w, _, _ in parts], np.float32)
    return _Encoded(
        unit(np.average([vector for _, vector, _ in parts], axis=0, weights=weights)),
        np.concatenate([tokens[w.content] for w, _, tokens in parts]),
        np.concatenate([w.ids[w.content] for w, _, _ in parts]).astype(np.int32),
        np.concatenate([w.starts[w.content] for w, _, _ in parts]),
    )


def _join(passage: PassageText, whole: _Encoded, alone: Sequence[_Encoded]) -> EncodedPassage:
    edges = [0, *(s.end for s in passage.sentences[:-1]), len(passage.text) + 1]
    bounds = np.searchsorted(whole.starts, edges).astype(np.int64)
    tokens = whole.tokens.copy()
    for sentence, (a, b) in zip(alone, pairwise(bounds), strict=False):
        if np.array_equal(sentence.ids, whole.ids[a:b]):  # a model may cut words otherwise across a boundary
            tokens[a:b] = unit(tokens[a:b] + sentence.tokens)
    vectors = [s.vector for s in alone] or [whole.vector]
    return EncodedPassage(whole.vector, np.array(vectors, np.float32), tokens, whole.ids, bounds)
