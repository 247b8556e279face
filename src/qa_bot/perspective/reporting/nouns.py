"""Nouns of speech: "a statement that ...", "reports of ...", "X's words, ..."."""

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.complements import REACH, that_day
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.judgements import starts_object
from qa_bot.perspective.reporting.subjects import sentence_subject

_ASIDE = 14  # items between a noun and its "that"
_WHOSE = frozenset("of by from among".split())
_RESPONDING = frozenset("asked questioned commenting responding replying reacting".split())
_VIEWS = frozenset("opinion opinions view views belief beliefs".split())
_GENERAL = frozenset("widespread general common popular prevailing prevalent".split())
_HEARD = frozenset("persist persisted abound abounded continue continued multiplied followed come spread begun".split())


def noun_cue(clause: Clause, i: int) -> Cue | None:
    """The cue that the noun at `i` makes, if it announces somebody's words."""
    end = clause.size
    if clause.word(0) in _RESPONDING and clause.word(1) in {"about", "on", "to"} and i < 6:
        return None  # "Asked about reports that ..., he replied that ..."
    verb = clause.is_a(i - 1, "own_persons")  # "we demand that": no noun, and the narrator's own
    if clause.is_a(i, "claims") and not verb and (that := _that_after(clause, i)):
        if clause.word(i) in _VIEWS and clause.word(i - 1) in _GENERAL:
            return None  # "a widespread opinion that": nobody's, as "it is known that"
        source, relation = _whose_claim(clause, i, that)
        first = that + 1
        return Cue((i, first), "a claim that", relation, source, (first, end), clause.quotes_in(first, end))
    if clause.is_a(i, "of") and clause.word(0) == "there":
        of = clause.find_ahead(i + 1, ("of", "that"), 12)
        if of is not None:
            return Cue((i, i + 1), "reports of", "vague", None, (i + 1, end), clause.quotes_in(i + 1, end))
    if clause.is_a(i, "of") and clause.word(i + 1) == "of" and unowned(clause, i) and not _caused(clause, i):
        return Cue((i, i + 2), "reports of", "vague", None, (i + 2, end), clause.quotes_in(i + 2, end))
    return words_of(clause, i) or _text_cue(clause, i)


def _that_after(clause: Clause, i: int) -> int | None:
    """The "that" of "the claim that", "the contention of the owners that", "the claim, often heard, that"."""
    if clause.word(i + 1) == "that":
        return i + 1 if content_clause(clause, i + 1) else None
    if clause.word(i + 1) == ",":
        that = clause.find_ahead(i + 2, ("that",), _ASIDE)
        apart = that is not None and clause.word(that - 1) == ","
    else:
        that = clause.find_ahead(i + 2, ("that",), _ASIDE) if clause.word(i + 1) in _WHOSE else None
        apart = that is not None and all(clause.items[k].is_word for k in range(i + 1, that))
    if (
        that is None
        or not apart
        or that_day(clause, that)
        or clause.is_statement(i + 1, that)
        or clause.finite(that + 1)
    ):
        return None
    return that if content_clause(clause, that) and clause.is_statement(that + 1, clause.size) else None


def _whose_claim(clause: Clause, i: int, that: int) -> tuple[Range | None, str]:
    """Whose claim it is, where "that" stands apart from it."""
    of = next((k for k in range(i + 1, that) if clause.word(k) in _WHOSE | {"in"}), None)
    if that == i + 1 or clause.possessive_before(i) or of is None:
        return owner(clause, i)
    source = (of + 1, that - (clause.word(that - 1) == ","))
    return (source, "subject") if source[0] < source[1] else owner(clause, i)


def _caused(clause: Clause, i: int) -> bool:
    """As in "Rumours of treason led to her death": the sentence tells what they did, not what they were."""
    verb = next((k for k in range(i + 2, min(i + _ASIDE, clause.size)) if clause.finite(k)), None)
    if i > 1 or verb is None:
        return False
    main = clause.skip_adverbs(verb + 1) if clause.is_a(verb, "auxiliaries") else verb
    return not (clause.is_a(main, "spreads") or clause.is_a(verb, "be") or clause.word(main) in _HEARD)


def _text_cue(clause: Clause, i: int) -> Cue | None:
    """The cue of a noun that is no claim itself: a rumour, an account, a text."""
    end = clause.size
    if that := _rumoured(clause, i):
        return Cue((i, that + 1), "word spread that", "vague", None, (that + 1, end), clause.quotes_in(that + 1, end))
    if colon := _told_after_colon(clause, i):
        source, relation = owner(clause, i)
        return source and Cue((i, colon + 1), "a text saying", relation, source, (colon + 1, end))
    if clause.is_a(i, "documents") or clause.is_a(i, "claims"):
        start = participle_after(clause, i)
        if start is not None:
            source, relation = owner(clause, i)
            return Cue((i, start), "a text saying", relation, source, (start, end), clause.quotes_in(start, end))
    return None


def _rumoured(clause: Clause, i: int) -> int | None:
    """The "that" of "Word spread that ...", "Rumour had it that ...", "Reports emerged that ..."."""
    had = clause.is_a(i + 1, "have")  # "has it that", "has reached us that", but not "has been told so often that"
    spread = clause.is_a(i + 2, "spreads") or clause.word(i + 2) == "it" if had else clause.is_a(i + 1, "spreads")
    if not clause.is_a(i, "rumoured") or not spread or clause.possessive_before(i):
        return None
    return clause.find_ahead(i + 2, ("that",), 8)


def _told_after_colon(clause: Clause, i: int) -> int | None:
    """The colon of "X gave a different account: ...", "X's answer came at once: ..."."""
    colon = clause.find_ahead(i + 1, (":",), 14) if clause.is_a(i, "accounts") else None
    told = colon is not None and clause.is_statement(colon + 1, clause.size) and not clause.quotes_in(i, clause.size)
    return colon if told else None


def words_of(clause: Clause, i: int) -> Cue | None:
    """`X's words, "..."`, `the statement by X, "..."`."""
    named = clause.capitalised(i) and clause.capitalised(i - 1)  # "the Institute for Border Studies"
    if named or not (clause.is_a(i, "speech") or clause.is_a(i, "documents")):
        return None
    quotes = quotes_after_noun(clause, i)
    if not quotes:
        return None
    source, relation = owner(clause, i, after=quotes[-1], before=quotes[0])
    return Cue((i, i + 1), "words of", relation, source, None, quotes)


def content_clause(clause: Clause, i: int) -> bool:
    """Whether "that" at `i` opens what a noun says, not what is said of it ("a report that was published")."""
    if clause.word(i) != "that":
        return False
    after = clause.skip_adverbs(i + 1)
    if clause.finite(after) and not (clause.is_a(after, "also_nouns") and clause.word(after).endswith("s")):
        return False  # "the lie that cost him his post"
    pronoun = any(clause.is_a(after, name) for name in ("persons", "groups", "own_persons"))
    if pronoun and clause.finite(after + 1) and clause.finite(after + 2):
        return False  # "the explanation that he gave was accepted"
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
        if clause.word(k) in {",", ";", ":", "a", "an", "the"} or clause.items[k].quotation >= 0:
            break
    for k in (i + 1, (after + 1 if after is not None else -1), (after + 2 if after is not None else -1)):
        if clause.word(k) in {"by", "from", "of"} and (clause.word(k) != "of" or not clause.is_a(i, "of")):
            return (k + 1, clause.phrase_end(k + 1)), "subject"
    subject = sentence_subject(clause, i)
    if subject and clause.is_statement(*subject) and clause.word(subject[0]) not in {"there", "it"}:
        return subject, "sentence"
    source = clause.find_ahead(i + 1, ("from", "by"), before - i - 1) if before else None
    if source is not None and before is not None:
        return (source + 1, before), "subject"
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
