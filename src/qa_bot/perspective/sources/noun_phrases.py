"""Noun phrases: the runs of words in a sentence that may name somebody, and the proper name in one."""

from collections.abc import Iterator

from qa_bot.perspective.claims.patterns import word_class
from qa_bot.perspective.reporting.clause import Clause, Range

_PARTICLES = frozenset("de von van der den del della di da dos la le bin ibn al el ben".split())
# people of no office, whom "he" and "she" may go back to
PEOPLE = frozenset(
    "man woman boy girl lady gentleman cousin uncle aunt nephew niece grandmother grandfather widow".split()
)
_NO_NAME_PARTS = ("roles", "bodies", "determiners", "openers", "months", "observers")


def name_part(clause: Clause, i: int) -> bool:
    """Whether a word may be of a person's name."""
    return (
        clause.capitalised(i)
        and not clause.items[i].possessive
        and not any(clause.is_a(i, name) for name in _NO_NAME_PARTS)
    )


def proper_name(clause: Clause, span: Range) -> Range | None:
    """The first run of two or more capitalised words that are no titles; else one such word after a title."""
    runs: list[list[int]] = [[]]
    title = False  # inside what a role is of: "Minister of Foreign Affairs"
    place = False  # inside "in Odde"
    for i in range(*span):
        title = (title or clause.word(i) in {"of", "for"}) and clause.word(i) != ","
        where = i > span[0] and clause.word(i) in {"in", "at", "from", "near"}
        place = where or (place and (clause.capitalised(i) or clause.word(i) == "the"))
        if clause.is_a(i, "roles") and runs[-1] and runs[-1][-1] == i - 1:
            runs[-1] = []  # "Prime Minister", "Foreign Minister"
        if name_part(clause, i) and not place and not (title and clause.any_is(span[0], i, "roles")):
            runs[-1].append(i)
        elif not runs[-1] or clause.word(i) not in _PARTICLES:
            runs.append([])
    long = [run for run in runs if len(run) > 1] or [run for run in runs if run]
    return (long[0][0], long[0][-1] + 1) if long else None


def noun_phrases(clause: Clause, span: Range, named_at: set[int]) -> Iterator[Range]:
    """Runs of capitalised words and titles, with "of ..." inside: whoever a sentence may mention."""
    i, end = span
    while i < end:
        if not _nominal(clause, i, named_at):
            i += 1
            continue
        first = i
        while i < end and (_nominal(clause, i, named_at) or _joins(clause, i, named_at)):
            i += 1
        yield first, i


def _nominal(clause: Clause, i: int, named_at: set[int]) -> bool:
    if i in named_at or clause.is_a(i, "roles") or clause.is_a(i, "bodies"):
        return True
    if clause.word(i) in PEOPLE and clause.is_a(i - 1, "determiners"):
        return True
    if not clause.capitalised(i) or clause.is_a(i, "months"):
        return False
    opens = i == 0 or not clause.items[i - 1].is_word
    closed = ("determiners", "persons", "groups", "things", "own_persons", "wh", *(("openers",) if opens else ()))
    return not any(clause.is_a(i, name) for name in closed)


def _joins(clause: Clause, i: int, named_at: set[int]) -> bool:
    if clause.word(i) in {"of", "for"}:
        following = i + 2 if clause.word(i + 1) == "the" else i + 1
        return following < clause.size and _nominal(clause, following, named_at) and clause.capitalised(following)
    if clause.word(i) == "and":
        return False
    if i - 1 in named_at and clause.items[i].is_word and not clause.finite(i) and not clause.is_a(i, "prepositions"):
        near = (i + 1, i + 2)  # "Sarvia's defence ministry", "the League's human rights envoy"
        if any(clause.is_a(k, name) for k in near for name in ("roles", "bodies")) and clause.items[i + 1].is_word:
            return True
    if clause.word(i) in _PARTICLES:
        return clause.capitalised(i - 1) and clause.capitalised(i + 1)
    if clause.word(i) in word_class("people"):  # "thousands of Sarvian citizens": it is they who speak
        noun = (clause.word(i - 2) == "of" or not clause.finite(i)) and not clause.is_a(i + 1, "determiners")
        return noun and clause.capitalised(i - 1) and not clause.items[i - 1].possessive
    return clause.word(i) == "the" and clause.word(i - 1) in {"of", "for"} and clause.capitalised(i + 1)
