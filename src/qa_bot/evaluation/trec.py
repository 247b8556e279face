"""TREC's own formats: topics with qrels beside them in, run files out."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.beir import read_qrels
from qa_bot.evaluation.collection import Collection, numbered_lines
from qa_bot.types import Document, Question

_SUFFIXES = {".topics", ".trec"}
# Ad hoc tracks write <top> with <num> and <title>, web tracks and later ones <topic number="1"> with <query>.
_TOPIC = re.compile(r"<top(?:ic\b[^>]*)?>.*?</top(?:ic)?>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)|<topic\b[^>]*\bnumber=\"([^\"]+)\"", re.IGNORECASE)
_TITLE = re.compile(r"<(?:title|query)>\s*(?:Topic:)?\s*([^<]+)", re.IGNORECASE)
_Topic: TypeAlias = tuple[int, str, str]  # line, id, question


def looks_like_topics(path: Path) -> bool:
    """Whether a file is named as TREC topics are: *.topics, *.trec, or topics*.tsv / topics*.txt / topics*.xml."""
    return path.suffix in _SUFFIXES or (path.name.startswith("topics") and path.suffix in {".tsv", ".txt", ".xml"})


def read_topics(path: Path, documents: Mapping[str, Document]) -> Collection:
    """Topics (`<top>` or `<topic>` blocks, or `id TAB text` lines) judged by the qrels file beside them.

    The qrels are `X.qrels` beside `X.topics`, or the file whose name has "qrels" for "topics". Topics
    without a relevant document are left out. Raises: QuestionSetError.
    """
    qrels = read_qrels(_qrels_beside(path), documents=set(documents))
    topics = _unique(path, _topics(path))
    judged = [topic for topic in topics if any(grade > 0 for grade in qrels.get(topic, {}).values())]
    questions = tuple(Question(topic, topics[topic], answerable=True) for topic in judged)
    return Collection(path.stem, path, questions, qrels=qrels)


def write_run(file: IO[str], question_id: str, ranked: Sequence[tuple[str, float]], system: str) -> None:
    """One question's ranking, best first, as lines `qid Q0 docid rank score system`; ids hold no white space.

    Scores fall from line to line, at least by a millionth: tools sort by score, and equal ones by id.
    """
    highest = math.inf
    for rank, (unit, score) in enumerate(ranked, 1):
        told = min(round(score, 6), highest)
        highest = told - 1e-6
        columns = (_token(question_id), "Q0", _token(unit), str(rank), f"{told:.6f}", _token(system))
        file.write(" ".join(columns) + "\n")


def write_qrels_lines(file: IO[str], question_id: str, relevant: Iterable[str]) -> None:
    """What is relevant to one question, as lines `qid 0 docid 1`."""
    for unit in relevant:
        file.write(f"{_token(question_id)} 0 {_token(unit)} 1\n")


def _unique(path: Path, topics: Iterable[_Topic]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for line, topic, text in topics:
        if topic in texts:
            raise QuestionSetError(path, line, f"topic '{topic}' stands twice; ids are unique")
        texts[topic] = text
    return texts


def _topics(path: Path) -> Iterator[_Topic]:
    lines = list(numbered_lines(path))
    if any("<top" in line.lower() for _, line in lines):
        yield from _marked_up(path, lines)
        return
    for number, line in lines:
        topic, _, text = line.partition("\t")
        if not text.strip():
            raise QuestionSetError(path, number, "expected a topic id, a tab and the question")
        yield number, topic.strip(), " ".join(text.split())


def _marked_up(path: Path, lines: Sequence[tuple[int, str]]) -> Iterator[_Topic]:
    text = "\n".join(line for _, line in lines)
    for block in _TOPIC.finditer(text):
        line = lines[text.count("\n", 0, block.start())][0]
        number, title = _NUMBER.search(block[0]), _TITLE.search(block[0])
        if number is None or title is None:
            raise QuestionSetError(path, line, "a <top> needs <num> and <title>, a <topic> its number and <query>")
        yield line, (number[1] or number[2]).strip(), " ".join(title[1].split())


def _qrels_beside(path: Path) -> Path:
    candidates = (path.with_suffix(".qrels"), path.with_name(path.name.replace("topics", "qrels")))
    found = next((candidate for candidate in candidates if candidate != path and candidate.is_file()), None)
    if found is None:
        raise QuestionSetError(path, None, f"no qrels beside it; expected '{candidates[0].name}'")
    return found


def _token(text: str) -> str:
    return re.sub(r"\s+", "_", text)
