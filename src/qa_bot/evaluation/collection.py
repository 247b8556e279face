"""A question set in memory, and reading files line by line with errors that name file and line."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from qa_bot.errors import QuestionSetError
from qa_bot.types import Document, Qrels, Question

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions under one name, in file order.

    `documents` are those that the set brings along (SQuAD, BEIR). `qrels` judge whole documents (BEIR, TREC);
    where they are None, the gold spans of the questions decide.
    """

    name: str
    path: Path
    questions: tuple[Question, ...]
    documents: tuple[Document, ...] = ()
    qrels: Qrels | None = None

    def tagged(self, tags: Iterable[str]) -> "Collection":
        """The questions that carry every one of these tags.

        Raises: QuestionSetError: if none does.
        """
        wanted = set(tags)
        kept = tuple(question for question in self.questions if wanted <= set(question.tags))
        if not kept:
            known = ", ".join(sorted({tag for question in self.questions for tag in question.tags})) or "none"
            raise QuestionSetError(
                self.path, None, f"no question is tagged {', '.join(sorted(wanted))}; tags are: {known}"
            )
        return replace(self, questions=kept)

    def first(self, limit: int) -> "Collection":
        """The first questions of the set."""
        return replace(self, questions=self.questions[:limit])


def checked(collection: Collection) -> Collection:
    """The same collection, unless it is empty or an id stands twice."""
    if not collection.questions:
        raise QuestionSetError(collection.path, None, "holds no question")
    counts = Counter(question.question_id for question in collection.questions)
    twice = [question_id for question_id, count in counts.items() if count > 1]
    if twice:
        raise QuestionSetError(
            collection.path, None, f"id '{twice[0]}' stands {counts[twice[0]]} times; ids are unique"
        )
    return collection


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, without their ends, with their numbers from 1.

    A byte order mark is left out. Raises: QuestionSetError: with the line, for what is no UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = _decoded(path, number, line).rstrip("\r\n")
                if text.strip():
                    yield number, text
    except OSError as error:
        raise QuestionSetError(path, None, f"cannot be read: {error.strerror}") from error


def numbered_records(path: Path) -> Iterator["LineRecord"]:
    """The JSON objects of a JSONL file."""
    for number, line in numbered_lines(path):
        values = parsed(path, line, number)
        if not isinstance(values, dict):
            raise QuestionSetError(path, number, f"expected a JSON object, got {type(values).__name__}")
        yield LineRecord(path, number, values)


def parsed(path: Path, text: str, line: int | None = None) -> object:
    """What a piece of JSON holds that begins on a line of a file, or is the whole file.

    Raises: QuestionSetError: for what is no JSON, or holds half a character: a lone surrogate, which JSON can
    escape and no text can hold.
    """
    try:
        values: object = json.loads(text)
        if "\\u" in text:
            json.dumps(values, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        problem = f"is not JSON: {error.msg} (column {error.colno})"
        raise QuestionSetError(path, (line or 1) + error.lineno - 1, problem) from error
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise QuestionSetError(path, line, f"holds half a character, {half!r}; write the whole one") from error
    except RecursionError as error:
        raise QuestionSetError(path, line, "is not JSON that can be read: it is nested too deeply") from error
    return values


@dataclass(frozen=True, slots=True)
class LineRecord:
    """One JSON object and the line it stands on, read value by value with its type checked."""

    path: Path
    line: int
    values: dict[str, object]

    def error(self, problem: str) -> QuestionSetError:
        """The error to raise about this line."""
        return QuestionSetError(self.path, self.line, problem)

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of a key, of exactly this type; without a default the key is needed, and null is no value."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        # A bool is an int to isinstance, and neither an offset nor a label.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            found = "is missing" if key not in self.values else f"has value {value!r}"
            raise self.error(f"key '{key}' {found}; expected {_NAMES.get(kind, kind.__name__)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where the key is missing or null."""
        values = self.get(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"key '{key}' has value {values!r}; expected a list of strings")
        return tuple(values)


def _decoded(path: Path, number: int, line: bytes) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise QuestionSetError(
            path, number, f"is not UTF-8 text (byte {error.start + 1} of the line); save it as UTF-8"
        ) from error


_NAMES: dict[type, str] = {str: "a string", int: "a whole number", bool: "true or false", list: "a list"}
