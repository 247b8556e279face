"""Whose words each sentence holds, for finding it by who says them.

Four of five sentences of direct speech do not name their speaker; a question does ("what did the mayor want"). So a
sentence is found together with the names of whoever is quoted or reported in it.
"""

from collections.abc import Mapping
from typing import TypeAlias

from qa_bot.perspective.reading import Reading, deciding_stretch
from qa_bot.types import Actor, ActorKind, Outline, Parties, Source, Span, Speaker, Speakers, Voice

_Names: TypeAlias = Mapping[str, tuple[str, ...]]


def speakers_of(reading: Reading, outline: Outline, parties: Parties) -> Speakers:
    """Who is quoted or reported in each sentence, where the document or `parties` names somebody."""
    aliases = {actor.name: (*_family_name(actor), *actor.aliases) for actor in parties.actors}
    sides = {party.name: (party.name, *party.aliases) for party in parties.parties}
    known: dict[Speaker, int] = {}
    of = []
    for sentence in outline.sentences:
        source = None if sentence.heading else _source(reading, sentence.span)
        speaker = source and _speaker(source, aliases, sides)
        of.append(known.setdefault(speaker, len(known)) if speaker else -1)
    return Speakers(tuple(known), tuple(of))


def _source(reading: Reading, span: Span) -> Source | None:
    deciding = deciding_stretch(reading, span)
    return deciding.source if deciding and deciding.voice is not Voice.NARRATOR else None


def _speaker(source: Source, aliases: _Names, sides: _Names) -> Speaker | None:
    names = (source.actor, source.named, *aliases.get(source.actor or "", ()))
    found = tuple(dict.fromkeys(name for name in names if name))
    return Speaker(found, source.role, sides.get(source.party or "", ())) if found else None


def _family_name(actor: Actor) -> tuple[str, ...]:
    return (actor.name.split()[-1],) if actor.kind is ActorKind.PERSON else ()
