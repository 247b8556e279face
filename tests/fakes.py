"""Small stand-ins that obey the same protocols as the real parts."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path

import numpy as np

from qa_bot.encoder import EncodedPassage, EncodedQuestion, PassageText, Tick
from qa_bot.tokens import TOKENS

_WORD = re.compile(r"\w+|[^\w\s]")
VOCABULARY = 4_096


class HashingEncoder:
    """Every word has a fixed random unit vector; a text's vector is the mean of its words'. No model, no torch."""

    def __init__(self, name: str = "hashing", fingerprint: str = "hashing-1", dim: int = 16) -> None:
        self.name, self.fingerprint, self.dim, self.vocabulary = name, fingerprint, dim, VOCABULARY
        self.encoded: list[str] = []

    def encode_passages(self, passages: list[PassageText], tick: Tick | None = None) -> list[EncodedPassage]:
        return [self._passage(p, tick) for p in passages]

    def encode_question(self, question: str) -> EncodedQuestion:
        ids, _ = self._ids(question)
        tokens = self._vectors(ids)
        return EncodedQuestion(self._mean(tokens), tokens, ids)

    def token_ids(self, text: str):
        return self._ids(text)[0]

    def words(self) -> list[str]:
        return ["what", "when", "where", "which"]

    def _passage(self, passage: PassageText, tick: Tick | None) -> EncodedPassage:
        self.encoded.append(passage.text)
        ids, starts = self._ids(passage.text)
        tokens = self._vectors(ids)
        edges = [0, *(s.end for s in passage.sentences[:-1]), len(passage.text) + 1]
        bounds = np.searchsorted(starts, edges).astype(np.int64)
        means = [self._mean(tokens[a:b]) for a, b in pairwise(bounds)]
        if tick:
            tick(1)
        return EncodedPassage(self._mean(tokens), np.array(means, np.float32), tokens, ids, bounds)

    def _ids(self, text: str):
        found = list(_WORD.finditer(text))
        digests = [hashlib.sha256(m.group().lower().encode()).digest() for m in found]
        ids = np.array([int.from_bytes(d[:4]) % VOCABULARY for d in digests], np.int32)
        return ids, np.array([m.start() for m in found], np.int64)

    def _vectors(self, ids):
        rows = [np.random.default_rng(int(i)).standard_normal(self.dim) for i in ids]
        return self._unit(np.array(rows, np.float32).reshape(len(ids), self.dim))

    def _mean(self, tokens):
        mean = tokens.mean(0) if len(tokens) else np.ones(self.dim, np.float32)
        return self._unit(mean[None])[0]

    @staticmethod
    def _unit(rows):
        return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)


class Killed(BaseException):
    """What a kill looks like from inside: nothing more is done, nothing is tidied."""


class CutOff:
    """A decorator of functions whose calls are counted together: the first `moment` are made, later ones kill."""

    def __init__(self, moment: int) -> None:
        self.moment, self.made = moment, 0

    @property
    def reached(self) -> bool:
        """Whether as many calls were made as could be."""
        return self.made == self.moment

    def __call__(self, function):
        def counted(*arguments, **options):
            if self.reached:
                raise Killed
            self.made += 1
            return function(*arguments, **options)

        return counted


def token_file(version: Path) -> Path:
    """The file of the token vectors of a small index."""
    (only,) = (version / TOKENS).glob("*.npy")
    return only
