"""What questions are understood with: the words and names of the corpus, and the other forms of its names."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from pydantic_core import from_json, to_json

from qa_bot.conversation.days import dates_of, number_of
from qa_bot.conversation.forms import Forms
from qa_bot.conversation.names import names_in, parts_of
from qa_bot.conversation.transliteration import folded, sound
from qa_bot.conversation.words import INSIDE, WORD, bare, says_nothing, without_possessive
from qa_bot.lexical import plain
from qa_bot.types import Actor, ActorKind, Parties, Party, Place

ABBREVIATION = 4  # letters up to which a name in capitals is matched as written: "us" is not "US"
MAX_PAIRS = 500_000  # of words that follow each other, told apart; a larger corpus has them in its first documents
_BEGINNING = 5  # letters in which a word and its derivations agree: Switzerland, Swiss no; Armenia, Armenian yes
MIN_SOUND = 4  # letters from which a word is compared by how it sounds
_PART = re.compile(r"[’'-]")
_REGION = 2  # letters of a state or district after a town
_NEAR = 40  # characters that the word before a name may have
_LAST = re.compile(r"([^\Wa-z\d_][^\W\d_]+) $")  # a word with a capital, just before ...
_FOLLOWING = re.compile(r" ([^\Wa-z\d_][^\W\d_]+(?:['’][^\W\d_]+)?)")  # ... and just after a name
_FINDING = ("days", "forms", "vocabulary", "words")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly")


class Kind(StrEnum):
    """What a name names, as far as parties.toml tells."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PARTY = "party"
    PLACE = "place"
    DATE = "date"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Words:
    """What a vocabulary takes from one text, found once, when the text is indexed.

    `counts` are its words as written, without possessive, with their frequencies; `inside` those that it writes with a
    capital where no sentence starts, in the order of their last use.
    """

    text: str
    counts: Mapping[str, int]
    inside: tuple[str, ...]
    forms: Forms

    @classmethod
    def of(cls, text: str) -> "Words":
        """The words of a text."""
        counts: Counter[str] = Counter()
        for word, times in Counter(WORD.findall(plain(text))).items():
            counts[without_possessive(word)] += times
        inside = dict.fromkeys(map(without_possessive, reversed(INSIDE.findall(text))))
        return cls(text, counts, tuple(reversed(inside)), Forms.of(text))

    def to_json(self) -> str:
        """All but the text."""
        return to_json({"counts": self.counts, "inside": self.inside, "forms": self.forms.fields()}).decode()

    @classmethod
    def from_json(cls, text: str, found: str) -> "Words":
        """What `to_json` gave for a text."""
        held = from_json(found, cache_strings="keys")
        return cls(text, held["counts"], tuple(held["inside"]), Forms.loaded(held["forms"]))


@dataclass(frozen=True)
class Vocabulary:
    """The words of the corpus, ordinary words, and the names of the corpus.

    `counts` are the words of the corpus in lower case with their frequencies; `written` maps those that it writes
    with a capital only to how it writes them; `ordinary` are further lower-case words that need no repair; `aliases`
    maps another name to the corpus's own, in lower case but for abbreviations; `kinds` maps every name and alias, by
    the same rule, to what it names; `other_names` are the single words of these as they are written; `pairs` are words
    that follow each other in the corpus.
    """

    counts: Mapping[str, int]
    written: Mapping[str, str]
    ordinary: frozenset[str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    other_names: Mapping[str, str] = field(default_factory=dict)
    forms: Forms = field(default_factory=Forms)
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: Iterable[Words], ordinary: Iterable[str], parties: Parties) -> "Vocabulary":
        """The vocabulary of some documents; an alias counts only where the corpus itself does not use it."""
        words = tuple(words)
        found: Counter[str] = Counter()
        inside: dict[str, str] = {}
        for part in words:
            found.update(part.counts)
            inside.update((form.lower(), form) for form in part.inside)
        lower = {word for word in found if word[0].islower()}
        counts: Counter[str] = Counter()
        for word, times in found.items():
            counts[word.lower()] += times
            for piece in _PART.split(word) if _PART.search(word) else ():
                if len(piece) > 1:
                    counts[piece.lower()] += times
        written = {word: form for word, form in inside.items() if word not in lower}
        kinds = _kinds(parties)
        aliases = _aliases(parties, frozenset(counts))
        others = _name_words(parties, {sound(name) for name in written})
        written |= {word: form for word, form in others.items() if word in counts and word not in lower}
        forms, texts = Forms.joined([part.forms for part in words]), tuple(part.text for part in words)
        return cls(counts, written, frozenset(ordinary), aliases, kinds, others, forms, texts)

    # ---------------------------------------------------------------- words

    def knows(self, word: str) -> bool:
        """Whether a word is spelt as it should be: in the corpus, in its names, or an ordinary word or form of one."""
        word = bare(word)
        if self._has(word) or any(self._has(word.removesuffix(e)) for e in _ENDINGS if word.endswith(e)):
            return True
        parts = _PART.split(word)
        return len(parts) > 1 and all(len(part) < MIN_SOUND or self.knows(part) for part in parts)

    def has_seen(self, word: str) -> bool:
        """Whether a word, its singular or its plural occurs in the corpus."""
        word = bare(word)
        return not self.counts.keys().isdisjoint((word, word.removesuffix("s"), f"{word}s"))

    def unheard_names(self, question: str) -> tuple[str, ...]:
        """Names in a question that no word of the corpus begins like: with a capital inside it, or of countries."""
        unheard = (
            without_possessive(name.group())
            for name in names_in(question)
            if not all(map(self._has_heard, parts_of(name.group()))) and not self._is_beside_known(question, name)
        )
        return tuple(dict.fromkeys(unheard))

    def unheard_days(self, question: str) -> tuple[str, ...]:
        """Days in a question that the corpus, which has dates of its own, does not speak of; as they are typed."""
        if not self.forms.dates:
            return ()
        days = ((question[start:end], day) for start, end, day in dates_of(question))
        return tuple(dict.fromkeys(typed for typed, day in days if number_of(*day) not in self.forms.days))

    def _has_heard(self, word: str) -> bool:
        return self.has_seen(word) or word in self.other_names or folded(word)[:_BEGINNING] in self._beginnings

    def _is_beside_known(self, question: str, name: re.Match[str]) -> bool:
        """Whether a word only says more of a known name: "Washington DC", "Ilham Heydar Aliyev", "Vladimir Putin".

        Not where the corpus has the family name with another given name.
        """
        before = _LAST.search(question, max(0, name.start() - _NEAR), name.start())
        after = _FOLLOWING.match(question, name.end())
        last, following = (bare(found[1]) if found else "" for found in (before, after))
        if last and not says_nothing(last) and self._has_heard(last):
            between = bool(following) and self._has_heard(following)
            return between or (name.group().isupper() and len(name.group()) == _REGION)
        return self.kinds.get(following) is Kind.PERSON and following not in self._family_names

    @cached_property
    def _family_names(self) -> frozenset[str]:
        """The last words of people's names of several words."""
        people = (name.split() for name, kind in self.kinds.items() if kind is Kind.PERSON)
        return frozenset(words[-1] for words in people if len(words) > 1)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Words that follow each other in the corpus, in lower case; of a large one, in its first documents."""
        pairs: set[tuple[str, str]] = set()
        for text in self.texts:
            pairs.update(pairwise(without_possessive(word).lower() for word in WORD.findall(text)))
            if len(pairs) >= MAX_PAIRS:
                break
        return frozenset(pairs)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        words = {folded(word) for word in self.counts}
        return frozenset(word[:letters] for word in words for letters in (MIN_SOUND, _BEGINNING))

    def _has(self, word: str) -> bool:
        return word in self.counts or word in self.ordinary or word in self.other_names

    def spelt(self, word: str) -> str:
        """A lower-case word of the vocabulary as the corpus, or else parties.toml, writes it."""
        return self.written.get(word) or (word if word in self.counts else self.other_names.get(word, word))

    def as_written(self, word: str) -> str:
        """A typed word with the capitals that the corpus gives it."""
        return self.written.get(word, word)

    def is_name(self, word: str) -> bool:
        """Whether a lower-case word of the vocabulary is always written with a capital."""
        return word in self.written or (word not in self.counts and word in self.other_names)

    @cached_property
    def by_shape(self) -> dict[tuple[str, int], list[str]]:
        """Words that a misspelling may be meant for, sorted, by first letter and length."""
        shapes: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted({*self.counts, *self.other_names}):
            shapes[word[0], len(word)].append(word)
        return dict(shapes)

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        """Names of one word by how they sound, the most frequent first."""
        sounds: defaultdict[str, list[str]] = defaultdict(list)
        names = [word for word in {*self.counts, *self.other_names} if self.is_name(word) and len(word) >= MIN_SOUND]
        for name in sorted(names, key=lambda n: (-self.counts.get(n, 0), n)):
            sounds[sound(name)].append(name)
        return dict(sounds)

    # ---------------------------------------------------------------- names

    @cached_property
    def by_first_word(self) -> dict[str, list[str]]:
        """Names and aliases, as `kinds` has them, by their first word in lower case, the longest first."""
        return _by_first_word(self.kinds)

    @cached_property
    def aliases_by_first_word(self) -> dict[str, list[str]]:
        """The same for `aliases`."""
        return _by_first_word(self.aliases)


def _by_first_word(names: Iterable[str]) -> dict[str, list[str]]:
    first: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if word := WORD.search(name):
            first[word.group().lower()].append(name)
    return dict(first)


@cache
def edition() -> str:
    """Changes with every change of how the words of a text are found: a digest of the modules that find them."""
    folder = Path(__file__).parent
    return hashlib.sha256(b"".join((folder / f"{name}.py").read_bytes() for name in _FINDING)).hexdigest()


def key_of(name: str) -> str:
    """How a name is looked up: in lower case but for abbreviations."""
    return name if name.isupper() and len(name) <= ABBREVIATION else name.lower()


def _kinds(parties: Parties) -> dict[str, Kind]:
    actors = {ActorKind.PERSON: Kind.PERSON, ActorKind.ORGANISATION: Kind.ORGANISATION}
    kinds: dict[str, Kind] = {}
    for place in parties.places:
        kinds |= dict.fromkeys(map(key_of, (place.name, *place.aliases)), Kind.PLACE)
    for actor in parties.actors:
        kinds |= dict.fromkeys(map(key_of, (actor.name, *actor.aliases)), actors[actor.kind])
    for party in parties.parties:
        kinds |= dict.fromkeys(map(key_of, (party.name, *party.aliases)), Kind.PARTY)
    return kinds


def _aliases(parties: Parties, words: frozenset[str]) -> dict[str, str]:
    return {
        key_of(alias): name
        for name, aliases in (*_named(parties.places), *_named(parties.actors))
        for alias in aliases
        if not {without_possessive(word.lower()) for word in WORD.findall(alias)} <= words
    }


def _name_words(parties: Parties, sounds: set[str]) -> dict[str, str]:
    """Words of names and aliases; not those that only together name something, if the corpus has its own spelling."""
    entries = (*_named(parties.parties), *_named(parties.actors), *_named(parties.places))
    names = [form for name, aliases in entries for form in (name, *aliases)]
    found = [(name, without_possessive(word)) for name in names for word in WORD.findall(name)]
    return {
        word.lower(): word
        for name, word in found
        if len(word) > 1 and word[0].isupper() and (word == name or sound(word) not in sounds)
    }


def _named(entries: Iterable[Party | Actor | Place]) -> list[tuple[str, tuple[str, ...]]]:
    return [(entry.name, entry.aliases) for entry in entries]
