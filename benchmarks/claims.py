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
from qa_bot.perspective.claims import KINDS, claim_cues
from qa_bot.segmentation import outline

RESAMPLES = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("labels", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().labels.read_text(encoding="utf-8").splitlines()]
    counts: dict[tuple[int, int], np.ndarray] = defaultdict(lambda: np.zeros((3, len(KINDS)), int))
    for row in rows:
        found = {cue.kind for cue in claim_cues(row["text"], outline(row["text"], "account"), ())}
        tally = [(k in row["claims"] and k in found, k in row["claims"], k in found) for k in KINDS]
        counts[row["account"], row["paragraph"]] += np.array(tally, int).T
    table = np.array(list(counts.values()))  # (paragraphs, both / labelled / found, kinds)
    print(f"{len(rows)} sentences, {table[:, 1].sum()} labelled claims")
    for i, kind in enumerate(KINDS):
        both, labelled, cued = table[:, :, i].sum(0)
        print(f"{kind:16} recall {both / max(labelled, 1):.3f} of {labelled:3}  precision {both / max(cued, 1):.3f}")
    drawn = np.random.default_rng(SEED).integers(0, len(table), (RESAMPLES, len(table)))
    both, labelled, cued = table.sum(2)[drawn].sum(1).T
    for name, share, value in (
        ("recall", both / labelled, table[:, 0].sum() / table[:, 1].sum()),
        ("precision", both / cued, table[:, 0].sum() / table[:, 2].sum()),
    ):
        low, high = np.quantile(share, (0.025, 0.975))
        print(f"{'all, ' + name:16} {value:.3f} [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    main()
