"""The cast of a document: which of the declared names hold in it, whose account it is, and against whom.

Many documents share one parties.toml, and a name that every country or town has ("the President", "the court") is
declared for one of them. It stands for its owner only where he is spoken of by a name of his own, or where the
account is his side's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from qa_bot.perspective.items import Item
from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.sources.gazetteer import Gazetteer, Naming, bare, key_of
from qa_bot.types import Actor, ActorKind, Document, Parties, Party

FOE_NAMED = 3  # times from which a party may be the foe of an account whose card names none
FOE_LEAD = 2  # times as often as any other
_KINDS = ("commons", "roles", "bodies", "institutions", "observers", "media", "portfolios", "determiners")
# words for what people live in, or are on: each side has them
_PLACES = frozenset(
    "side sources province district village town city community parish county region camp state country republic "
    "military army forces hospital movement group".split()
)
_Declared = TypeVar("_Declared", Actor, Party)


@dataclass(frozen=True, slots=True)
class Cast:
    """The names that hold in a document, the party whose account it is, and the one party that it is against."""

    gazetteer: Gazetteer
    home: str | None = None
    foe: str | None = None
    issuers: frozenset[str] = frozenset()  # "association", "board": words for the body whose document it is


def cast_of(document: Document, parties: Parties, sentences: Iterable[Sequence[Item]]) -> Cast:
    """The cast of a document, whose sentences are given as items."""
    everyone = _gazetteer(parties)
    named = [naming for items in sentences for naming in _named(everyone, items)]
    spoken_of = _spoken_of(parties, document.party, named)
    return Cast(_gazetteer(spoken_of), document.party, _foe(document, named), _issuers(document))


@lru_cache(maxsize=4)
def _gazetteer(parties: Parties) -> Gazetteer:
    """The names of a corpus, made once for all of its documents."""
    return Gazetteer(parties)


def _named(gazetteer: Gazetteer, items: Sequence[Item]) -> Iterator[Naming]:
    """Who is called by a name of their own, or in full by what the corpus calls a party ("the miners' union")."""
    for naming in gazetteer.find(items, 0, len(items)):
        words = tuple(map(bare, items[naming.first : naming.last]))
        full = naming.entry.actor is None and len(words) > 1 and words == key_of(naming.entry.name)
        if full or any(map(_is_proper, words)):
            yield naming


def _spoken_of(parties: Parties, home: str | None, named: Sequence[Naming]) -> Parties:
    """The parties without the names that stand for nobody in a document."""
    sides = {home, *(naming.entry.party for naming in named)} - {None}
    actors = {naming.entry.actor for naming in named}

    def holds(actor: Actor) -> bool:
        if actor.party == home or actor in actors:
            return True
        # in an account of one side, "the President" of another one is named first
        return (actor.kind is ActorKind.ORGANISATION or home is None) and actor.party in {None, *sides}

    return replace(
        parties,
        parties=tuple(party if party.name in sides else _by_own_names(party) for party in parties.parties),
        actors=tuple(
            actor if holds(actor) else _by_own_names(actor)
            for actor in parties.actors
            if holds(actor) or _is_own(actor.name)
        ),
    )


def _by_own_names(declared: _Declared) -> _Declared:
    return replace(declared, aliases=tuple(alias for alias in declared.aliases if _is_own(alias)))


@lru_cache(maxsize=10_000)
def _is_own(name: str) -> bool:
    """Whether a name is more than a kind of office, body or country: "Mayor Lund", but not "the Mayor"."""
    return any(map(_is_proper, key_of(name)))


def _is_proper(word: str) -> bool:
    return word[:1].isupper() and not all(part in _kinds() for part in word.lower().split("-"))


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    classes = inventory().classes
    return frozenset().union(*(classes[name] for name in _KINDS)) - classes["seats"]


def _issuers(document: Document) -> frozenset[str]:
    """The words for bodies in the title and in what the card says of the holder: "the Board", "the Association"."""
    if document.party is None:
        return frozenset()
    words = re.findall(r"\w+", f"{document.holder or ''} {document.title}".lower())
    return (inventory().classes["bodies"] | inventory().classes["institutions"]).intersection(words) - _PLACES


def _foe(document: Document, named: Sequence[Naming]) -> str | None:
    """Whom the account of a side is against: the one party that its card says, else the one most spoken of by far."""
    if document.party is None:
        return None
    stances = document.card.stance if document.card else {}
    against = {party for party, stance in stances.items() if stance == "against"}
    if len(against) == 1:
        return next(iter(against))
    times = Counter(naming.entry.party for naming in named if naming.entry.party)
    others = against or times.keys() - stances.keys() - {document.party}
    ranked = sorted(((times[party], party) for party in others), reverse=True)
    (most, foe), (next_most, _) = [*ranked, (0, ""), (0, "")][:2]
    return foe if most >= max(FOE_NAMED, FOE_LEAD * next_most) else None
