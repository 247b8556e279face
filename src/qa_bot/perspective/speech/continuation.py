"""Indirect speech that goes on without a verb of saying: "He noted that ... . The army should not be there."."""

from qa_bot.perspective.reporting.clause import Clause
from qa_bot.perspective.speech.reports import Line

_REPORTED_MODALS = frozenset({"would", "should", "must", "ought"})
_PROMISED = frozenset({"will", "shall"})
_EMPHASIS = frozenset({"never", "always", "only"})  # "had never stolen": what the source insists on
# rules after which indirect speech may go on
_CLAUSES = frozenset(
    {"that", "bare", "person", "X said, after the statement", "said X", "infinitive", "report goes on"}
)
_LISTS = frozenset({"as X said", "report goes on"})
_PERFECT = frozenset({"could", "should", "might"})  # "could have opened": a judgement, not an event
# a narrator's own openings: a new time, a turn against the report, or another person acting
_NARRATIVE = frozenset(
    "on in at but however meanwhile although despite as this these he she later then after before by since under "
    "neither nobody".split()
)


def continues_report(clause: Clause, rule: str, before: Line) -> bool:
    """Whether a sentence without a cue goes on with the report of the line before: what somebody wants or foresees."""
    if rule in _LISTS and _listed(before) and not clause.is_statement(0, clause.size):
        return True  # "The fallen, as confirmed by the registry. Ada Fitch, seamstress."
    if rule not in _CLAUSES or clause.quotes or clause.size == 0:
        return False
    judged = any(clause.word(i) in _PERFECT and clause.word(i + 1) == "have" for i in range(clause.size))
    if clause.word(0) in _NARRATIVE:
        return judged and clause.word(0) in {"he", "she", "they", "this", "these"}
    if judged:
        return True
    words = {
        clause.word(i) for i in range(clause.size) if not clause.any_word(i - 2, i, {"that", "who", "which", "what"})
    }
    if words & _REPORTED_MODALS or (words & _PROMISED and rule in {"that", "infinitive", "report goes on"}):
        return True
    return any(clause.word(i) == "had" and clause.word(i + 1) in _EMPHASIS for i in range(clause.size))


def _listed(line: Line) -> bool:
    """Whether a line is no sentence: an item of a list, or its title with who confirms it at the end."""
    clause = line.clause
    start = next(
        (i for i, item in enumerate(clause.items) if line.reports and item.start >= line.reports[0].frame.start), 0
    )
    titled = bool(line.reports) and line.reports[0].tail and start > 0
    return not clause.is_statement(0, start if titled else clause.size) and (titled or not line.reports)
