import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .fakes import TEXT, WordBot, excerpt


@pytest.fixture
def bot():
    return WordBot()


def line(question_id: str, question: str, answer: str | None = None, *tags: str, short: str | None = None) -> dict:
    gold = []
    if answer:
        span = excerpt(TEXT, answer).span
        gold = [{"doc_id": "river", "start": span.start, "end": span.end, "quote": answer}]
        gold[0] |= {"short": short} if short else {}
    return {"id": question_id, "question": question, "answerable": bool(answer), "gold": gold, "tags": list(tags)}


LINES = (
    line("q1", "When was the old bridge built?", "The old bridge was built in 1911.", "date", "test", short="1911"),
    line("q2", "where does almere lie", "Almere lies on the northern bank of the river.", "place", "test"),
    line("q3", "who owns the river", '"The river belongs to nobody."', "paraphrase", "dev"),
    line("q4", "Who built the old bridge?", None, "near_miss", "test"),
    line("q5", "What is the capital of France?", None, "off_topic", "dev"),
    line("q6", "What happened in wartime?", "It burned down in 1944.", "paraphrase", "test"),
)


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: object, name: str = "river-questions.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def question_file(write_lines) -> Path:
    return write_lines(*LINES)
