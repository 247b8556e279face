"""The numbers of a Word document's paragraphs, which stand nowhere in it: they are counted as Word counts them.

Mammoth would number the items of each list from 1 on, whatever comes between them and however they are numbered.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qa_bot.ingest.elements import value_of
from qa_bot.ingest.numbering import integer, numeral

MAX_LETTERS = 780  # Word's own limit: z is followed by aa, bb, cc

_PLACE = re.compile(r"%([1-9])")
_KINDS = {"upperLetter": "A", "lowerLetter": "a", "upperRoman": "I", "lowerRoman": "i"}
_SET_APART = {"nothing": "", "space": " ", "tab": " "}


@dataclass(frozen=True, slots=True)
class _Level:
    """How the paragraphs of a list's level are numbered; `style` is the paragraph style that puts them there."""

    start: int
    kind: str
    text: str
    after: str
    restarts: int
    legal: bool
    style: str | None

    @classmethod
    def of(cls, element: Any) -> "_Level":
        after = _value(element, "suff") or "tab"
        return cls(
            start=integer(_value(element, "start"), 0),
            kind=_value(element, "numFmt") or "decimal",
            text=_value(element, "lvlText") or "",
            after=_SET_APART.get(after, " "),
            restarts=integer(_value(element, "lvlRestart"), integer(value_of(element, "ilvl"), 0)),
            legal=element.find("{*}isLgl") is not None,
            style=_value(element, "pStyle"),
        )

    def written(self, count: int, *, legal: bool) -> str:
        """A count as this level shows it."""
        if self.kind == "none":
            return ""
        if self.kind == "decimalZero":
            return f"{count:02}"
        if legal or (self.kind.endswith("Letter") and count > MAX_LETTERS):
            return str(count)
        if self.kind.endswith("Letter") and count > 0:
            return numeral((count - 1) % 26 + 1, _KINDS[self.kind]) * ((count - 1) // 26 + 1)
        return numeral(count, _KINDS.get(self.kind, "1"))


@dataclass(frozen=True, slots=True)
class _List:
    """The levels of a list, which number it is counted with others, and from where it starts anew."""

    counted: str | None
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


class Numbers:
    """The numbers of paragraphs, asked for one by one in the order of the document."""

    def __init__(self, definitions: Any, styles: Mapping[str | None, Any]) -> None:
        self._styles = styles
        self._lists = {value_of(e, "numId"): e for e in definitions.iterfind("{*}num")}
        self._kinds = {value_of(e, "abstractNumId"): e for e in definitions.iterfind("{*}abstractNum")}
        self._known: dict[str, _List | None] = {}
        self._counts: dict[str | None, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def of(self, paragraph: Any) -> str:
        """What stands before the next paragraph; empty if it is no item of a list, or one with a mark."""
        number, depth, style = self._place(paragraph)
        if number is None or (found := self._list(number)) is None:
            return ""
        depth = next((i for i, level in found.levels.items() if style and level.style == style), depth)
        if depth not in found.levels:
            return ""
        counts = self._counted(number, found, depth)
        level = found.levels[depth]
        if level.kind == "bullet":
            return ""

        def shown(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            other = found.levels.get(place)
            return other.written(counts.get(place, other.start), legal=level.legal) if other else ""

        written = _PLACE.sub(shown, level.text)
        return written + level.after if written.strip() else ""

    def _place(self, paragraph: Any) -> tuple[str | None, int, str | None]:
        """The list of a paragraph, its level there, and the style that says so unless the paragraph does itself."""
        own = _value(paragraph, "pPr/{*}numPr/{*}numId"), _value(paragraph, "pPr/{*}numPr/{*}ilvl")
        if own[0]:
            return own[0], integer(own[1], 0), None
        for name, style in self._inherited(_value(paragraph, "pPr/{*}pStyle")):
            if number := _value(style, "pPr/{*}numPr/{*}numId"):
                depth = integer(_value(style, "pPr/{*}numPr/{*}ilvl"), 0)
                return number, integer(own[1], depth), None if own[1] else name
        return None, 0, None

    def _inherited(self, name: str | None) -> Iterator[tuple[str | None, Any]]:
        for _ in self._styles:
            if name not in self._styles:
                return
            yield name, self._styles[name]
            name = _value(self._styles[name], "basedOn")

    def _list(self, number: str) -> _List | None:
        if number not in self._known:
            self._known[number] = None  # until it is known, as a list may be defined by itself
            self._known[number] = self._defined(number)
        return self._known[number]

    def _defined(self, number: str) -> _List | None:
        used = self._lists.get(number)
        counted = _value(used, "abstractNumId") if used is not None else None
        kind = self._kinds.get(counted)
        if used is None or kind is None:
            return None
        if style := _value(kind, "numStyleLink"):
            linked = _value(self._styles.get(style), "pPr/{*}numPr/{*}numId")
            return self._list(linked) if linked else None
        levels = {integer(value_of(e, "ilvl"), 0): _Level.of(e) for e in kind.iterfind("{*}lvl")}
        starts = {}
        for change in used.iterfind("{*}lvlOverride"):
            depth = integer(value_of(change, "ilvl"), 0)
            if (level := change.find("{*}lvl")) is not None:
                levels[depth] = _Level.of(level)
            if declared := _value(change, "startOverride"):
                starts[depth] = integer(declared, 0)
        return _List(counted, levels, starts)

    def _counted(self, number: str, found: _List, depth: int) -> dict[int, int]:
        """The counts of a list's levels at its next paragraph."""
        counts = self._counts.setdefault(found.counted, {})
        if depth in found.starts and (number, depth) not in self._begun:
            counts.pop(depth, None)
        self._begun.add((number, depth))
        first = found.starts.get(depth, found.levels[depth].start)
        counts[depth] = counts[depth] + 1 if depth in counts else first
        for below, level in found.levels.items():
            if depth < below and depth < level.restarts:
                counts.pop(below, None)
        return counts


def _value(element: Any, path: str) -> str | None:
    """What the element at a path below another declares."""
    found = element.find("{*}" + path) if element is not None else None
    return None if found is None else value_of(found, "val")
