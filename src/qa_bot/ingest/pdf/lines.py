"""Glyphs → lines of text and ruled tables, in the order in which they were set."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from qa_bot.ingest.pdf.glyphs import PARTING, UNKNOWN, Glyph, Sheet
from qa_bot.ingest.pdf.grids import Grid, grids_of

RAISED = 0.6  # of the size: how far the mark of a note may stand above or below its line
GAP = 1.0  # of the size: from where on the space between two words may part cells or columns
BACK = 0.5  # of the size: how far before the last glyph the next may begin; further back begins a new line

# How an item of a list begins: a mark, of which many fonts have one of their own, a number, or a letter.
ITEM = re.compile(r"[•‣◦▪●○■□–—*\ue000-\uf8ff]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s")

HYPHENS = (PARTING, "-", "\u2010")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page: its edges, its baseline, and the size of its font, in points.

    `parted` says that it ends with a hyphen (left out of the text) that parts a word; `gaps` are its wide spaces:
    the place in the text after each, and from where to where it is on the page.
    """

    page: int
    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    parted: bool = False
    gaps: tuple[tuple[int, float, float], ...] = ()

    @property
    def first_word(self) -> float:
        """About how wide its first word is."""
        return (self.x1 - self.x0) * len(self.text.split(maxsplit=1)[0]) / len(self.text)


Cell: TypeAlias = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table on a page, each a tuple of cells."""

    page: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """What is on one page, what stands on it sideways, and how many of how many glyphs have an unknown meaning."""

    number: int
    items: tuple[Line | Table, ...]
    asides: tuple[Line, ...] = ()
    glyphs: int = 0
    unknown: int = 0


def page_text(number: int, sheet: Sheet) -> PageText:
    """The lines and tables of a page, a table where its first cell was set."""
    stretches: list[tuple[Grid | None, list[Glyph]]] = []
    tables: dict[int, list[Glyph]] = {}
    grids = grids_of(sheet.rules)
    for glyph in sheet.glyphs:
        place = next((i for i, grid in enumerate(grids) if grid.holds(glyph)), None)
        if place is not None and place in tables:
            tables[place].append(glyph)
        elif place is not None:
            tables[place] = [glyph]
            stretches.append((grids[place], tables[place]))
        elif stretches and stretches[-1][0] is None:
            stretches[-1][1].append(glyph)
        else:
            stretches.append((None, [glyph]))
    items = [item for grid, glyphs in stretches for item in _items(number, grid, glyphs)]
    unknown = sum(glyph.text == UNKNOWN for glyph in sheet.glyphs)
    return PageText(number, tuple(items), tuple(lines_of(number, sheet.turned)), len(sheet.glyphs), unknown)


def lines_of(page: int, glyphs: Iterable[Glyph]) -> Iterator[Line]:
    """Lines in the order of their first glyphs."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and _begins_line(run, glyph):
            yield from _line(page, run)
            run = []
        run.append(glyph)
    yield from _line(page, run)


def _items(number: int, grid: Grid | None, glyphs: list[Glyph]) -> Iterator[Line | Table]:
    if grid is None:
        yield from lines_of(number, glyphs)
        return
    cells: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        cells.setdefault(grid.cell(glyph), []).append(glyph)
    rows = [
        tuple(tuple(lines_of(number, cells.get((row, column), ()))) for column in range(len(sides) + 1))
        for row, sides in enumerate(grid.sides)
    ]
    yield Table(number, tuple(row for row in rows if any(row)))  # not empty: a glyph stands in it


def _begins_line(run: list[Glyph], glyph: Glyph) -> bool:
    last = run[-1]
    size = max(last.size, glyph.size)
    if glyph.x0 < last.x0 - BACK * size:
        return True
    base = max(run[-8:], key=lambda g: g.size).y  # of the letters, not of a mark raised above them
    if abs(glyph.y - base) <= 0.2 * size:
        return False
    return abs(glyph.y - base) > RAISED * size or glyph.x0 > last.x1 + GAP * size


def _line(page: int, run: list[Glyph]) -> Iterator[Line]:
    parted = len(run) > 1 and run[-1].text in HYPHENS and run[-2].text[-1].isalnum() and not run[-1].spaced
    pieces: list[str] = []
    gaps: list[tuple[int, float, float]] = []
    last: Glyph | None = None
    for glyph in run[:-1] if parted else run:
        wide = last is not None and glyph.x0 - last.x1 > GAP * glyph.size
        if pieces and (glyph.spaced or wide):
            pieces.append(" ")
        if last and wide:
            gaps.append((sum(map(len, pieces)), last.x1, glyph.x0))
        pieces.append("-" if glyph.text == PARTING else glyph.text)
        last = glyph
    text = "".join(pieces)
    if text.strip():
        main = max(run, key=lambda g: g.size)
        bold = sum(g.bold for g in run) * 2 > len(run)
        x0, x1 = min(g.x0 for g in run), max(g.x1 for g in run)
        yield Line(page, text, x0, x1, main.y, main.size, bold, parted, tuple(gaps))
