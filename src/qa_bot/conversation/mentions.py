"""Who, what and when a question names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.conversation.days import dates_of
from qa_bot.conversation.vocabulary import Kind, Vocabulary
from qa_bot.conversation.words import WORD, bare, countries, is_inflected, is_ordinary, says_nothing, without_possessive

_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or date in a text, without a possessive ending: `[start, end)` in characters, and what it names."""

    start: int
    end: int
    kind: Kind
    text: str

    def is_like(self, other: "Mention") -> bool:
        """Whether one may stand in the place of the other: countries act and are places, and whoever speaks may act."""
        return self.kind is other.kind or {self.kind, other.kind} in _ALIKE

    def competes_with(self, other: "Mention") -> bool:
        """Whether both name a person, or both a side or place, so that a question is about one of them."""
        return self.kind is other.kind or {self.kind, other.kind} == {Kind.PLACE, Kind.PARTY}


_ALIKE = (
    {Kind.PLACE, Kind.PARTY},
    {Kind.PERSON, Kind.PARTY},
    {Kind.PERSON, Kind.ORGANISATION},
    {Kind.PARTY, Kind.ORGANISATION},
    {Kind.PERSON, Kind.UNKNOWN},
    {Kind.ORGANISATION, Kind.UNKNOWN},
    {Kind.PLACE, Kind.UNKNOWN},
    {Kind.PARTY, Kind.UNKNOWN},
)


def mentions_of(text: str, vocabulary: Vocabulary) -> list[Mention]:
    """The names and days in a text, in their order; the longest name counts where several begin."""
    days = [Mention(start, end, Kind.DATE, text[start:end]) for start, end, _ in dates_of(text)]
    words = [w for w in WORD.finditer(text) if not any(d.start < w.end() and w.start() < d.end for d in days)]
    return sorted([*days, *_names(text, words, vocabulary)], key=lambda m: m.start)


def _names(text: str, words: Sequence[re.Match[str]], vocabulary: Vocabulary) -> Iterator[Mention]:
    end, last = 0, None
    for i, word in enumerate(words):
        if word.start() < end:
            continue
        found = _listed(text, word, vocabulary)
        if found is None and bare(word.group()) in countries():
            found = _mention(word, Kind.PARTY)
        elif found is None and _is_name(word.group(), first=i == 0, vocabulary=vocabulary):
            found = _mention(word, Kind.UNKNOWN)
        if found and last and found.kind is last.kind is Kind.UNKNOWN and text[last.end : found.start] == " ":
            found = Mention(last.start, found.end, Kind.UNKNOWN, text[last.start : found.end])
            last = None
        if last:
            yield last
        last = found
        end = found.end if found else end
    if last:
        yield last


def _listed(text: str, word: re.Match[str], vocabulary: Vocabulary) -> Mention | None:
    first = _POSSESSIVE.sub("", word.group()).lower()
    for name in (*vocabulary.by_first_word.get(word.group().lower(), ()), *vocabulary.by_first_word.get(first, ())):
        end = word.start() + len(name)
        typed = text[word.start() : end]
        if (typed if name.isupper() else typed.lower()) == name and not text[end : end + 1].isalnum():
            return Mention(word.start(), end, vocabulary.kinds[name], typed)
    return None


def _mention(word: re.Match[str], kind: Kind) -> Mention:
    name = without_possessive(word.group())
    return Mention(word.start(), word.start() + len(name), kind, name)


def _is_name(word: str, *, first: bool, vocabulary: Vocabulary) -> bool:
    """Whether a word is a name by its own capital, or by those that the corpus gives it: "shusha", but not "rights"."""
    if says_nothing(word) or len(word) < 2:
        return False
    lower = bare(word)
    if word[0].isupper() and not first:
        return not (word.isupper() and is_ordinary(lower))
    return lower in vocabulary.written and not is_inflected(lower)
