"""EM and F1 of a prediction file, to be compared with those of the official evaluate-v2.0.py.

python benchmarks/squad_official.py DEV.json PREDICTIONS.json
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from qa_bot.evaluation.squad import read_squad
from qa_bot.measures.answers import exact_match, token_f1
from qa_bot.types import Question


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("predictions", type=Path)
    asked = parser.parse_args()
    predictions: dict[str, str] = json.loads(asked.predictions.read_text(encoding="utf-8"))
    questions = [q for q in read_squad(asked.data).questions if q.question_id in predictions]
    kinds = {"all": questions}
    kinds["HasAns"] = [question for question in questions if question.answerable]
    kinds["NoAns"] = [question for question in questions if not question.answerable]
    for name, some in kinds.items():
        if some:
            em, f1 = (percent(measure, some, predictions) for measure in (exact_match, token_f1))
            print(f"{name:7} n {len(some):6}  exact {em:.2f}  f1 {f1:.2f}")


def percent(
    measure: Callable[[str, list[str]], float], questions: list[Question], predictions: dict[str, str]
) -> float:
    scores = [measure(predictions[q.question_id], [gold.short or "" for gold in q.gold]) for q in questions]
    return 100 * sum(scores) / len(scores)


if __name__ == "__main__":
    main()
