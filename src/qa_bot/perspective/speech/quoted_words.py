"""What the words between quotation marks are: a clause, part of one, a name, a title, an inscription."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from qa_bot.perspective.items import Item
from qa_bot.perspective.reading import NOUN_QUOTE
from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.speech.quotations import Quotation

_RELATIVE = frozenset({"that", "who", "which", "whose", "where"})
_SUBORDINATE = frozenset("because although while since unless whatever whoever wherever which whose".split())
_COMPLEMENTIZERS = frozenset({"that", "whether", "why", "how", "because"})
_BEARS = frozenset("bore bears carried carries".split())
_SUBJECTS = frozenset({"i", "we", "you"})
PERSONAL = frozenset({"i", "we", "you", "my", "our", "your", "us", "me"})


def is_named(items: Sequence[Item], quotation: Quotation) -> bool:
    """Whether the words before the marks make it a name: `known as "scorched earth"`, `the film "X"`."""
    position = bisect_right(items, quotation.span.start, key=_start) - 1
    if position <= 0 or quotation.carried:
        return False
    before = items[position - 1].lower
    if before == "as" and position > 1:
        before = items[position - 2].lower
    return inventory().is_a(before, "names")


def _start(item: Item) -> int:
    return item.start


def is_title(words: Sequence[Item]) -> bool:
    """Whether most of the longer words have a capital."""
    long = [word for word in words if word.is_word and len(word.text) > 3]
    return len(long) > 0 and sum(word.text[0].isupper() for word in long) >= 0.7 * len(long)


def is_clause(words: Sequence[Item]) -> bool:
    """Whether quoted words hold a finite verb or speak in the first or second person."""
    return any(word.lower in PERSONAL for word in words) or has_verb(words)


def has_verb(words: Sequence[Item]) -> bool:
    """Whether quoted words hold a finite verb before any relative clause, or ask or exclaim."""
    finite = inventory().classes["finite"]
    relative = next((k for k, word in enumerate(words) if word.lower in _RELATIVE and k), len(words))
    return (
        any(
            (word.lower in finite or (word.lower.endswith("ed") and len(word.lower) > 4)) and other.lower != "by"
            for word, other in pairwise([*words[:relative], words[-1]])
        )
        or any(one.lower in _SUBJECTS and other.is_word for one, other in pairwise(words))
        or _ends_with(words, "!?")
    )


def headless(words: Sequence[Item]) -> bool:
    """Whether a quotation begins within a clause: "will fail", "shocked by the news", "to the last man"."""
    first = next((word for word in words if word.is_word), None)
    if first is None or not first.text[0].islower():
        return False
    known = inventory()
    classes = ("auxiliaries", "prepositions", "finite")
    verb = first.lower in known.verbs and bool(known.verbs[first.lower].form & {"past", "s", "participle", "ing"})
    within = first.lower in _SUBORDINATE or first.lower.endswith(("ed", "ing"))
    return verb or within or any(known.is_a(first.lower, name) for name in classes)


def is_written(items: Sequence[Item], quotation: Quotation, words: Sequence[Item], rule: str) -> bool:
    """Whether it is an inscription or a work: `a banner reading "..."`, `the case bore the words "..."`, a song."""
    if rule == NOUN_QUOTE:
        at = bisect_right(items, quotation.span.start, key=_start) - 1
        return any(item.lower in _BEARS for item in items[max(at - 4, 0) : at])
    return rule in {"quotation", "called"} and (_is_inscription(items, quotation) or _is_work(words))


def _is_inscription(items: Sequence[Item], quotation: Quotation) -> bool:
    """As in `a banner reading "..."`: what stands written there is nobody's speech."""
    at = bisect_right(items, quotation.span.start, key=_start) - 1
    return any(inventory().is_a(item.lower, "inscriptions") for item in items[max(at - 12, 0) : at])


def _is_work(words: Sequence[Item]) -> bool:
    """As in `sang "The Green Hills of Home"`."""
    return is_title(words) and not ends_sentence(words) and sum(word.is_word for word in words) > 1


def capitalised(words: Sequence[Item]) -> bool:
    """Whether quoted words begin with a capital."""
    return any(word.is_word and word.text[0].isupper() for word in words[:2])


def ends_sentence(words: Sequence[Item]) -> bool:
    """Whether quoted words end with the mark of a sentence."""
    return _ends_with(words, ".!?…")


def _ends_with(words: Sequence[Item], marks: str) -> bool:
    return any(word.text in marks for word in words[-3:] if word.text)


def after_complementizer(items: Sequence[Item], quotation: Quotation) -> bool:
    """Whether a mark and a word like "that" stand before a quotation: `said that, "..."`."""
    at = bisect_right(items, quotation.span.start, key=_start) - 1
    return at > 1 and items[at - 2].lower in _COMPLEMENTIZERS
