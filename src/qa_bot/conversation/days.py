"""Days of the year in a text, however it writes them."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

MONTHS = "January February March April May June July August September October November December".split()
NUMBERS = {"sept": 9} | {month[:n].lower(): i for i, month in enumerate(MONTHS, 1) for n in (3, len(month))}
_MONTH = rf"({'|'.join(sorted(NUMBERS, key=len, reverse=True))})\b\.?"
_DAY = r"(0?[1-9]|[12]\d|3[01])"
_TH = r"(?:st|nd|rd|th)?"
DAY_FIRST = re.compile(rf"(?<![\w.,/:])(?:the\s+)?{_DAY}{_TH}(?:\s+(?:of\s+)?|-){_MONTH}(?!\w)", re.IGNORECASE)
MONTH_FIRST = re.compile(rf"(?<!\w){_MONTH}\s*(?:the\s+)?{_DAY}{_TH}(?![\w:/]|[.,]\d)", re.IGNORECASE)
FIGURES = re.compile(r"(?<![\w.,/:-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)?\d\d)(?![\w/:-]|[.,]\d)")
ISO = re.compile(r"(?<![\w.,/:-])((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?![\w/:-]|[.,]\d)")
_WITHOUT_YEAR = re.compile(r"(?<![\w.,/:-])(\d{1,2})[./](\d{1,2})(?!\d)")
_NUMBER = re.compile(r"\d{1,2}")
_UNTIL = r"to|until|till|til|through|[-–—]"
_AND = rf"\s*(?:,\s*and|,|and|or|&|/|{_UNTIL})\s*(?:the\s+)?"
_LIST_BEFORE = re.compile(rf"(?:{_DAY}{_TH}{_AND})+$", re.IGNORECASE)  # the "8, 9 and" of "8, 9 and 10 May"
_LIST_AFTER = re.compile(rf"(?:{_AND}{_DAY}{_TH}(?![\w:/]|[.,]\d|\s*{_MONTH}))+", re.IGNORECASE)  # of "May 8, 9 and 10"
_RANGE = re.compile(rf"\b(?:between|{_UNTIL})(?=\W|\d|$)|[-–—]", re.IGNORECASE)
_CONNECTED = re.compile(rf"(?:\s*,?\s*(?:(?:19|20)\d\d)?)\s*(?:{_UNTIL}|and)\s*(?:the\s+)?", re.IGNORECASE)
_LONGEST = 200  # days of a range
_NEAR = 40  # characters before a date that may list other days of its month
_NEXT = re.compile(
    r"\b(?:(?:next|following|previous|same) (?:day|morning|evening|night|afternoon)|(?:days?|nights?|mornings?) "
    r"(?:later|after|before|earlier)|tomorrow|yesterday|eve of)\b",
    re.IGNORECASE,
)
_LATER = 400  # characters after a date within which "the next day" counts from it
_ABOUT = (-2, 4)  # days from and to which "two days later" and its like may lead

Day = tuple[int, int]  # month and day


def dates_of(text: str) -> list[tuple[int, int, Day]]:
    """The days named in a text in their order: where each starts and ends, and its month and day."""
    found = [(m.start(), m.end(), (NUMBERS[m[2].lower()], int(m[1]))) for m in DAY_FIRST.finditer(text)]
    found += [(m.start(), m.end(), (NUMBERS[m[1].lower()], int(m[2]))) for m in MONTH_FIRST.finditer(text)]
    return sorted((start, end, day) for start, end, day in found if is_day(*day))


def days_in(text: str) -> frozenset[int]:
    """Every day that a text may speak of, as `number_of` has it: rather one too many than one too few.

    Of "8-11 May", "between 30 April and 2 May" and "from 30 April to 2 May" all days, of "8/5/2020" both readings,
    and where "the next day" follows a date, the days around it.
    """
    dates = dates_of(text)
    found = {day for _, _, day in dates}
    for start, end, day in dates:
        found.update(_listed(text, start, end, day))
        if _NEXT.search(text, end, end + _LATER):
            found.update(_around(day))
    for (_, end, first), (start, _, last) in pairwise(dates):
        if _CONNECTED.fullmatch(text, end, start):
            found.update(_between(first, last))
    found.update(_in_figures(text))
    return frozenset(number_of(*day) for day in found if is_day(*day))


def number_of(month: int, day: int) -> int:
    """A day of the year as one number: 8 November is 1108."""
    return 100 * month + day


def is_day(month: int, day: int) -> bool:
    """Whether a month of a leap year has a day."""
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _listed(text: str, start: int, end: int, day: Day) -> Iterator[Day]:
    """The other days of the month that stand beside one: "8, 9 and 10 May", "May 8-10"."""
    before = _LIST_BEFORE.search(text, max(0, start - _NEAR), start)
    after = _LIST_AFTER.match(text, end)
    for found in filter(None, (before, after)):
        numbers = [int(number) for number in _NUMBER.findall(found.group())]
        yield from ((day[0], number) for number in numbers)
        if _RANGE.search(found.group()) or text[: found.start()].rstrip().lower().endswith("between"):
            ends = (*numbers, day[1])
            yield from ((day[0], number) for number in range(min(ends), max(ends)))


def _between(first: Day, last: Day) -> Iterator[Day]:
    start = date(2000, *first)
    end = date(2000 if last >= first else 2001, *_common(last))
    if (end - start).days <= _LONGEST:
        yield from _days(start, (end - start).days)


def _around(day: Day) -> Iterator[Day]:
    yield from _days(date(2000, *day) + timedelta(_ABOUT[0]), _ABOUT[1] - _ABOUT[0])


def _days(start: date, steps: int) -> Iterator[Day]:
    for step in range(steps + 1):
        found = start + timedelta(step)
        yield found.month, found.day


def _common(day: Day) -> Day:
    return (2, 28) if day == (2, 29) else day


def _in_figures(text: str) -> Iterator[Day]:
    for m in ISO.finditer(text):
        yield int(m[2]), int(m[3])
    pairs = [(m[1], m[3]) for m in FIGURES.finditer(text)] + [(m[1], m[2]) for m in _WITHOUT_YEAR.finditer(text)]
    for one, other in pairs:
        yield int(one), int(other)
        yield int(other), int(one)
