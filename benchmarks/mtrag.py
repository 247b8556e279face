"""MT-RAG: follow-ups found with their conversation or without, and answerable told from unanswerable.

    python benchmarks/mtrag.py FOLDER               a folder with mtragun_reference.jsonl and *_rewrite.jsonl
    python benchmarks/mtrag.py FOLDER --half dev    the conversations that rules were developed on

The passages of all turns are the pool; a turn's own passages are its relevant documents. Three ways to search: the
last question alone, the bot with the conversation before it, and all questions of the conversation run together.

Where people rewrote the turns of a conversation, the words that they added are compared with those that the bot adds:
carried is the share of theirs that it has, fitting the share of its own that is among theirs. A turn counts as long
as question and rewrite are about one thing (the published rewrites belong to other runs of the same conversations).

Conversations are halved by the SHA-256 of their first question; --half report (the default) takes those that were not
used in development.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from qa_bot.errors import QuestionError
from qa_bot.evaluation.askable import Askable
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.comparison import compare
from qa_bot.evaluation.measured import build_measured
from qa_bot.evaluation.runner import SEED, evaluate
from qa_bot.evaluation.tables import render_comparison, render_results
from qa_bot.lexical import stems_of
from qa_bot.measures.resampling import estimates
from qa_bot.measures.selective import separation
from qa_bot.settings import MAX_HISTORY, MAX_QUESTION
from qa_bot.types import Document, Question
from run import arguments, options_of

FILE = "mtragun_reference.jsonl"
REWRITES = "*_rewrite.jsonl"
HALVES = ("dev", "report", "all")


@dataclass(frozen=True, slots=True)
class Turn:
    """The last question of a conversation, its passages, and whether they answer it."""

    question: Question
    passages: tuple[Document, ...]
    answerability: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A turn, the questions before it, and what a person made of it so that it can be understood alone."""

    question: str
    history: tuple[str, ...]
    rewrite: str


def main() -> None:
    half = half_of_command_line()
    asked = arguments(__doc__, "folder", writes=False)
    turns = [turn_of(row) for row in rows(asked.data / FILE)]
    turns = [turn for turn in turns if in_half(first_of(turn.question), half)][: asked.limit]
    pool = {passage.doc_id: passage for turn in turns for passage in turn.passages}
    judged = [turn for turn in turns if turn.passages]
    with TemporaryDirectory(prefix="qa-bot-") as folder:
        bot = build_measured(tuple(pool.values()), Path(folder))
        rewritten = [turn for turn in rewritten_turns(asked.data) if in_half((*turn.history, turn.question)[0], half)]
        print(render_carried(rewritten, lambda q, h: bot.ask(q, history=h).resolved_question), "\n")
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


def half_of_command_line() -> str:
    """The half asked for, taken from the command line."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--half", choices=HALVES, default="report")
    known, sys.argv[1:] = parser.parse_known_args()
    return str(known.half)


def in_half(first: str, half: str) -> bool:
    """Whether the conversation that starts with a question belongs to a half."""
    digest = hashlib.sha256(first.strip().lower().encode()).hexdigest()
    return half in ("all", HALVES[int(digest, 16) % 2])


def first_of(question: Question) -> str:
    return (*question.history, question.text)[0]


def rewritten_turns(folder: Path) -> list[Rewritten]:
    """Turns with their rewrites, of conversations that start with the same question, up to where they part."""
    said: dict[str, tuple[str, ...]] = {}
    for row in rows(folder / FILE):
        question = turn_of(row).question
        texts = (*question.history, question.text)
        key = texts[0].strip().lower()
        said[key] = max(said.get(key, ()), texts, key=len)
    rewrites: dict[str, dict[int, str]] = {}
    for path in sorted(folder.glob(REWRITES)):
        for row in rows(path):
            conversation, turn = row["_id"].split("<::>")
            rewrites.setdefault(conversation, {})[int(turn)] = " ".join(row["text"].removeprefix("|user|:").split())
    return [turn for turns in rewrites.values() for turn in aligned(said.get(turns.get(1, "").lower(), ()), turns)]


def aligned(said: Sequence[str], rewrites: dict[int, str]) -> Iterator[Rewritten]:
    for number in range(2, len(said) + 1):
        own = set(stems_of([said[number - 1]])[0])
        rewrite = rewrites.get(number)
        if rewrite is None:
            continue
        if own and own.isdisjoint(stems_of([rewrite])[0]):
            return
        yield Rewritten(said[number - 1], tuple(said[: number - 1])[-MAX_HISTORY:], rewrite)


def render_carried(turns: Sequence[Rewritten], resolved: Callable[[str, Sequence[str]], str]) -> str:
    """A table: what the bot, and running all questions together, carry of the words that people added."""
    ways: dict[str, Callable[[Rewritten], str]] = {
        "with conversation": lambda turn: resolved(turn.question, turn.history),
        "run together": lambda turn: " ".join((*turn.history, turn.question)),
    }
    lines = [f"{'':<18} carried  fitting  left alone  ({len(turns)} rewritten turns)"]
    for name, way in ways.items():
        theirs, ours, common, alone, plain = 0, 0, 0, 0, 0
        for turn in turns:
            own = set(stems_of([turn.question])[0])
            added, carried = (set(stems_of([text])[0]) - own for text in (turn.rewrite, way(turn)))
            theirs, ours, common = theirs + len(added), ours + len(carried), common + len(added & carried)
            plain, alone = plain + (not added), alone + (not added and not carried)
        lines.append(
            f"{name:<18} {common / max(theirs, 1):>7.3f}  {common / max(ours, 1):>7.3f}  {alone:>4} of {plain}"
        )
    return "\n".join(lines)


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
