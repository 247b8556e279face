"""Hearsay and insistence without a verb of saying: "one hears that ...", "the family is adamant that ..."."""

from qa_bot.perspective.clause import Clause
from qa_bot.perspective.complements import that_day
from qa_bot.perspective.cue import Cue
from qa_bot.perspective.subjects import sentence_subject

_HEARERS = frozenset("one you we i people".split())
_HELPERS = frozenset("will would can could may often also still sometimes have had 've 'd".split())
_NEAR = 12  # items between "hear" and what is heard


def hears(clause: Clause, i: int) -> Cue | None:
    """As in "You will hear in the port that it was clean", "one hears of a second list"; nobody is named."""
    subject = i - 1
    while subject > max(i - 4, 0) and clause.word(subject) in _HELPERS:
        subject -= 1
    who = clause.word(subject)
    if who not in _HEARERS or clause.word(subject - 1) in {"if", "when", "as", "what", "that", "which"}:
        return None
    that = clause.find_ahead(i + 1, ("that",), 3 if who in {"i", "we"} else _NEAR)
    if that is not None and not that_day(clause, that) and clause.is_statement(that + 1, clause.size):
        content = (that + 1, clause.size)
        told = that == i + 1 or clause.word(i + 1) in {"it", ",", "in", "from", "at", "on"}
        return (
            Cue((i, that + 1), "one hears that", "vague", None, content, clause.quotes_in(*content)) if told else None
        )
    if clause.word(i + 1) in {"about", "of"} and who in {"one", "you"}:
        return Cue((i, i + 2), "one hears that", "vague", None, (i + 2, clause.size))
    return None


def adamant(clause: Clause, i: int) -> Cue | None:
    """As in "The family is adamant that he was at home", "was unanimous in calling it a mistake"."""
    be = any(clause.is_a(k, "be") or clause.word(k) in {"remain", "remains", "remained"} for k in (i - 1, i - 2))
    told = clause.word(i + 1) == "that" or (clause.word(i + 1) == "in" and clause.word(i + 2).endswith("ing"))
    subject = sentence_subject(clause, i) if be and told else None
    if subject is None or clause.thing((subject[0], subject[0] + 1)):
        return None
    content = (i + 2, clause.size)
    return Cue((i, i + 2), "is adamant that", "sentence", subject, content, clause.quotes_in(*content))
