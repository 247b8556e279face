"""The numbers of list items: 3., c., iv."""

import re
from typing import Any

_INTEGER = re.compile(r"\s*([+-]?\d{1,9})(?!\d)", re.ASCII)
_ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v"}
_ROMAN |= {4: "iv", 1: "i"}


class Numbers:
    """The numbers of an ordered list of HTML, one for each of its items in turn."""

    def __init__(self, ordered_list: Any) -> None:
        backwards = "reversed" in ordered_list.attrib
        items = sum(1 for _ in ordered_list.iterchildren("{*}li")) if backwards else 1
        self._kind = ordered_list.get("type")
        self._step = -1 if backwards else 1
        self._next = integer(ordered_list.get("start"), items)

    def of(self, item: Any) -> str:
        """What stands before the next item."""
        number = integer(item.get("value"), self._next)
        self._next = number + self._step
        return f"{numeral(number, item.get('type') or self._kind or '1')}. "


def numeral(number: int, kind: str) -> str:
    """A number as a list of a `type` shows it: 1, a, A, i or I; those that letters cannot write are decimal."""
    if kind in ("a", "A") and number > 0:
        written = _letters(number)
    elif kind in ("i", "I") and 0 < number < 4_000:
        written = _roman(number)
    else:
        return str(number)
    return written.upper() if kind.isupper() else written


def integer(declared: str | None, otherwise: int) -> int:
    """The whole number with which a text begins, if it does and is not beyond all measure."""
    found = _INTEGER.match(declared or "")
    return int(found.group(1)) if found else otherwise


def _letters(number: int) -> str:
    """As spreadsheets name columns: z is followed by aa."""
    written = ""
    while number:
        number, place = divmod(number - 1, 26)
        written = chr(ord("a") + place) + written
    return written


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN.items():
        count, number = divmod(number, value)
        written += sign * count
    return written
