"""What may follow a reporting verb or noun: one test a frame of the inventory.

Each test takes the clause, the verb's position and the position after its adverbs, and returns where the
reported content begins, or None.
"""

from collections.abc import Callable
from typing import TypeAlias

from qa_bot.perspective.clause import Clause, Range

Test: TypeAlias = Callable[[Clause, int, int], int | None]

REACH = 30  # items a verb may stand away from what it reports


def that_ahead(clause: Clause, i: int, *, person: bool, direct: bool) -> int | None:
    """The "that" of "said in a statement that"; after an object only where the verb takes a person."""
    k = clause.skip_adverbs(i + 1)
    if clause.word(k) == ",":
        k += 1
    free = person or not direct
    for steps in range(REACH - 12):
        word = clause.word(k + steps)
        if k + steps < clause.size and clause.items[k + steps].quotation >= 0 and steps:
            continue
        if word == "that":
            return k + steps if steps == 0 or free or _circumstance(clause, k) else None
        if not word or word in ".;:" or (word == "," and steps > 12):
            return None
        if steps == 0 and not (free and person) and not _circumstance(clause, k):
            return None
        if steps and clause.is_a(k + steps, "finite") and not clause.capitalised(k + steps):
            return None
    return None


def _circumstance(clause: Clause, k: int) -> bool:
    return clause.is_a(k, "prepositions") or clause.is_a(k, "times") or clause.is_a(k, "adverbs")


def introduces(clause: Clause, i: int, quote: int) -> bool:
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
        return not statement
    size = clause.items[quote].end - clause.items[quote].start
    return not statement and size > 30 and clause.is_a(clause.skip_adverbs(i + 1), "prepositions")


def urges(clause: Clause, i: int, after: int) -> int | None:
    """As in "urged both sides to suspend ..." and "urged restraint"."""
    to = clause.find_ahead(after + 1, ("to",), 18)
    if to is not None and not clause.is_a(after, "prepositions"):
        return after
    return after if clause.word(i).startswith(("urg", "implor", "exhort")) and starts_object(clause, after) else None


def appeals(clause: Clause, _: int, after: int) -> int | None:
    """As in "called for ...", "called on X to ...", "appealed to X for ..."."""
    if clause.word(after) == "for":
        return after + 1
    if (
        clause.word(after) in {"on", "upon", "to"}
        and clause.find_ahead(after + 2, ("to", "for", "not"), 22) is not None
    ):
        return after
    return None


def accuses(clause: Clause, _: int, after: int) -> int | None:
    """As in "accused X of ...", "blamed X for ..."."""
    if clause.word(after) in {"of", "for", "by", "on", ""} or clause.is_a(after, "auxiliaries"):
        return None
    return after if clause.find_ahead(after + 1, ("of", "for", "on"), 22) is not None else None


def speaks_of(clause: Clause, _: int, after: int) -> int | None:
    """As in "warned of ...", "complained about ..."."""
    return after + 1 if clause.word(after) in {"of", "against", "about", "for"} else None


def describes_as(clause: Clause, _: int, after: int) -> int | None:
    """As in "described X as ..."; "as follows" opens a run of sentences and is left to the turns."""
    if clause.word(after) in {"as", "by", ""} or not starts_object(clause, after):
        return None
    as_ = clause.find_ahead(after + 1, ("as",), 18)
    return (
        after if as_ is not None and clause.word(as_ + 1) not in {"well", "follows", "soon", "much", "long"} else None
    )


def promises(clause: Clause, _: int, after: int) -> int | None:
    """As in "promised to ...", "threatened not to ..."."""
    to = after + 1 if clause.word(after) == "not" else after
    return to if clause.word(to) == "to" else None


def asks(clause: Clause, _: int, after: int) -> int | None:
    """As in "explained why ...", "asked reporters whether ..."."""
    if clause.is_a(after, "wh"):
        return after
    wh = clause.find_ahead(after + 1, ("why", "how", "whether", "if"), 6)
    return wh if wh is not None and not clause.is_statement(after, wh) else None


def untold(clause: Clause, after: int) -> bool:
    """As in "announced his plans": something is spoken of, but not told."""
    return clause.possessive_before(after + 1) and clause.is_a(after + 1, "untold")


def as_follows(clause: Clause, i: int) -> bool:
    """As in "described it as follows:", "said the following:"."""
    at = clause.find_ahead(i + 1, ("follows", "following"), REACH)
    return at is not None and clause.any_word(at + 1, at + 4, {":"})


def names_claims(clause: Clause, _: int, after: int) -> int | None:
    """As in "rejected claims that ...", "dismissed the accusations"."""
    return after if clause.any_is(after, after + 5, "claims") else None


def estimates(clause: Clause, _: int, after: int) -> int | None:
    """As in "puts the number at two hundred", "gave the number of its dead as two"."""
    amount = clause.any_is(after, after + 4, "amounts")
    at = clause.find_ahead(after + 1, ("at", "as"), 18)
    return after if at is not None and (amount or clause.word(at + 1)[:1].isdigit()) else None


def ascribes(clause: Clause, _: int, after: int) -> int | None:
    """As in "attributes eleven deaths to the lack of medicines"."""
    return after if clause.find_ahead(after + 1, ("to",), 18) is not None and starts_object(clause, after) else None


def hearer_only(clause: Clause, i: int) -> bool:
    """Whether only somebody told follows: `"...," the abbess told the observers.`"""
    for k in range(i + 1, min(i + 10, clause.size)):
        if clause.items[k].quotation >= 0 or clause.word(k) in {".", ",", ";", "!", "?"}:
            return k > i + 1
        if clause.is_a(k, "finite") or clause.word(k) in {"that", ":"}:
            return False
    return False


def told_statement(clause: Clause, after: int) -> int | None:
    """As in "told reporters he would ..."."""
    for k in range(after + 1, min(after + 5, clause.size)):
        pronoun = clause.word(k) in {"he", "she", "it", "they", "there", "we"} and clause.is_statement(k, k + 5)
        if pronoun or (k <= after + 2 and clause.is_a(k, "determiners") and clause.starts_statement(k)):
            return k
    return None


def starts_object(clause: Clause, i: int) -> bool:
    """Whether a noun phrase may begin here."""
    if i >= clause.size:
        return False
    if clause.items[i].quotation >= 0:
        return True
    closed = ("prepositions", "auxiliaries", "subordinators", "own_persons", "persons", "groups")
    return (
        clause.items[i].is_word
        and not clause.is_a(i, "finite")
        and clause.word(i) not in {"and", "or", "so", "to"}
        and not any(clause.is_a(i, name) and clause.word(i) not in {"that"} for name in closed)
    )


# ---------------------------------------------------------------- nouns


def content_clause(clause: Clause, i: int) -> bool:
    """Whether "that" at `i` opens what a noun says, not what is said of it ("a report that was published")."""
    if clause.word(i) != "that":
        return False
    after = clause.skip_adverbs(i + 1)
    return not clause.is_a(after, "auxiliaries") and not (
        clause.word(after).endswith("ed") and not clause.capitalised(after)
    )


def unowned(clause: Clause, i: int) -> bool:
    """Whether the plural noun at `i` stands for hearsay: "There were reports of"."""
    return (
        clause.word(i).endswith("s")
        and not clause.possessive_before(i)
        and clause.word(i - 1) not in {"the", "these", "those"}
    )


def quotes_after_noun(clause: Clause, i: int) -> tuple[int, ...]:
    """The quotations that a noun of speech announces, with those joined to the first by "and" or "as well as"."""
    first = clause.quote_ahead(i + 1, 14)
    if first is None:
        return ()
    before = clause.word(first - 1)
    if before not in {",", ":"} and not clause.is_a(i, "speech"):
        return ()
    near = first == i + 1 or before in {",", ":", "of", "as", "that", "-", "–", "—"}
    statement = clause.is_statement(i + 1, first)
    if not near or (before == ":" and clause.any_word(i + 1, first, {","})) or (statement and before != ":"):
        return ()
    joined = [first]
    for quote in clause.quotes_in(first + 1, first + REACH):
        between = {clause.word(k) for k in range(joined[-1] + 1, quote)}
        if between <= {",", "and", "as", "well", "also", "or"}:
            joined.append(quote)
    return tuple(joined)


def owner(clause: Clause, i: int, *, after: int | None = None, before: int | None = None) -> tuple[Range | None, str]:
    """Whose the noun at `i` is: "X's words", "the statement by X", `"...", by X`, else the sentence's subject."""
    for k in range(i - 1, max(i - 6, -1), -1):
        if clause.items[k].possessive or clause.word(k) in {"his", "her", "its", "their", "our"}:
            return (_phrase_start(clause, k), k + 1), "subject"
        if clause.word(k) in {",", ";", ":"} or clause.items[k].quotation >= 0:
            break
    for k in (i + 1, (after + 1 if after is not None else -1), (after + 2 if after is not None else -1)):
        if clause.word(k) in {"by", "from", "of"} and (clause.word(k) != "of" or not clause.is_a(i, "of")):
            return (k + 1, clause.phrase_end(k + 1, i)), "subject"
    source = clause.find_ahead(i + 1, ("from", "by"), before - i - 1) if before else None
    if source is not None and before is not None:
        return (source + 1, before), "subject"
    subject = clause.sentence_subject(i)
    if subject and clause.is_statement(*subject) and clause.word(subject[0]) not in {"there", "it"}:
        return subject, "sentence"
    return None, "vague"


def _phrase_start(clause: Clause, k: int) -> int:
    first = k
    while (
        first > 0
        and k - first < 8
        and (
            clause.capitalised(first - 1) or clause.is_a(first - 1, "determiners") or clause.items[first - 1].possessive
        )
    ):
        first -= 1
    return first


def participle_after(clause: Clause, i: int) -> int | None:
    """As in "documents condemning ...", "information was received confirming ..."."""
    for k in range(i + 1, min(i + 4, clause.size)):
        verb = clause.inventory.verbs.get(clause.word(k))
        if verb and "ing" in verb.form and clause.word(k - 1) not in {"is", "was", "are", "were"}:
            if (
                verb.frames & {"that", "object"}
                and starts_object(clause, k + 1)
                and clause.word(k + 1) not in verb.acts
            ):
                return k + 2 if clause.word(k + 1) == "that" else k + 1
            if "appeal" in verb.frames and clause.word(k + 1) in {"for", "on"}:
                return k + 2
            return None
        if not clause.items[k].is_word:
            return None
    return None


def agent(clause: Clause, i: int) -> tuple[Range, int] | None:
    """The "by X" of a passive verb, and where what follows it begins."""
    by = clause.find_ahead(i + 1, ("by",), 3)
    if by is None:
        return None
    last = by + 1
    while (
        last < clause.size
        and clause.items[last].is_word
        and clause.word(last) not in {"as", "that", "to", "on", "in", "and", "for"}
    ):
        last += 1
    return ((by + 1, last), last) if last > by + 1 else None
