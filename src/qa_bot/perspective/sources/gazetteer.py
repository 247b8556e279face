"""Names of a corpus found in a text: the people, organisations and parties of parties.toml."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from qa_bot.perspective.items import Item, items_of
from qa_bot.perspective.words import composed
from qa_bot.types import Actor, ActorKind, Parties, Span

_BASED = "-based"  # "the Velgrad-based analyst"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name stands for: an actor (person or organisation) with its party, or a party alone."""

    name: str
    party: str | None
    actor: Actor | None = None
    place: bool = False

    @property
    def person(self) -> bool:
        """Whether this names a person."""
        return self.actor is not None and self.actor.kind is ActorKind.PERSON


@dataclass(frozen=True, slots=True)
class Naming:
    """A name found in a sentence, as item positions `[first, last)`."""

    first: int
    last: int
    entry: Entry


class Gazetteer:
    """Longest match of declared names over words; a possessive ending does not hide a name."""

    def __init__(self, parties: Parties) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
        self._ambiguous: set[tuple[str, ...]] = set()
        self._describing = [(actor, _describing(actor)) for actor in parties.actors]
        for actor in parties.actors:
            entry = Entry(actor.name, actor.party, actor)
            for name in (actor.name, *actor.aliases):
                self._add(name, entry)
        for actor in parties.actors:
            if actor.kind is ActorKind.PERSON and len(composed(actor.name.split()[-1])) > 3:
                self._add(actor.name.split()[-1], Entry(actor.name, actor.party, actor), weak=True)
        for party in parties.parties:
            for name in (party.name, *party.aliases):
                self._add(name, Entry(party.name, party.name))
        for place in parties.places:
            for name in (place.name, *place.aliases):
                self._add(name, Entry(place.name, None, place=True), weak=True)
        for choices in self._by_first.values():
            choices.sort(key=lambda choice: -len(choice[0]))
        self._openings = frozenset(form for word in self._by_first for form in _written_small(word))

    def find(self, items: Sequence[Item], first: int, last: int) -> list[Naming]:
        """The names in items `[first, last)`, in order, without overlap."""
        found: list[Naming] = []
        i = first
        while i < last:
            naming = self._at(items, i, last)
            if naming:
                found.append(naming)
            i = naming.last if naming else i + 1
        return found

    def in_role(self, words: AbstractSet[str], party: str) -> Actor | None:
        """The one declared actor of a party whom all of these lower-case words describe: in his role or its name."""
        fitting = [actor for actor, words_of in self._describing if actor.party == party and words <= words_of]
        return fitting[0] if len(fitting) == 1 else None

    def _at(self, items: Sequence[Item], i: int, last: int) -> Naming | None:
        word = items[i].lower
        if word not in self._openings and not word.endswith(_BASED):
            return None  # most words
        for same in (bare, _in_title_case, *((_small,) if i == 0 else ())):
            for key, entry in self._by_first.get(same(items[i]), ()):
                if len(key) <= last - i and all(same(items[i + k]) == key[k] for k in range(1, len(key))):
                    return Naming(i, i + len(key), entry)
        return None

    def _add(self, name: str, entry: Entry, *, weak: bool = False) -> None:
        key = key_of(name)
        if not key:
            return
        choices = self._by_first.setdefault(key[0], [])
        known = next((choice for choice in choices if choice[0] == key), None)
        if known is None and key not in self._ambiguous:
            choices.append((key, entry))
        elif known and known[1].name != entry.name and not weak and known[1].actor and entry.actor:
            choices.remove(known)
            self._ambiguous.add(key)  # two people under one name: the name alone tells nobody apart


def key_of(name: str) -> tuple[str, ...]:
    """The words and marks of a declared name as they are looked for, without "the" at its front."""
    key = tuple(bare(word) for word in items_of(name, Span(0, len(name)))) if name else ()
    return key[1:] if len(key) > 1 and key[0] in {"the", "The"} else key


def _describing(actor: Actor) -> set[str]:
    role = actor.role or ""
    if actor.kind is ActorKind.PERSON:
        return set() if role.lower().startswith("former") else set(composed(role.lower()).split())
    return set(composed(actor.name.lower()).split())


def _written_small(word: str) -> tuple[str, str]:
    """The first word of a name as `Item.lower` has it, with and without a full stop at its end."""
    small = word.lower().replace("’", "'")
    return small, small.removesuffix(".")


def _in_title_case(item: Item) -> str:
    """A word of a line in capitals as a name is written: "LUND" as "Lund"."""
    word = bare(item)
    return word.title() if word.isupper() and len(word) > 1 else word


def _small(item: Item) -> str:
    """The first word of a sentence as it is written inside one."""
    return bare(item).lower()


def bare(item: Item) -> str:
    """A word without "'s" or "-based", a title without its full stop."""
    word = composed(item.text[:-2] if item.possessive else item.text).removesuffix(_BASED)
    return word.removesuffix(".") if word.count(".") == 1 and len(word) > 2 else word
