"""Accounts: in whose version a thing is so, from whose testimony it is known, on whose word it stands.

Each test takes the clause and the position of the preposition or conjunction that opens the phrase. Every look-around
is bounded, so the time is linear in the sentence.
"""

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.cue import Cue

_REACH = 12  # items within which the noun, the possessor or the paper of a phrase is looked for
_SENTENCE = 4  # items that make a sentence of what follows the phrase
_KNOWN = frozenset("known clear evident apparent plain seen shown learned learnt established obvious".split())
_APPEARS = frozenset("appears emerges transpires".split())
_BE = frozenset("is was are were be".split())
_CONSULTS = frozenset(
    "adds add sums sum counts count reads read consults consult follows follow goes go compares".split()
)
_ALL = frozenset("all most some many several every one other".split())
_PERSONAL = frozenset("word testimony".split())
_OFFICIAL = frozenset("official popular received standard enemy party local".split())
_PAPERS = ("documents", "claims", "counts", "media", "folk")


def vouched(clause: Clause, rule: str, words: Range, source: Range | None) -> Cue:
    """A statement that rests on the phrase at `words`: what follows it, or all around it."""
    leading = clause.leading(words[0])
    last = next((i for i in range(words[1], clause.size) if clause.word(i) == ";"), clause.size)
    first = next((i + 1 for i in range(words[0] - 1, -1, -1) if clause.word(i) == ";"), 0)
    content = (words[1] + (clause.word(words[1]) == ","), last) if leading else (first, last)
    relation = "subject" if source else "vague"
    return Cue(words, rule, relation, source, content, clause.quotes_in(*content), tail=not leading)


def in_a_version(clause: Clause, i: int) -> Cue | None:
    """As in "In the official Orsel account a patrol ...", "In the doctrine of the Communes the defence ..."."""
    if not _apart(clause, i):
        return None
    for noun in range(i + 1, min(i + 7, clause.size)):
        if clause.is_a(noun, "versions"):
            source = _version(clause, i, noun)
            last = max(source[1], noun + 1) if source else 0
            told = source and (clause.is_statement(last, clause.size) or clause.size - last > _SENTENCE)
            return vouched(clause, "in X's version", (i, last), source) if told else None
        if not clause.items[noun].is_word or clause.is_a(noun, "prepositions"):
            return None
    return None


def _version(clause: Clause, i: int, noun: int) -> Range | None:
    """Whose version the noun names: "the Orsel account", "the account of X"."""
    if clause.word(noun + 1) == "of":
        source = (noun + 2, _phrase_end(clause, noun + 2))
        return source if source[0] < source[1] and clause.somebody(source) else None
    named = clause.has_name((i + 1, noun)) or clause.any_word(i + 1, noun, _OFFICIAL) or clause.possessive_before(noun)
    closed = not clause.items[noun + 1].is_word if noun + 1 < clause.size else True
    return (i + 1, noun + 1) if named and (closed or _opens(clause, noun + 1)) else None


def by_all_accounts(clause: Clause, i: int) -> Cue | None:
    """As in "By all accounts the night was quiet"; nobody is named."""
    told = clause.word(i + 1) in _ALL and clause.is_a(i + 2, "hearsay") and _apart(clause, i)
    return vouched(clause, "by all accounts", (i, i + 3), None) if told else None


def on_their_word(clause: Clause, i: int) -> Cue | None:
    """As in "On the word of the ferryman the boat was empty", "on her evidence"; not "hanged on the word of X"."""
    if not _apart(clause, i):
        return None
    if clause.word(i + 1) == "the" and clause.is_a(i + 2, "words_given") and clause.word(i + 3) == "of":
        source = (i + 4, _phrase_end(clause, i + 4))
        person = clause.somebody(source) or clause.word(i + 2) in _PERSONAL  # not "on the evidence of the mud"
        known = source[0] < source[1] and person
        return vouched(clause, "on X's word", (i, source[1]), source) if known else None
    noun = next((k for k in range(i + 2, min(i + 7, clause.size)) if clause.is_a(k, "words_given")), None)
    if noun is None or not (clause.possessive_before(noun)) or clause.is_statement(i + 1, noun):
        return None
    return vouched(clause, "on X's word", (i, noun + 1), (i + 1, noun)) if _opens(clause, noun + 1) else None


def as_is_known_from(clause: Clause, i: int) -> Cue | None:
    """As in "who, as is known from the testimony of prisoners, were chained" and "as appears from the log"."""
    be = i + 1 + (clause.word(i + 1) == "it")
    be += clause.word(be) in {"can", "could", "may"}
    known = clause.word(be) in _BE and clause.word(clause.skip_adverbs(be + 1)) in _KNOWN
    verb = clause.skip_adverbs(be + 1) if known else be
    if not (known or clause.word(be) in _APPEARS) or clause.word(verb + 1) != "from":
        return None
    source = (verb + 2, _phrase_end(clause, verb + 2))
    paper = any(clause.any_is(*source, name) for name in _PAPERS) or clause.somebody(source)
    return vouched(clause, "as known from X", (i, source[1]), source) if paper else None


def if_one_adds_up(clause: Clause, i: int) -> Cue | None:
    """As in "If one adds up the bulletins of the staff, we lost ..."."""
    verb = i + 2
    if clause.word(i + 1) not in {"one", "you", "we"} or clause.word(verb) not in _CONSULTS:
        return None
    first = verb + 1 + (clause.word(verb + 1) in {"up", "by"})
    source = (first, _phrase_end(clause, first))
    paper = source[0] < source[1] and (clause.any_is(*source, "documents") or clause.any_is(*source, "counts"))
    return vouched(clause, "if one believes X", (i, source[1]), source) if paper else None


def if_they_are_right(clause: Clause, i: int) -> Cue | None:
    """As in "if his aides are right", "if you ask the Chancery"."""
    if clause.word(i + 1) in {"you", "one"} and clause.word(i + 2) in {"ask", "asks"} and not clause.leading(i):
        source = (i + 3, _phrase_end(clause, i + 3))
        whole = source[0] < source[1] and not clause.is_statement(*source)
        return vouched(clause, "if one believes X", (i, source[1]), source) if whole else None
    be = next((k for k in range(i + 2, min(i + _REACH, clause.size)) if clause.word(k) in _BE), None)
    if be is None or clause.word(be + 1) not in {"right", "correct", "accurate", "honest"}:
        return None
    source = (i + 1, be)
    known = clause.somebody(source) and not clause.thing(source) and not clause.own_person(source)
    return vouched(clause, "if one believes X", (i, be + 2), source) if known else None


def judging_by(clause: Clause, i: int) -> Cue | None:
    """As in "to judge by the log", "going by his letters"; not "judging by the height of the wall"."""
    if clause.word(i + 1) not in {"by", "from"} or not (_apart(clause, i) or clause.word(i - 1) == "to"):
        return None
    source = (i + 2, _phrase_end(clause, i + 2))
    paper = any(clause.any_is(*source, name) for name in ("documents", "counts", "claims", "media"))
    first = i - (clause.word(i - 1) == "to")
    return vouched(clause, "as known from X", (first, source[1]), source) if paper else None


# ---------------------------------------------------------------- the phrase


def _apart(clause: Clause, i: int) -> bool:
    """Whether the phrase at `i` opens a statement or is set apart by a mark."""
    return (clause.leading(i) and (i == 0 or not clause.items[i - 1].is_word)) or clause.word(i - 1) == ","


def _opens(clause: Clause, i: int) -> bool:
    """Whether a subject or the end of the phrase stands at `i`."""
    if i >= clause.size or not clause.items[i].is_word or clause.capitalised(i):
        return True
    names = ("determiners", "persons", "groups", "things", "own_persons", "numerals")
    return any(clause.is_a(i, name) for name in names) or clause.word(i) == "there"


def _phrase_end(clause: Clause, first: int) -> int:
    """Where a phrase ends: at a mark, or where a subject opens ("the doctrine of the Communes the defence ...")."""
    last = first
    while last < min(clause.size, first + _REACH) and clause.items[last].is_word:
        if last > first and clause.finite(last):
            break
        linked = clause.is_a(last - 1, "prepositions") or clause.word(last - 1) in {"and", "or"}
        names = ("determiners", "persons", "groups", "things", "own_persons")
        if last > first and not linked and any(clause.is_a(last, name) for name in names):
            break
        last += 1
    return last
