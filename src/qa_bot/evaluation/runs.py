"""TREC run files of a finished run, for trec_eval, ir_measures and every other tool of the field."""

from pathlib import Path

from qa_bot.evaluation.figures import WHOLE
from qa_bot.evaluation.results import Results
from qa_bot.evaluation.trec import write_run


def write_runs(results: Results, path: Path) -> None:
    """Every question's ranking, best first; a place is named `doc_id:start-end`, a judged document by its id."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for record in results.records:
            write_run(file, record.question_id, record.ranked, WHOLE)
