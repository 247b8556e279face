"""Judgements that a verb may report: what is called, counted, blamed, described as something.

Each test takes the clause, the verb's position and the position after its adverbs, and returns where the
reported content begins, or None.
"""

from qa_bot.perspective.reporting.clause import Clause

_PRONOUN_OBJECTS = frozenset("it this that him them these".split())
_REFLEXIVE = frozenset("himself herself itself themselves".split())
_TENS = frozenset(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty "
    "seventy eighty ninety".split()
)
_ABOUT = frozenset(
    "some about around over at least most more less fewer than nearly almost exactly only another".split()
)
_NO_SUPERLATIVES = frozenset(
    "forest west guest priest harvest interest request protest quest conquest contest arrest unrest chest tempest "
    "honest modest earnest manifest".split()
)
_CALLED = frozenset("off up together".split())
_WITH = ("reproach", "credit", "justif")
_RESPONSIBLE = ("responsible", "liable", "accountable", "guilty", "answerable")
_JUDGING = ("less", "able", "ible", "ful", "ous", "ive", "ical", "true", "false", "legal", "fair", "absurd", "just")
_VERDICTS = frozenset(
    "proven proved unproven void invalid unlawful lawful illegal legal justified unjustified groundless unfounded "
    "credible false impossible inadmissible admissible excessive".split()
)
_PARTICLES = frozenset("and or off back up out again over home forth names".split())


def accuses(clause: Clause, i: int, after: int) -> int | None:
    """As in "accused X of ...", "blamed X for ..."."""
    if clause.word(after) in {"of", "for", "by", "on", ""} or clause.is_a(after, "auxiliaries"):
        return None
    if clause.word(i).startswith("blam") and starts_object(clause, after):
        return after
    if clause.word(i).startswith("justif"):
        return after if clause.find_ahead(after + 1, ("with",), 10) is not None else None
    held = ("of", "for", "on", "with") if clause.word(i).startswith(_WITH) else ("of", "for", "on")
    return after if clause.find_ahead(after + 1, held, 22) is not None else None


def names(clause: Clause, i: int, after: int) -> int | None:
    """As in "called the sale a theft" and "calls it nonsense"."""
    if not starts_object(clause, after) or _called_off(clause, i):
        return None
    if clause.word(after) in _PRONOUN_OBJECTS and clause.items[min(after + 1, clause.size - 1)].is_word:
        plain = ("adverbs", "prepositions", "times", "auxiliaries", "subordinators")
        definite = clause.word(after + 1) == "the" and not clause.is_a(after + 2, "times")  # "called it the worst day"
        told = definite or not any(clause.is_a(after + 1, name) for name in plain)
        told = told and clause.word(after + 1) not in _PARTICLES
        lie = clause.word(after + 1) in {"a", "an"} and not clause.is_a(after + 2, "times")  # but not "called it a day"
        return after if (told or lie) and after + 1 < clause.size else None
    definite = clause.is_a(after, "determiners") and clause.word(after) not in {"a", "an"}
    described = definite or clause.capitalised(after)
    if described and _verdict_ends(clause, after):
        return after
    article = (superlative(clause, after + 1) or clause.find_ahead(after + 1, ("a", "an"), 9)) if described else None
    if article is None or clause.is_statement(i + 1, article) or clause.is_a(article + 1, "numerals"):
        return None
    between = range(after, article)
    return None if any(clause.is_a(k, "prepositions") and clause.word(k) != "of" for k in between) else after


def _verdict_ends(clause: Clause, after: int) -> bool:
    """As in "called the pledge worthless": what is called is two or three words, and one verdict ends the statement."""
    return any(
        clause.word(k).endswith(_JUDGING) and not clause.capitalised(k) and clause.ends_statement(k + 1)
        for k in range(after + 2, min(after + 5, clause.size))
        if all(clause.items[n].is_word for n in range(after, k))
        and not any(clause.is_a(n, "prepositions") or clause.finite(n) for n in range(after, k))
        and not any(clause.is_a(k, name) for name in ("roles", "bodies", "kin"))  # "called the local executive"
    )


def _called_off(clause: Clause, i: int) -> bool:
    """As in "called that mission into question", "called the raid off": no naming."""
    end = next((k for k in range(i + 2, i + 12) if clause.word(k) in _CALLED or clause.finite(k)), i + 12)
    questioned = any(clause.word(k) == "question" and clause.word(k - 1) in {"in", "into"} for k in range(i + 2, end))
    return questioned or (clause.word(end) in _CALLED and clause.ends_statement(end + 1))


def superlative(clause: Clause, i: int) -> int | None:
    """Where "the most chivalrous", "the finest" begins within reach, as a phrase of its own."""
    the = clause.find_ahead(i, ("the",), 9)
    if the is not None and clause.is_a(the - 1, "prepositions"):
        return None  # "called the men of the best families"
    following = clause.word(the + 1) if the is not None else ""
    praised = following in {"most", "best", "worst", "first", "only", "least"} or (
        following.endswith("est") and len(following) > 4 and following not in _NO_SUPERLATIVES
    )
    return the if praised else None


def describes_as(clause: Clause, i: int, after: int) -> int | None:
    """As in "described X as ..."; "as follows" opens a run of sentences and is left to the turns."""
    if clause.word(after) == "as" and clause.find_back(i, ("what", "which"), 7) is not None:
        return after + 1  # "what it described as ..."
    if clause.word(after) == "as" and clause.word(after + 1) in {"well", "soon", "far", "long", "much", "follows"}:
        return None
    if clause.word(after) == "as" and clause.word(after - 1) in _REFLEXIVE:
        return after + 1  # "described himself as ..."
    if clause.word(after) in {"as", "by", ""} or not starts_object(clause, after):
        return None
    as_ = clause.find_ahead(after + 1, ("as",), 18)
    if as_ is None or (clause.word(as_ - 1) == "," and not clause.any_word(after, as_ - 1, {","})):
        return None  # "saw it otherwise, as one would expect"
    return after if clause.word(as_ + 1) not in {"well", "follows", "soon", "much", "long", "far"} else None


def estimates(clause: Clause, _: int, after: int) -> int | None:
    """As in "puts the number at two hundred", "gave the number of its dead as two"."""
    amount = clause.any_is(after, after + 4, "amounts")
    at = clause.find_ahead(after + 1, ("at", "as"), 18)
    noun = 0 if at is None else at + 1 + clause.is_a(at + 1, "determiners")
    if at is not None and clause.word(at) == "as" and clause.is_a(noun, "grounds"):
        return after  # "gave the weather as the reason"
    return after if at is not None and (amount or clause.word(at + 1)[:1].isdigit()) else None


def tallies(clause: Clause, _: int, after: int) -> int | None:
    """As in "recorded 340 admissions", "lists some sixty-one dead": what a record counts."""
    k = after
    while k < after + 4 and (clause.word(k) in _ABOUT or clause.adverb(k)):
        k += 1
    number = clause.word(k).split("-")[0]
    counted = number[:1].isdigit() or number in _TENS or clause.is_a(k, "numerals")
    return after if counted and k + 1 < clause.size and clause.items[k + 1].is_word else None


def ascribes(clause: Clause, i: int, after: int) -> int | None:
    """As in "attributes eleven deaths to the lack of medicines"."""
    dated = clause.word(i).startswith("dat")
    to = clause.find_ahead(after + 1, ("to", "from") if dated else ("to",), 18)
    if to is None or not starts_object(clause, after):
        return None
    day = any(clause.is_a(k, "months") or clause.word(k)[:1].isdigit() for k in range(to + 1, to + 4))
    return after if day or not dated else None  # "dated the war to 9 May", but not "dated the letter to her"


def holds_to_be(clause: Clause, i: int, after: int) -> int | None:
    """As in "held the vote to be void", "held the ministry responsible"."""
    if not starts_object(clause, after):
        return None
    if clause.word(i) in {"held", "holds", "hold"} and clause.find_ahead(after + 1, _RESPONSIBLE, 10) is not None:
        return after
    verdict = next((k for k in range(after + 1, min(after + 9, clause.size)) if clause.word(k) in _VERDICTS), None)
    if verdict is not None and clause.ends_statement(verdict + 1) and not clause.is_statement(after, verdict):
        return after  # "found the order proven"
    to = clause.find_ahead(after + 1, ("to",), 14)
    being = to is not None and clause.word(to + 1) in {"be", "have"} and not clause.is_statement(after, to)
    return after if being else None


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
