"""Indirect speech that goes on without a verb of saying: "The army was, he noted, ... . It should not be there."."""

from qa_bot.perspective.clause import Clause

_REPORTED_MODALS = frozenset({"would", "should", "must", "ought"})
_PROMISED = frozenset({"will", "shall"})
_CLAUSES = frozenset({"that", "bare", "person", "report goes on"})  # rules after which indirect speech may go on


def continues_report(clause: Clause, rule: str) -> bool:
    """Whether a sentence without a cue goes on with the report before it: what somebody wants or foresees."""
    if rule not in _CLAUSES or clause.quotes or clause.size == 0 or clause.is_a(0, "months"):
        return False
    if clause.word(0) in {
        "on",
        "in",
        "at",
        "but",
        "however",
        "meanwhile",
        "although",
        "despite",
        "as",
        "this",
        "these",
    }:
        return False
    words = {clause.word(i) for i in range(clause.size)}
    return bool(words & _REPORTED_MODALS) or (bool(words & _PROMISED) and rule in {"that", "report goes on"})
