"""Running heads and feet: what stands at the edge of page after page and belongs to none of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from qa_bot.ingest.pdf.lines import Line, PageText

LINES = 3  # how many lines a running head may have
APART = 1.5  # times the size, between the last line of a head and the text
NEAR = 4.0  # points; how far a head may move from page to page
PAGES = 0.2  # of the pages that must have one at the same height
REPEATED = 0.6  # of these, how many must have one that others have as well, page numbers aside

LARGER = 1.05  # times the size of most of the text; larger letters are a heading's
MAX_NUMBERS = 4

_NUMBER = re.compile(r"\d{1,9}|\b[ivxlc]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def without_furniture(pages: Sequence[PageText]) -> list[PageText]:
    """Pages without running heads and feet; lines that no other page repeats stay, wherever they stand."""
    found = list(pages)
    largest = LARGER * _usual_size(pages)
    for upper in (True, False):
        taken: dict[int, list[Line]] = {page.number: [] for page in pages}
        for _ in range(LINES):
            outermost = {page.number: line for page in found if (line := _outermost(page, upper=upper))}
            running = set(_running([line for line in outermost.values() if line.size <= largest], len(pages)))
            if not running:
                break
            for number, line in outermost.items():
                taken[number] += [line] * (line in running)
            found = [_without(page, taken[page.number]) for page in found]
        found = [
            inner if _set_apart(taken[inner.number], inner, upper=upper) else whole
            for whole, inner in zip(pages, found, strict=True)
        ]
        pages = found
    return found


def _set_apart(taken: list[Line], page: PageText, *, upper: bool) -> bool:
    """Whether more than the space between two lines parts what was taken from what is left."""
    inner = _outermost(page, upper=upper)
    return not taken or inner is None or abs(taken[-1].y - inner.y) >= APART * inner.size


def _usual_size(pages: Sequence[PageText]) -> float:
    letters: Counter[float] = Counter()
    for page in pages:
        for item in page.items:
            if isinstance(item, Line):
                letters[item.size] += len(item.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _outermost(page: PageText, *, upper: bool) -> Line | None:
    lines = [item for item in page.items if isinstance(item, Line)]
    if len(page.items) < 2 or not lines:
        return None
    line = max(lines, key=lambda line: line.y) if upper else min(lines, key=lambda line: line.y)
    beside = [other for other in lines if abs(other.y - line.y) < NEAR]
    return min(beside, key=lambda line: line.x0)


def _running(lines: list[Line], pages: int) -> Iterator[Line]:
    """Those of the outermost lines at one height of which most are repeated."""
    for height in _heights(lines):
        level = [line for line in lines if abs(line.y - height) <= NEAR]
        seen = Counter(key for line in level for key in _keys(line))
        repeated = [line for line in level if any(seen[key] > 1 for key in _keys(line))]
        if len(level) >= max(2, PAGES * pages) and len(repeated) >= REPEATED * len(level):
            yield from repeated


def _heights(lines: list[Line]) -> Iterator[float]:
    left = Counter(round(line.y) for line in lines)
    while left:
        height, _ = left.most_common(1)[0]
        yield height
        for place in [place for place in left if abs(place - height) <= NEAR]:
            del left[place]


def _keys(line: Line) -> list[str]:
    """What a line may have in common with one on another page: its words, and each number or how it counts the pages.

    "Page 3 of 9" on page 3 and "Page 4 of 9" on page 4 share one; "Article 3" and "Article 4" on pages 3 and 7 none.
    """
    text = line.text.casefold()
    numbers = _NUMBER.findall(text)[:MAX_NUMBERS]
    words = _NUMBER.sub("#", text)
    choices = [(f"={n}", f"+{_value(n) - line.page}") for n in numbers]
    return [f"{words} {' '.join(chosen)}" for chosen in product(*choices)]


def _value(number: str) -> int:
    """Of a number in Arabic or Roman numerals."""
    if number.isdecimal():
        return int(number)
    values = [_ROMAN[letter] for letter in number]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _without(page: PageText, taken: list[Line]) -> PageText:
    return replace(page, items=tuple(item for item in page.items if not any(item is line for line in taken)))
