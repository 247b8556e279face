"""Participants: what the turns of an interview tell of who speaks in them, whatever their labels say.

Who mostly asks speaks for no side; who says "we in Orvel" speaks for Orvel; who says "our army" in an account of one
side speaks for that side.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa_bot.perspective.items import Item
from qa_bot.perspective.sources.cast import Cast
from qa_bot.perspective.speech.turns import ANSWERING, ASKING, Turn, kind_of

ASKS = 0.6  # share of questions from which on a label asks
_NEAR = 5  # items between "we" and the name of a side
_LINKS = frozenset("in of from at the all here am are was were a an , born people".split())
_SELVES = frozenset("we us i".split())
_WE = frozenset("we our ours us".split())
_OURS = frozenset(  # what a side has, and a family has not
    "army armies forces troops soldiers fighters men boys defenders guns planes pilots ships fleet navy commanders "
    "country people nation homeland fatherland land lands border borders side government state republic town village "
    "city towns villages cities positions line lines side ground soil territory waters capital flag president "
    "minister".split()
)


@dataclass(frozen=True, slots=True)
class Participants:
    """What the turns tell of who speaks, by label in lower case; "" is whoever answers without a name.

    `askers` mostly ask; `selves` say for whom they speak: "we in Orvel", "I am from Orvel".
    """

    askers: frozenset[str] = frozenset()
    selves: Mapping[str, str] = field(default_factory=dict)
    own: bool = False  # whether somebody says "our army", or "we" where the document's side is named


def participants_of(text: str, turns: Sequence[Turn], sentences: Sequence[Sequence[Item]], cast: Cast) -> Participants:
    """What the turns of a document tell; `sentences` are all of its sentences as items."""
    said: dict[str, list[Sequence[Item]]] = {}
    questions: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for turn in turns:
        label = "" if turn.label is None else kind_of(turn.label.of(text))
        name = "" if label in ANSWERING else label
        lines = [[item for item in sentences[n] if item.start >= turn.start] for n in range(turn.first, turn.last)]
        said.setdefault(name, []).extend(lines)
        times[name] += 1
        questions[name] += any(item.text == "?" for item in sentences[turn.last - 1][-1:])
    askers = frozenset(name for name, asked in questions.items() if asked > 1 and asked >= ASKS * times[name])
    answers = [items for name, lines in said.items() if name not in askers | ASKING for items in lines]
    selves = {name: party for name, lines in said.items() if (party := _self_named(lines, cast))}
    return Participants(askers, selves, _says_we(answers, cast))


def _self_named(lines: Sequence[Sequence[Item]], cast: Cast) -> str | None:
    """The one party of which somebody says "we in Orvel", "I am from Orvel", "I, an Orveler"."""
    parties = set()
    for items in lines:
        for naming in cast.gazetteer.find(items, 0, len(items)):
            before = naming.first - 1
            while before >= 0 and naming.first - before < _NEAR and items[before].lower in _LINKS:
                before -= 1
            if before >= 0 and items[before].lower in _SELVES and naming.entry.party:
                parties.add(naming.entry.party)
    return parties.pop() if len(parties) == 1 else None


def _says_we(said: Sequence[Sequence[Item]], cast: Cast) -> bool:
    if any(one.lower == "our" and other.lower in _OURS for items in said for one, other in pairwise(items)):
        return True
    ours = any(item.lower in _WE for items in said for item in items)
    return ours and any(
        naming.entry.party == cast.home for items in said for naming in cast.gazetteer.find(items, 0, len(items))
    )
