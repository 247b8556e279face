"""TREC's own formats: topics with qrels beside them in, run files out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.beir import read_qrels
from qa_bot.evaluation.collection import Collection, numbered_lines
from qa_bot.types import Document, Question

_SUFFIXES = {".topics", ".trec"}
_TOPIC = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*([^<]+)", re.IGNORECASE)


def looks_like_topics(path: Path) -> bool:
    """Whether a file is named as TREC topics are: *.topics, *.trec, or topics*.tsv / topics*.txt."""
    return path.suffix in _SUFFIXES or (path.name.startswith("topics") and path.suffix in {".tsv", ".txt"})


def read_topics(path: Path, documents: Mapping[str, Document]) -> Collection:
    """Topics (`<top>` blocks or `id TAB text` lines) judged by the qrels file beside them.

    The qrels are `X.qrels` beside `X.topics`, or the file whose name has "qrels" for "topics". Topics
    without a relevant document are left out. Raises: QuestionSetError.
    """
    qrels = read_qrels(_qrels_beside(path), documents=set(documents))
    topics = dict(_topics(path))
    judged = [topic for topic in topics if any(grade > 0 for grade in qrels.get(topic, {}).values())]
    questions = tuple(Question(topic, topics[topic], answerable=True) for topic in judged)
    return Collection(path.stem, path, questions, qrels=qrels)


def write_run(file: IO[str], question_id: str, ranked: Sequence[tuple[str, float]], system: str) -> None:
    """One question's ranking, best first, as lines `qid Q0 docid rank score system`; ids hold no white space."""
    for rank, (unit, score) in enumerate(ranked, 1):
        columns = (_token(question_id), "Q0", _token(unit), str(rank), f"{score:.6f}", _token(system))
        file.write(" ".join(columns) + "\n")


def _topics(path: Path) -> Iterator[tuple[str, str]]:
    lines = list(numbered_lines(path))
    if any("<top>" in line.lower() for _, line in lines):
        yield from _marked_up(path, "".join(line for _, line in lines))
        return
    seen: set[str] = set()
    for number, line in lines:
        topic, _, text = line.partition("\t")
        if not text.strip():
            raise QuestionSetError(path, number, "expected a topic id, a tab and the question")
        if topic in seen:
            raise QuestionSetError(path, number, f"topic '{topic}' stands twice; ids are unique")
        seen.add(topic)
        yield topic.strip(), " ".join(text.split())


def _marked_up(path: Path, text: str) -> Iterable[tuple[str, str]]:
    for block in _TOPIC.finditer(text):
        number, title = _NUMBER.search(block[1]), _TITLE.search(block[1])
        if number is None or title is None:
            line = text.count("\n", 0, block.start()) + 1
            raise QuestionSetError(path, line, "a <top> needs <num> and <title>")
        yield number[1], " ".join(title[1].split())


def _qrels_beside(path: Path) -> Path:
    candidates = (path.with_suffix(".qrels"), path.with_name(path.name.replace("topics", "qrels")))
    found = next((candidate for candidate in candidates if candidate != path and candidate.is_file()), None)
    if found is None:
        raise QuestionSetError(path, None, f"no qrels beside it; expected '{candidates[0].name}'")
    return found


def _token(text: str) -> str:
    return re.sub(r"\s+", "_", text)
