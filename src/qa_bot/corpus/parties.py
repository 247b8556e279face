"""Parties: the sides, speakers and places of a corpus, declared once in parties.toml.

    [[party]]
    name = "Armenia"
    aliases = ["Armenian", "Yerevan"]

    [[person]]                  # also [[organisation]]: name, aliases, role, party
    name = "Nikol Pashinyan"
    aliases = ["Pashinyan"]
    role = "Prime Minister of Armenia"
    party = "Armenia"

    [[place]]
    name = "Khankendi"
    aliases = ["Stepanakert"]

A name stands once in its list. Two parties never share an alias; two people may (a family name), and then
that alias alone tells nobody apart.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from qa_bot.corpus.declaration import Declaration, read_declaration
from qa_bot.errors import CardError
from qa_bot.types import Actor, ActorKind, Parties, Party, Place

FILE = "parties.toml"


def parties_of(folder: Path) -> Parties:
    """The parties of a corpus folder, none where it declares none; the errors of `read_parties`."""
    path = folder / FILE
    return read_parties(path) if path.is_file() else Parties()


def read_parties(path: Path) -> Parties:
    """The parties, actors and places of a parties.toml, in file order, people before organisations.

    Raises: CardError: naming file, key, value and what was expected.
    """
    declared = read_declaration(path, _Parties)
    _check_names(path, declared)
    _check_party_aliases(path, declared.party)
    _check_actor_parties(path, declared)
    return Parties(
        parties=tuple(Party(entry.name, entry.other_names()) for entry in declared.party),
        actors=(*_actors(declared.person, ActorKind.PERSON), *_actors(declared.organisation, ActorKind.ORGANISATION)),
        places=tuple(Place(entry.name, entry.other_names()) for entry in declared.place),
    )


class _Named(Declaration):
    name: str
    aliases: list[str] = Field(default_factory=list)

    def other_names(self) -> tuple[str, ...]:
        return tuple(alias for alias in dict.fromkeys(self.aliases) if alias != self.name)


class _Actor(_Named):
    role: str | None = None
    party: str | None = None


class _Parties(Declaration):
    party: list[_Named] = Field(default_factory=list)
    person: list[_Actor] = Field(default_factory=list)
    organisation: list[_Actor] = Field(default_factory=list)
    place: list[_Named] = Field(default_factory=list)


def _actors(entries: Sequence[_Actor], kind: ActorKind) -> tuple[Actor, ...]:
    return tuple(Actor(entry.name, kind, entry.other_names(), entry.role, entry.party) for entry in entries)


def _check_names(path: Path, declared: _Parties) -> None:
    lists: dict[str, Sequence[_Named]] = {
        "party": declared.party,
        "person": declared.person,
        "organisation": declared.organisation,
        "place": declared.place,
    }
    for key, entries in lists.items():
        seen: set[str] = set()
        for position, entry in enumerate(entries):
            if entry.name.casefold() in seen:
                raise CardError(path, f"{key}.{position}.name", entry.name, f"each {key} once")
            seen.add(entry.name.casefold())


def _check_party_aliases(path: Path, parties: Sequence[_Named]) -> None:
    owners = {party.name.casefold(): party.name for party in parties}
    for position, party in enumerate(parties):
        for alias in party.aliases:
            owner = owners.setdefault(alias.casefold(), party.name)
            if owner != party.name:
                raise CardError(
                    path, f"party.{position}.aliases", alias, f"an alias of one party; it names {owner} too"
                )


def _check_actor_parties(path: Path, declared: _Parties) -> None:
    names = [party.name for party in declared.party]
    for key, actors in (("person", declared.person), ("organisation", declared.organisation)):
        for position, actor in enumerate(actors):
            if actor.party is not None and actor.party not in names:
                expected = f"one of the [[party]] names: {', '.join(names)}" if names else "a [[party]] of this name"
                raise CardError(path, f"{key}.{position}.party", actor.party, expected)
