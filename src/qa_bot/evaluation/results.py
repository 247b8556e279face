"""The result of a run: figures, curves and every question, with all that is needed to run it again."""

import json
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.comparison import Comparison
from qa_bot.evaluation.figures import WHOLE, Curves, Figure
from qa_bot.evaluation.record import Record

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 1


@dataclass(frozen=True, slots=True)
class SetInfo:
    """A question set as it was used: file name, SHA-256 of its questions, how many and how many answerable.

    `documents` counts those that it brought along and that were indexed for the run, `documents_sha256` is that
    of their hashes in order.
    """

    name: str
    file: str
    sha256: str
    questions: int
    answerable: int
    documents: int = 0
    documents_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a run depended on.

    `index` is the manifest of the index that was asked; sets with their own documents are asked of an index
    made for the run with the same settings.
    """

    version: str
    index_version: str
    seed: int
    date: str
    sets: tuple[SetInfo, ...]
    index: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """A finished run; `records` can be iterated again and again, from disk where they are many."""

    configuration: Configuration
    figures: tuple[Figure, ...]
    curves: tuple[Curves, ...]
    stages: tuple[Comparison, ...]
    records: Iterable[Record]
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)

    def figure(self, measure: str, set_name: str | None = None, *, system: str = WHOLE) -> Figure | None:
        """A figure over all questions of a set (the first set, if none is named), or None."""
        name = set_name or self.configuration.sets[0].name
        wanted = (measure, name, system, None)
        return next((f for f in self.figures if (f.measure, f.set, f.system, f.tag) == wanted), None)


def write_results(results: Results, path: Path) -> None:
    """The results as JSON, questions one a line, written as they are read."""
    head = _head().dump_python(_Head(FORMAT, *_summary(results)), mode="json")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        # NaN is no JSON: pydantic writes null for it.
        file.write(json.dumps(head, ensure_ascii=False, indent=1)[: -len("\n}")] + ',\n "questions": [')
        for number, record in enumerate(results.records):
            file.write((",\n" if number else "\n") + record.to_json())
        file.write("\n ]\n}\n")


def read_results(path: Path) -> Results:
    """Results written by `write_results`.

    Raises: QuestionSetError: if the file is none, or of another format.
    """
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
        records = tuple(map(Record.from_json, map(json.dumps, parsed.pop("questions"))))
        head = _head().validate_python(parsed)
    except OSError as error:
        raise QuestionSetError(path, None, f"cannot be read: {error.strerror}") from error
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        problem = str(error).splitlines()[0]
        raise QuestionSetError(path, None, f"is no result of qa-bot evaluate --json ({problem})") from error
    if head.format != FORMAT:
        raise QuestionSetError(path, None, f"has format {head.format}, this version reads {FORMAT}; evaluate again")
    return Results(head.configuration, head.figures, head.curves, head.stages, records, head.outcomes)


def machine() -> dict[str, str]:
    """The machine in words; no name, no address."""
    import os

    return {
        "system": platform.system(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
    }


def now() -> str:
    """The present second in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class _Head:
    format: int
    configuration: Configuration
    figures: tuple[Figure, ...]
    curves: tuple[Curves, ...]
    stages: tuple[Comparison, ...]
    outcomes: dict[str, dict[str, int]]


def _summary(results: Results) -> tuple[Any, ...]:
    return results.configuration, results.figures, results.curves, results.stages, results.outcomes


@cache
def _head() -> "TypeAdapter[_Head]":
    from pydantic import TypeAdapter

    return TypeAdapter(_Head)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
