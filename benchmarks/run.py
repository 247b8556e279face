"""What the benchmark commands share: their arguments, and where results go."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from qa_bot.evaluation.askable import Stage
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.questions import read_collection
from qa_bot.evaluation.report import write_report
from qa_bot.evaluation.results import Results, write_results
from qa_bot.evaluation.runner import Options


@dataclass(frozen=True, slots=True)
class Arguments:
    """The data and what to do with the results; `limit` takes the first questions only."""

    data: Path
    json: Path | None
    report: Path | None
    limit: int | None
    resume: bool


def arguments(description: str | None, data: str, *, writes: bool = True, resumes: bool = True) -> Arguments:
    """Read the command line of a command that writes its results where it is told, and can go on with a run."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar=data.upper(), type=Path)
    parser.add_argument("--limit", type=int, help="only the first questions")
    parser.set_defaults(json=None, report=None, resume=False)
    if writes:
        parser.add_argument("--json", type=Path, help="write results here")
        parser.add_argument("--report", type=Path, help="write an HTML report here")
    if resumes:
        parser.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    return Arguments(**vars(parser.parse_args()))


def collection_of(asked: Arguments) -> Collection:
    """The question set named on the command line."""
    collection = read_collection(asked.data, {})
    return collection if asked.limit is None else collection.first(asked.limit)


def options_of(asked: Arguments, *, against: tuple[Stage, ...] = ()) -> Options:
    """How the command line wants the run."""
    return Options(against=against, resume=asked.resume)


def finish(results: Results, asked: Arguments) -> None:
    """Write what was asked for."""
    if asked.json:
        write_results(results, asked.json)
    if asked.report:
        write_report(results, asked.report)
