"""Forms of the phrases that name a source: an office, a text of somebody's, a pronoun that is a subject."""

from qa_bot.perspective.clause import Clause, Range
from qa_bot.perspective.subjects import sentence_subject

WHERE = frozenset({"in", "at", "from", "near", "to", "through", "of", "on", "into", "around", "via"})
_ANYBODY = frozenset("someone somebody everyone everybody anyone anybody nobody people whoever".split())
_REACH = 40  # items within which somebody is looked for
_SUBJECTS = frozenset({"he", "she", "it", "they"})
# offices and bodies that a state has one of
_STATE = frozenset(
    "president minister ministry premier chancellor king queen prince princess governor mayor prosecutor speaker "
    "staff command army navy coastguard government cabinet parliament admiralty treasury commander-in-chief "
    "chancery".split()
)

_FOES = frozenset("enemy adversary opponent".split())
_BESIDE = frozenset("the a an our own himself itself themselves".split())
_CAPTIVES = frozenset("prisoner prisoners captive captives deserter deserters".split())
_NO_MANNER = ("prepositions", "roles", "bodies", "documents", "claims")
# a man of one's own who has been a prisoner, or the other's word for him
_NO_CAPTIVES = frozenset("our ours former returned returning freed released exchanged escaped back home".split())


def is_office(clause: Clause, span: Range) -> bool:
    """Whether a phrase is "the army", "the foreign ministry" of no named place."""
    head = next((i for i in range(*span) if clause.word(i) in WHERE | {"for"}), span[1])
    official = _STATE & {clause.word(i) for i in range(span[0], head)}
    known = ("bodies", "portfolios")
    strange = any(
        clause.capitalised(i) and not any(clause.is_a(i, name) for name in known) for i in range(head, span[1])
    )
    return bool(official) and not strange and clause.word(span[0]) == "the"


def of_the_foe(clause: Clause, span: Range) -> bool:
    """As in "the enemy", "the enemy's bulletin", "enemy men", "the other side", "one prisoner", "captured men"."""
    words = [clause.word(i) for i in range(*span) if clause.word(i) not in _BESIDE]
    owners = [clause.word(i) for i in range(*span) if clause.items[i].possessive]
    if not words or owners:
        return bool(words) and owners == words[:1] and words[0] in _FOES and not _CAPTIVES & {*words}
    return words == ["other", "side"] or (words[0] in _FOES and len(words) <= 2) or _captive(clause, span)


def _captive(clause: Clause, span: Range) -> bool:
    """As in "a prisoner of the Fourth Brigade", "one of the deserters", "the captured papers"."""
    head = next((i for i in range(*span) if clause.word(i) in _CAPTIVES | {"captured"}), None)
    if head is None or clause.any_word(*span, _NO_CAPTIVES):
        return False
    of = span[0] + 1  # "one of the deserters"
    some = clause.word(of - 1) == "one" or clause.is_a(of - 1, "numerals") or clause.is_a(of - 1, "determiners")
    first = of + 1 if clause.word(of) == "of" and some else span[0]
    alone = not any(clause.any_is(first, head, name) for name in _NO_MANNER)
    ends = head + 1 == span[1] or clause.capitalised(head + 1) or clause.word(head + 1) in WHERE | {",", "who"}
    return alone and (ends or clause.word(head) == "captured")


def one_of_them(clause: Clause, span: Range) -> bool:
    """As in "one of them", "many of them"."""
    return clause.word(span[1] - 1) == "them" and clause.word(span[1] - 2) == "of" and span[1] - span[0] <= 4


def acts(clause: Clause, i: int) -> bool:
    """Whether a noun phrase that begins at `i` may be a subject or an agent: not in "met a captain", "as a captain"."""
    if clause.is_a(i - 1, "prepositions"):
        return clause.word(i - 1) == "by"
    return clause.leading(i) or clause.is_a(i - 1, "wh") or clause.is_a(i - 1, "subordinators")


def unnamed_subject(clause: Clause, position: int) -> bool:
    """Whether "the operator" earlier in the sentence may be whom "its" before a speaker goes back to."""
    subject = sentence_subject(clause, position)
    return subject is not None and clause.is_a(subject[0], "determiners") and clause.is_statement(*subject)


def is_subject(clause: Clause, i: int) -> bool:
    """Whether the pronoun that ends a phrase is its subject: not in "the woman who kept house for him"."""
    return clause.word(i) in _SUBJECTS and not (clause.finite(i - 1) or clause.is_a(i - 1, "prepositions"))


def anybody_before(clause: Clause, i: int) -> bool:
    """Whether a "they" at `i` may be people of no kind: "When someone complains, they ask ..."."""
    return any(
        clause.word(k) in _ANYBODY and not clause.is_a(k - 1, "prepositions") for k in range(max(i - _REACH, 0), i)
    )


def text_of_somebody(clause: Clause, first: int) -> Range | None:
    """As in "The report of the commissioner", "Resolution 31 of the League", at the start of a statement."""
    noun = first + clause.is_a(first, "determiners")
    following = noun + 1 + clause.word(noun + 1).isdigit()
    if not clause.is_a(noun, "documents") or clause.word(following) not in {"of", "by", "from"}:
        return None
    last = following + 1
    while last < min(clause.size, following + 10) and clause.items[last].is_word and not clause.finite(last):
        last += 1
    return first, last


def text_alone(clause: Clause, span: Range) -> bool:
    """As in "the letter", "the statement"."""
    return span[1] - span[0] == 2 and clause.word(span[0]) in {"the", "this"} and clause.is_a(span[0] + 1, "documents")


def trimmed(clause: Clause, span: Range) -> Range:
    """Without marks and helpers at either end, at most some thirty words."""
    first, last = span
    fillers = {"that", "and", "but", "also", "as", "which", "whom"}
    if clause.any_word(first, last, {"and"}):
        fillers.add("both")  # "both X and Y", but not "both sides"
    while first < last and (not clause.items[first].is_word or (clause.word(first) in fillers and last - first > 1)):
        first += 1
    while last > first and (not clause.items[last - 1].is_word or _helper(clause, last - 1)):
        last -= 1
    if clause.word(last - 1).isdigit() and clause.word(last - 2) == "," and last - first > 2:
        last -= 2  # "Ada Quill, 41"
    return first, min(last, first + 28)


def _helper(clause: Clause, i: int) -> bool:
    month = clause.is_a(i, "months") and clause.capitalised(i)  # "a debate of 4 May"
    return clause.is_a(i, "auxiliaries") and not month
