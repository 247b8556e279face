"""Fit how scores are combined and how sure an answer is: python benchmarks/calibration.py SET ...

A SET is QUESTIONS.jsonl:TAG:CORPUS (TAG may be empty) or a SQuAD file, whose paragraphs are the pool. The rule is
fitted on the sets that are phrased as people type, those of the first kind and chat.json, each with the same weight;
the others show what it is worth elsewhere. Prints
- the mean reciprocal rank under several values for WEIGHT of `qa_bot.reader.evidence`;
- CONFIDENCE of `qa_bot.answering`: a logistic rule (Platt, 1999) on the relevance of the first citation, for the event
  that it answers;
- by set, with the rule fitted on the *other* sets: hit@1, AUC of answerable against other questions, and what share
  of each kind would be answered at the threshold.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from qa_bot import QaBot
from qa_bot.answering import THRESHOLD
from qa_bot.evaluation import read_collection
from qa_bot.reader.evidence import WEIGHT
from qa_bot.retrieval import Stage
from qa_bot.types import Question

KINDS = ("off_topic", "nonsense", "near_miss", "relation_swap", "false_premise")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as read: candidates (n, 2) with late interaction and relevance, and which are right (n,)."""

    kind: str
    candidates: Floats
    right: npt.NDArray[np.bool_]

    def scores(self, weight: float) -> Floats:
        """The combined score of each candidate."""
        late, relevance = self.candidates.T
        return np.asarray(late + weight / (1 + np.exp(-relevance)))

    def reciprocal_rank(self, weight: float) -> float:
        """Of the first right candidate."""
        order = np.argsort(-self.scores(weight), kind="stable")
        return float(1 / (1 + np.flatnonzero(self.right[order])[0])) if self.right.any() else 0.0

    def features(self) -> tuple[list[float], bool]:
        """What the confidence rests on, of the candidate that comes first; whether it is right."""
        best = int(self.scores(WEIGHT).argmax())
        return [float(self.candidates[best][1])], bool(self.right[best])


def main(arguments: Sequence[str]) -> None:
    """Fit, print, and count."""
    sets = {argument: list(cases(argument)) for argument in arguments}
    for weight in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3):
        means = [np.mean([c.reciprocal_rank(weight) for c in own if c.kind == "answerable"]) for own in sets.values()]
        print(f"WEIGHT {weight:.2f}: MRR {np.mean(means):.3f} ({', '.join(f'{m:.3f}' for m in means)})")
    rule = fitted(sets)
    print("CONFIDENCE:", [round(float(x), 2) for x in (rule.intercept_[0], *rule.coef_[0])])
    for name, own in sets.items():
        report(name, own, fitted({other: cases for other, cases in sets.items() if other != name} or {name: own}))


def cases(argument: str) -> Iterator[Case]:
    """The cases of a set."""
    path, _, rest = argument.partition(":")
    tag, _, corpus = rest.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        if corpus:
            bot = QaBot.build(corpus, folder)
            collection = read_collection(Path(path), {d.doc_id: d for d in bot.documents})
        else:
            collection = read_collection(Path(path), {})
            bot = QaBot.from_documents(collection.documents, folder)
        questions = [q for q in collection.questions if not tag or tag in q.tags]
        for question in tqdm(questions, desc=Path(path).stem, unit=" questions"):
            yield case(bot, question)


def case(bot: QaBot, question: Question) -> Case:
    """One question as read by the bot."""
    ranking = bot.rank(question.text, stage=Stage.READ)
    read = [s for s in ranking.sentences if s.evidence]
    spans = [bot.index.entry(s.doc_id).outline.sentences[s.sentence].span for s in read]
    right = [
        any(g.doc_id == s.doc_id and g.span.overlaps(span) for g in question.gold)
        for s, span in zip(read, spans, strict=True)
    ]
    kind = "answerable" if question.answerable else next((t for t in question.tags if t in KINDS), "unanswerable")
    values = [(s.evidence.late, s.evidence.relevance) for s in read if s.evidence]
    return Case(kind, np.array(values, np.float64), np.array(right, bool))


def fitted(sets: Mapping[str, Sequence[Case]]) -> LogisticRegression:
    """The logistic rule for a first citation being right, from the sets that are phrased as people type."""
    typed = {name: own for name, own in sets.items() if ":" in name or Path(name).name == "chat.json"} or sets
    rows = [(*c.features(), 1 / len(own)) for own in typed.values() for c in own]
    features, right, share = zip(*rows, strict=True)
    return LogisticRegression(C=1e3).fit(features, right, sample_weight=np.array(share) * len(rows))


def report(name: str, own: Sequence[Case], rule: LogisticRegression) -> None:
    """Print how a set fares under a rule that was fitted without it."""
    rows = [c.features() for c in own]
    confidence = rule.predict_proba([features for features, _ in rows])[:, 1]
    kinds = np.array([c.kind for c in own])
    answerable = kinds == "answerable"
    hit = np.mean([right for (_, right), a in zip(rows, answerable, strict=True) if a])
    print(f"{name}\n  hit@1 {hit:.3f}", end="")
    if not answerable.all():
        print(f"  AUC {roc_auc_score(answerable, confidence):.3f}", end="")
    for kind in sorted(set(kinds)):
        of_kind = kinds == kind
        auc = (
            ""
            if kind == "answerable"
            else f", AUC {roc_auc_score(answerable[of_kind | answerable], confidence[of_kind | answerable]):.2f}"
        )
        print(f"\n  {kind:14} {of_kind.sum():4}, answered {np.mean(confidence[of_kind] >= THRESHOLD):.2f}{auc}", end="")
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
