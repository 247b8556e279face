"""Claim cues on accounts of invented wars whose sentences are labelled with claims only.

    python benchmarks/claims.py examples/development/claims.held-out.jsonl

A line holds the number of its account and paragraph, the text of one sentence, and the kinds of claim in it
(docs/labels.md). Prints how many labelled kinds are found, and how many found ones are labelled, for each kind and for
all with 95 % bootstrap intervals over paragraphs. A kind counts once a sentence.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from qa_bot.evaluation.runner import SEED
from qa_bot.measures.resampling import estimates, ratio_of
from qa_bot.perspective.claims import KINDS, claim_cues
from qa_bot.segmentation import outline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("labels", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().labels.read_text(encoding="utf-8").splitlines()]
    counts: dict[tuple[int, int], np.ndarray] = defaultdict(lambda: np.zeros((3, len(KINDS)), int))
    for row in rows:
        cued = {cue.kind for cue in claim_cues(row["text"], outline(row["text"], "account"), ())}
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


if __name__ == "__main__":
    main()
