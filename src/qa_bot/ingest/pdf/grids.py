"""Drawn lines that cross → the grids of ruled tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa_bot.ingest.pdf.glyphs import Glyph, Rule, Way

NEAR = 2.5  # points within which two lines meet or are one
MIDDLE = 0.3  # of the size: how far above its baseline the middle of a letter is


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a table stands, the places of its level lines from the top, and its upright lines."""

    x0: float
    x1: float
    levels: tuple[float, ...]
    uprights: tuple[Rule, ...]

    def holds(self, glyph: Glyph) -> bool:
        """Whether a glyph stands in the table."""
        middle = glyph.y + MIDDLE * glyph.size
        return self.x0 <= (glyph.x0 + glyph.x1) / 2 <= self.x1 and self.levels[-1] <= middle <= self.levels[0]

    def cell(self, glyph: Glyph) -> tuple[int, int]:
        """The row and column of a glyph in it, from 0; a cell that spans columns is the first of them."""
        middle = glyph.y + MIDDLE * glyph.size
        row = sum(1 for level in self.levels[1:-1] if middle < level)
        return row, sum(1 for place in self.sides(row) if place < (glyph.x0 + glyph.x1) / 2)

    def sides(self, row: int) -> list[float]:
        """The places of the upright lines between the cells of a row, ascending."""
        middle = (self.levels[row] + self.levels[row + 1]) / 2
        places = [r.place for r in self.uprights if r.start - NEAR <= middle <= r.end + NEAR]
        return [place for place in _distinct(places) if self.x0 + NEAR < place < self.x1 - NEAR]


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The grids of two columns and more among the lines of a page."""
    return [grid for group in _connected(rules) if (grid := _grid(group))]


def _grid(rules: Sequence[Rule]) -> Grid | None:
    levels = [r for r in rules if r.way is Way.LEVEL]
    uprights = tuple(r for r in rules if r.way is Way.UPRIGHT)
    places = _distinct(r.place for r in levels)
    if len(places) < 2 or len(_distinct(r.place for r in uprights)) < 3:
        return None
    x0, x1 = min(r.start for r in levels), max(r.end for r in levels)
    grid = Grid(x0, x1, tuple(reversed(places)), uprights)
    return grid if any(grid.sides(row) for row in range(len(places) - 1)) else None


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
