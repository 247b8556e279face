"""How long an edited sentence takes until it can be asked, in a corpus of 5 MB, and how much is encoded again.

    python benchmarks/edit.py [--megabytes 5] [--documents 100] [--edits 5] [--made]

The corpus is made of the texts in corpus/ and examples/: whole paragraphs are drawn at random, and every fifth word is
exchanged for another of the same length and capitals, so that no two passages are alike. The index is built once; then
one sentence after another is edited in a file, each time as `qa-bot index --watch` or an upload would do it: bring the
index up to date, load the new version and ask. --made exchanges the model for fixed random word vectors of the same
size, which shows everything but the encoding. --documents 1 edits a single document of 5 MB.
"""

import argparse
import random
import re
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_bot.bot import QaBot
from qa_bot.encoder import EncodedPassage, EncodedQuestion, Encoder, PassageText, Tick, load_encoder
from qa_bot.library import Library

ROOT = Path(__file__).parents[1]
SOURCES = (*ROOT.glob("corpus/*.txt"), *ROOT.glob("examples/corpus/*.txt"), *ROOT.glob("examples/development/*/*.txt"))
_WORD = re.compile(r"[^\W\d_]{4,}")
_TOKEN = re.compile(r"\w+|[^\w\s]")


class MadeEncoder:
    """Every word has a fixed random vector; as large as the default model and a hundred times as fast."""

    name, fingerprint, dim, vocabulary = "made", "made-1", 384, 30_522

    def __init__(self) -> None:
        rows = np.random.default_rng(0).standard_normal((self.vocabulary, self.dim)).astype(np.float32)
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def encode_passages(self, passages: Sequence[PassageText], tick: Tick | None = None) -> list[EncodedPassage]:
        found = [self._passage(passage) for passage in passages]
        if tick:
            tick(len(passages))
        return found

    def encode_question(self, question: str) -> EncodedQuestion:
        ids, _ = self._ids(question)
        return EncodedQuestion(self._mean(self._rows[ids]), self._rows[ids], ids)

    def token_ids(self, text: str) -> npt.NDArray[np.int32]:
        return self._ids(text)[0]

    def words(self) -> list[str]:
        return ["what", "when", "where", "which"]

    def _passage(self, passage: PassageText) -> EncodedPassage:
        ids, starts = self._ids(passage.text)
        tokens = self._rows[ids]
        edges = [0, *(s.end for s in passage.sentences[:-1]), len(passage.text) + 1]
        bounds = np.searchsorted(starts, edges).astype(np.int64)
        means = np.array([self._mean(tokens[a:b]) for a, b in pairwise(bounds)], np.float32)
        return EncodedPassage(self._mean(tokens), means, tokens, ids, bounds)

    def _ids(self, text: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        found = list(_TOKEN.finditer(text))
        ids = [sum(ord(c) * 31**i for i, c in enumerate(m.group().lower()[:8])) % self.vocabulary for m in found]
        return np.array(ids, np.int32), np.array([m.start() for m in found], np.int64)

    def _mean(self, tokens: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        mean = tokens.mean(0) if len(tokens) else np.ones(self.dim, np.float32)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def make_corpus(folder: Path, size: int, documents: int) -> None:
    """Write `documents` files of together `size` characters."""
    chance = random.Random(2020)
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    paragraphs = [p for text in texts for p in text.split("\n\n") if p.strip()]
    words = defaultdict(list)
    for text in texts:
        for word in sorted(set(_WORD.findall(text))):
            words[len(word), word[0].isupper()].append(word)

    def other(match: re.Match[str]) -> str:
        word = match.group()
        return chance.choice(words[len(word), word[0].isupper()]) if chance.random() < 0.2 else word

    for number in range(documents):
        parts: list[str] = [f"Document {number}"]
        while sum(map(len, parts)) < size / documents:
            parts.append(_WORD.sub(other, chance.choice(paragraphs)))
        (folder / f"document-{number:04d}.txt").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def edit(folder: Path, number: int) -> str:
    """Put a new sentence in place of one in the middle of one file, and say which."""
    path = sorted(folder.glob("*.txt"))[number * 7 % len(list(folder.glob("*.txt")))]
    text = path.read_text(encoding="utf-8")
    middle = text.index(". ", len(text) // 2 + number * 1_000)
    end = text.index(".", middle + 2)
    sentence = f" The surveyors of Quillmarsh counted {1_200 + number} herons"
    path.write_text(text[: middle + 1] + sentence + text[end:], encoding="utf-8")
    return f"{sentence.strip()}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=5.0)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--made", action="store_true", help="random word vectors instead of the model")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="qa-bot-edit-"))
    try:
        measure(folder, asked.megabytes, asked.documents, asked.edits, MadeEncoder() if asked.made else load_encoder())
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, megabytes: float, documents: int, edits: int, encoder: Encoder) -> None:
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    make_corpus(corpus, int(megabytes * 1e6), documents)
    library = Library(corpus, index, encoder)
    start = time.perf_counter()
    report = library.update()
    print(f"{megabytes:g} MB in {documents} documents, {report.encoded} passages; model: {encoder.name}")
    print(f"first build: {time.perf_counter() - start:.1f} s; disk: {_size(index) / 1e6:,.0f} MB")
    seconds = []
    for number in range(edits):
        sentence = edit(corpus, number)
        start = time.perf_counter()
        report = library.update()
        updated = time.perf_counter()
        bot = QaBot.load(index, encoder=encoder)
        loaded = time.perf_counter()
        answer = bot.search(sentence, limit=1)[0]
        seconds.append(time.perf_counter() - start)
        assert answer.quote == sentence, answer.quote
        share = report.encoded / (report.encoded + report.reused)
        print(
            f"edit {number + 1}: {seconds[-1]:.2f} s = update {updated - start:.2f} + load {loaded - updated:.2f} "
            f"+ first question {start + seconds[-1] - loaded:.2f}; {report.encoded} passages encoded ({share:.2%})"
        )
    print(f"median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s")


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


if __name__ == "__main__":
    main()
