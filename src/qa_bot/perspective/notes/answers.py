"""What frames an answer: the line before a quotation, whose accounts it rests on, the question's own words."""

from collections import Counter
from collections.abc import Sequence

from qa_bot.perspective.loaded.lexicon import loaded_in
from qa_bot.perspective.notes.names import account_of, at_start, named, speaker_of
from qa_bot.perspective.notes.templates import SECOND_HAND, filled, quoted
from qa_bot.types import LoadedTerm, Perspective


def attribution_line(perspective: Perspective, title: str) -> str:
    """The line before a quotation that says whose words it is and whose account it stands in."""
    frame = {"account": account_of(perspective), "title": quoted(title)}
    kind = SECOND_HAND.get(perspective.voice)
    if kind is None:
        return filled("line narrator", **frame)
    if perspective.speaker is None:
        return filled(f"line {kind} unresolved", **frame)
    return filled(f"line {kind}", speaker=at_start(speaker_of(perspective)), **frame)


def nobody_for(party: str) -> str:
    """That no document speaks for a party."""
    return filled("empty column", party=party)


def perspective_note(perspectives: Sequence[Perspective], titles: Sequence[str], *, silent: Sequence[str] = ()) -> str:
    """Whose accounts an answer rests on and who speaks in them; `titles` are the citations' own, in order.

    `silent` are parties that were asked for and that no document speaks for.
    """
    return " ".join(filter(None, (_accounts(perspectives, titles), *map(nobody_for, silent))))


def question_echo(question: str, hits: Sequence[LoadedTerm] | None = None) -> str:
    """The question's own loaded words, in quotation marks; empty when it has none. `hits` are the lexicon's."""
    words = dict.fromkeys(hit.span.of(question) for hit in (loaded_in(question) if hits is None else hits))
    return filled("question", words=", ".join(map(quoted, words))) if words else ""


def _accounts(perspectives: Sequence[Perspective], titles: Sequence[str]) -> str:
    if not perspectives:
        return ""
    groups: dict[tuple[str, str], list[Perspective]] = {}
    for perspective, title in zip(perspectives, titles, strict=True):
        groups.setdefault((quoted(title), account_of(perspective)), []).append(perspective)
    name = "note one" if len(groups) == 1 else "note entry"
    entries = [filled(name, title=t, account=a, voices=_voices(group)) for (t, a), group in groups.items()]
    if len(groups) == 1:
        return entries[0]
    return filled("note several", count=str(len(groups)), accounts="; ".join(entries))


def _voices(perspectives: Sequence[Perspective]) -> str:
    kinds = ((SECOND_HAND.get(perspective.voice, "narrator"), perspective.speaker) for perspective in perspectives)
    counted = Counter((kind, "" if kind == "narrator" else named(speaker)) for kind, speaker in kinds)
    return ", ".join(
        filled(f"voices {kind}", count=str(count), speaker=speaker) for (kind, speaker), count in counted.items()
    )
