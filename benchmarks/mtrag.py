"""MT-RAG: follow-ups found with their conversation or without, and answerable told from unanswerable.

    python benchmarks/mtrag.py FOLDER       a folder with mtragun_reference.jsonl

The passages of all turns are the pool; a turn's own passages are its relevant documents. Three ways to search: the
last question alone, the bot with the conversation before it, and all questions of the conversation run together.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from qa_bot.bot import MAX_HISTORY, MAX_QUESTION
from qa_bot.errors import QuestionError
from qa_bot.evaluation.askable import Askable
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.comparison import compare
from qa_bot.evaluation.measured import build_measured
from qa_bot.evaluation.runner import SEED, evaluate
from qa_bot.evaluation.tables import render_comparison, render_results
from qa_bot.measures.resampling import estimates
from qa_bot.measures.selective import separation
from qa_bot.types import Document, Question
from run import arguments, options_of

FILE = "mtragun_reference.jsonl"


@dataclass(frozen=True, slots=True)
class Turn:
    """The last question of a conversation, its passages, and whether they answer it."""

    question: Question
    passages: tuple[Document, ...]
    answerability: str


def main() -> None:
    asked = arguments(__doc__, "folder")
    turns = [turn_of(row) for row in rows(asked.data / FILE)][: asked.limit]
    pool = {passage.doc_id: passage for turn in turns for passage in turn.passages}
    judged = [turn for turn in turns if turn.passages]
    with TemporaryDirectory(prefix="qa-bot-") as folder:
        bot = build_measured(tuple(pool.values()), Path(folder))
        runs = [
            evaluate(bot, [collection_of(name, judged, asked.data)], options_of(asked))
            for name in ("last question", "with conversation", "run together")
        ]
        for run in runs:
            print(render_results(run), "\n")
        alone, conversed, _ = (list(renamed(run.records)) for run in runs)
        print(render_comparison(compare(alone, conversed, name="last question", seed=SEED)), "\n")
        print(answerability(bot, turns))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def turn_of(row: dict[str, Any]) -> Turn:
    said = [" ".join(turn["text"].split())[:MAX_QUESTION] for turn in row["input"] if turn["speaker"] == "user"]
    passages = tuple(passage_of(context) for context in row["contexts"] if context["text"].strip())
    answerable = row["answerability"][0] != "UNANSWERABLE"
    question = Question(row["task_id"], said[-1], answerable, history=tuple(said[:-1])[-MAX_HISTORY:])
    return Turn(question, passages, row["answerability"][0])


def passage_of(context: dict[str, str]) -> Document:
    text = context["text"].strip()
    return Document(context["document_id"], context["document_id"], text, hashlib.sha256(text.encode()).hexdigest())


def collection_of(name: str, turns: Sequence[Turn], path: Path) -> Collection:
    """The judged turns, their questions put in one of the three ways."""
    qrels = {turn.question.question_id: dict.fromkeys((p.doc_id for p in turn.passages), 1) for turn in turns}
    return Collection(name, path, tuple(put(turn.question, name) for turn in turns), qrels=qrels)


def put(question: Question, way: str) -> Question:
    """A question in one of the three ways."""
    if way == "with conversation":
        return question
    together = " ".join((*question.history, question.text))[-MAX_QUESTION:]
    return replace(question, text=question.text if way == "last question" else together, history=())


def renamed(records: Any) -> Iterator[Any]:
    """Records under one set name, so that two ways of asking are paired by question."""
    for record in records:
        yield replace(record, set="follow-ups")


def answerability(bot: Askable, turns: Sequence[Turn]) -> str:
    """AUC of the bot's confidence, unanswerable turns against the rest."""
    confidences, answerable = [], []
    for turn in turns:
        try:
            answer = bot.ask(turn.question.text, history=turn.question.history)
        except QuestionError:
            continue
        confidences.append(answer.confidence)
        answerable.append(float(turn.question.answerable))
    statistic = separation(np.array(confidences), np.array(answerable))
    found = estimates({"AUC": statistic}, len(confidences), seed=SEED)["AUC"]
    return f"answerability AUC {found.value:.3f} [{found.low:.3f}, {found.high:.3f}], {found.n} turns"


if __name__ == "__main__":
    main()
