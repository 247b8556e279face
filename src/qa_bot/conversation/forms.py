"""Numbers, dates and designations in the form in which the corpus writes them.

"8/11/2020", "nov 8th" and "8th of November" become "8 November" where the corpus writes that, "two thousand" becomes
"2,000" or "2000", "10%" becomes "10 percent", "su25" becomes "Su-25". What the corpus does not hold stays as it was
typed, but for the names of months, which are written out in the corpus's order.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import TypeAdapter

from qa_bot.conversation.days import DAY_FIRST, FIGURES, ISO, MONTH_FIRST, MONTHS, NUMBERS, days_in, is_day, number_of

K = TypeVar("K")

_LAST_OF_2000S = 49  # of years in two digits; those above are of the century before
_GOING_ON = (
    "in at near and or but to from the with was were is are did does do had has have by on who what when where why how"
).replace(" ", "|")  # words after a date; "2.5 hours" is none
_NO_YEAR = re.compile(
    r"\b((?:on|by|since|until|till|before|after)\s+)(\d{1,2})([./])(\d{1,2})(?![\w/:%-]|[.,]\d)"
    rf"(?:(?<=/\d)|(?<=/\d\d)|(?!\s+(?!(?:{_GOING_ON})\b)\w))(?!\s+of\b)",
    re.IGNORECASE,
)
_LONE_MONTH = re.compile(
    r"\b(in|of|since|until|till|by|during|late|early|mid|from|before|after|through)(\s+)"
    r"(jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?(?!\s*\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,/:-])\d{1,3}(?:,\d{3})+(?![\w]|,\d)|(?<![\w.,/:-])\d{4,9}(?![\w-]|[.,:/]\d)")
_PERCENT = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)\s*(%|per\s?cent\b)", re.IGNORECASE)
_SCALED = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?)\s?(bn|mn|mln|bln|k)\b", re.IGNORECASE)
_SCALES = {"bn": "billion", "bln": "billion", "mn": "million", "mln": "million"}
_DESIGNATION = re.compile(r"(?<![\w-])(?=[A-Za-z\d-]*\d)(?=[A-Za-z\d-]*[A-Za-z])[A-Za-z\d]+(?:-[A-Za-z\d]+)*(?![\w-])")
_FIGURE = re.compile(r"(?<![\w.,/:])\d{2,3}(?![\w/:]|[.,]\d)")
_QUANTITY = re.compile(r"(?<![\w.,-])(\d+(?:[.,]\d+)*)[ -]([A-Za-z]{1,2})(?![\w-])")  # "10 GB"

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {w: i for i, w in enumerate(_ONES)} | {w: 20 + 10 * i for i, w in enumerate(_TENS)}
_POWERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_NUMERAL = "|".join(sorted((*_VALUES, *_POWERS), key=len, reverse=True))
_SPELT = re.compile(rf"\b(?:(?:a|{_NUMERAL})\b)(?:(?:\s+and\s+|\s+|-)(?:{_NUMERAL})\b)*", re.IGNORECASE)
MIN_SPELT = 20  # smaller numbers are words of every text: "one", "two sides"


@dataclass(frozen=True, slots=True)
class Forms:
    """How a corpus writes its numbers (by value), dates (by `number_of`), percentages and designations."""

    numbers: Mapping[int, str] = field(default_factory=dict)
    dates: Mapping[int, str] = field(default_factory=dict)
    percents: Mapping[str, str] = field(default_factory=dict)
    designations: Mapping[str, str] = field(default_factory=dict)
    spelt: frozenset[str] = frozenset()  # numbers that it writes in words
    figures: frozenset[str] = frozenset()  # numbers of two and three digits
    days: frozenset[int] = frozenset()  # that it speaks of, written as a date or not

    @classmethod
    def of(cls, text: str) -> "Forms":
        """The forms in a text; the one met first counts."""
        designations: dict[str, str] = {}
        for m in (*_DESIGNATION.finditer(text), *(q for q in _QUANTITY.finditer(text) if q[2].isupper())):
            designations.setdefault(_plain(m.group()), m.group())
        return cls(
            _first((_value(number), number) for number in _NUMBER.findall(text)),
            _first((number_of(*day), form) for form, day in _dates(text)),
            _first((m[1], m[2]) for m in _PERCENT.finditer(text)),
            designations,
            frozenset(m.group().lower() for m in _SPELT.finditer(text)),
            frozenset(_FIGURE.findall(text)),
            days_in(text),
        )

    @classmethod
    def joined(cls, parts: Sequence["Forms"]) -> "Forms":
        """The forms of several texts in their order."""
        return cls(
            _first(item for part in parts for item in part.numbers.items()),
            _first(item for part in parts for item in part.dates.items()),
            _first(item for part in parts for item in part.percents.items()),
            _first(item for part in parts for item in part.designations.items()),
            frozenset().union(*(part.spelt for part in parts)),
            frozenset().union(*(part.figures for part in parts)),
            frozenset().union(*(part.days for part in parts)),
        )

    def fields(self) -> dict[str, Any]:
        """What `loaded` makes the same forms of; the same for the same text."""
        sets = {"spelt": sorted(self.spelt), "figures": sorted(self.figures), "days": sorted(self.days)}
        maps = {"numbers": self.numbers, "dates": self.dates, "percents": self.percents}
        return {**maps, "designations": self.designations, **sets}

    @classmethod
    def loaded(cls, fields: Mapping[str, Any]) -> "Forms":
        """The forms from what became of them in JSON."""
        return _FORMS.validate_python(fields)

    def put(self, question: str) -> str:
        """A question with its numbers, dates and designations as the corpus writes them."""
        question = ISO.sub(lambda m: self._figures(m, [(int(m[2]), int(m[3]))], m[1]), question)
        question = FIGURES.sub(
            lambda m: self._figures(m, [(int(m[3]), int(m[1])), (int(m[1]), int(m[3]))], m[4]), question
        )
        question = _NO_YEAR.sub(self._without_year, question)
        question = DAY_FIRST.sub(lambda m: self._date(NUMBERS[m[2].lower()], int(m[1]), m.group()), question)
        question = MONTH_FIRST.sub(lambda m: self._date(NUMBERS[m[1].lower()], int(m[2]), m.group()), question)
        question = _LONE_MONTH.sub(lambda m: f"{m[1]}{m[2]}{MONTHS[NUMBERS[m[3].lower()] - 1]}", question)
        question = _SPELT.sub(self._spelt, question)
        question = _SCALED.sub(self._scaled, question)
        question = _PERCENT.sub(self._percent, question)
        question = _NUMBER.sub(lambda m: self.numbers.get(_value(m.group()), m.group()), question)
        question = _QUANTITY.sub(lambda m: self.designations.get(_plain(m.group()), m.group()), question)
        return _DESIGNATION.sub(lambda m: self.designations.get(_plain(m.group()), m.group()), question)

    def day(self, month: int, day: int) -> str:
        """A day of the year as the corpus writes it, or would."""
        return self._date(month, day, "")

    def _figures(self, match: re.Match[str], readings: list[tuple[int, int]], year: str) -> str:
        possible = [(month, day) for month, day in readings if is_day(month, day)]
        held = [reading for reading in possible if number_of(*reading) in self.dates]
        if not possible or (len(year) == 2 and match[2] == "."):  # 1.2.20 is a version
            return match.group()
        month, day = (held or possible)[0]  # the day comes first in most of the world
        full = year if len(year) == 4 else f"{'19' if int(year) > _LAST_OF_2000S else '20'}{year}"
        return f"{self._date(month, day, '')} {full}"

    def _without_year(self, match: re.Match[str]) -> str:
        """Two numbers as a day, if one of their two readings is a day of the corpus; the day comes first."""
        first, second = int(match[2]), int(match[4])
        held = (reading for reading in ((second, first), (first, second)) if number_of(*reading) in self.dates)
        return next((f"{match[1]}{self._date(*reading, '')}" for reading in held), match.group())

    def _date(self, month: int, day: int, typed: str) -> str:
        if not is_day(month, day) or typed.startswith("may "):  # "may 10 people enter?"
            return typed
        if written := self.dates.get(number_of(month, day)):
            return written
        if typed and any(name.lower() in typed.lower() for name in MONTHS):
            return typed  # written out already, and not in the corpus
        american = next((not form[0].isdigit() for form in self.dates.values()), False)
        return f"{MONTHS[month - 1]} {day}" if american else f"{day} {MONTHS[month - 1]}"

    def _spelt(self, match: re.Match[str]) -> str:
        typed = match.group()
        value = _numeral(typed.lower())
        if value is None or value < MIN_SPELT or typed.lower() in self.spelt:
            return typed
        return self.numbers.get(value) or (str(value) if str(value) in self.figures else typed)

    def _scaled(self, match: re.Match[str]) -> str:
        if scale := _SCALES.get(match[2].lower()):
            return f"{match[1]} {scale}"
        value = round(float(match[1]) * 1_000)
        return self.numbers.get(value, match.group())

    def _percent(self, match: re.Match[str]) -> str:
        written = self.percents.get(match[1]) or next(iter(self.percents.values()), None)
        if written is None:
            return match.group()
        return f"{match[1]}{'' if written == '%' else ' '}{written}"


def _dates(text: str) -> list[tuple[str, tuple[int, int]]]:
    found = [(m.start(), f"{m[1]} {m[2]}", (NUMBERS[m[2].lower()], int(m[1]))) for m in DAY_FIRST.finditer(text)]
    found += [(m.start(), f"{m[1]} {m[2]}", (NUMBERS[m[1].lower()], int(m[2]))) for m in MONTH_FIRST.finditer(text)]
    return [(form, day) for _, form, day in sorted(found)]


def _first(items: Iterable[tuple[K, str]]) -> dict[K, str]:
    found: dict[K, str] = {}
    for key, form in items:
        found.setdefault(key, form)
    return found


def _value(number: str) -> int:
    return int(number.replace(",", ""))


def _plain(designation: str) -> str:
    return re.sub(r"[^A-Za-z\d]", "", designation).lower()


def _numeral(words: str) -> int | None:
    """The value of a numeral in words, or None: "forty-four" is 44, "three two" is none."""
    total = part = last = 0
    for word in re.split(r"[\s-]+", words):
        if word == "a":
            part, last = 1, 1
        elif word in _VALUES:
            value = _VALUES[word]
            if last and (last < 20 or value >= 10) and last < 100:
                return None
            part, last = part + value, value
        elif word == "hundred":
            part, last = (part or 1) * 100, 100
        elif word in _POWERS:
            total, part, last = total + (part or 1) * _POWERS[word], 0, _POWERS[word]
        elif word != "and":
            return None
    return total + part


_FORMS = TypeAdapter(Forms)
