"""TREC files of a finished run, for trec_eval, ir_measures and every other tool of the field."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from qa_bot.evaluation.figures import WHOLE
from qa_bot.evaluation.record import Record
from qa_bot.evaluation.results import Results
from qa_bot.evaluation.trec import write_qrels_lines, write_run
from qa_bot.measures.ranking import judged_ids, place_of


def write_runs(results: Results, path: Path) -> None:
    """Every question's ranking, best first; of several sets each in a file of its own, `NAME-SET.SUFFIX`.

    A judged document goes by its id, a place by `doc_id:start-end`; a place that finds a relevant unit goes by
    the name that this has in the judgements of `write_qrels`.
    """
    for file, record in _filed(results, path):
        names = _judged_names(record) if record.relevant else [name for name, _ in record.ranked]
        scores = [score for _, score in record.ranked]
        write_run(file, record.question_id, list(zip(names, scores, strict=True)), WHOLE)


def write_qrels(results: Results, path: Path) -> None:
    """The relevant units of every question with gold spans, each of grade 1; sets in files as in `write_runs`."""
    for file, record in _filed(results, path):
        write_qrels_lines(file, record.question_id, record.relevant)


def _filed(results: Results, path: Path) -> Iterator[tuple[IO[str], Record]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [info.name for info in results.configuration.sets]
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(_path_of(path, name, alone=len(names) == 1).open("w", encoding="utf-8"))
            for name in names
        }
        for record in results.records:
            yield files[record.set], record


def _path_of(path: Path, set_name: str, *, alone: bool) -> Path:
    # Ids are unique within a set only, and every set has judgements of its own.
    return path if alone else path.with_name(f"{path.stem}-{set_name}{path.suffix}")


def _judged_names(record: Record) -> tuple[str, ...]:
    return judged_ids([place_of(name) for name, _ in record.ranked], [place_of(name) for name in record.relevant])
