"""The reader: a question and a window of a text → how much each sentence answers it, and in which words.

A MiniLM with one linear head, trained by `training/reader.py` and shipped in whole numbers as ONNX. It reads
`[CLS] question [SEP] lead window [SEP]` and gives every token of the window four numbers; what they mean stands in
`training/reader.py`.
"""

import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_bot.errors import ModelError
from qa_bot.inference import Session, load_tokenizer, require_sha256
from qa_bot.types import Span

FILES = ("reader.onnx", "reader.onnx.data", "tokenizer.json")  # weights in a file of their own are mapped, not read
SHIPPED = Path(__file__).parent.parent / "models" / "reader"
QUESTION_TOKENS = 48
WINDOW_TOKENS = 160
LEAD_TOKENS = 24  # of a window, for who speaks
SHORT_TOKENS = 20  # of a short answer at most
_MEAN, _TOP, _START, _END = range(4)
_POINTS = " \t\r\n.,;:-–—"
_PAIRS = ('"', "“”„", "«»", "‘’", "()", "[]")
_ABBREVIATED = re.compile(r"(?:\b[^\W\d_]\.)+$")  # "U.S."
_LOWEST = -30.0  # relevance of a sentence that was cut away


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences as one text, and their spans relative to it.

    `lead` is read before the text and is no part of it: who speaks, where the text does not say so.
    """

    text: str
    sentences: tuple[Span, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reader says of one sentence: its relevance (a logit: 0 is "as likely as no answer"), and the words.

    `short` is relative to the window, None if the sentence has no words; `certainty` is the probability that the
    reader gives it among all spans of the window.
    """

    relevance: float
    short: Span | None
    certainty: float


class Reader:
    """A loaded reader; `read` may be called from several threads, which share the cores among their windows."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Load the files of a folder, FILES and reader.json, which holds their SHA-256.

        Raises: ModelError: a file is missing or not the one that reader.json names.
        """
        try:
            self.card: dict[str, str] = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"reader folder '{folder}' has no readable reader.json; install qa-bot again") from error
        for name in FILES:
            require_sha256(folder / name, self.card.get(name, ""), name="reader")
        self.fingerprint = self.card["reader.onnx.data"]
        self._session = Session(folder / "reader.onnx", threads=1)
        self._cores = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="reader")
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._cls, self._sep = (int(self._tokenizer.token_to_id(t) or 0) for t in ("[CLS]", "[SEP]"))

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Mark]]:
        """The marks of every sentence of every window, in their order.

        Each window is run alone: in one batch, their 8-bit numbers would share a scale and depend on each other. A run
        takes one thread, and as many run at once as there are cores.
        """
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
        return list(self._cores.map(partial(self._read, asked), windows))

    def _read(self, asked: list[int], window: Window) -> list[Mark]:
        encoded = self._tokenizer.encode(window.text, add_special_tokens=False)
        lead = self._tokenizer.encode(window.lead, add_special_tokens=False).ids[:LEAD_TOKENS]
        size = WINDOW_TOKENS - len(lead)
        ids, offsets = encoded.ids[:size], encoded.offsets[:size]
        before = len(asked) + 2 + len(lead)
        whole = np.array([[self._cls, *asked, self._sep, *lead, *ids, self._sep]], np.int64)
        types = np.zeros_like(whole)
        types[0, len(asked) + 2 :] = 1
        logits = self._session.run({"ids": whole, "types": types, "mask": np.ones_like(whole)})["logits"]
        places = np.array(offsets, np.int64).reshape(-1, 2)
        return _marks(window, places, logits[0, before : before + len(ids)])


def _marks(window: Window, offsets: npt.NDArray[np.int64], logits: npt.NDArray[np.float32]) -> list[Mark]:
    starts = [s.start for s in window.sentences]
    bounds = np.searchsorted(offsets[:, 0], [*starts[1:], len(window.text) + 1])
    ends = _log_softmax(logits[:, _END])
    begins = _log_softmax(logits[:, _START])
    marks, first = [], 0
    for last in bounds.tolist():
        part = slice(first, last)
        if first == last:
            marks.append(Mark(_LOWEST, None, 0.0))
        else:
            relevance = float(logits[part, _MEAN].mean() + logits[part, _TOP].max())
            a, b, score = _best_span(begins[part], ends[part])
            short = tidied(Span(int(offsets[first + a, 0]), int(offsets[first + b, 1])), window.text)
            marks.append(Mark(relevance, short, float(np.exp(score))))
        first = last
    return marks


def _best_span(begins: npt.NDArray[np.float32], ends: npt.NDArray[np.float32]) -> tuple[int, int, float]:
    """First and last token of the likeliest span of at most SHORT_TOKENS tokens, and its log-probability."""
    n = len(begins)
    table = begins[:, None] + ends[None, :]
    distance = np.arange(n)[None, :] - np.arange(n)[:, None]
    table = np.where((distance >= 0) & (distance < SHORT_TOKENS), table, -np.inf)
    a, b = divmod(int(table.argmax()), n)
    return a, b, float(table[a, b])


def tidied(span: Span, text: str) -> Span:
    """The span without punctuation around it and without a quotation mark or bracket whose other half lies outside."""
    start, end = span.start, span.end
    while start < end - 1:
        words = text[start:end]
        if words[0] in _POINTS or _is_lone(words[0], words):
            start += 1
        elif (words[-1] in _POINTS and not _ABBREVIATED.search(words)) or _is_lone(words[-1], words):
            end -= 1
        else:
            break
    return Span(start, end)


def _is_lone(mark: str, words: str) -> bool:
    return any(mark in group and sum(words.count(half) for half in group) % 2 for group in _PAIRS)


def _log_softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    if not len(logits):
        return logits
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), np.float32)
