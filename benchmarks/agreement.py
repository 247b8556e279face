"""How far several readers of the same sentences agree, and what most of them say.

    python benchmarks/agreement.py corpus/labels/readers.jsonl
    python benchmarks/agreement.py corpus/labels/readers.jsonl --labels corpus/labels/second-karabakh-war.*.jsonl

A line is what one reader says of one sentence, in the form of docs/labels.md, without its words. Prints how far each
reader agrees with the majority of the others, by the measures by which qa_bot itself is judged (loaded words by
characters), and the mean of the readers' pairwise kappas (Cohen 1960). With `--labels`, labels of the same sentences
become what most readers say.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score, f1_score

NARRATOR = "narrator"
Judgement = dict[str, Any]  # of one reader of one sentence: voice, source, party, loaded, claims
Key = tuple[str, int]  # document and start of a sentence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", type=Path)
    parser.add_argument("--labels", type=Path, nargs="+", default=[], help="files to rewrite by the majority")
    asked = parser.parse_args()
    readings = read(asked.readers)
    for path in asked.labels:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        lines = [json.dumps(row | majority(readings[row["doc_id"], row["start"]]), ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sentences = list(readings.values())
    readers = len(sentences[0])
    print(f"{len(sentences)} sentences, {readers} readers, each beside the majority of the others")
    for name, share in agreement(sentences).items():
        print(f"{name:22} mean {np.mean(share):.3f}, from {min(share):.3f} to {max(share):.3f}")
    for name in ("voice", "party"):
        columns = [[str(s[i][name]) for s in sentences] for i in range(readers)]
        kappas = [cohen_kappa_score(a, b) for a, b in combinations(columns, 2)]
        print(f"{name:22} kappa {np.mean(kappas):.3f}")


def read(path: Path) -> dict[Key, list[Judgement]]:
    """The judgements of each sentence, readers in their order."""
    readings: dict[Key, list[Judgement]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        readings.setdefault((row["doc_id"], row["start"]), []).append(row)
    return readings


def majority(judgements: Sequence[Judgement]) -> Judgement:
    """What more than half of the readers say; where no voice or party has that, the first of the most frequent."""
    voice = _most(judgement["voice"] for judgement in judgements)
    speaking = [judgement for judgement in judgements if judgement["voice"] == voice]
    party = _most(judgement["party"] for judgement in speaking)
    kinds = Counter(claim["kind"] for judgement in judgements for claim in judgement["claims"])
    kept = [kind for kind, votes in kinds.items() if 2 * votes > len(judgements)]
    return {
        "voice": voice,
        "source": next(judgement["source"] for judgement in speaking if judgement["party"] == party),
        "party": party,
        "loaded": _marked(judgements),
        "claims": [{"kind": kind, "sourced": _sourced(judgements, kind)} for kind in sorted(kept)],
    }


def agreement(sentences: Sequence[Sequence[Judgement]]) -> dict[str, list[float]]:
    """For each measure, one figure a reader, with the majority of the other readers taken as right."""
    found: dict[str, list[float]] = {}
    for i in range(len(sentences[0])):
        pairs = [(majority([*s[:i], *s[i + 1 :]]), s[i]) for s in sentences]
        for name, value in _measures(pairs).items():
            found.setdefault(name, []).append(value)
    return found


def _measures(pairs: Sequence[tuple[Judgement, Judgement]]) -> dict[str, float]:
    columns = list(zip(*pairs, strict=True))
    voices = [[judgement["voice"] for judgement in column] for column in columns]
    spoken = [(right, told) for right, told in pairs if right["voice"] != NARRATOR]
    claims = [{(i, c["kind"]) for i, judgement in enumerate(column) for c in judgement["claims"]} for column in columns]
    loaded = [{(i, place) for i, judgement in enumerate(column) for place in _places(judgement)} for column in columns]
    return {
        "voice macro-F1": float(f1_score(*voices, average="macro")),
        "party accuracy": sum(map(_speaks_for_it, *zip(*spoken, strict=True))) / len(spoken),
        "loaded character F1": 2 * len(loaded[0] & loaded[1]) / (len(loaded[0]) + len(loaded[1])),
        "claim recall": len(claims[0] & claims[1]) / len(claims[0]),
        "claim precision": len(claims[0] & claims[1]) / len(claims[1]),
    }


def _speaks_for_it(right: Judgement, told: Judgement) -> bool:
    return told["voice"] != NARRATOR and bool(right["party"] == told["party"])


def _most(values: Iterable[Any]) -> Any:
    return Counter(values).most_common(1)[0][0]  # of several, the first


def _sourced(judgements: Sequence[Judgement], kind: str) -> bool:
    return bool(_most(c["sourced"] for judgement in judgements for c in judgement["claims"] if c["kind"] == kind))


def _marked(judgements: Sequence[Judgement]) -> list[list[int]]:
    """Runs of characters that more than half of the readers mark."""
    votes = Counter(place for judgement in judgements for place in _places(judgement))
    runs: list[list[int]] = []
    for place in sorted(place for place, count in votes.items() if 2 * count > len(judgements)):
        if runs and runs[-1][1] == place:
            runs[-1][1] += 1
        else:
            runs.append([place, place + 1])
    return runs


def _places(judgement: Judgement) -> set[int]:
    return {place for start, end in judgement["loaded"] for place in range(start, end)}


if __name__ == "__main__":
    main()
