"""Evaluation: question sets in; figures with intervals, a report, a comparison and a gate out.

collections = [read_collection(Path("questions.jsonl"), documents)]
results = evaluate(measured(bot), collections, Options())
print(render_results(results))
"""

from qa_bot.evaluation.askable import STAGES, Askable, Stage
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.comparison import Comparison, compare
from qa_bot.evaluation.curation import (
    Dialogue,
    Inspection,
    Verdict,
    add_questions,
    append_question,
    check_questions,
    drafts_from_feedback,
)
from qa_bot.evaluation.figures import Figure
from qa_bot.evaluation.gate import Fall, Floor, below, read_floors
from qa_bot.evaluation.labels import Label, read_labels
from qa_bot.evaluation.measured import build_measured, measured
from qa_bot.evaluation.questions import brings_documents, read_collection
from qa_bot.evaluation.record import Outcome, Record
from qa_bot.evaluation.report import write_report
from qa_bot.evaluation.results import Results, read_results, write_results
from qa_bot.evaluation.runner import SEED, EvaluationStoppedError, Options, evaluate
from qa_bot.evaluation.runs import write_qrels, write_runs
from qa_bot.evaluation.standpoints import PerspectiveResults, evaluate_perspective, write_perspective
from qa_bot.evaluation.tables import (
    render_comparison,
    render_falls,
    render_inspection,
    render_perspective,
    render_results,
)

__all__ = [
    "SEED",
    "STAGES",
    "Askable",
    "Collection",
    "Comparison",
    "Dialogue",
    "EvaluationStoppedError",
    "Fall",
    "Figure",
    "Floor",
    "Inspection",
    "Label",
    "Options",
    "Outcome",
    "PerspectiveResults",
    "Record",
    "Results",
    "Stage",
    "Verdict",
    "add_questions",
    "append_question",
    "below",
    "brings_documents",
    "build_measured",
    "check_questions",
    "compare",
    "drafts_from_feedback",
    "evaluate",
    "evaluate_perspective",
    "measured",
    "read_collection",
    "read_floors",
    "read_labels",
    "read_results",
    "render_comparison",
    "render_falls",
    "render_inspection",
    "render_perspective",
    "render_results",
    "write_perspective",
    "write_qrels",
    "write_report",
    "write_results",
    "write_runs",
]
