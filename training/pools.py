"""Held-out articles → question sets for fitting how sure an answer is.

    python training/pools.py DATA_FOLDER... [--asked training/chat.jsonl] --out FOLDER

Writes one SQuAD 2.0 file a data folder, of articles that training leaves out. Of every ten questions six are asked as
they are, two of a paragraph that is taken out of the pool, and two with a name or number exchanged; the latter four are
marked as unanswerable. All are made less tidy, as people type them. With `--asked` one more file holds that file's
questions about articles that training leaves out, as they are written.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from examples import Item, Paragraph, asked_rows, held_out, read, rows_of, swapped, untidy

QUESTIONS, PARAGRAPHS = 400, 250  # of a set at most
KINDS, SHARES = ("answerable", "removed", "swapped"), (0.6, 0.2, 0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--asked", type=Path, help="questions about paragraphs of the data")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for folder in options.data:
        if folder.is_dir():
            paragraphs, items = read(rows_of(folder, options.seed))
            write(options.out / f"{folder.name}.json", pool(paragraphs, items, np.random.default_rng(options.seed)))
    if options.asked:
        rows = (row for path in options.data for row in rows_of(path, options.seed))
        paragraphs, items = read(asked_rows(options.asked, rows, options.seed))
        write(options.out / f"{options.asked.stem}.json", as_asked(paragraphs, items))


def write(path: Path, data: list[dict]) -> None:
    """Write the articles of a SQuAD file and say how many questions it has."""
    path.write_text(json.dumps({"version": "v2.0", "data": data}, ensure_ascii=False), encoding="utf-8")
    questions = [qa for article in data for qa in article["paragraphs"][0]["qas"]]
    print(f"{path}: {len(questions)} questions, {sum(q['is_impossible'] for q in questions)} unanswerable")


def as_asked(paragraphs: Sequence[Paragraph], items: Sequence[Item]) -> list[dict]:
    """The articles of a SQuAD file with the questions about held-out paragraphs, both as they are written."""
    asked: dict[int, list[dict]] = defaultdict(list)
    for item in items:
        home = paragraphs[item.paragraph]
        if held_out(home) and not home.home:
            answers = [{"text": a.of(home.text), "answer_start": a.start} for a in item.answers]
            asked[item.paragraph].append(
                {"id": item.key, "question": item.question, "is_impossible": not answers, "answers": answers}
            )
    return [_article(paragraphs, i, questions) for i, questions in asked.items()]


def pool(paragraphs: Sequence[Paragraph], items: Sequence[Item], rng: np.random.Generator) -> list[dict]:
    """The articles of a SQuAD file, one paragraph each."""
    held = [i for i, p in enumerate(paragraphs) if held_out(p)]
    chosen = [held[i] for i in sorted(rng.permutation(len(held))[:PARAGRAPHS])]
    taken_out = set(rng.choice(chosen, size=len(chosen) // 6, replace=False).tolist())
    kept = [i for i in chosen if i not in taken_out]
    asked: dict[int, list[dict]] = defaultdict(list)
    candidates = [item for item in items if item.answers and item.paragraph in set(chosen)]
    candidates = [candidates[i] for i in rng.permutation(len(candidates))]
    left = {kind: round(QUESTIONS * share) for kind, share in zip(KINDS, SHARES, strict=True)}
    for item in candidates:
        home = paragraphs[item.paragraph]
        question, kind = item.question, "removed" if item.paragraph in taken_out else "answerable"
        if kind == "answerable" and left["swapped"] and rng.random() < 0.4:  # twice as often as they are left
            other = swapped(question, home, rng)
            question, kind = (other, "swapped") if other else (question, kind)
        if not left[kind]:
            continue
        left[kind] -= 1
        answers = [{"text": a.of(home.text), "answer_start": a.start} for a in item.answers]
        place = item.paragraph if kind != "removed" else kept[0]  # where it is written down says nothing
        asked[place].append({
            "id": f"{item.key}-{kind}", "question": untidy(question, rng), "is_impossible": kind != "answerable",
            "answers": answers if kind == "answerable" else [],
        })  # fmt: skip
    return [_article(paragraphs, i, asked[i]) for i in kept]


def _article(paragraphs: Sequence[Paragraph], number: int, questions: list[dict]) -> dict:
    home = paragraphs[number]
    return {"title": f"{home.title} {number}", "paragraphs": [{"context": home.text, "qas": questions}]}


if __name__ == "__main__":
    main()
