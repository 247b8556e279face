"""Raised and lowered text in a line without styles: 10⁶, H₂O, x^(n/2), T_eff."""

import re
import unicodedata
from functools import cache
from typing import Any

LONGEST = 24  # characters; what is longer is text in small letters, not part of a number or formula

# What raised text would run together with: a letter, a number, a bracket; of a fraction, its stroke.
_JOINED = re.compile(r"[^\W_]$|[)\]}]$|[⁰¹²³⁴-⁹][/⁄]$")
_FORMS = (range(0xAA, 0xBB), range(0x2B0, 0x2E5), range(0x1D2C, 0x1DC0), range(0x2070, 0x209D), range(0x2C7C, 0x2C7E))


class Pieces:
    """The text of a line as it is met, element by element; `sup` and `sub` are written when they end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open: list[tuple[Any, int]] = []  # elements, and where their text begins

    def add(self, text: str) -> None:
        """Text that follows."""
        if text:
            self._pieces.append(text)

    def begin(self, element: Any) -> None:
        """A `sup` or `sub` begins."""
        self._open.append((element, len(self._pieces)))

    def end(self, element: Any) -> None:
        """An element ends, which may be the one that began last."""
        if not self._open or self._open[-1][0] is not element:
            return
        _, start = self._open.pop()
        inside = self._pieces[start : start + LONGEST + 1]
        if sum(map(len, inside)) <= LONGEST:  # no piece is empty, so it is all of them
            before = "".join(self._pieces[max(0, start - 2) : start])
            self._pieces[start:] = [scripted(before, "".join(inside), raised=element.tag.lower().endswith("sup"))]

    def take(self) -> str:
        """All text up to here, which the next does not go on from."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._open = [(element, 0) for element, _ in self._open]
        return text


def scripted(before: str, text: str, *, raised: bool) -> str:
    """Raised or lowered text as it is written in a line after the text `before` it.

    It is left as it is where it does not change what it stands at: after a space, or the endings of 1st and Mlle, and
    marks that no number has, as * and [1].
    """
    inner = text.rstrip()
    is_word = inner.isalpha() and len(inner) > 1
    if not _JOINED.search(before) or not inner or (is_word and raised):
        return text
    forms = _forms("super" if raised else "sub")
    if not (inner[0].isalnum() or inner[0] in forms):
        return text
    plain = is_word or any(c not in forms for c in inner)
    written = ("^" if raised else "_") + held(inner) if plain else "".join(forms[c] for c in inner)
    return written + text[len(inner) :]


def held(text: str) -> str:
    """A part of a formula in brackets, unless it is one number or word."""
    text = text.strip()
    return text if text.isalnum() else f"({text})"


@cache
def _forms(kind: str) -> dict[str, str]:
    """The characters that Unicode has raised ("super") or lowered ("sub"), and what they are then."""
    found = {"-": "⁻" if kind == "super" else "₋"}
    for form in (chr(code) for block in _FORMS for code in block):
        tag, _, of = unicodedata.decomposition(form).partition(" ")
        if tag == f"<{kind}>":
            found[chr(int(of, 16))] = form
    return found
