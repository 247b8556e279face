"""Lines in reading order → paragraphs, which may go on over columns and pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa_bot.ingest.pdf.lines import ITEM, Line, Table

SAME_SIZE = 0.08  # of the size, by which letters may differ within a paragraph
PITCH = 1.15  # times the usual distance of two lines; more parts paragraphs
ENOUGH = 5  # pairs of lines from which the distance usual for a size is told
FAR = 3.0  # times the size; lines further apart are no column of text
NEAR = 2.0  # times the size, by which lines of one column may begin before or after each other
INDENT = 0.8  # of the size
FLUSH = 0.15  # of the size, by which lines may end before the edge they are flush with
FEW = 3  # lines, of which fewer do not show whether they are flush
ROOM = 0.5  # of the size: what must be left over where a word would have fitted

TERMINATED = re.compile(r"[.!?:;。！？][\"'“”’»)\]]*$")


@dataclass(slots=True)
class Paragraph:
    """The lines of one paragraph, in several columns and on several pages if it goes on there."""

    lines: list[Line]


def paragraphs_of(items: Sequence[Line | Table]) -> list[Paragraph | Table]:
    """Lines joined to paragraphs; tables stay between them."""
    parts: list[Paragraph | Table] = []
    pitches = _Pitches(items)
    pages = _Pages(items)
    for run in _runs(items):
        if isinstance(run, Table):
            parts.append(run)
            continue
        found = [Paragraph(lines) for lines in _divided(run, pitches)]
        earlier = _unfinished(parts, run, pages)
        if earlier:
            # What stands between, notes at the foot of the page, comes first: so pages stay in order.
            parts.remove(earlier)
            earlier.lines += found.pop(0).lines
            parts.append(earlier)
        parts += found
    return parts


class _Pitches:
    """The usual distance between the baselines of a paragraph, by the size of its letters."""

    def __init__(self, items: Sequence[Line | Table]) -> None:
        self._by_size: dict[int, Counter[float]] = {}
        every: Counter[float] = Counter()
        for run in _runs(items):
            for a, b in pairwise(run if isinstance(run, list) else ()):
                ratio = round((a.y - b.y) / a.size * 20) / 20
                every[ratio] += 1
                self._by_size.setdefault(round(a.size), Counter())[ratio] += 1
        self._usual = every.most_common(1)[0][0] if every else FAR

    def of(self, line: Line) -> float:
        """In points."""
        known = self._by_size.get(round(line.size), Counter())
        return line.size * (known.most_common(1)[0][0] if known.total() >= ENOUGH else self._usual)


@dataclass(frozen=True, slots=True)
class _Column:
    """The right edge of a column of text, and whether its lines are set flush with it."""

    right: float
    justified: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "_Column":
        right = max(line.x1 for line in lines)
        flush = sum(line.x1 > right - FLUSH * line.size for line in lines)
        return cls(right, len(lines) >= FEW and flush * 2 >= len(lines))

    def ended(self, a: Line, b: Line) -> bool:
        """Whether line a was ended on purpose, before the first word of the next line, b, had no room any more."""
        if a.parted:
            return False
        if self.justified and TERMINATED.search(a.text):
            return a.x1 <= self.right - FLUSH * a.size
        return a.x1 + 1.1 * b.first_word + ROOM * a.size < self.right - ROOM * a.size


def _column(lines: Sequence[Line], line: Line) -> _Column:
    """The column of a line: that of the lines with which it begins, as quotations are set in on both sides."""
    return _Column.of([o for o in lines if _same_size(o, line) and abs(o.x0 - line.x0) <= NEAR * line.size])


class _Pages:
    """The lines of each page, and the size of most of their letters."""

    def __init__(self, items: Sequence[Line | Table]) -> None:
        self._lines: dict[int, list[Line]] = {}
        sizes: Counter[float] = Counter()
        for item in items:
            if isinstance(item, Line):
                self._lines.setdefault(item.page, []).append(item)
                sizes[item.size] += len(item.text)
        self.usual = sizes.most_common(1)[0][0] if sizes else 0.0

    def column(self, line: Line) -> _Column:
        """The column in which a line stands."""
        return _column(self._lines[line.page], line)


def _runs(items: Sequence[Line | Table]) -> Iterator[list[Line] | Table]:
    """Lines below each other in one column, of letters of one size and weight."""
    run: list[Line] = []
    for item in items:
        if run and (isinstance(item, Table) or not _below(run[-1], item)):
            yield run
            run = []
        if isinstance(item, Table):
            yield item
        else:
            run.append(item)
    if run:
        yield run


def _below(a: Line, b: Line) -> bool:
    if a.page != b.page or a.bold != b.bold or not _same_size(a, b):
        return False
    return 0 < a.y - b.y <= FAR * a.size and a.x0 < b.x1 and b.x0 < a.x1


def _same_size(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= SAME_SIZE * a.size


def _divided(run: list[Line], pitches: _Pitches) -> Iterator[list[Line]]:
    start = 0
    for i in range(1, len(run) + 1):
        if i == len(run) or _begins(run[i - 1], run[i], _column(run, run[i - 1]), pitches.of(run[i])):
            yield run[start:i]
            start = i


def _begins(a: Line, b: Line, column: _Column, pitch: float) -> bool:
    """Whether line b, below line a, begins a paragraph."""
    if a.y - b.y > PITCH * pitch or ITEM.match(b.text):
        return True
    indented = b.x0 > a.x0 + INDENT * b.size and not ITEM.match(a.text)
    return (indented and not a.parted) or column.ended(a, b)


def _unfinished(parts: list[Paragraph | Table], run: list[Line], pages: _Pages) -> Paragraph | None:
    """The paragraph before a column or page that goes on in its first run of lines."""
    first = run[0]
    if abs(first.size - pages.usual) > SAME_SIZE * first.size:
        return None
    between: int | None = None  # the last page of what stands between
    for part in reversed(parts):
        if isinstance(part, Table):
            return None
        last = part.lines[-1]
        if last.bold == first.bold and _same_size(last, first):
            # What stands between is moved before it: pages stay in order only if all of that is on its first page.
            in_order = between in (None, part.lines[0].page)
            return part if in_order and _goes_on(last, run, pages) else None
        if last.size > first.size or last.page == first.page:
            return None
        between = last.page if between is None else between
    return None


def _goes_on(last: Line, run: list[Line], pages: _Pages) -> bool:
    first = run[0]
    moved_on = first.page > last.page or (first.y > last.y and first.x0 > last.x0)
    if not moved_on or ITEM.match(first.text):
        return False
    if last.parted:
        return True
    terminated, column = TERMINATED.search(last.text), pages.column(last)
    if not terminated and first.text[:1].islower():
        return True
    if terminated and not column.justified:  # then nothing tells; to part sentences does no harm
        return False
    indented = len(run) > 1 and first.x0 > run[1].x0 + INDENT * first.size
    return not indented and not column.ended(last, first)
