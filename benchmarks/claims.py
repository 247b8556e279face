"""Claim cues on accounts of invented wars whose sentences are labelled with claims only.

    python benchmarks/claims.py examples/development/claims.held-out.jsonl

A line holds the number of its account and paragraph, the text of one sentence, and the kinds of claim in it
(docs/labels.md). Prints how many labelled kinds are found, and how many found ones are labelled, for each kind and for
all with 95 % bootstrap intervals over paragraphs. A kind counts once a sentence.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import numpy as np

from qa_bot.evaluation.runner import SEED
from qa_bot.measures.resampling import estimates, ratio_of
from qa_bot.perspective.claims.cues import KINDS, claim_cues
from qa_bot.types import Outline, Sentence, Span


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("labels", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().labels.read_text(encoding="utf-8").splitlines()]
    counts: dict[tuple[int, int], np.ndarray] = defaultdict(lambda: np.zeros((3, len(KINDS)), int))
    for row, cued in zip(rows, kinds_in(rows), strict=True):
        tally = [(k in row["claims"] and k in cued, k in row["claims"], k in cued) for k in KINDS]
        counts[row["account"], row["paragraph"]] += np.array(tally, int).T
    table = np.array(list(counts.values()), float)  # (paragraphs, both / labelled / found, kinds)
    print(f"{len(rows)} sentences, {table[:, 1].sum():.0f} labelled claims")
    for i, kind in enumerate(KINDS):
        both, labelled, told = table[:, :, i].sum(0)
        print(f"{kind:16} recall {both / max(labelled, 1):.3f} of {labelled:3.0f}  precision {both / max(told, 1):.3f}")
    both, labelled, told = table.sum(2).T
    shares = {"recall": ratio_of(both, labelled), "precision": ratio_of(both, told)}
    for name, found in estimates(shares, len(table), seed=SEED).items():
        print(f"{f'all, {name}':16} {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]")


def kinds_in(rows: Sequence[dict[str, Any]]) -> list[set[str]]:
    """The kinds of claim found in every sentence, read in its account as divided by whoever labelled it."""
    told = []
    for _, account in groupby(rows, key=lambda row: row["account"]):
        sentences = [row["text"] for row in account]
        ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
        spans = [Span(end - len(sentence) - 1, end - 1) for sentence, end in zip(sentences, ends, strict=True)]
        parts = Outline((), (), tuple(Sentence(span, 0, 0) for span in spans), ())
        cues = claim_cues(" ".join(sentences), parts, ())
        told += [{cue.kind for cue in cues if span.start <= cue.span.start < span.end} for span in spans]
    return told


if __name__ == "__main__":
    main()
