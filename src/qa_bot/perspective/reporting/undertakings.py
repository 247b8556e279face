"""Undertakings: what a state or a body gives notice of: "Oltania reserves its right to ..."."""

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.subjects import sentence_subject

_REACH = 6  # items between "reserves" and the right
_RIGHTS = frozenset("right rights".split())


def reserves(clause: Clause, i: int) -> Cue | None:
    """As in "It reserves its inherent right of self-defence"; not "a seat is reserved on the right"."""
    right = next((k for k in range(i + 1, min(i + _REACH, clause.size)) if clause.word(k) in _RIGHTS), None)
    owned = right is not None and (clause.possessive_before(right) or clause.any_word(i + 1, right, {"the", "all"}))
    to = right is not None and clause.word(right + 1) in {"to", "of", "under", ",", "."}
    subject = _subject(clause, i)
    if not owned or not to or subject is None or clause.any_is(i + 1, right or i, "prepositions"):
        return None
    content = (i + 1, clause.size)
    return Cue((i, i + 1), "reserves its right", "sentence", subject, content, clause.quotes_in(*content))


def _subject(clause: Clause, i: int) -> Range | None:
    """The subject of the active verb at `i`, where it is somebody."""
    first = i
    while first > 0 and (clause.is_a(first - 1, "auxiliaries") or clause.adverb(first - 1)):
        first -= 1
    subject = sentence_subject(clause, first)
    passive = clause.any_is(first, i, "be")
    if subject is None or passive or subject[0] >= first or clause.is_statement(*subject):
        return None
    named = clause.somebody(subject) and not clause.own_person(subject) and not clause.demonstrative(subject)
    return subject if named else None
