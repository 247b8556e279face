"""Which words of a question are names, as far as its capitals and the countries of the world tell."""

import re
from collections.abc import Set

from qa_bot.conversation.days import MONTHS
from qa_bot.conversation.words import INSIDE, WORD, bare, countries, is_ordinary, says_nothing, without_possessive

_ASKING = frozenset("who whom whose what when where which why how".split())
_ABBREVIATED = "Mr Mrs Ms Dr Prof Rev Hon Sen Rep Gov Pres Gen Lt Col Maj Capt Cpt Sgt Cpl Adm Brig Cdr St".split()
_TITLES = frozenset(map(str.lower, _ABBREVIATED)) | frozenset(
    "mister sir madam lord lady prince princess king queen emperor sultan shah pope patriarch bishop archbishop sheikh "
    "imam ayatollah president premier chancellor minister prime foreign defence defense deputy vice secretary "
    "ambassador governor mayor senator judge professor doctor general colonel major captain lieutenant sergeant "
    "marshal admiral commander brigadier".split()
)  # of a person, and no name before one: "Gen Napoleon"
_STOPPED = re.compile(rf"\b({'|'.join(_ABBREVIATED)})\.(?=\s)")
_BEFORE_TITLE = frozenset("a an the this that our your his her its their former then".split())
_CALENDAR = frozenset("monday tuesday wednesday thursday friday saturday sunday".split()) | {m.lower() for m in MONTHS}
_ACRONYMS = frozenset(
    "pm fm mp mep vp pr hr hq mod mfa cto pow idp ngo ied wmd apc ifv afv mlrs atgm manpads sam uav ucav "
    "gdp fdi dna iq id pc hiv tv cctv lgbt ad bc ce bce am km kg mm cm".split()
)  # of offices, things and units, of which English writes no plural, or a rare one
_PLURAL = re.compile(r"[A-Z]{2,}s")  # "POWs": what there are several of is no name
_NUMERAL = re.compile(r"[IVX]+")
_PREFIXES = frozenset("anti co cross ex inter mid neo non pan post pre pro semi sub trans vice".split())


def names_in(question: str) -> list[re.Match[str]]:
    """The words of a question that are names, in their order, with a capital inside it, or of countries.

    Capitals tell nothing in a question that is written with them throughout, or as titles are; nor do those of titles
    before a name, days, months, acronyms of things, and words in capitals only for emphasis.
    """
    inside = (match.group() for match in INSIDE.finditer(_STOPPED.sub(r"\1", question)))
    capital = {word for word in inside if word[0].isupper()}
    if _is_capitalised(question, capital):
        capital = set()
    words = list(WORD.finditer(question))
    padded = ["", *(word.group() for word in words), ""]
    return [
        word
        for word, last, following in zip(words, padded, padded[2:], strict=False)
        if bare(word.group()) in countries()
        or (word.group() in capital and may_name(word.group()) and not _is_title(word.group(), last, following))
    ]


def may_name(word: str) -> bool:
    """Whether a word with capitals may be a name: "Napoleon", "NATO" and "Ter-Petrosyan"; not "TRUE" nor "POWs"."""
    word = without_possessive(word)
    lower = word.lower()
    if "-" in word:
        return bool(parts_of(word))
    if lower in _CALENDAR or lower in _ACRONYMS or _PLURAL.fullmatch(word) or _NUMERAL.fullmatch(word):
        return False
    return not (word.isupper() and is_ordinary(lower))


def parts_of(word: str) -> list[str]:
    """What of a word names something, in lower case: of "PKK-linked" the first part, of "pro-Russian" the second."""
    parts = without_possessive(word).split("-")
    if len(parts) == 1:
        return [parts[0].lower()]
    capital = (part for part in parts if part[:1].isupper() and part.lower() not in _PREFIXES)
    return [part.lower() for part in capital if len(part) > 1 and may_name(part)]


def _is_capitalised(question: str, capital: Set[str]) -> bool:
    """Whether a question has capitals for other reasons than that its words are names."""
    first, *later = WORD.findall(question) or [""]
    as_title = any(says_nothing(word) and not word.isupper() for word in capital)  # "How Much Land Did …"
    throughout = bool(later) and first.lower() in _ASKING and all(word[0].isupper() for word in later)  # "Who Won?"
    return question.isupper() or as_title or throughout


def _is_title(word: str, last: str, following: str) -> bool:
    """Whether a word stands before a name, or after an article, and only says what somebody is."""
    return bare(word) in _TITLES and (following[:1].isupper() or last.lower() in _BEFORE_TITLE)
