"""Readers made of public models, by name or path: cross-encoders and extractive question answering.

Their logits take the place of the shipped reader's relevance. They need torch and transformers, which come with the
package; nothing is downloaded.
"""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np

from qa_bot.errors import ModelError
from qa_bot.reader.model import Mark, Reader, Window
from qa_bot.types import Span

SHIPPED_NAME = "shipped"
NO_READER = "none"
_KINDS = ("ForSequenceClassification", "ForQuestionAnswering")


class SentenceReader(Protocol):
    """What judges sentences; `fingerprint` changes when its judgements would."""

    fingerprint: str

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Mark]]:
        """The marks of every sentence of every window, in their order."""
        ...


@cache
def load_reader(name: str) -> SentenceReader | None:
    """The shipped reader, none, or a public model: a cross-encoder or a model for extractive question answering.

    Each is loaded once in a process.

    Raises: ModelError: no such model, or of neither kind.
    """
    if name == NO_READER:
        return None
    if name == SHIPPED_NAME:
        return Reader()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers import AutoConfig

    try:
        architecture = str((AutoConfig.from_pretrained(name, local_files_only=True).architectures or ("unknown",))[0])
    except Exception as error:  # transformers raises many kinds for a model that is not there
        raise ModelError(
            f"reader '{name}' cannot be loaded ({type(error).__name__}: {str(error).splitlines()[0][:120]}); "
            f"name a local folder, a model in the local cache, '{SHIPPED_NAME}' or '{NO_READER}'"
        ) from error
    if architecture.endswith(_KINDS[0]):
        return CrossEncoderReader(name)
    if architecture.endswith(_KINDS[1]):
        return SpanReader(name)
    raise ModelError(f"reader '{name}' is a {architecture}; name a model …{' or …'.join(_KINDS)}")


class CrossEncoderReader:
    """A cross-encoder judges each sentence by itself; it marks no short answer."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder

        self.fingerprint = name
        self._model: Any = CrossEncoder(name, device="cpu", local_files_only=True)

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Mark]]:
        """The marks of every sentence of every window, in their order."""
        import torch

        pairs = [(question, f"{w.lead} {s.of(w.text)}".strip()) for w in windows for s in w.sentences]
        scores = self._model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False) if pairs else []
        logits = iter(np.asarray(scores, np.float32).reshape(len(pairs), -1)[:, -1].tolist() if pairs else [])
        return [[Mark(next(logits), None, 0.0) for _ in w.sentences] for w in windows]


class SpanReader:
    """A question-answering model: a sentence's relevance is its best span's logits less those of "no answer"."""

    def __init__(self, name: str) -> None:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self.fingerprint = name
        self._tokenizer: Any = AutoTokenizer.from_pretrained(name, local_files_only=True)
        self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name, local_files_only=True).eval()
        if not self._tokenizer.is_fast:
            raise ModelError(f"reader '{name}' has no fast tokenizer, so its tokens have no offsets; choose another")

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Mark]]:
        """The marks of every sentence of every window, in their order."""
        return [self._marks(question, window) for window in windows]

    def _marks(self, question: str, window: Window) -> list[Mark]:
        import torch

        lead = f"{window.lead} " if window.lead else ""
        encoded = self._tokenizer(
            question, lead + window.text, truncation="only_second", max_length=512, return_offsets_mapping=True,
            return_tensors="pt",
        )  # fmt: skip
        offsets = encoded.pop("offset_mapping")[0].numpy() - len(lead)
        inside = np.array([part == 1 for part in encoded.sequence_ids(0)])
        with torch.inference_mode():
            out = self._model(**encoded)
        starts, ends = (np.asarray(x[0].float().numpy(), np.float32) for x in (out.start_logits, out.end_logits))
        return [_span_mark(s, offsets, inside, starts, ends) for s in window.sentences]


def _span_mark(sentence: Span, offsets: Any, inside: Any, starts: Any, ends: Any) -> Mark:
    tokens = np.flatnonzero(inside & (offsets[:, 0] >= sentence.start) & (offsets[:, 1] <= sentence.end))
    if not len(tokens):
        return Mark(-30.0, None, 0.0)
    table = np.triu(starts[tokens][:, None] + ends[tokens][None, :])
    table[np.tril_indices(len(tokens), -1)] = -np.inf
    a, b = divmod(int(table.argmax()), len(tokens))
    relevance = float(table[a, b] - starts[0] - ends[0])
    short = Span(int(offsets[tokens[a], 0]), int(offsets[tokens[b], 1]))
    return Mark(relevance, short, float(1 / (1 + np.exp(-relevance))))
