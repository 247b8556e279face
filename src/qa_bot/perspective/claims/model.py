"""The claims model: a sentence and the one before it → how likely it makes a claim of each kind, and in which words.

The first layers of MiniLM with a linear head, trained by `training/claims.py` on accounts of invented disputes and
shipped in whole numbers as ONNX. It gives every token one logit for each kind; the highest counts for the sentence.
The end of the sentence before is read with it, for what only that makes a claim ("So were his two sons.").
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qa_bot.errors import ModelError
from qa_bot.inference import Session, load_tokenizer, require_sha256

if TYPE_CHECKING:
    from tokenizers import Encoding

FILES = ("claims.onnx", "claims.onnx.data", "tokenizer.json")
CARD = "claims.json"  # the SHA-256 of the files, and the kinds in the order of the model's outputs
SHIPPED = Path(__file__).parents[2] / "models" / "claims"
TOKENS = 126  # of a sentence that are read at once, as in training
BEFORE = 32  # tokens of the sentence before that are read with it
ENDING = 300  # characters that hold so many
MOST = 504  # tokens of a sentence that are read; what is longer is no sentence
AT_ONCE = 1_024  # sentences whose tokens are in memory
_SHARE = 0.1  # of the highest probability, from which the words beside the likeliest one belong to the claim


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and the end of the one before it in its document: empty for the first."""

    sentence: str
    before: str = ""


def in_order(sentences: Iterable[str]) -> Iterator[Said]:
    """The sentences of one document, each with the end of the one before it."""
    before = ""
    for sentence in sentences:
        yield Said(sentence, before)
        before = sentence[-ENDING:]


@dataclass(frozen=True, slots=True)
class Claim:
    """A kind of claim that a sentence makes, and the words [start, end) of the sentence that carry it."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Likely:
    """A claim and its probability."""

    claim: Claim
    probability: float


class ClaimModel:
    """A loaded model; `read` may be called from several threads."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Load the files of a folder, FILES and CARD.

        Raises: ModelError: a file is missing or not the one that the card names.
        """
        self.kinds, sums = _card(folder)
        for name in FILES:
            require_sha256(folder / name, sums.get(name, ""), name="claims")
        self._session = Session(folder / "claims.onnx", threads=1)
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._cls, self._sep = (int(self._tokenizer.token_to_id(t) or 0) for t in ("[CLS]", "[SEP]"))

    def read(self, sentences: Sequence[Said], least: float) -> list[tuple[Likely, ...]]:
        """The claims in each sentence that are at least so likely, one of a kind, in the order of `kinds`.

        Each sentence is run alone: in one batch, their 8-bit numbers would share a scale and depend on each other. A
        run takes one thread, and as many run at once as there are cores.
        """
        found: list[tuple[Likely, ...]] = []
        with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="claims") as cores:
            for start in range(0, len(sentences), AT_ONCE):
                part = sentences[start : start + AT_ONCE]
                read = self._encoded([said.sentence for said in part])
                before = self._encoded([said.before for said in part])
                found += cores.map(partial(self._likely, least=least), read, before)
        return found

    def _encoded(self, texts: list[str]) -> list["Encoding"]:
        return self._tokenizer.encode_batch(texts, add_special_tokens=False)

    def _likely(self, encoded: "Encoding", before: "Encoding", *, least: float) -> tuple[Likely, ...]:
        ids = encoded.ids[:MOST]
        if not ids:
            return ()
        everything = [*before.ids[-BEFORE:], *ids]
        first = len(everything) - len(ids)
        logits = np.concatenate(
            [
                self._logits(everything[start : start + TOKENS], everything[max(start - BEFORE, 0) : start])
                for start in range(first, len(everything), TOKENS)
            ]
        )
        found = 1 / (1 + np.exp(-logits))
        return tuple(
            Likely(Claim(kind, *_words(encoded, of_tokens)), float(of_tokens.max()))
            for kind, of_tokens in zip(self.kinds, found.T, strict=True)
            if of_tokens.max() >= least
        )

    def _logits(self, ids: list[int], before: list[int]) -> npt.NDArray[np.float32]:
        """The logits of some tokens behind some others, shape (tokens, kinds)."""
        whole = np.array([[self._cls, *ids, self._sep, *before, *([self._sep] if before else ())]], np.int64)
        logits = self._session.run({"ids": whole, "mask": np.ones_like(whole)})["logits"]
        return np.asarray(logits[0, 1 : len(ids) + 1], np.float32)


@cache
def claim_model() -> ClaimModel:
    """The shipped model, loaded on first use."""
    return ClaimModel()


def _card(folder: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """The kinds and the SHA-256 of the files of a model's folder."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        return tuple(card["kinds"]), dict(card["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"claims folder '{folder}' has no readable {CARD}; install qa-bot again") from error


def _words(encoded: "Encoding", found: npt.NDArray[np.float32]) -> tuple[int, int]:
    """The run of whole words around the likeliest token whose tokens are nearly as likely, in characters."""
    first = last = int(found.argmax())
    words, near = encoded.word_ids, found >= _SHARE * found.max()
    while first > 0 and (near[first - 1] or words[first - 1] == words[first]):
        first -= 1
    while last + 1 < len(found) and (near[last + 1] or words[last + 1] == words[last]):
        last += 1
    return encoded.offsets[first][0], encoded.offsets[last][1]
