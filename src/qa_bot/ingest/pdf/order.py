"""The reading order of a page.

Programs set a text in the order in which it is read, and that order knows columns that no geometry can tell from a
table. So it is kept, but for pages that were set line by line across their columns or in no order at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import mean, median

from qa_bot.ingest.pdf.lines import HYPHENS, ITEM, Line, Table

COLUMN_LINES = 6  # from so many lines with a gap at the same place on, it may part two columns
COLUMN_FULL = 0.7  # how far the lines of a column reach across it, on average; cells of tables are short
COLUMN_WORDS = 3
TABLE_ROWS = 3  # from so many lines with cells at the same places on, they are a table
ALIGNED = 2.0  # points by which the edges of cells may differ
JUMPS = 0.2  # of the lines that may go back up the page in a text that was set in order


def in_reading_order(items: Sequence[Line | Table]) -> list[Line | Table]:
    """Lines and tables of a page as they are read; lines of cells that stand in columns become tables."""
    found: list[Line | Table] = []
    for lines, group in groupby(items, key=lambda item: isinstance(item, Line)):
        stretch = list(group)
        found += _with_tables(_by_columns(_settled([i for i in stretch if isinstance(i, Line)]))) if lines else stretch
    return found


# ---------------------------------------------------------------- no order


def _settled(lines: list[Line]) -> list[Line]:
    jumps = sum(b.y > a.y + a.size and b.x0 <= a.x1 for a, b in pairwise(lines))
    return _cut([cell for line in lines for cell in _cells(line)]) if jumps > max(2, JUMPS * len(lines)) else lines


def _cut(lines: list[Line]) -> list[Line]:
    """Columns from left to right, else what stands above and below the widest free stripe (Nagy & Seth, 1984)."""
    if len(lines) < 2:
        return lines
    size = median(line.size for line in lines)
    if place := _free(sorted((line.x0, line.x1) for line in lines), size):
        return _cut([ln for ln in lines if ln.x1 <= place]) + _cut([ln for ln in lines if ln.x1 > place])
    if place := _free(sorted((line.y, line.y + line.size * 0.7) for line in lines), 0):
        return _cut([ln for ln in lines if ln.y >= place]) + _cut([ln for ln in lines if ln.y < place])
    return sorted(lines, key=lambda line: (-line.y, line.x0))


def _free(ranges: list[tuple[float, float]], least: float) -> float | None:
    """The middle of the widest stretch that no range covers, if it is wider than `least`."""
    best, place, reach = least, None, ranges[0][1]
    for start, end in ranges[1:]:
        if start - reach > best:
            best, place = start - reach, (start + reach) / 2
        reach = max(reach, end)
    return place


# ---------------------------------------------------------------- columns set line by line


def _by_columns(lines: list[Line]) -> list[Line]:
    found: list[Line] = []
    start = 0
    while start < len(lines):
        end, gutter = _gutter(lines, start)
        halves = [_halves(line, gutter) for line in lines[start:end]]
        if _are_columns(halves, gutter):
            left = [line for line, _ in halves if line]
            right = [line for _, line in halves if line]
            found += [*_by_columns(left), *_by_columns(right)]
            start = end
        else:
            found.append(lines[start])
            start += 1
    return found


def _gutter(lines: list[Line], start: int) -> tuple[int, tuple[float, float]]:
    """The end of the run of lines from `start` that keep one stripe free, and the stripe."""
    best = (start, (0.0, 0.0))
    for gap in lines[start].gaps:
        low, high = gap[1:]
        end = start
        while end < len(lines) and (narrowed := _narrowed(lines[end], low, high)):
            low, high = narrowed
            end += 1
        best = max(best, (end, (low, high)))
    return best


def _narrowed(line: Line, low: float, high: float) -> tuple[float, float] | None:
    if line.x1 <= low or line.x0 >= high:
        return low, high
    for _, left, right in line.gaps:
        if min(high, right) - max(low, left) > line.size / 2:
            return max(low, left), min(high, right)
    return None


def _halves(line: Line, gutter: tuple[float, float]) -> tuple[Line | None, Line | None]:
    low, high = gutter
    for place, left, right in line.gaps:
        if left <= low and right >= high:
            before = tuple(gap for gap in line.gaps if gap[0] < place)
            after = tuple((gap[0] - place, *gap[1:]) for gap in line.gaps if gap[0] > place)
            text = line.text[:place].rstrip()
            parted = text[-1:] in HYPHENS and text[-2:-1].isalnum()
            first = replace(line, text=text[:-1] if parted else text, x1=left, parted=parted, gaps=before)
            return first, replace(line, text=line.text[place:], x0=right, gaps=after)
    return (line, None) if line.x1 <= low else (None, line)


def _are_columns(halves: list[tuple[Line | None, Line | None]], gutter: tuple[float, float]) -> bool:
    both = [(left, right) for left, right in halves if left and right]
    if len(both) < COLUMN_LINES:
        return False
    x0, x1 = min(left.x0 for left, _ in both), max(right.x1 for _, right in both)
    sides = ([left for left, _ in both], gutter[0] - x0), ([right for _, right in both], x1 - gutter[1])
    return all(
        mean(line.x1 - line.x0 for line in side) >= COLUMN_FULL * width
        and median(len(line.text.split()) for line in side) >= COLUMN_WORDS
        for side, width in sides
    )


# ---------------------------------------------------------------- tables without lines


def _with_tables(lines: list[Line]) -> Iterator[Line | Table]:
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _aligned(lines[end - 1], lines[end]):
            end += 1
        if end - start >= TABLE_ROWS:
            rows = tuple(tuple((cell,) for cell in _cells(line)) for line in lines[start:end])
            yield Table(lines[start].page, rows)
        else:
            yield from lines[start:end]
        start = end


def _aligned(a: Line, b: Line) -> bool:
    """Whether two lines have cells in the same columns: texts begin, numbers begin or end at the same place."""
    if not a.gaps or len(a.gaps) != len(b.gaps) or not 0 < a.y - b.y < 3 * a.size or ITEM.match(b.text):
        return False
    pairs = zip(list(_cells(a))[1:], list(_cells(b))[1:], strict=True)
    return all(abs(x.x0 - y.x0) <= ALIGNED or (abs(x.x1 - y.x1) <= ALIGNED and _is_number(y.text)) for x, y in pairs)


def _is_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) * 2 >= len(text)


def _cells(line: Line) -> Iterator[Line]:
    rest: Line | None = line
    for _, low, high in line.gaps:
        if rest:
            cell, rest = _halves(rest, (low, high))
            if cell:
                yield cell
    if rest:
        yield rest
