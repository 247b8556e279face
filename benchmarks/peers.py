"""The same documents, questions and encoder through qa-bot, Haystack, txtai and LlamaIndex.

    python benchmarks/peers.py QUESTIONS.jsonl --corpus FOLDER
    python benchmarks/peers.py SQUAD.json --limit 200

Answerable questions only. A place is right if it overlaps a gold span by at least one character, so a long chunk is
easier to hit than a sentence: qa-bot shows sentences, the peers show chunks. Therefore

    passage@1       the passage of the first place is right (for a peer the chunk itself: the same as hit@1)
    hit@1, hit@3    one of the first places is right, as shown
    in 500          gold is touched by the first 500 characters shown, of up to three places in order
    characters      mean length of the first place that is right, within three

`--repeat N` times indexing N times and every question N times, in alternating order, one system right after the
other; do this on a machine that does nothing else. A peer that is not installed is named with its pip command.

`--cold N` starts N fresh processes of every system in the same manner, each with an index that was built and saved
before: seconds from starting Python until the best passage for a question is there, and peak memory until then. Each
turn asks another question, all systems the same. A turn before the first fills the file cache and is not counted.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from tqdm import tqdm

import peer_systems
from peer_systems import PEERS, OwnSystem, PeerMissingError, System
from qa_bot.corpus import read_corpus
from qa_bot.errors import QaBotError
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.questions import read_collection
from qa_bot.evaluation.runner import SEED
from qa_bot.measures.resampling import (
    Estimate,
    Statistic,
    Values,
    Weights,
    estimates,
    holm,
    mean_of,
    quantile_of,
    randomisation_test,
)
from qa_bot.measures.spans import Place, first_hit, hit_at, hits
from qa_bot.types import Document, Question, Span

READ = 500  # characters, about three sentences
WARM_UP = 20  # questions
MEASURES = ("passage@1", "hit@1", "hit@3", f"in {READ}", "characters")
COMPARED = MEASURES[:4]  # whose differences from qa-bot are tested

Table = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Timings:
    """Of one system: seconds of each indexing, and milliseconds of each question (median of its repeats)."""

    indexing: Values
    queries: Values


@dataclass(frozen=True, slots=True)
class ColdStarts:
    """Of one system: of each fresh process, seconds until it has its first passage, and its peak memory in MB."""

    seconds: Values
    memory: Values


def main() -> None:
    asked = arguments()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    documents, questions = read(asked)
    systems = [OwnSystem(), *peers(asked.peers)]
    scores = {system.name: quality(system, documents, questions) for system in systems}
    print(f"{asked.data.name}: {len(questions):,} questions, {len(documents):,} documents; {versions(systems)}\n")
    print(aligned(quality_table(scores)))
    timings = measured_times(systems, documents, questions, asked.repeat) if asked.repeat else {}
    if timings:
        print(f"\n{asked.repeat} repeats, alternating order; ratios are to {OwnSystem.name}\n")
        print(aligned(timing_table(timings)))
    cold = cold_starts(systems, documents, questions, asked.cold) if asked.cold else {}
    if cold:
        print(f"\n{asked.cold} fresh processes each, alternating order; ratios are to {OwnSystem.name}\n")
        print(aligned(cold_table(cold)))
    if asked.json:
        asked.json.write_text(json.dumps(raw(questions, scores, timings, cold), indent=1), encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="QUESTIONS", type=Path, help="question set .jsonl, or SQuAD .json")
    parser.add_argument("--corpus", type=Path, help="folder of the documents, for a .jsonl question set")
    parser.add_argument("--tag", action="append", default=[], help="only questions with this tag")
    parser.add_argument("--limit", type=int, help="a random sample of so many answerable questions, always the same")
    parser.add_argument("--repeat", type=int, default=0, help="time so many repeats (default: no timing)")
    parser.add_argument("--cold", type=int, default=0, help="start so many fresh processes of each (default: none)")
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS), help="default: all")
    parser.add_argument("--json", type=Path, help="write the figures of every question here")
    asked = parser.parse_args()
    if asked.data.suffix == ".jsonl" and not asked.corpus:
        parser.error(f"{asked.data} brings no documents; name their folder with --corpus")
    return asked


# ---------------------------------------------------------------- what is asked, and whom


def read(asked: argparse.Namespace) -> tuple[tuple[Document, ...], list[Question]]:
    """All documents, and the answerable questions or a sample of them in file order.

    Names and places that parties.toml lists are left out: the peers could not read them.
    """
    documents = read_corpus(asked.corpus).documents if asked.corpus else ()
    collection: Collection = read_collection(asked.data, {d.doc_id: d for d in documents}).tagged(asked.tag)
    questions = [question for question in collection.questions if question.gold]
    if asked.limit is not None and asked.limit < len(questions):
        chosen = np.random.default_rng(SEED).choice(len(questions), asked.limit, replace=False)
        questions = [questions[i] for i in sorted(chosen)]
    return collection.documents or documents, questions


def peers(names: Sequence[str]) -> list[System]:
    """Those that are installed; the others are named on standard error."""
    found: list[System] = []
    for name in names:
        try:
            found.append(PEERS[name]())
        except PeerMissingError as error:
            print(error, file=sys.stderr)
    return found


def versions(systems: Sequence[System]) -> str:
    packages = dict.fromkeys(package for system in systems for package in system.packages)
    return ", ".join(f"{package} {version(package)}" for package in (*packages, "sentence-transformers", "torch"))


# ---------------------------------------------------------------- quality


def quality(system: System, documents: Sequence[Document], questions: Sequence[Question]) -> dict[str, Values]:
    """Every measure of every question; "characters" is NaN where nothing right was shown."""
    system.index(documents)
    rows = [judge(system, question) for question in tqdm(questions, desc=system.name)]
    return {measure: np.array([row[i] for row in rows]) for i, measure in enumerate(MEASURES)}


def judge(system: System, question: Question) -> tuple[float, ...]:
    places, gold = system.search(question.text), question.gold
    rank = first_hit(places, gold)
    passage = bool(places) and hits(system.passage(places[0]), gold)
    read_first = first_hit(beginning(places, READ), gold) is not None
    length = float(len(places[rank - 1].span)) if rank else np.nan
    return float(passage), hit_at(rank, 1), hit_at(rank, 3), float(read_first), length


def beginning(places: Sequence[Place], characters: int) -> list[Place]:
    """The first so many characters of places shown one after another."""
    kept = []
    for place in places:
        if characters <= 0:
            break
        kept.append(Place(place.doc_id, Span(place.span.start, min(place.span.end, place.span.start + characters))))
        characters -= len(place.span)
    return kept


def quality_table(scores: Mapping[str, Mapping[str, Values]]) -> Table:
    """Means with 95 % intervals; "*" marks a difference from qa-bot with p < .05 after Holm's correction."""
    different = significant(scores)
    rows: Table = [("system", *MEASURES)]
    for name, values in scores.items():
        found = estimates({m: mean_of(values[m]) for m in MEASURES}, len(values[MEASURES[0]]), seed=SEED)
        rows.append((name, *(told(found[m], m) + "*" * ((name, m) in different) for m in MEASURES)))
    return rows


def significant(scores: Mapping[str, Mapping[str, Values]]) -> set[tuple[str, str]]:
    own = scores[OwnSystem.name]
    pairs = [(name, measure) for name in scores if name != OwnSystem.name for measure in COMPARED]
    p_values = holm([randomisation_test(own[m] - scores[name][m], seed=SEED) for name, m in pairs])
    return {pair for pair, p in zip(pairs, p_values, strict=True) if p < 0.05}


def told(found: Estimate, measure: str) -> str:
    digits = 0 if measure == "characters" else 3
    return f"{found.value:.{digits}f} [{found.low:.{digits}f}, {found.high:.{digits}f}]"


# ---------------------------------------------------------------- time


def measured_times(
    systems: Sequence[System], documents: Sequence[Document], questions: Sequence[Question], repeat: int
) -> dict[str, Timings]:
    """Indexing and queries of all systems in one run; the order turns by one each time."""
    indexing: dict[str, list[float]] = {system.name: [] for system in systems}
    for turn in tqdm(range(repeat), desc="indexing"):
        for system in turned(systems, turn):
            indexing[system.name].append(seconds(lambda system=system: system.index(documents)))  # type: ignore[misc]
    queries: dict[str, list[list[float]]] = {system.name: [] for system in systems}
    for question in questions[:WARM_UP]:
        for system in systems:
            system.search(question.text)
    for turn, question in enumerate(tqdm(questions, desc="queries")):
        taken = {system.name: list[float]() for system in systems}
        for again in range(repeat):
            for system in turned(systems, turn + again):
                taken[system.name].append(seconds(lambda s=system, q=question: s.search(q.text)) * 1000)  # type: ignore[misc]
        for name, values in taken.items():
            queries[name].append(values)
    return {n: Timings(np.array(indexing[n]), np.median(np.array(queries[n]), axis=1)) for n in indexing}


def turned(systems: Sequence[System], turn: int) -> list[System]:
    first = turn % len(systems)
    return [*systems[first:], *systems[:first]]


def seconds(call: Callable[[], object]) -> float:
    started = perf_counter()
    call()
    return perf_counter() - started


def timing_table(timings: Mapping[str, Timings]) -> Table:
    """Medians; a ratio of indexing with its range over the repeats, ratios of queries with 95 % intervals."""
    own = timings[OwnSystem.name]
    rows: Table = [("system", "indexing", "ratio", "query p50", "ratio", "query p95", "ratio")]
    for name, times in timings.items():
        ratios = times.indexing / own.indexing
        shares = {share: ratio_of_quantiles(times.queries, own.queries, share) for share in (0.5, 0.95)}
        found = estimates({str(share): s for share, s in shares.items()}, len(times.queries), seed=SEED)
        cells = [
            f"{np.median(times.indexing):.2f} s",
            f"{np.median(ratios):.2f} [{ratios.min():.2f}, {ratios.max():.2f}]",
        ]
        for share in shares:
            ratio = found[str(share)]
            cells += [
                f"{np.quantile(times.queries, share):.1f} ms",
                f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]",
            ]
        rows.append((name, *cells))
    return rows


def ratio_of_quantiles(values: Values, base: Values, share: float) -> Statistic:
    above, below = quantile_of(values, share), quantile_of(base, share)

    def statistic(weights: Weights) -> Values:
        return above.of(weights) / below.of(weights)

    return Statistic(above.n, statistic)


# ---------------------------------------------------------------- cold start


def cold_starts(
    systems: Sequence[System], documents: Sequence[Document], questions: Sequence[Question], repeat: int
) -> dict[str, ColdStarts]:
    """Fresh processes of all systems in one run; the order turns by one each time, and the first turn is left out.

    Raises: QaBotError: a process failed, or found something else than the system that saved the index.
    """
    texts = {document.doc_id: document.text for document in documents}
    runs: dict[str, list[tuple[float, float]]] = {system.name: [] for system in systems}
    with TemporaryDirectory(prefix="peers-") as place:
        folders = {system.name: Path(place, str(number)) for number, system in enumerate(systems)}
        for system in tqdm(systems, desc="saving"):
            folders[system.name].mkdir()
            system.save(documents, folders[system.name])
        for turn in tqdm(range(repeat + 1), desc="cold starts"):
            question = questions[turn % len(questions)].text
            for system in turned(systems, turn):
                found, taken, memory = fresh(system.name, folders[system.name], question)
                best = system.search(question)[0]
                if found.split() != best.span.of(texts[best.doc_id]).split():
                    raise QaBotError(f"{system.name} finds another passage by its saved index: {found[:60]!r}")
                runs[system.name].append((taken, memory))
    return {name: ColdStarts(*np.array(of[1:]).T) for name, of in runs.items()}


def fresh(name: str, folder: Path, question: str) -> tuple[str, float, float]:
    """What a fresh process finds first, after how many seconds, and its peak memory in MB."""
    started = perf_counter()
    command = [sys.executable, peer_systems.__file__, name, str(folder), question]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    line = process.stdout.readline()
    taken = perf_counter() - started
    _, said = process.communicate()
    if process.returncode:
        raise QaBotError(f"{name} does not start: {said.strip().rpartition(chr(10))[2]}")
    found, memory = json.loads(line)
    return found, taken, memory


def cold_table(cold: Mapping[str, ColdStarts]) -> Table:
    """Medians with their range over the processes; ratios of processes of the same turn."""
    own = cold[OwnSystem.name]
    rows: Table = [("system", "cold start", "ratio", "peak memory", "ratio")]
    for name, of in cold.items():
        pairs = ((of.seconds, 2, " s"), (of.seconds / own.seconds, 2, ""), (of.memory, 0, " MB"))
        cells = [f"{np.median(v):.{d}f}{unit} [{v.min():.{d}f}, {v.max():.{d}f}]" for v, d, unit in pairs]
        rows.append((name, *cells, f"{np.median(of.memory / own.memory):.2f}"))
    return rows


# ---------------------------------------------------------------- output


def aligned(rows: Table) -> str:
    """A Markdown table."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def raw(
    questions: Sequence[Question],
    scores: Mapping[str, Mapping[str, Values]],
    timings: Mapping[str, Timings],
    cold: Mapping[str, ColdStarts],
) -> dict[str, object]:
    return {
        "questions": [question.question_id for question in questions],
        "scores": {
            name: {m: [None if np.isnan(v) else float(v) for v in values] for m, values in of.items()}
            for name, of in scores.items()
        },
        "timings": {
            name: {"indexing_s": times.indexing.tolist(), "query_ms": times.queries.tolist()}
            for name, times in timings.items()
        },
        "cold": {name: {"s": of.seconds.tolist(), "memory_mb": of.memory.tolist()} for name, of in cold.items()},
    }


if __name__ == "__main__":
    try:
        main()
    except QaBotError as wrong:
        sys.exit(f"error: {wrong}")
