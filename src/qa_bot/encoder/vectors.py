"""What is encoded, what comes of it, and what the index needs of an encoder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from qa_bot.types import Embeddings, Span

Tick: TypeAlias = Callable[[int], object]  # called with the number of passages just finished


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage's text and its sentences' spans relative to it."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """Unit vectors of a passage: (dim,), (n_sentences, dim) of the sentences alone, and (n_tokens, dim) in order.

    `token_ids` (n_tokens,) are the model's; `bounds` (n_sentences + 1,) says which tokens each sentence holds.
    """

    vector: npt.NDArray[np.float32]
    sentences: Embeddings
    tokens: Embeddings
    token_ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """Unit vectors of a question: (dim,) and (n_tokens, dim), special tokens left out."""

    vector: npt.NDArray[np.float32]
    tokens: Embeddings
    token_ids: npt.NDArray[np.int32]


class Encoder(Protocol):
    """What the index needs of a model; `fingerprint` changes when its vectors would."""

    name: str
    fingerprint: str
    dim: int
    vocabulary: int

    def encode_passages(self, passages: Sequence[PassageText], tick: Tick | None = None) -> list[EncodedPassage]:
        """Encode passages, one result each, in the order given."""
        ...

    def encode_question(self, question: str) -> EncodedQuestion:
        """Encode one question."""
        ...

    def token_ids(self, text: str) -> npt.NDArray[np.int32]:
        """The tokens of a short text, special tokens left out, shape (n_tokens,)."""
        ...

    def words(self) -> list[str]:
        """The whole words of the model's vocabulary, sorted."""
        ...
