"""Evidence phrases: on whose word or on what paper a statement rests, where nobody "says" anything.

Each test takes the clause and the position of the word that opens the phrase or is its head. Every look-around is
bounded, so the time is linear in the sentence.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

from qa_bot.perspective.reporting.accounts import (
    as_is_known_from,
    by_all_accounts,
    if_one_adds_up,
    if_they_are_right,
    in_a_version,
    judging_by,
    on_their_word,
    vouched,
)
from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.hearsay import adamant, emerges, given_to_understand, heard_at, hears, officially
from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.reporting.judgements import starts_object
from qa_bot.perspective.reporting.nouns import owner
from qa_bot.perspective.reporting.subjects import sentence_subject
from qa_bot.perspective.reporting.undertakings import reserves

Test: TypeAlias = Callable[[Clause, int], Cue | None]

EVIDENCE = 60  # items of a sentence within which an evidence phrase is looked for
_ANYBODY = frozenset("one you we".split())
_TRUST = frozenset("believe believes trust trusts".split())
_TRUSTED = frozenset("believed trusted".split())
OWNERS = frozenset("his her its their".split())
_OWN = frozenset("our my your".split())
_CHANCE = frozenset("luck fate chance fortune misfortune providence".split())  # "as luck would have it"
_ASKS = frozenset("demand plea proposal advice suggestion recommendation request".split())
_REMAINS = frozenset("is was remains remained".split())
_EMERGES = frozenset("appears appeared emerges emerged transpired transpires learn learns clear evident plain".split())
_FOLLOWS = ("determiners", "persons", "groups", "things", "own_persons", "numerals", "prepositions")


def evidence_cue(clause: Clause) -> Cue | None:
    """The first evidence phrase of a sentence in which nobody says anything."""
    tests = _tests()
    for i in range(min(clause.size, EVIDENCE)):
        for test in tests.get(clause.items[i].lower, ()):
            if cue := test(clause, i):
                return cue
    return None


@cache
def _tests() -> Mapping[str, tuple[Test, ...]]:
    """The tests by the words that they start from."""
    classes = inventory().classes
    return {
        **dict.fromkeys(classes["theses"] | classes["rumoured"], (_thesis,)),
        **dict.fromkeys(classes["insistent"], (adamant,)),
        **dict.fromkeys(_EMERGES, (emerges,)),
        **dict.fromkeys(("hear", "hears", "heard"), (heard_at, hears)),
        **dict.fromkeys(("had", "has", "have"), (_has_it,)),
        **dict.fromkeys(("judge", "judging", "going", "go"), (judging_by,)),
        **dict.fromkeys(("reserve", "reserves", "reserved"), (reserves,)),
        "if": (_if_believed, if_one_adds_up, if_they_are_right),
        "by": (_by_their_count, by_all_accounts),
        "in": (_in_their_telling, in_a_version),
        "on": (on_their_word,),
        "as": (_as_they_have_it, as_is_known_from),
        "officially": (officially,),
        "understand": (given_to_understand,),
        "would": (_would_have_it,),
    }


def _told(clause: Clause, rule: str, words: Range, source: tuple[Range | None, str]) -> Cue:
    """A statement after the phrase at `words`; `source`: where it is named, and how it is found there."""
    content = (words[1], clause.size)
    return Cue(words, rule, source[1], source[0], content, clause.quotes_in(*content))


# ---------------------------------------------------------------- whom one believes


def _if_believed(clause: Clause, i: int) -> Cue | None:
    """As in "if one believes the captured papers" and "if the widow is to be believed"."""
    if clause.word(i + 1) in _ANYBODY:
        verb = i + 2 + (clause.word(i + 2) in {"may", "can"})
        source = (verb + 1, _phrase_end(clause, verb + 1))
        trusted = clause.word(verb) in _TRUST and starts_object(clause, verb + 1)
        known = trusted and clause.word(verb + 1) not in {"that", "it", "this"} and not clause.is_statement(*source)
        return vouched(clause, "if one believes X", (i, source[1]), source) if known else None
    be = clause.find_ahead(i + 2, ("be",), 10)
    if be is None or clause.word(be - 1) != "to" or clause.word(be + 1) not in _TRUSTED:
        return None
    source = (i + 1, be - 2)
    known = clause.is_a(be - 2, "be") and source[0] < source[1]
    return vouched(clause, "if one believes X", (i, be + 2), source) if known else None


def _phrase_end(clause: Clause, first: int) -> int:
    """Where the phrase ends that a comma or the end of the statement follows."""
    last = first
    while last < min(clause.size, first + 14) and clause.items[last].is_word:
        last += 1
    return last


# ---------------------------------------------------------------- whose count it is


def _by_their_count(clause: Clause, i: int) -> Cue | None:
    """As in "by its own count the regiment lost seven hundred men"; not "convicted by his own testimony"."""
    apart = clause.leading(i) or not clause.items[i - 1].is_word or clause.word(i - 1) == "and"
    passive = clause.finite(i - 1) or clause.any_is(i - 12, i, "be")
    return _by_owned(clause, i, "counts", apart=apart or not passive)


def _in_their_telling(clause: Clause, i: int) -> Cue | None:
    """As in "in the mayor's telling the gate was open"."""
    return _by_owned(clause, i, "tellings", apart=clause.leading(i) or clause.word(i - 1) == ",")


def _by_owned(clause: Clause, i: int, nouns: str, *, apart: bool) -> Cue | None:
    """The cue of a preposition, a possessor and one of the nouns, with nothing else between or after them."""
    noun = next((k for k in range(i + 2, min(i + 8, clause.size)) if clause.is_a(k, nouns)), None)
    if noun is None or not apart or not _ends_phrase(clause, noun + 1) or clause.is_statement(i + 1, noun):
        return None
    whose = next((k for k in range(i + 1, noun) if clause.items[k].possessive or clause.word(k) in OWNERS), None)
    if whose is None or noun - whose > 3 or clause.is_a(whose, "times") or clause.is_a(whose, "own_persons"):
        return None
    if any(clause.is_a(k, "prepositions") and clause.word(k) != "of" for k in range(i + 1, whose)):
        return None  # "in which, by its own account, ..."
    return vouched(clause, "by X's count", (i, noun + 1), (i + 1, whose + 1))


def _ends_phrase(clause: Clause, i: int) -> bool:
    """Whether no noun follows that would be the head ("by its count", but not "by its count of the dead")."""
    if i >= clause.size or not clause.items[i].is_word or clause.capitalised(i) or clause.word(i)[:1].isdigit():
        return True
    follows = any(clause.is_a(i, name) for name in _FOLLOWS) or clause.finite(i) or clause.adverb(i)
    return follows and clause.word(i) != "of"


# ---------------------------------------------------------------- who has it so


def _as_they_have_it(clause: Clause, i: int) -> Cue | None:
    """As in "the first shot, as our books have it, was fired from post seven"; not "as luck would have it"."""
    it = clause.find_ahead(i + 2, ("it",), 10)
    if it is None or not clause.is_a(it - 1, "have") or (i > 0 and clause.items[i - 1].is_word):
        return None
    source = (i + 1, it - 1 - (clause.word(it - 2) == "would"))
    closed = it + 1 >= clause.size or not clause.items[it + 1].is_word
    if not closed or source[0] >= source[1] or clause.any_word(*source, _CHANCE) or clause.is_statement(*source):
        return None
    return vouched(clause, "as X has it", (i, it + 1), source)


def _would_have_it(clause: Clause, i: int) -> Cue | None:
    """As in "the Ministry would have it that ..." and "would have us believe that ..."."""
    told = tuple(clause.word(k) for k in range(i + 1, i + 4))
    if told[:1] != ("have",) or not (told[1:] == ("it", "that") or told[2] == "believe"):
        return None
    first = i + 4 + (clause.word(i + 4) == "that")
    subject = sentence_subject(clause, i)
    return _told(clause, "X would have it", (i, first), (subject, "sentence")) if subject else None


def _has_it(clause: Clause, i: int) -> Cue | None:
    """As in "the bulletin had it that the pass was open"; not "luck had it that"."""
    subject = sentence_subject(clause, i)
    if subject is None or (clause.word(i + 1), clause.word(i + 2)) != ("it", "that"):
        return None
    known = clause.somebody(subject) and not clause.any_word(*subject, _CHANCE)
    return _told(clause, "X would have it", (i, i + 3), (subject, "sentence")) if known else None


# ---------------------------------------------------------------- what somebody's word is


def _thesis(clause: Clause, i: int) -> Cue | None:
    """As in "her answer was that ...", "the claim of the court is that ...", "the word in the market was that ..."."""
    be = i + 1
    while be < min(i + 9, clause.size) and clause.items[be].is_word and clause.word(be) not in _REMAINS:
        be += 1
    that = clause.skip_adverbs(be + 1)
    own = clause.word(i - 1) in _OWN or (clause.word(i - 2) in _OWN and not clause.items[i - 1].possessive)
    asked = clause.word(i) in _ASKS and clause.infinitive(that)  # "the union's demand was to be heard"
    if clause.word(be) not in _REMAINS or not (clause.word(that) == "that" or asked) or own:
        return None
    source = _whose_thesis(clause, i, be)
    return _told(clause, "X's answer was", (i, that + 1), source) if source else None


def _whose_thesis(clause: Clause, i: int, be: int) -> tuple[Range | None, str] | None:
    thesis = clause.is_a(i, "theses")
    if thesis and clause.word(i + 1) == "of" and i + 2 < be:
        return (i + 2, be), "subject"
    if thesis and clause.possessive_before(i) and be == i + 1:
        return owner(clause, i)
    if thesis and clause.capitalised(i - 1) and clause.word(i - 2) == "the" and be == i + 1:
        return (i - 2, i), "subject"  # "the Marl view is that"
    official = clause.word(i - 1) == "official" and be == i + 1
    rumoured = clause.is_a(i, "rumoured") and clause.word(i - 1) == "the"
    return (None, "vague") if (thesis and official) or rumoured else None
