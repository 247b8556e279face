"""Retrieval over 10^4, 10^5, 10^6 passages: build time, disk, memory, time of a query, recall, and how each grows.

    python benchmarks/scale.py 10_000 100_000 1_000_000 [--folder reports/scale] [--questions FILE.jsonl]...

Nobody can wait for a model to encode a million passages here, so the corpus is repeated: the documents of corpus/ and
examples/corpus are encoded, and each made passage holds three to six of their sentences, drawn at random, so that BM25
sees real words of real frequency. A sentence's vector is that of the real sentence plus a draw from a normal
distribution with the covariance of the real ones (a smoothed bootstrap: Silverman & Young, Biometrika 1987), of unit
length; a passage's is the mean of its sentences', of unit length; token vectors are copies. Questions are real and
encoded by the model. Recall is counted against a comparison with every vector in full precision.

Every step that is finished is written down in FOLDER and not done again, so an interrupted run goes on.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from qa_bot import QaBot
from qa_bot.dense import DenseIndex
from qa_bot.encoder import load_encoder
from qa_bot.index import PassageIndex, load_index
from qa_bot.index.cuts import divided
from qa_bot.index.manifest import FORMAT, Manifest
from qa_bot.lexical import LexicalIndex
from qa_bot.pieces import write_order, write_piece
from qa_bot.retrieval import LEG, Retriever
from qa_bot.settings import DEFAULT_MODEL
from qa_bot.tokens import TOKENS, Projection, TokenStore, dequantise, quantise, sentence_frequencies
from qa_bot.types import Embeddings, Parties, Passage, Sentence, Span

ROOT = Path(__file__).parents[1]
CORPORA = (ROOT / "corpus", ROOT / "examples" / "corpus")
QUESTIONS = (ROOT / "corpus/questions/second-karabakh-war.jsonl", ROOT / "examples/questions.jsonl")
BLOCK = 20_000  # passages made at once
TOP = 10  # of recall
GIB, MIB = 2**30, 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=Path("reports/scale"))
    parser.add_argument("--questions", type=Path, nargs="*", default=list(QUESTIONS))
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)  # the process that is measured
    asked = parser.parse_args()
    questions = read_questions(asked.questions)
    if asked.measure:
        print(json.dumps(measured(asked.folder, questions)))
        return
    base = Base.read(asked.folder / "base")
    vectors = question_vectors(asked.folder / "questions.npy", questions)
    figures = {
        size: run(asked.folder / str(size), size, base, vectors, asked.questions) for size in sorted(asked.sizes)
    }
    print(table(figures))


def read_questions(paths: Sequence[Path]) -> list[str]:
    """The questions that are not kept for testing."""
    lines = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [line["question"] for line in lines if "test" not in line.get("tags", ())]


def question_vectors(path: Path, questions: Sequence[str]) -> Embeddings:
    if not path.exists():
        encoder = load_encoder(DEFAULT_MODEL)
        np.save(path, np.stack([encoder.encode_question(question).vector for question in questions]))
    return np.asarray(np.load(path), np.float32)


# -------------------------------------------------------------------- what is repeated


@dataclass(frozen=True)
class Base:
    """The real sentences: texts, vectors (n, dim), spread (dim, dim), and tokens projected as in a large index."""

    texts: list[str]
    vectors: Embeddings
    spread: Embeddings
    tokens: npt.NDArray[np.int8]
    token_ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]
    projection: Projection
    vocabulary: int

    @classmethod
    def read(cls, folder: Path) -> "Base":
        """Index the corpora, or take the indexes of an earlier run."""
        indexes = []
        for corpus in CORPORA:
            place = folder / corpus.parent.name / corpus.name
            QaBot.build(corpus, place)
            indexes.append(load_index(place))
        vectors = np.concatenate([index.sentences.vectors() for index in indexes])
        _, scale, axes = np.linalg.svd((vectors - vectors.mean(0)) / np.sqrt(len(vectors)), full_matrices=False)
        tokens = np.concatenate([array for index in indexes for array in index.tokens.vectors.arrays])
        projection = Projection.fit(dequantise(tokens))
        lengths = np.concatenate([np.diff(index.tokens.bounds) for index in indexes])
        return cls(
            [text for index in indexes for text in _sentences(index)],
            vectors,
            scale[:, None] * axes,
            quantise(projection.apply(dequantise(tokens))),
            np.concatenate([np.asarray(index.tokens.token_ids) for index in indexes]),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            projection,
            len(indexes[0].tokens.frequencies),
        )


def _sentences(index: PassageIndex) -> Iterator[str]:
    """The text of every sentence row."""
    for entry in index.entries:
        for passage in entry.outline.passages:
            for sentence in entry.outline.sentences[passage.first : passage.last]:
                yield sentence.span.of(entry.document.text)


@dataclass(frozen=True)
class Drawn:
    """Which real sentence stands in each sentence row, and the first row of each passage; the same at every call."""

    sources: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]

    @classmethod
    def of(cls, passages: int, base: Base) -> "Drawn":
        rng = np.random.default_rng(passages)
        rows = np.concatenate([[0], np.cumsum(rng.integers(3, 7, passages))]).astype(np.int64)
        return cls(rng.integers(0, len(base.texts), rows[-1]), rows)

    def blocks(self, what: str) -> Iterator[tuple[int, int]]:
        """Ranges of passages, with a progress bar."""
        count = len(self.rows) - 1
        with tqdm(total=count, desc=f"  {what}", unit=" passages", mininterval=1) as bar:
            for first in range(0, count, BLOCK):
                last = min(first + BLOCK, count)
                yield first, last
                bar.update(last - first)


# -------------------------------------------------------------------- building


def run(folder: Path, size: int, base: Base, questions: Embeddings, sets: Sequence[Path]) -> dict[str, float]:
    """All figures of one size; what an earlier run has written down is not done again."""
    print(f"{size:,} passages in {folder}", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = Drawn.of(size, base)
    done = Steps(folder / "steps.json")
    done.step("vectors", lambda: make_vectors(folder, drawn, base, questions))
    done.step("dense", lambda: build_dense(folder, "dense"))
    done.step("sentences", lambda: build_dense(folder, "sentences"))
    done.step("bm25", lambda: build_lexical(folder, drawn, base))
    done.step("tokens", lambda: write_tokens(folder, drawn, base))
    files = [path for path in folder.rglob("*") if path.is_file()]
    disk = sum(path.stat().st_size for path in files if path.suffix not in (".json", ".exact"))
    command = [sys.executable, __file__, "--measure", "--folder", str(folder), "--questions", *map(str, sets)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    steps = {f"build {name}, s": done.seconds[name] for name in ("dense", "sentences", "bm25", "tokens")}
    total = {"build, s": sum(steps.values()), "build peak, GiB": done.peak, "disk, GiB": disk / GIB}
    return {**steps, **total, **found}


class Steps:
    """What is done, how many seconds it took, and the most memory any of it needed (GiB)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        held: Any = json.loads(path.read_text()) if path.exists() else {"seconds": {}, "peak": 0.0}
        self.seconds: dict[str, float] = held["seconds"]
        self.peak: float = held["peak"]

    def step(self, name: str, do: Callable[[], None]) -> None:
        """Do a step unless it is done."""
        if name in self.seconds:
            return
        print(f"  {name} …", file=sys.stderr, flush=True)
        started = time.perf_counter()
        do()
        self.seconds[name] = time.perf_counter() - started
        self.peak = max(self.peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB)
        self._path.write_text(json.dumps({"seconds": self.seconds, "peak": self.peak}, indent=1))


def make_vectors(folder: Path, drawn: Drawn, base: Base, questions: Embeddings) -> None:
    """Write the vectors of all sentences and passages, and what of them is nearest to each question."""
    rng, dim = np.random.default_rng(0), base.vectors.shape[1]
    passages, sentences = (
        np.lib.format.open_memmap(folder / f"{name}.source", "w+", np.float32, (count, dim))
        for name, count in (("dense", len(drawn.rows) - 1), ("sentences", int(drawn.rows[-1])))
    )
    best = {"dense": Nearest(len(questions)), "sentences": Nearest(len(questions))}
    for first, last in drawn.blocks("vectors"):
        a, b = drawn.rows[first], drawn.rows[last]
        noise = rng.standard_normal((b - a, len(base.spread)), dtype=np.float32) @ base.spread
        block = _unit(base.vectors[drawn.sources[a:b]] + noise)
        means = _unit(np.add.reduceat(block, drawn.rows[first:last] - a, axis=0))
        passages[first:last], sentences[a:b] = means, block
        best["dense"].see(int(first), questions @ means.T)
        best["sentences"].see(int(a), questions @ block.T)
    for name, nearest in best.items():
        np.save(folder / f"{name}.exact", nearest.positions)
        (folder / f"{name}.exact.npy").rename(folder / f"{name}.exact")


class Nearest:
    """The TOP best positions of each question among all that were seen."""

    def __init__(self, questions: int) -> None:
        self.positions = np.zeros((questions, 0), np.int64)
        self._scores = np.zeros((questions, 0), np.float32)

    def see(self, first: int, scores: npt.NDArray[np.float32]) -> None:
        """Take in the scores, shape (questions, n), of positions from `first` on."""
        found = np.argpartition(-scores, min(TOP, scores.shape[1] - 1), axis=1)[:, :TOP]
        every = np.concatenate([self._scores, np.take_along_axis(scores, found, 1)], axis=1)
        positions = np.concatenate([self.positions, found + first], axis=1)
        order = np.argsort(-every, axis=1, kind="stable")[:, :TOP]
        self._scores, self.positions = np.take_along_axis(every, order, 1), np.take_along_axis(positions, order, 1)


def build_dense(folder: Path, name: str) -> None:
    source = folder / f"{name}.source"
    DenseIndex.build(np.load(source, mmap_mode="r")).save(folder / f"{name}.faiss")
    source.unlink()


def build_lexical(folder: Path, drawn: Drawn, base: Base) -> None:
    texts = []
    for first, last in drawn.blocks("texts"):
        for a, b in zip(drawn.rows[first:last], drawn.rows[first + 1 : last + 1], strict=True):
            texts.append(" ".join(base.texts[i] for i in drawn.sources[a:b]))
    LexicalIndex.build(texts).save(folder / "bm25")


def write_tokens(folder: Path, drawn: Drawn, base: Base) -> None:
    """Write the files of a TokenStore, as an index has them, without ever holding all tokens."""
    lengths = np.diff(base.bounds)[drawn.sources]
    bounds = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    token_ids = np.lib.format.open_memmap(folder / "token_ids.npy", "w+", np.int32, (int(bounds[-1]),))

    def picked(first: int, last: int) -> npt.NDArray[np.int64]:
        a, b = drawn.rows[first], drawn.rows[last]
        starts, sizes = base.bounds[drawn.sources[a:b]], lengths[a:b]
        return np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())

    for first, last in drawn.blocks("token ids"):
        token_ids[bounds[drawn.rows[first]] : bounds[drawn.rows[last]]] = base.token_ids[picked(first, last)]
    (folder / TOKENS).mkdir(exist_ok=True)
    files = []
    for first, last in tqdm(divided(token_ids, np.diff(bounds[drawn.rows])), desc="  tokens", mininterval=1):
        rows = picked(first, last)
        files.append(write_piece(folder / TOKENS, [base.tokens[rows]], (len(rows), base.tokens.shape[1])))
    write_order(folder / TOKENS, files)
    frequencies = sentence_frequencies(token_ids, bounds, base.vocabulary)
    small: dict[str, npt.NDArray[Any]] = {"bounds": bounds, "frequencies": frequencies, "rows": drawn.rows}
    small |= {"mean": base.projection.mean, "components": base.projection.components}
    for name, array in small.items():
        np.save(folder / f"{name}.npy", array)


def _unit(rows: npt.NDArray[Any]) -> Embeddings:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


# -------------------------------------------------------------------- measuring


class Repeated(PassageIndex):
    """What the retriever asks of an index; every made passage is one paragraph and a document of its own."""

    @cached_property
    def rows(self) -> npt.NDArray[np.int64]:
        return np.asarray(np.load(Path(self.manifest.model) / "rows.npy", mmap_mode="r"))

    @cached_property
    def paragraphs(self) -> npt.NDArray[np.int64]:
        return np.repeat(np.arange(self.manifest.passages), np.diff(self.rows))

    @cached_property
    def passages(self) -> Any:
        return Numbered(self.rows)

    def entry(self, doc_id: str) -> Any:  # noqa: ARG002  # every one is the same
        """A document of statements, whichever it is: of its words only those that ask would change a ranking."""
        return SimpleNamespace(document=SimpleNamespace(text="."), outline=SimpleNamespace(sentences=Statements()))


class Statements:
    """Sentences without end, each of the one character of its document."""

    def __getitem__(self, position: int) -> Sentence:
        return Sentence(Span(0, 1), 0, 0)


@dataclass(frozen=True)
class Numbered:
    """Passages made when they are asked for."""

    rows: npt.NDArray[np.int64]

    def __getitem__(self, position: int) -> Passage:
        size = int(self.rows[position + 1] - self.rows[position])
        return Passage(str(position), str(position), Span(0, 1), 0, 0, size)


def open_repeated(folder: Path) -> Repeated:
    rows = np.load(folder / "rows.npy", mmap_mode="r")
    size = len(rows) - 1
    manifest = Manifest(FORMAT, str(folder), "", 0, "", {}, size, int(rows[-1]), 0, ())
    return Repeated(
        manifest,
        (),
        Parties(),
        DenseIndex.load(folder / "dense.faiss"),
        LexicalIndex.load(folder / "bm25", size),
        TokenStore.load(folder),
        DenseIndex.load(folder / "sentences.faiss"),
    )


def measured(folder: Path, questions: Sequence[str]) -> dict[str, float]:
    """The figures of a process that only reads: first with nothing cached, then with what the first round read."""
    encoder = load_encoder(DEFAULT_MODEL)
    encoder.encode_question(questions[0])
    before = memory()
    forget(folder)
    started = time.perf_counter()
    index = open_repeated(folder)
    retriever = Retriever(index, encoder)
    loaded = time.perf_counter() - started
    cold = [retrieval_ms(retriever, question)["total"] for question in questions]
    rounds = [retrieval_ms(retriever, question) for question in [*questions] * 3]
    encoded = [encoder.encode_question(question).vector for question in questions]
    legs: dict[str, Callable[[int], object]] = {
        "passages": lambda i: index.dense.search(encoded[i], LEG),
        "sentences": lambda i: index.sentences.search(encoded[i], LEG),
        "bm25": lambda i: index.lexical.search(questions[i], LEG),
    }
    figures = {"load, s": loaded, "RSS, GiB": memory() / GIB, "RSS of the index, GiB": (memory() - before) / GIB}
    for name, values in {"query": [r["total"] for r in rounds], "query, cold": cold}.items():
        figures |= {
            f"{name} p50, ms": float(np.percentile(values, 50)),
            f"{name} p95, ms": float(np.percentile(values, 95)),
        }
    for part in ("encode", "search", "late"):
        figures[f"… {part} p50, ms"] = float(np.median([r[part] for r in rounds]))
    for name, search in legs.items():
        figures[f"… leg {name} p50, ms"] = float(np.median([_ms(search, i) for i in range(len(questions))]))
    for name, dense in (("dense", index.dense), ("sentences", index.sentences)):
        exact = np.load((folder / f"{name}.exact").open("rb"))
        shares = [np.isin(row, dense.search(vector, TOP)[0]).mean() for row, vector in zip(exact, encoded, strict=True)]
        figures[f"recall@{TOP}, {name}"] = float(np.mean(shares))
    return figures


def retrieval_ms(retriever: Retriever, question: str) -> dict[str, float]:
    started = time.perf_counter()
    ranking = retriever.retrieve(question)
    return {**ranking.timings_ms, "total": (time.perf_counter() - started) * 1000}


def _ms(do: Callable[[int], object], i: int) -> float:
    started = time.perf_counter()
    do(i)
    return (time.perf_counter() - started) * 1000


def memory() -> int:
    """Resident bytes of this process, mapped files included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def forget(folder: Path) -> None:
    """Drop the files of a folder from the page cache."""
    for path in (p for p in folder.rglob("*") if p.is_file()):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


# -------------------------------------------------------------------- the table


def table(figures: dict[int, dict[str, float]]) -> str:
    """One row a figure, one column a size, and the exponent b of figure ~ size^b (least squares) where it grows."""
    sizes = list(figures)
    lines = ["| | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |", "|---" * (len(sizes) + 2) + "|"]
    for name in next(iter(figures.values())):
        values = [figures[size][name] for size in sizes]
        cells = " | ".join(f"{value:.3g}" if value < 1000 else f"{value:,.0f}" for value in values)
        lines.append(f"| {name} | {cells} | {_exponent(sizes, values, name)} |")
    return "\n".join(lines)


def _exponent(sizes: Sequence[int], values: Sequence[float], name: str) -> str:
    if len(sizes) < 2 or name.startswith("recall") or min(values) <= 0:
        return "–"
    return f"{np.polyfit(np.log(sizes), np.log(values), 1)[0]:.2f}"


if __name__ == "__main__":
    main()
