"""Fragments, and the question before with a fragment in the place of something: "and Greece?", "did Iran too?"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa_bot.conversation.mentions import Mention, mentions_of
from qa_bot.conversation.references import AUXILIARY, COUNTED, SENTENCE
from qa_bot.conversation.vocabulary import Kind, Vocabulary
from qa_bot.conversation.words import WORD, bare, content_of, is_inflected, says_nothing, words_of

MAX_FRAGMENT = 5  # words that may stand in the place of others, other than names

_AUXILIARIES = rf"(?:{'|'.join(sorted(AUXILIARY))})(?:n?['’]t)?\s+(?:not\s+)?"
LEAD = (  # with which a question takes up the one before
    r"\s*(?:(?:ok|okay|so|well|yes|right)\b[\s,]*)?(?P<joined>(?:and|but|or|also|then)\b[\s,]*)?"
    r"(?P<about>(?:what|how)\s+(?:about|of)\b\s*)?"
)
_OPENING = re.compile(
    LEAD + rf"(?:(?P<opposed>why\s+not\s+)|(?P<asks>{_AUXILIARIES}))?"
    r"(?:(?P<placed>in|at|for|with|about|from|on|by|to|against|of)\s+)?",
    re.IGNORECASE,
)
_ALSO = re.compile(r"(?:\s|,)(?:too|as\s+well|also|either)$", re.IGNORECASE)
_ONE = re.compile(r"\s+ones?$", re.IGNORECASE)
_NOT = re.compile(r"n['’]t$")
_THE = re.compile(r"the\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,(?:\s*(?:and|or|nor))?|\s(?:and|or|nor))\s+(?:(?:in|on)\s+)?(?:the\s+)?", re.IGNORECASE)
_ACTING = re.compile(rf"(?:^\s*|\b{_AUXILIARIES})(?:the\s+)?$", re.IGNORECASE)
_PLURALS = frozenset("people men women children aircraft troops personnel police".split())


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a question without a verb of its own consists of, and the words around it.

    `named` are the names that `text` lists and nothing else, `placed` is the preposition before it. `asks` and
    `opposed` say that an auxiliary or "why not" comes before, `joined`, `about` and `also` that "and", "what about"
    and "too" are there; `definite` that an article was left out.
    """

    text: str
    named: tuple[Mention, ...]
    placed: str
    asks: bool
    opposed: bool
    joined: bool
    about: bool
    also: bool
    definite: bool

    @property
    def lacks(self) -> bool:
        """Whether it says nothing without the question before, whatever it names."""
        return bool(self.placed) or self.asks or self.opposed or self.about or self.also

    @property
    def leans(self) -> bool:
        """Whether its wording says that it belongs to the question before."""
        return self.lacks or self.joined


def fragment_of(question: str, named: Sequence[Mention]) -> Fragment | None:
    """What a question without a verb of its own consists of: "and in Fuzuli?", "did Iran and Sweden too?"."""
    opening = _OPENING.match(question)
    if opening is None:
        return None
    asked = question.rstrip(" ?!.,")
    also = _ALSO.search(asked)
    asked = _ONE.sub("", (asked[: also.start()] if also else asked).rstrip(" ,"))
    article = _THE.match(asked, opening.end())
    start = article.end() if article else opening.end()
    text = asked[start:]
    words = words_of(text)
    if {bare(_NOT.sub("", word)) for word in words} & SENTENCE or not content_of(text):
        return None
    listed = _listing(question, start, len(asked), named)
    parts = {name: bool(opening[name]) for name in ("asks", "opposed", "joined", "about")}
    placed = (opening["placed"] or "").lower()
    long = _says_more(text, start, named) if placed else len(words) > MAX_FRAGMENT
    if not listed and (parts["asks"] or parts["opposed"] or long):
        return None
    return Fragment(text, listed, placed, **parts, also=also is not None, definite=article is not None)


def _says_more(text: str, start: int, named: Sequence[Mention]) -> bool:
    """Whether words stand beside several names, as in a sentence: "on 27 September Armenia attacked"."""
    within = [m for m in named if start <= m.start < start + len(text)]
    rest = text
    for mention in within:
        rest = swapped(rest, mention.text, "/")
    return len(within) > 1 and bool(content_of(rest))


def _listing(question: str, start: int, end: int, named: Sequence[Mention]) -> tuple[Mention, ...]:
    """The names that a stretch of a question lists, if it has nothing else: "Kelbajar and Aghdam"."""
    listed = tuple(m for m in named if start <= m.start and m.end <= end)
    if not listed or listed[0].start != start or listed[-1].end != end:
        return ()
    between = (question[a.end : b.start] for a, b in pairwise(listed))
    alike = all(listed[0].is_like(mention) for mention in listed)
    return listed if alike and all(map(_BETWEEN.fullmatch, between)) else ()


def substituted(fragment: Fragment, previous: str, vocabulary: Vocabulary) -> str | None:
    """The question before with one name, day or noun, or a list of them, replaced by the one that a fragment is."""
    new = fragment.named[0] if fragment.named else None
    if not fragment.leans and (new is None or new.kind is Kind.UNKNOWN):
        return None  # a few words without "and": typed as into a search box
    there = mentions_of(previous, vocabulary)
    here = {bare(m.text) for m in fragment.named} or {bare(fragment.text)}
    if any(bare(mention.text) in here for mention in there):
        return None
    old = _replaced(fragment, there, previous)
    if old is None and there and _is_unheard(fragment, vocabulary):
        old = there[0]  # a name that the corpus does not have is no part of what was asked before
    if old:
        put = WORD.sub(lambda word: vocabulary.as_written(word.group()), fragment.text)
        return swapped(previous, _side_of(old, new, vocabulary) or _listed_with(old, there, previous), put)
    return _recounted(fragment, previous, vocabulary)


def swapped(text: str, old: str, new: str) -> str:
    """A text with every occurrence of some words replaced."""
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _replaced(fragment: Fragment, there: Sequence[Mention], previous: str) -> Mention | None:
    """Which name of the question before the new ones stand for: of their kind, after their preposition, the first.

    After an auxiliary they act, and stand for who acts there; after "why not" only for the one that they can.
    """
    if not fragment.named:
        return None
    new = fragment.named[0]
    fitting = [m for m in there if m.kind is new.kind]
    if not fitting and new.kind is not Kind.DATE:
        alike = [m for m in there if m.is_like(new)]
        fitting = alike if len(alike) == 1 else []
    if fragment.asks:
        fitting = [m for m in fitting if _ACTING.search(previous[: m.start])]
    if fragment.opposed and len(fitting) > 1:
        return None
    before = f" {fragment.placed}"
    after = [m for m in fitting if fragment.placed and previous[: m.start].lower().rstrip().endswith(before)]
    return next(iter(after or fitting), None)


def _is_unheard(fragment: Fragment, vocabulary: Vocabulary) -> bool:
    """Whether it is a word that neither the corpus nor English has, so a name: "and texas?", but not "and planes?"."""
    single = not fragment.named and " " not in fragment.text and not fragment.placed
    return single and not vocabulary.has_seen(fragment.text) and not is_inflected(bare(fragment.text))


def _side_of(old: Mention, new: Mention | None, vocabulary: Vocabulary) -> str:
    """What of a name another party takes the place of: of "Afghan Foreign Ministry" the first word; else nothing."""
    first = old.text.split()[0]
    parted = new and new.kind is Kind.PARTY and old.kind is Kind.ORGANISATION
    return first if parted and vocabulary.kinds.get(first.lower()) is Kind.PARTY else ""


def _listed_with(old: Mention, there: Sequence[Mention], previous: str) -> str:
    """A name with those that are listed with it, "Iran and Sweden"; not what something is between."""
    first = last = there.index(old)
    if previous[: old.start].lower().endswith("between "):
        return old.text
    while last + 1 < len(there) and _go_together(there[last], there[last + 1], previous):
        last += 1
    while first and _go_together(there[first - 1], there[first], previous):
        first -= 1
    return previous[there[first].start : there[last].end]


def _go_together(one: Mention, other: Mention, text: str) -> bool:
    return one.kind is other.kind and _BETWEEN.fullmatch(text[one.end : other.start]) is not None


def _recounted(fragment: Fragment, previous: str, vocabulary: Vocabulary) -> str | None:
    """The question before with another noun counted in it: "how many tanks were lost?" "and aircraft?"."""
    counted = COUNTED.search(previous)
    several = fragment.text.lower().endswith("s") or fragment.text.lower() in _PLURALS
    if counted is None or says_nothing(counted[1]) or (fragment.definite and not several):
        return None  # "and the enemy?" is no other thing to count
    if fragment.placed not in ("", "of") or mentions_of(fragment.text, vocabulary):
        return None
    return previous[: counted.start(1)] + fragment.text + previous[counted.end(1) :]
