"""Drawn lines that cross → the grids of ruled tables."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import neg

from qa_bot.ingest.pdf.glyphs import Glyph, Rule, Way

NEAR = 2.5  # points within which two lines meet or are one
MIDDLE = 0.3  # of the size: how far above its baseline the middle of a letter is


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a table stands, the places of its level lines from the top, and of each row those of its inner sides.

    All places ascend but those of the levels.
    """

    x0: float
    x1: float
    levels: tuple[float, ...]
    sides: tuple[tuple[float, ...], ...]

    def holds(self, glyph: Glyph) -> bool:
        """Whether a glyph stands in the table."""
        middle = glyph.y + MIDDLE * glyph.size
        return self.x0 <= (glyph.x0 + glyph.x1) / 2 <= self.x1 and self.levels[-1] <= middle <= self.levels[0]

    def cell(self, glyph: Glyph) -> tuple[int, int]:
        """The row and column of a glyph in it, from 0; a cell that spans columns is the first of them."""
        middle = glyph.y + MIDDLE * glyph.size
        row = bisect_left(self.levels, -middle, lo=1, hi=len(self.levels) - 1, key=neg) - 1
        return row, bisect_left(self.sides[row], (glyph.x0 + glyph.x1) / 2)


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The grids of two columns and more among the lines of a page."""
    return [grid for group in _connected(rules) if (grid := _grid(group))]


def _grid(rules: Sequence[Rule]) -> Grid | None:
    levels = [r for r in rules if r.way is Way.LEVEL]
    uprights = [r for r in rules if r.way is Way.UPRIGHT]
    places = _distinct(r.place for r in levels)
    if len(places) < 2 or len(_distinct(r.place for r in uprights)) < 3:
        return None
    x0, x1 = min(r.start for r in levels), max(r.end for r in levels)
    places.reverse()
    rows = [_distinct(_passing(uprights, (top + bottom) / 2)) for top, bottom in pairwise(places)]
    sides = tuple(tuple(place for place in row if x0 + NEAR < place < x1 - NEAR) for row in rows)
    return Grid(x0, x1, tuple(places), sides) if any(sides) else None


def _passing(uprights: Sequence[Rule], height: float) -> Iterator[float]:
    """The places of the upright lines that pass a height."""
    return (r.place for r in uprights if r.start - NEAR <= height <= r.end + NEAR)


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Lines in groups that cross or touch each other."""
    group = list(range(len(rules)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    uprights = [i for i, rule in enumerate(rules) if rule.way is Way.UPRIGHT]
    for i, rule in enumerate(rules):
        for j in uprights if rule.way is Way.LEVEL else ():
            if _meet(rule, rules[j]):
                group[root(i)] = root(j)
    found: dict[int, list[Rule]] = {}
    for i, rule in enumerate(rules):
        found.setdefault(root(i), []).append(rule)
    return list(found.values())


def _meet(level: Rule, upright: Rule) -> bool:
    across = level.start - NEAR <= upright.place <= level.end + NEAR
    return across and upright.start - NEAR <= level.place <= upright.end + NEAR


def _distinct(places: Iterable[float]) -> list[float]:
    """Places in order, those within reach of each other taken for one."""
    ordered = sorted(places)
    return ordered[:1] + [b for a, b in pairwise(ordered) if b - a > NEAR]
