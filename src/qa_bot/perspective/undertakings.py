"""Undertakings: what a state or a body gives notice of: "Oltania reserves its right to ...", "will inform X of ..."."""

from qa_bot.perspective.clause import Clause
from qa_bot.perspective.cue import Cue
from qa_bot.perspective.subjects import sentence_subject

_REACH = 6  # items between "reserves" and the right, between "informs" and what of
_RIGHTS = frozenset("right rights".split())


def reserves(clause: Clause, i: int) -> Cue | None:
    """As in "It reserves its inherent right of self-defence"; not "a seat is reserved on the right"."""
    right = next((k for k in range(i + 1, min(i + _REACH, clause.size)) if clause.word(k) in _RIGHTS), None)
    owned = right is not None and (clause.possessive_before(right) or clause.any_word(i + 1, right, {"the", "all"}))
    to = right is not None and clause.word(right + 1) in {"to", "of", "under", ",", "."}
    if not owned or not to or clause.any_is(i + 1, right or i, "prepositions"):
        return None
    return _by_subject(clause, i, "reserves its right")


def informs(clause: Clause, i: int) -> Cue | None:
    """As in "It will inform the Council of the measures taken"; not "was informed of it"."""
    of = next((k for k in range(i + 1, min(i + _REACH, clause.size)) if clause.word(k) == "of"), None)
    if of is None or clause.is_statement(i + 1, of) or clause.word(i - 1) in {"to", "not", "and"}:
        return None
    topic = clause.is_a(of + 1, "determiners") or clause.word(of + 1)[:1].isalpha()
    return _by_subject(clause, i, "informs of") if topic and not clause.is_a(of + 1, "things") else None


def _by_subject(clause: Clause, i: int, rule: str) -> Cue | None:
    """The cue of the active verb at `i` whose sentence has somebody for a subject."""
    first = i
    while first > 0 and (clause.is_a(first - 1, "auxiliaries") or clause.adverb(first - 1)):
        first -= 1
    subject = sentence_subject(clause, first)
    passive = clause.any_is(first, i, "be")
    if subject is None or passive or subject[0] >= first or clause.is_statement(*subject):
        return None
    if not clause.somebody(subject) or clause.own_person(subject) or clause.demonstrative(subject):
        return None
    content = (i + 1, clause.size)
    return Cue((i, i + 1), rule, "sentence", subject, content, clause.quotes_in(*content))
