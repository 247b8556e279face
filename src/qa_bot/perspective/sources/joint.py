"""Joint sources: several who speak together are none of them alone.

"The President of A, the Prime Minister of B and the President of C", "Lund and Marsh", "the municipalities of A and B".
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.sources.mentions import BODY, PERSON, Mention

Found: TypeAlias = tuple[Range, Mention]

_LINKS = frozenset({"and", ",", "both"})


def row(clause: Clause, mentions: Iterable[Found]) -> Sequence[Found]:
    """The first of the mentions with those that commas and a last "and" join to it; mentions are in order."""
    found: list[Found] = []
    joined = 1
    for mention in mentions:
        gap = _between(found[-1], mention) if found else range(0)
        if not all(clause.word(i) in _LINKS or clause.is_a(i, "determiners") for i in gap):
            break
        found.append(mention)
        if any(clause.word(i) == "and" for i in gap):
            joined = len(found)
        if clause.word(mention[0][1]) not in _LINKS:
            break
    return found[:joined]


def joint(clause: Clause, found: Iterable[Found]) -> Sequence[Found]:
    """The mentions of a row in which there are several persons or bodies, none where it is one with two offices."""
    joined = row(clause, found)
    pairs = [pair for pair in pairwise(joined) if any(clause.word(i) == "and" for i in _between(*pair))]
    return joined if any(_is_another(clause, *pair) for pair in pairs) else ()


def names_in_a_row(clause: Clause, span: Range) -> Sequence[Range]:
    """The names of "Lund and Marsh", "Lund, Marsh and Kern"; none where more is said of them."""
    names = [i for i in range(*span) if clause.capitalised(i) and not clause.items[i].possessive]
    links = [i for i in range(*span) if clause.word(i) in {",", "and"}]
    apart = all(other - one == 2 for one, other in pairwise(names))
    whole = len(names) + len(links) == span[1] - span[0] and len(names) > 1 and names[-1] == span[1] - 1
    return [(i, i + 1) for i in names] if apart and whole and clause.word(links[-1]) == "and" else ()


def listed_end(clause: Clause, head: Range, limit: int) -> int:
    """Where "the municipalities of A, B and C" and "Lund, Marsh and Kern" end, whose first name ends `head`."""
    end = last = head[1]
    while last + 1 < limit and clause.word(last) in {",", "and"}:
        after = last + 1 + (clause.word(last + 1) == "the")
        name = after
        while name < limit and clause.capitalised(name):
            name += 1
        if name == after:
            break
        end, last = (name if clause.word(last) == "and" else end), name
    return end


def _between(one: Found, other: Found) -> range:
    return range(one[0][1], other[0][0])


def _is_another(clause: Clause, one: Found, other: Found) -> bool:
    """Whether the second of two mentions is somebody else: not the "Trade" of "Minister of Industry and Trade"."""
    (first, last), mention = other
    if clause.is_a(first - 1, "determiners"):
        return True
    if clause.is_a(first, "roles") and not clause.capitalised(first):  # "the founder and director" is one person
        return clause.word(first).endswith("s")
    if mention.role is not None or (mention.kind == BODY and mention.name is not None):  # declared
        return True
    if any(clause.any_is(first, last, name) for name in ("roles", "bodies")):
        return mention.party is not None or mention.name is not None
    tail = any(clause.word(i) in {"of", "for"} for i in range(*one[0]))
    person = one[1].kind == PERSON and one[1].name is not None and not clause.any_is(*one[0], "roles")
    return person or not tail
