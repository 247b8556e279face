"""Grounds: what is given for a thing, or as its figure, is somebody's: "the reason given was the weather"."""

from qa_bot.perspective.clause import Clause, Range
from qa_bot.perspective.cue import Cue

_GIVEN = frozenset("given offered stated advanced cited put supplied issued".split())
_BE = frozenset("is was remains remained are were".split())
_ABOUT = frozenset("about some around roughly nearly over under at only".split())
_REACH = 10  # items between the noun and its verb


def ground(clause: Clause, i: int) -> Cue | None:
    """As in "The reason given was the weather", "the excuse offered by the mayor was a stolen horse"."""
    be = _verb(clause, i)
    if be is None:
        return None
    given = next((k for k in range(i + 1, be) if clause.word(k) in _GIVEN), None)
    official = clause.word(i - 1) == "official"
    named = clause.is_a(be + 1, "determiners") or clause.word(be + 1) == "that"  # not "was never given"
    if (given is None and not official) or not clause.is_a(i, "grounds") or not named:
        return None
    by = next((k for k in range(i + 1, be) if clause.word(k) == "by"), None)
    source = (by + 1, be) if by is not None and by + 1 < be else None
    return _is(clause, i, be, source)


def figure(clause: Clause, i: int) -> Cue | None:
    """As in "Their own figure is forty", "The count of the parish was about nine hundred"."""
    be = _verb(clause, i)
    amount = 0 if be is None else be + 1 + (clause.word(be + 1) in _ABOUT)
    counted = clause.word(amount)[:1].isdigit() or clause.is_a(amount, "counted")
    if be is None or not counted or clause.any_word(i - 2, i, {"our", "my", "your"}):
        return None
    if clause.possessive_before(i) and be == i + 1:
        whose = next((k for k in range(i - 1, max(i - 3, -1), -1) if clause.items[k].possessive), None)
        whose = i - 2 if whose is None and clause.word(i - 1) == "own" else i - 1 if whose is None else whose
        first = next((k for k in range(whose, max(whose - 5, -1), -1) if clause.is_a(k, "determiners")), whose)
        return _is(clause, i, be, (first, whose + 1))
    first = i + 2 if clause.word(i + 1) == "of" else i + 3  # "the figure given by Marl is forty"
    given = clause.word(i + 1) in _GIVEN and clause.word(i + 2) == "by"
    named = first < be and (given or clause.word(i + 1) == "of") and clause.somebody((first, be))
    return _is(clause, i, be, (first, be)) if named else None


def given_as(clause: Clause, i: int) -> Cue | None:
    """As in "The weather was given as the reason"."""
    noun = i + 2 + (clause.word(i + 2) in {"the", "a", "an", "its", "their", "his", "her"})
    passive = clause.any_is(i - 3, i, "be")
    if not passive or clause.word(i + 1) != "as" or not clause.is_a(noun, "grounds"):
        return None
    return Cue((i, noun + 1), "is given as", "vague", content=(0, i), tail=True)


def officially(clause: Clause, i: int) -> Cue | None:
    """As in "Officially it was a drill"; not "Officially opened in May"."""
    opens = ("persons", "groups", "things", "determiners", "own_persons")
    told = clause.leading(i) and (
        clause.word(i + 1) in {",", "there"} or any(clause.is_a(i + 1, name) for name in opens)
    )
    return Cue((i, i + 1), "hearsay adverb", "vague", content=(i + 1, clause.size)) if told else None


def _verb(clause: Clause, i: int) -> int | None:
    """The "was" of "The reason given by the mayor was the weather"."""
    for k in range(i + 1, min(i + _REACH, clause.size)):
        if clause.word(k) in _BE:
            return k
        if not clause.items[k].is_word:
            return None
    return None


def _is(clause: Clause, i: int, be: int, source: Range | None) -> Cue:
    content = (be + 1, clause.size)
    relation = "subject" if source else "vague"
    return Cue((i, be + 1), "the reason given", relation, source, content, clause.quotes_in(*content))
