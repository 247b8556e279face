"""The reader alone on SQuAD 2.0: each question with its own paragraph.

    python benchmarks/reader.py FILE.json [--limit N]

Prints EM and F1 of the short answer over answerable questions (a paragraph always holds one), and the AUC by which the
highest relevance tells answerable from unanswerable questions; all with 95 % bootstrap intervals.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from tqdm import tqdm

from qa_bot.evaluation.runner import SEED
from qa_bot.measures.answers import exact_match, token_f1
from qa_bot.measures.resampling import estimates, mean_of
from qa_bot.measures.selective import separation
from qa_bot.reader import Reader, Window
from qa_bot.segmentation import outline
from qa_bot.types import Span

WINDOW_WORDS = 75


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int)
    asked = parser.parse_args()
    paragraphs = [p for article in json.loads(asked.data.read_text())["data"] for p in article["paragraphs"]]
    questions = [(qa, p["context"]) for p in paragraphs for qa in p["qas"]][: asked.limit]
    reader = Reader()
    exact, overlap, relevances, answerable = [], [], [], []
    for qa, context in tqdm(questions, unit=" questions"):
        windows = windows_of(context)
        marked = [
            (mark, window)
            for marks, window in zip(reader.read(qa["question"], windows), windows, strict=True)
            for mark in marks
            if mark.short
        ]
        best, window = max(marked, key=lambda pair: pair[0].relevance)
        relevances.append(best.relevance)
        answerable.append(float(not qa["is_impossible"]))
        accepted = [a["text"] for a in qa["answers"]]
        if accepted and best.short:
            said = best.short.of(window.text)
            exact.append(float(exact_match(said, accepted)))
            overlap.append(token_f1(said, accepted))
    means = {"HasAns EM": mean_of(np.array(exact)), "HasAns F1": mean_of(np.array(overlap))}
    judged = {"answerability AUC": separation(np.array(relevances), np.array(answerable))}
    for figures, n in ((means, len(exact)), (judged, len(relevances))):
        for name, found in estimates(figures, n, seed=SEED).items():
            print(f"{name:18} {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]  n={found.n}")


def windows_of(context: str) -> list[Window]:
    """A paragraph cut into runs of sentences of at most WINDOW_WORDS words, as the reader is used to."""
    spans = [s.span for s in outline(context, "paragraph").sentences]
    runs: list[list[Span]] = []
    for span in spans:
        if runs and len(context[runs[-1][0].start : span.end].split()) <= WINDOW_WORDS:
            runs[-1].append(span)
        else:
            runs.append([span])
    return [
        Window(
            context[run[0].start : run[-1].end], tuple(Span(s.start - run[0].start, s.end - run[0].start) for s in run)
        )
        for run in runs
    ]


if __name__ == "__main__":
    main()
