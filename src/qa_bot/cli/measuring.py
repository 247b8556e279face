"""`qa-bot evaluate`."""

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_bot.cli.options import index_option
from qa_bot.cli.telling import naming
from qa_bot.errors import QaBotError
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.bot import QaBot
    from qa_bot.evaluation import Collection, Comparison, Fall, Results, Stage

BELOW_A_FLOOR = 1
OF_QUESTIONS = {
    "tags": "--tag", "limit": "--limit", "against": "--against", "report": "--report", "run_file": "--run",
    "qrels_file": "--qrels", "base": "--compare", "floors": "--floors",
}  # fmt: skip  # options that say nothing about labels

_out = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("questions", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option(
    "--corpus", "own_corpus", is_flag=True, help="Index the documents that a set brings (SQuAD, BEIR) for this run."
)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only questions with this tag; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N questions of each set.")
@click.option("--against", metavar="STAGES", help="Measure stages alone beside the whole: bm25,dense,rrf,late.")
@click.option(
    "--perspective", "labels", type=_out, metavar="LABELS", help="Measure voice, party, loaded words, claims."
)
@click.option("--split", metavar="NAME", help="With --perspective: only labels of this split, such as test.")
@click.option("--json", "json_file", type=_out, help="Write the results with the full configuration.")
@click.option("--report", type=_out, help="Write one self-contained HTML file.")
@click.option("--run", "run_file", type=_out, help="Write the rankings as a TREC run file, one for each set.")
@click.option("--qrels", "qrels_file", type=_out, help="Write what gold spans make relevant as TREC qrels for --run.")
@click.option("--compare", "base", type=_out, metavar="BASE.json", help="Test the differences to earlier results.")
@click.option("--floors", type=_out, metavar="FILE.toml", help="Exit with status 1 if a measure is below its floor.")
@click.option("--seed", type=int, default=2020, show_default=True, help="Of the bootstrap and the randomisation test.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def evaluate(
    questions: tuple[Path, ...],
    index_folder: Path,
    tags: tuple[str, ...],
    limit: int | None,
    against: str | None,
    labels: Path | None,
    split: str | None,
    json_file: Path | None,
    report: Path | None,
    run_file: Path | None,
    qrels_file: Path | None,
    base: Path | None,
    floors: Path | None,
    seed: int,
    *,
    own_corpus: bool,
    resume: bool,
    quiet: bool,
) -> None:
    """Measure retrieval, answers and refusals on question sets, every figure with its 95 % interval.

    QUESTIONS are .jsonl files of our own, SQuAD .json, BEIR folders or TREC topics with qrels beside them.

    \b
    Example:
      qa-bot evaluate corpus/questions/second-karabakh-war.jsonl --tag test --report report.html
      qa-bot evaluate dev-v2.0.json --corpus --against bm25,dense,rrf --json base.json
      qa-bot evaluate dev-v2.0.json --corpus --compare base.json
      qa-bot evaluate my-questions.jsonl --run bot.run --qrels my.qrels
      qa-bot evaluate --perspective corpus/labels/second-karabakh-war.test.jsonl
    """
    _require_effect(click.get_current_context().params)
    for place in filter(None, (json_file, report, run_file, qrels_file)):
        _require_place(place)
    if labels is not None:
        _perspective(labels, split, index_folder, seed, None if questions else json_file)
    if not questions:
        return
    from qa_bot.evaluation import (
        Options,
        below,
        build_measured,
        compare,
        measured,
        read_floors,
        read_results,
        write_qrels,
        write_report,
        write_results,
        write_runs,
    )
    from qa_bot.evaluation.runner import evaluating

    earlier = read_results(base) if base else None  # a file that cannot be read is told before the run, not after
    least = read_floors(floors) if floors else None
    bot = _bot(questions, index_folder, own_corpus=own_corpus)
    collections = _collections(questions, bot, tags, limit)
    options = Options(
        seed=seed,
        against=_stages(against),
        resume=resume,
        progress=not quiet,
        settings=Settings().model_dump(include={"model", "reader"}),  # what answers depend on beside the index
        selection={"tags": ",".join(tags), "limit": limit, "corpus": own_corpus},
    )
    build = build_measured if own_corpus else None
    with evaluating(measured(bot) if bot else None, collections, options, build=build) as results:
        comparison = compare(earlier.records, results.records, name=base.name, seed=seed) if earlier and base else None
        falls = below(least, results.figures) if least is not None else None
        told_report = partial(write_report, comparison=comparison, falls=falls)
        files = (json_file, write_results), (report, told_report), (run_file, write_runs), (qrels_file, write_qrels)
        for path, write in files:
            if path:
                with naming(path):
                    write(results, path)
    _say(results, comparison, falls)
    if falls:
        raise SystemExit(BELOW_A_FLOOR)


def _require_effect(given: dict[str, Any]) -> None:
    """Raises: click.UsageError: nothing to measure, or an option that says nothing about what is measured."""
    if not given["questions"] and given["labels"] is None:
        raise click.UsageError("name a question set, or labels with --perspective")
    if given["split"] and given["labels"] is None:
        raise click.UsageError("--split is of labels; name them with --perspective")
    for name, option in OF_QUESTIONS.items():
        if given[name] and not given["questions"]:
            raise click.UsageError(f"{option} needs a question set; labels alone are limited by --split")


def _require_place(path: Path) -> None:
    """Write nothing to a file that is to be written at the end. Raises: OSError: if that would fail."""
    is_new = not path.exists()
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
    if is_new or path.is_file():  # a pipe that is closed is at its end
        path.open("a").close()
    if is_new:
        path.resolve().unlink()


def _perspective(labels: Path, split: str | None, index_folder: Path, seed: int, json_file: Path | None) -> None:
    from qa_bot.bot import QaBot
    from qa_bot.evaluation import evaluate_perspective, measured, read_labels, render_perspective, write_perspective

    bot = QaBot.load(index_folder)
    documents = {document.doc_id: document for document in bot.documents}
    found = read_labels(labels, documents, split=split)
    results = evaluate_perspective(measured(bot), found, seed=seed)
    if json_file:
        with naming(json_file):
            write_perspective(results, json_file)
    click.echo(render_perspective(results))


def _bot(questions: tuple[Path, ...], index_folder: Path, *, own_corpus: bool) -> "QaBot | None":
    """The bot of the index; none is needed where every set brings its own documents."""
    from qa_bot.evaluation import brings_documents

    if own_corpus and all(map(brings_documents, questions)):
        return None
    from qa_bot.bot import QaBot

    return QaBot.load(index_folder)


def _collections(
    questions: tuple[Path, ...], bot: "QaBot | None", tags: tuple[str, ...], limit: int | None
) -> "list[Collection]":
    from qa_bot.evaluation import read_collection

    documents = {document.doc_id: document for document in bot.documents} if bot else {}
    collections = [read_collection(path, documents) for path in questions]
    if tags:
        collections = [collection.tagged(tags) for collection in collections]
    return [collection.first(limit) for collection in collections] if limit else collections


def _stages(against: str | None) -> "tuple[Stage, ...]":
    from qa_bot.evaluation import STAGES

    named = [part.strip() for part in against.split(",")] if against else []
    for name in named:
        if name not in STAGES:
            raise QaBotError(f"--against: '{name}' is not a stage; choose from {', '.join(STAGES)}")
    return tuple(stage for stage in STAGES if stage in named)


def _say(results: "Results", comparison: "Comparison | None", falls: "tuple[Fall, ...] | None") -> None:
    from qa_bot.evaluation import render_comparison, render_falls, render_results

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(render_results(results, width=width))
    if comparison:
        click.echo("\n" + render_comparison(comparison))
    if falls is not None:
        click.echo("\n" + (render_falls(falls) if falls else "every floor is held"))
