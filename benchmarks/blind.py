"""Does the reader judge the text, or the wording of the question?

    python benchmarks/blind.py QUESTIONS.jsonl --tag dev --index index --alike training/chat.jsonl

Whoever writes questions without an answer phrases them a little differently, and whatever has learned the phrasing
tells them apart without reading. Prints the AUC by which the reader's best relevance tells answerable questions from
the others, beside the passages that are found for the question, and beside those found for another question of the
set, with 95 % bootstrap intervals. The second is .5 for a reader that does not judge by the question alone. With
`--alike training/chat.jsonl` a third line says how far the question alone gives the answer away to a logistic rule on
words and runs of up to three words, learned from that file: what a figure of the first line may owe to the set. The
fourth is the first again over pairs of questions that this rule finds about equally likely to have an answer.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from tqdm import tqdm

from qa_bot import QaBot
from qa_bot.evaluation import read_collection
from qa_bot.evaluation.runner import SEED
from qa_bot.measures.resampling import Statistic, Values, estimates
from qa_bot.measures.selective import separation
from qa_bot.reader import SentenceReader, load_reader, read_ranking
from qa_bot.settings import Settings
from qa_bot.types import Ranking

NEAR = 0.6  # log odds at which a pair weighs e to the minus a half


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--tag", default="", help="only questions with this tag")
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--reader", default=Settings().reader)
    parser.add_argument("--alike", type=Path, help="questions about other texts, to learn their wording from")
    asked = parser.parse_args()
    bot = QaBot.load(asked.index)
    if (reader := load_reader(asked.reader)) is None:
        raise SystemExit("there is no reader to look at; give one with --reader")
    collection = read_collection(asked.questions, {d.doc_id: d for d in bot.documents})
    questions = [q for q in collection.questions if not asked.tag or asked.tag in q.tags]
    rankings = [bot.rank(q.text) for q in tqdm(questions, desc="ranking", unit=" questions")]
    half = len(questions) // 2
    turned = rankings[half:] + rankings[:half]
    others = [replace(other, question=own.question) for other, own in zip(turned, rankings, strict=True)]
    answerable = np.array([float(q.answerable) for q in questions])
    shown = {"its own passages": rankings, "another's passages": others}
    scores = {name: best_relevances(bot, reader, shown[name]) for name in shown}
    judged = {name: separation(values, answerable) for name, values in scores.items()}
    if asked.alike:
        odds = worded_like(asked.alike, [q.text for q in questions])
        judged["no passages"] = separation(odds, answerable)
        judged["its own, alike"] = separation_of_alike(scores["its own passages"], answerable, odds)
    for name, found in estimates(judged, len(questions), seed=SEED).items():
        print(f"{name:18}  AUC {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]  n={found.n}")


def best_relevances(bot: QaBot, reader: SentenceReader, rankings: Sequence[Ranking]) -> np.ndarray:
    """The highest relevance that the reader gives to any sentence of each ranking, shape (n,)."""
    read = [read_ranking(reader, bot.index, r) for r in tqdm(rankings, desc="reading", unit=" questions")]
    return np.array([max((s.evidence.relevance for s in r.sentences if s.evidence), default=-30.0) for r in read])


def worded_like(path: Path, questions: Sequence[str]) -> np.ndarray:
    """Log odds (n,) that a question has an answer, by its wording alone."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rule = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 3), min_df=3, sublinear_tf=True, token_pattern=r"[\w’']+"),
        LogisticRegression(C=2.0, max_iter=500),
    )
    rule.fit([row["question"].rstrip("?. ") for row in rows], [bool(row["answer"]) for row in rows])
    return np.asarray(rule.decision_function([question.rstrip("?. ") for question in questions]))


def separation_of_alike(scores: Values, answerable: Values, odds: Values) -> Statistic:
    """AUC over pairs of an answerable and another question, each weighing by how near their log odds are."""
    pairs = np.exp(-(((odds[:, None] - odds) / NEAR) ** 2) / 2) * answerable[:, None] * (1 - answerable)
    won = pairs * ((scores[:, None] > scores) + (scores[:, None] == scores) / 2)
    return Statistic(len(scores), lambda w: np.einsum("ri,ij,rj->r", w, won, w) / np.einsum("ri,ij,rj->r", w, pairs, w))


if __name__ == "__main__":
    main()
