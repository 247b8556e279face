"""Fit the confidence of an answer: python benchmarks/calibration.py QUESTIONS.jsonl:TAG:CORPUS ...

Fits the logistic rule of `qa_bot.answering` (Platt, 1999) on development questions of one or more corpora, every
set weighing the same, and prints its coefficients and, by kind of question, how many would be answered.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa_bot import QaBot
from qa_bot.answering import TOPIC
from qa_bot.evaluation import read_collection
from qa_bot.types import Question

KINDS = ("off_topic", "nonsense", "near_miss", "relation_swap", "false_premise")


def main(arguments: list[str]) -> None:
    """Fit, print, and count."""
    features: list[tuple[float, float]] = []
    right: list[bool] = []
    weights: list[float] = []
    kinds: list[str] = []
    for argument in arguments:
        path, tag, corpus = argument.split(":")
        with tempfile.TemporaryDirectory() as folder:
            bot = QaBot.build(corpus, folder)
            collection = read_collection(Path(path), {d.doc_id: d for d in bot.documents})
            questions = [q for q in collection.questions if not tag or tag in q.tags]
            for question in questions:
                ranking = bot.rank(question.text)
                features.append((ranking.sentences[0].score, ranking.coverage))
                right.append(is_right(bot, question))
                weights.append(1 / len(questions))
                kinds.append(next((t for t in question.tags if t in KINDS), "answerable"))
    fit = LogisticRegression(C=1e3).fit(features, right, sample_weight=np.array(weights) * len(right))
    print("intercept, best score, coverage:", [round(float(x), 2) for x in (fit.intercept_[0], *fit.coef_[0])])
    answered = np.array(features)[:, 1] >= TOPIC
    for kind, count in Counter(kinds).most_common():
        told = sum(1 for k, a in zip(kinds, answered, strict=True) if k == kind and a)
        print(f"{kind:14} {told:4} of {count:4} answered at coverage {TOPIC}")


def is_right(bot: QaBot, question: Question) -> bool:
    """Whether the first sentence of the ranking overlaps an accepted place."""
    best = bot.search(question.text, limit=1)[0]
    return any(gold.doc_id == best.doc_id and best.span.overlaps(gold.span) for gold in question.gold)


if __name__ == "__main__":
    main(sys.argv[1:])
