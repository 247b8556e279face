"""Forms of the phrases that name a source: an office, a text of somebody's, a pronoun that is a subject."""

import re
from collections.abc import Set as AbstractSet

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.subjects import sentence_subject

WHERE = frozenset({"in", "at", "from", "near", "to", "through", "of", "on", "into", "around", "via"})
_ANYBODY = frozenset("someone somebody everyone everybody anyone anybody nobody people whoever".split())
_REACH = 40  # items within which somebody is looked for
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){2,3}")
_SUBJECTS = frozenset({"he", "she", "it", "they"})
# offices and bodies that a state has one of
_STATE = frozenset(
    "president minister ministry premier chancellor king queen prince princess governor mayor prosecutor speaker "
    "staff command army navy coastguard government cabinet parliament admiralty treasury commander-in-chief "
    "chancery".split()
)
_OFFICES = frozenset("office bureau archive archives registry directorate inspectorate".split())  # "the Land Office"
# of whom each side has its own, so that a passage about one side means that side's
_RANK = (
    "general colonel major lieutenant captain admiral marshal commander commandant sergeant corporal private officer "
    "soldier pilot gunner sapper trooper marine"
)
RANKS = frozenset(_RANK.split()) | {f"{word}s" for word in _RANK.split()}
_FORCES = frozenset({"garrison", "brigade", "regiment", "battalion"})
_UNITS = frozenset(
    "army brigade regiment battalion division squadron corps garrison guard guards company fleet".split()
)
_CIVIL = frozenset("mayor governor councillor prosecutor".split())
_NO_RANK = frozenset({"secretary", "attorney", "director", "consul", "solicitor"})  # "the Secretary General"

_BEFORE_OFFICES = frozenset("prime vice deputy first chief lord high".split())
_MANY = frozenset("men women children people police troops everybody".split())
_OF_PEOPLE = ("ers", "ors", "ists", "ians", "ees", "men", "women")
_SINGULAR = frozenset("this his its headquarters news always perhaps".split())
_PARENTS = frozenset("father mother grandfather grandmother".split())
_FOES = frozenset("enemy adversary opponent".split())
_BESIDE = frozenset("the a an our own himself itself themselves".split())
_CAPTIVES = frozenset("prisoner prisoners captive captives deserter deserters".split())
_NO_MANNER = ("prepositions", "roles", "bodies", "documents", "claims")
# a man of one's own who has been a prisoner, or the other's word for him
_NO_CAPTIVES = frozenset("our ours former returned returning freed released exchanged escaped back home".split())


def is_office(clause: Clause, span: Range) -> bool:
    """Whether a phrase is "the army", "the foreign ministry", "the governor, Ada Quill" of no named place."""
    apposed = (i for i in range(*span) if clause.word(i) == "," and clause.capitalised(i + 1))
    span = span[0], next(apposed, span[1])
    head = next((i for i in range(*span) if clause.word(i) in WHERE | {"for"}), span[1])
    official = clause.any_word(span[0], head, _STATE)
    official = official or any(clause.capitalised(i) and clause.word(i) in _OFFICES for i in range(span[0] + 2, head))
    known = ("bodies", "portfolios")
    strange = any(
        clause.capitalised(i) and not any(clause.is_a(i, name) for name in known) for i in range(head, span[1])
    )
    return official and not strange and clause.word(span[0]) == "the"


def is_titled(clause: Clause, span: Range) -> bool:
    """Whether a phrase is an office of a state and a name, and nothing else: "State Secretary Lena Furst"."""
    office = next((i for i in range(*span) if clause.word(i) in _STATE | {"secretary"}), span[1])
    words = [i for i in range(*span) if not clause.is_a(i, "portfolios") and clause.word(i) not in _BEFORE_OFFICES]
    return len(words) > 1 and words[0] == office and all(clause.capitalised(i) for i in range(*span))


def is_ranked(clause: Clause, span: Range, *, unnamed: bool = False) -> bool:
    """Whether a phrase is a soldier: "the colonel", or "Captain Lund of the Lancers" where names and units will do.

    "The captain of the ferry" is none.
    """
    title = _title(clause, span, RANKS if unnamed else RANKS | _FORCES)
    if title is None or clause.any_word(*span, _NO_RANK):
        return False
    if clause.word(title[0]) in {"officer", "officers"} and title[0] > span[0] + 1:
        return False  # "a police officer"
    of_unit = clause.any_word(title[1] + 1, span[1], _UNITS) or clause.capitalised(title[1] + 2)
    bare = clause.word(title[1]) not in {"of", "for"} or title[1] >= span[1]
    return bare and title[1] - title[0] == 1 if unnamed else bare or of_unit


def is_official(clause: Clause, span: Range) -> bool:
    """Whether a phrase is an official of a town, a council or a body: "Councillor Lund", "the mayor"."""
    return _title(clause, span, _CIVIL) is not None


def _title(clause: Clause, span: Range, titles: AbstractSet[str]) -> Range | None:
    """One of the titles at the head of a phrase, with the name that follows it."""
    last = next((i for i in range(*span) if clause.word(i) in WHERE | {",", "who", "for"}), span[1])
    for i in range(span[0], last):
        if clause.word(i) in titles:
            return (i, last) if all(clause.capitalised(k) for k in range(i + 1, last)) else None
    return None


def plural_head(clause: Clause, subject: Range | None) -> int | None:
    """The plural noun of the subject that begins a stretch: "our gunners", "ten men", "refugees from the coast"."""
    if subject is None:
        return None
    first, i = subject[0], subject[0]
    while i < min(subject[1], first + 8) and clause.items[i].is_word and clause.word(i) not in WHERE:
        if i > first and (clause.finite(i) or clause.is_a(i, "auxiliaries") or clause.is_a(i, "wh")):
            break
        i += 1
    head = clause.word(i - 1)
    several = head in _MANY or (head.endswith("s") and not head.endswith("ss") and head not in _SINGULAR)
    return i - 1 if i > first and several else None


def human(clause: Clause, i: int) -> bool:
    """Whether a plural noun is of people: "nurses", "settlers", "women", but neither "guns" nor "letters"."""
    word = clause.word(i)
    if any(clause.is_a(i, name) for name in ("documents", "speech", "claims", "amounts")):
        return False
    known = any(clause.is_a(i, name) for name in ("roles", "observers", "kin"))
    return known or word in _MANY or word.endswith(_OF_PEOPLE)


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
    """As in "one of them", "many of them", and "One said that ..."."""
    if span[1] - span[0] == 1 and clause.word(span[0]) in {"one", "another"}:
        return True
    return clause.word(span[1] - 1) == "them" and clause.word(span[1] - 2) == "of" and span[1] - span[0] <= 4


def the_same(clause: Clause, span: Range) -> bool:
    """As in "the father of three", "the 52-year-old": another word for who was speaking."""
    head = clause.word(span[0] + 1)
    parent = head in _PARENTS and clause.word(span[0] + 2) == "of" and clause.is_a(span[0] + 3, "numerals")
    return clause.word(span[0]) == "the" and (parent or head.endswith("-year-old"))


def determined(clause: Clause, first: int) -> int:
    """Where the word before a description stands: "the" of "the prime minister", whose noun begins at `first`."""
    i = first - 1
    while i > max(first - 4, 0) and (clause.word(i) in _BEFORE_OFFICES or clause.is_a(i, "portfolios")):
        if clause.is_a(i, "determiners") or clause.is_a(i, "prepositions"):
            break
        i -= 1
    return i


def acts(clause: Clause, i: int) -> bool:
    """Whether a noun phrase at `i` may be a subject or an agent: not in "Lund met a captain", "as a captain"."""
    if clause.is_a(i - 1, "prepositions"):
        return clause.word(i - 1) == "by"
    if clause.word(0) in {"i", "we"} and clause.finite(i - 1) and i < 4:
        return True  # "I met a captain": "he" in the next sentence is nobody else
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
    fillers = {"that", "and", "but", "also", "as", "which", "whom", "later", "then"}
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


def whose(clause: Clause, works: AbstractSet[str], after: AbstractSet[str]) -> Range | None:
    """The X of a heading like "letters of X", "X's letters" and "X's last speech".

    X ends before a word (or comma) of `after`, a number, and any other mark than a comma.
    """
    for i in range(clause.size):
        if clause.word(i) not in works:
            continue
        if clause.word(i + 1) in {"of", "by"}:
            last = i + 2
            while last < clause.size and _in_name(clause, last) and clause.word(last) not in after:
                last += 1
            return (i + 2, last) if last > i + 2 else None
        owner = next((k for k in (i - 1, i - 2) if k >= 0 and clause.items[k].possessive), None)
        if owner is not None:
            return 0, owner + 1
    return None


def _in_name(clause: Clause, i: int) -> bool:
    word = clause.word(i)
    return word == "," or (clause.items[i].is_word and not word.isdigit())


def initials_of(label: str) -> str:
    """The letters of a label that is two or three initials, in lower case: "pv" of "P.V."; else nothing."""
    return re.sub(r"[^\w]", "", label).casefold() if _INITIALS.fullmatch(label) else ""


def office_end(clause: Clause, preposition: int, last: int) -> int:
    """The end of "for the transport ministry" in "A spokesman for the transport ministry declined to answer"."""
    first = preposition + 1 + clause.is_a(preposition + 1, "determiners")
    end = first
    while end < last and (clause.is_a(end, "portfolios") or clause.is_a(end, "bodies")):
        end += 1
    return end if clause.any_is(first, end, "bodies") else preposition
