"""What may follow a reporting verb: one test a frame of the inventory.

Each test takes the clause, the verb's position and the position after its adverbs, and returns where the
reported content begins, or None.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.inventory import VerbForm
from qa_bot.perspective.reporting.judgements import (
    accuses,
    ascribes,
    describes_as,
    estimates,
    holds_to_be,
    names,
    starts_object,
    tallies,
)

Test: TypeAlias = Callable[[Clause, int, int], int | None]

_PRONOUN_OBJECTS = frozenset("it this that him them these".split())
_SOME_DAY = frozenset({"the", "of", "a", "this", "that", "same", "late", "early", "last", "next"})
_ALIKE = frozenset("so otherwise this".split())
_CLOSED = ("determiners", "prepositions", "persons", "groups", "things", "own_persons", "adverbs", "wh", "vague")
# what is said, rather than what is said to be so
_SAID_ITSELF = frozenset("nothing something anything everything otherwise little enough sorry please thanks".split())
_SHORTLY = frozenset("so otherwise".split())
_HEARERS = frozenset("me us him her them you".split())

ONE_WORD = "one word"  # the rule of "says massacre"
REACH = 30  # items a verb may stand away from what it reports


class Complement(NamedTuple):
    """What a verb reports: the deciding rule, the content outside quotations, and the quotations (item positions)."""

    rule: str
    content: Range | None = None
    quotes: tuple[int, ...] = ()


def complement_of(clause: Clause, i: int, verb: VerbForm) -> Complement | None:
    """What the active verb at `i` reports, or None where nothing that follows is a report."""
    after = clause.skip_adverbs(i + 1)
    if found := _quoted_or_that(clause, i, verb, after):
        return found
    for name, test in _TESTS.items():
        if name in verb.frames and (start := test(clause, i, after)) is not None:
            return _reported(clause, name, start)
    if "that" in verb.frames and "observer" not in verb.frames and _alike(clause, i, after):
        return _reported(clause, "bare", after)
    return _short_of_a_clause(clause, i, verb, after)


def _short_of_a_clause(clause: Clause, i: int, verb: VerbForm, after: int) -> Complement | None:
    """What the verb at `i` reports where no clause follows: "as follows", a figure, a thing."""
    if verb.lemma == "say" and _one_word(clause, i, after):
        return _reported(clause, ONE_WORD, after)
    if _as_follows(clause, i):
        return Complement("as follows")
    told = not (_untold(clause, after) or _when(clause, i + 1) or _that_day_after(clause, after))
    counted = tallies(clause, i, after) is not None  # "admitted about 600 dead"
    if "object" in verb.frames and told and (counted or starts_object(clause, after)):
        acts = {clause.word(k) for k in range(after, after + 3)} & verb.acts
        return None if acts else _reported(clause, "object", after)
    return None


def _quoted_or_that(clause: Clause, i: int, verb: VerbForm, after: int) -> Complement | None:
    frames = verb.frames
    quote = clause.quote_ahead(i + 1, REACH)
    if "naming" in frames and quote is not None and i + 1 < quote < i + 9 and not clause.is_a(after, "prepositions"):
        return Complement("called", None, (quote,))
    that = that_ahead(clause, i, person="person" in frames or "of" in frames, direct="object" in frames)
    if frames & {"that", "person"} and that is not None:
        return _reported(clause, "that", that + 1)
    if quote is not None and frames & {"quote", "person"} and _introduces(clause, i, quote):
        told = (after, quote) if "object" in frames and quote - after > 1 else None
        rule = "called" if clause.word(quote - 1) in {"of", "about"} else "quotation"  # "speaks of "a lost cause""
        return Complement(rule, told, (quote,))
    return None


def _reported(clause: Clause, rule: str, start: int) -> Complement:
    return Complement(rule, (start, clause.size), clause.quotes_in(start, clause.size))


def that_ahead(clause: Clause, i: int, *, person: bool, direct: bool) -> int | None:
    """The "that" of "said in a statement that"; after an object only where the verb takes a person."""
    k = clause.skip_adverbs(i + 1)
    if clause.word(k) == "," or (clause.word(k) == ":" and clause.word(k + 1) == "that"):  # "declares: that ..."
        k += 1
        if clause.word(k - 1) == "," and clause.starts_statement(k):
            return None  # "The army was moving, the minister replied that ..."
    free, relative = person or not direct, False
    for steps in range(REACH - 12):
        word = clause.word(k + steps)
        if k + steps < clause.size and clause.items[k + steps].quotation >= 0 and steps:
            continue
        if word == "that" and not that_day(clause, k + steps):
            if steps and _relative(clause, k + steps):
                relative = True  # "told the crowd that had gathered that ..."
                continue
            return k + steps if steps == 0 or free or _circumstance(clause, k) else None
        if not word or word in ".;:" or (word == "," and steps > 12):
            return None
        if steps == 0 and not (free and person) and not _circumstance(clause, k):
            return None
        if steps and not relative and clause.is_a(k + steps, "finite") and not clause.capitalised(k + steps):
            return None
    return None


def _relative(clause: Clause, that: int) -> bool:
    """Whether "that" at a position belongs to the noun before it: "along a track that had been marked"."""
    return clause.items[that - 1].is_word and clause.is_a(that + 1, "finite")


def that_day(clause: Clause, i: int) -> bool:
    """Whether "that" at `i` only points to a time: "told the council that evening"."""
    return clause.is_a(i + 1, "times") and clause.word(i + 1) not in _SOME_DAY and not clause.finite(i + 2)


def _that_day_after(clause: Clause, after: int) -> bool:
    return clause.word(after) == "that" and that_day(clause, after)


def _when(clause: Clause, i: int) -> bool:
    """As in "will report next month": no object."""
    return clause.word(i) in {"next", "last", "this", "every"} and clause.is_a(i + 1, "times")


def _circumstance(clause: Clause, k: int) -> bool:
    return clause.is_a(k, "prepositions") or clause.is_a(k, "times") or clause.is_a(k, "adverbs")


def _introduces(clause: Clause, i: int, quote: int) -> bool:
    """Whether the verb at `i` introduces the quotation: `said: "`, `said in a speech, "`."""
    before = quote - 1
    if before == i or clause.skip_adverbs(i + 1) == quote:
        return True
    if clause.word(i).startswith(("continu", "beg")) and clause.word(i + 1) == "to":
        return False
    if clause.word(before) in {":", "-", "–", "—"}:
        return True
    statement = clause.is_statement(i + 1, quote)
    if clause.word(before) in {",", "that", "of"}:
        return not statement and not (clause.word(before) == "of" and clause.any_word(i, quote, {","}))
    size = clause.items[quote].end - clause.items[quote].start
    return not statement and size > 30 and clause.is_a(clause.skip_adverbs(i + 1), "prepositions")


def _urges(clause: Clause, i: int, after: int) -> int | None:
    """As in "urged both sides to suspend ..." and "urged restraint"."""
    to = clause.find_ahead(after + 1, ("to",), 18)
    if to is not None and clause.infinitive(to) and not clause.is_a(after, "prepositions"):
        return after
    return after if clause.word(i).startswith(("urg", "implor", "exhort")) and starts_object(clause, after) else None


def _appeals(clause: Clause, i: int, after: int) -> int | None:
    """As in "called for ...", "called on X to ...", "appealed to X for ...", "asked X for ..."."""
    if clause.word(i).startswith("ask") and clause.find_ahead(after + 1, ("for",), 8) is not None:
        return after
    if clause.word(after) == "for":
        return None if clause.word(after + 1) in _CRIES and clause.ends_statement(after + 2) else after + 1
    if (
        clause.word(after) in {"on", "upon", "to"}
        and clause.find_ahead(after + 2, ("to", "for", "not"), 22) is not None
    ):
        return after
    return None


def _speaks_of(clause: Clause, _: int, after: int) -> int | None:
    """As in "warned of ...", "complained about ..."."""
    return after + 1 if clause.word(after) in {"of", "against", "about", "for"} else None


def _promises(clause: Clause, i: int, after: int) -> int | None:
    """As in "promised to ...", "threatened not to ...", "undertook, in a note of May, never to ..."."""
    to = after + 1 if clause.word(after) == "not" else after
    if clause.infinitive(to):
        return to
    aside = clause.word(i + 1) == "," or (clause.word(i + 1) == "on" and _dated(clause, i + 2))
    later = clause.find_ahead(i + 2, ("to",), 14) if aside else None
    if later is None or clause.is_statement(i + 2, later):
        return None
    never = clause.word(later - 1) in {"not", "never"}
    closed = clause.word(later - 1 - never) == "," or clause.word(i + 1) == "on"
    ends = never and later + 1 >= clause.last_word()  # "had promised on Monday not to"
    return later - never if closed and (ends or clause.infinitive(later)) else None


def _dated(clause: Clause, i: int) -> bool:
    return any(clause.word(k)[:1].isdigit() or clause.is_a(k, "times") for k in (i, i + 1))


def _asks(clause: Clause, _: int, after: int) -> int | None:
    """As in "explained why ...", "asked reporters whether ..."."""
    if clause.is_a(after, "wh"):
        return after
    if clause.word(after) in _HEARERS and clause.is_a(after + 1, "wh"):
        return after + 1  # "asked me where he was"
    wh = clause.find_ahead(after + 1, ("why", "how", "whether", "if"), 6)
    return wh if wh is not None and not clause.is_statement(after, wh) else None


def _denies_doing(clause: Clause, _: int, after: int) -> int | None:
    """As in "denied having seen ...", "suggested waiting"."""
    doing = clause.word(after + (clause.word(after) in {"ever", "even"}))
    return after if doing.endswith("ing") and len(doing) > 4 and not clause.is_a(after, "determiners") else None


def _argues_for(clause: Clause, _: int, after: int) -> int | None:
    """As in "argued for ...", "spoke out against ..."."""
    return after + 1 if clause.word(after) in {"for", "against"} else None


def _insists_on(clause: Clause, _: int, after: int) -> int | None:
    """As in "insisted on ..."."""
    return after + 1 if clause.word(after) in {"on", "upon"} else None


def _has_as_topic(clause: Clause, _: int, after: int) -> int | None:
    """As in "spoke of an internal affair"; "wrote of it" tells nothing."""
    topic = after + 1
    pointed = clause.word(topic) in _PRONOUN_OBJECTS and not clause.starts_statement(topic + 1)
    told = clause.word(after) == "of" and not clause.possessive_before(topic + 1)
    return topic if told and not pointed and clause.word(topic) != "nothing" else None


def _hears_from(clause: Clause, _: int, after: int) -> int | None:
    """As in "learned from X that ..."; who tells it is the source."""
    that = clause.find_ahead(after + 2, ("that",), 12) if clause.word(after) == "from" else None
    return None if that is None or that_day(clause, that) else that + 1


def _untold(clause: Clause, after: int) -> bool:
    """As in "announced his plans": something is spoken of, but not told."""
    return clause.possessive_before(after + 1) and clause.is_a(after + 1, "untold")


def _one_word(clause: Clause, i: int, after: int) -> bool:
    """As in "The ministry says 112.", "One side says massacre, ...": a figure or one bare noun, and no more."""
    word = clause.word(after)
    ends = after + 1 >= clause.size or clause.word(after + 1) in {",", ".", ";"}
    if after != i + 1 or not ends:
        return False
    if word[:1].isdigit() or clause.is_a(after, "counted"):
        return True
    closed = any(clause.is_a(after, name) for name in (*_CLOSED, "times")) or clause.finite(after)
    noun = len(word) > 4 and word.isalpha() and not closed and not clause.capitalised(after)
    bare = word not in _SAID_ITSELF and word not in clause.inventory.verbs["says"].acts
    return noun and bare and clause.word(i) == "says"


def _as_follows(clause: Clause, i: int) -> bool:
    """As in "described it as follows:", "said the following:"."""
    at = clause.find_ahead(i + 1, ("follows", "following"), REACH)
    return at is not None and clause.any_word(at + 1, at + 4, {":"})


def _names_claims(clause: Clause, _: int, after: int) -> int | None:
    """As in "rejected claims that ...", "dismissed the accusations", "rejects that account"."""
    told = clause.any_is(after, after + 5, "claims") or clause.any_is(after, after + 3, "accounts")
    return after if told else None


def hearer_only(clause: Clause, i: int) -> bool:
    """Whether only somebody told follows: `"...," the abbess told the observers`."""
    for k in range(i + 1, min(i + 10, clause.size)):
        if clause.items[k].quotation >= 0 or clause.word(k) in {".", ",", ";", "!", "?"}:
            return k > i + 1
        if clause.is_a(k, "finite") or clause.word(k) == ":" or (clause.word(k) == "that" and not that_day(clause, k)):
            return False
    return False


def _tells(clause: Clause, i: int, after: int) -> int | None:
    """As in "told reporters he would ...", "told me the same", "told us where the well was"."""
    if clause.word(after) in _HEARERS and clause.is_a(after + 1, "wh") and clause.word(i).startswith("t"):
        return after + 1
    alike = clause.word(after + 1) in _ALIKE or (clause.word(after + 1), clause.word(after + 2)) == ("the", "same")
    if alike and clause.ends_statement(after + 2 + (clause.word(after + 1) == "the")):
        return after + 1
    for k in range(after + 1, min(after + 5, clause.size)):
        pronoun = clause.word(k) in {"he", "she", "it", "they", "there", "we"} and clause.is_statement(k, k + 5)
        if pronoun or (k <= after + 2 and clause.is_a(k, "determiners") and clause.starts_statement(k)):
            return k
    return None


def _alike(clause: Clause, i: int, after: int) -> bool:
    """As in "says so", "found otherwise", "says the same of its own post"; not "can no longer say so"."""
    if clause.any_word(i - 4, i, {"not", "never"}) or clause.any_is(i - 4, i, "modals"):
        return False
    same = clause.word(after) == "the" and clause.word(after + 1) == "same"
    if not same and (clause.word(after) not in _SHORTLY or clause.is_a(after + 1, "adverbs")):
        return False
    end = after + 1 + same
    return clause.word(end) in {"of", "about"} or end >= clause.size or not clause.items[end].is_word


def _says(clause: Clause, i: int, after: int) -> int | None:
    """As in "said he would never return", "said there had been time"."""
    acts = clause.inventory.verbs[clause.word(i)].acts if clause.word(i) in clause.inventory.verbs else ()
    if clause.word(i + 1) == "there" and clause.starts_statement(i + 1):
        return i + 1
    return after if clause.starts_statement(after) and clause.word(after) not in {"so", *acts} else None


_CRIES = frozenset("silence order help quiet water".split())  # "called for silence": a deed
_TESTS: dict[str, Test] = {  # in the order in which they are tried
    "urge": _urges,
    "appeal": _appeals,
    "accuse": accuses,
    "of": _speaks_of,
    "naming": names,
    "as": describes_as,
    "infinitive": _promises,
    "being": holds_to_be,
    "wh": _asks,
    "claims": _names_claims,
    "estimate": estimates,
    "tally": tallies,
    "ascribe": ascribes,
    "gerund": _denies_doing,
    "favour": _argues_for,
    "on": _insists_on,
    "topic": _has_as_topic,
    "from": _hears_from,
    "bare": _says,
    "person": _tells,
}
