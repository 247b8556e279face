"""Echoes: a report taken up by ellipsis, "So did those of Orsel.", "The clerk did the same."."""

from qa_bot.perspective.clause import Clause
from qa_bot.perspective.cue import Cue

ECHO = "so did X"  # a report only right after another one
_SO = frozenset("so neither nor".split())
_DO = frozenset("did do does had has have would will".split())
_ALIKE = (("the", "same"), ("likewise",), ("so", "too"), ("too",))
_LENGTH = 18  # items of a sentence that is no more than an echo


def echo_cue(clause: Clause) -> Cue | None:
    """The echo that a whole sentence is."""
    if clause.size > _LENGTH or clause.quotes:
        return None
    last = clause.last_word()
    pronoun = clause.word(0) == "neither" and not clause.is_a(2, "determiners")  # "Neither has withdrawn"
    if clause.word(0) in _SO and clause.word(1) in _DO and not pronoun:
        end = next((k for k in range(3, last) if _circumstance(clause, k)), last)
        who = clause.somebody((2, end)) or clause.word(2) in {"those", "that"}  # but not "So did the snow"
        known = end > 2 and who and not clause.is_statement(2, last) and not clause.own_person((2, end))
        return Cue((0, 1), ECHO, "sentence", (2, end), (1, clause.size)) if known else None
    for words in _ALIKE:
        do = last - len(words) - 1
        told = tuple(clause.word(k) for k in range(do + 1, last)) == words and clause.word(do) in _DO
        if told and do > 0 and not clause.is_statement(0, do) and not clause.own_person((0, do)):
            return Cue((do, do + 1), ECHO, "sentence", (0, do), (do + 1, clause.size))
    return None


def _circumstance(clause: Clause, i: int) -> bool:
    return not clause.items[i].is_word or (clause.is_a(i, "prepositions") and clause.word(i) != "of")
