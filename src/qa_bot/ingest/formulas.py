"""Formulas of Word (OMML) and of web pages (MathML) in a line, as UnicodeMath has it: (a+b)/2, x^2, √(x), ∑_(i=1)^n.

The white space before a fraction is kept, as what stands before the formula may be a number.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from qa_bot.ingest.elements import name_of, value_of
from qa_bot.ingest.scripts import held

_SPACE = re.compile(r"\s+")
_SIGNS = str.maketrans({"\u2061": " ", "\u2062": "", "\u2063": ",", "\u2064": " "})  # what is applied, times, and, plus
_UNSEEN = frozenset({"annotation", "annotation-xml", "mphantom"})


def line_of_omml(formula: Any) -> str:
    """A formula of a Word document."""
    return _SPACE.sub(" ", _omml(formula)).rstrip()


def line_of_mathml(formula: Any) -> str:
    """A formula of a web page."""
    return _SPACE.sub(" ", _mathml(formula)).rstrip()


class _Part:
    """A part of a formula, and its own parts in a line each."""

    def __init__(self, element: Any, lines: list[tuple[str, str]]) -> None:
        self.element = element
        self.lines = [line for _, line in lines]
        self._named = lines

    def named(self, name: str) -> str:
        """The part of a name, empty if there is none."""
        return "".join(self.all(name)[-1:])

    def all(self, name: str) -> list[str]:
        """The parts of a name."""
        return [line for found, line in self._named if found == name]

    def at(self, place: int) -> str:
        """The part at a place, empty if there is none."""
        return "".join(self.lines[place : place + 1])


_Writer: TypeAlias = Callable[[_Part], str]


# ---------------------------------------------------------------- Word


def _omml(element: Any) -> str:
    if name_of(element) == "t":
        return element.text or ""
    part = _Part(element, [(name_of(child), _omml(child)) for child in element])
    return _OMML.get(name_of(element), _joined)(part)


def _n_ary(part: _Part) -> str:
    return f"{_sign(part, 'chr', '∫')}{_scripts(part.named('sub'), part.named('sup'))} {part.named('e')}"


def _delimited(part: _Part) -> str:
    inside = _sign(part, "sepchr", "|").join(part.all("e"))
    return _sign(part, "begchr", "(") + inside + _sign(part, "endchr", ")")


def _sign(part: _Part, name: str, usual: str) -> str:
    """The mark that a part declares: its bracket, or the sign of its sum."""
    declared = next((e for properties in part.element for e in properties if name_of(e) == name), None)
    return usual if declared is None else value_of(declared, "val") or ""


def _based(part: _Part) -> str:
    return part.named("e") + _scripts(part.named("sub"), part.named("sup"))


def _joined(part: _Part) -> str:
    return "".join(part.lines)


_OMML: dict[str, _Writer] = {
    "f": lambda part: _fraction(part.named("num"), part.named("den")),
    "rad": lambda part: _root(part.named("e"), part.named("deg")),
    "nary": _n_ary,
    "spre": lambda part: f"({_scripts(part.named('sub'), part.named('sup'))}){part.named('e')}",
    "ssup": _based,
    "ssub": _based,
    "ssubsup": _based,
    "limlow": lambda part: part.named("e") + _scripts(part.named("lim"), ""),
    "limupp": lambda part: part.named("e") + _scripts("", part.named("lim")),
    "func": lambda part: f"{part.named('fname')} {part.named('e')}",
    "d": _delimited,
    "m": lambda part: _rows(part.all("mr")),
    "mr": lambda part: ", ".join(part.all("e")),
    "eqarr": lambda part: "; ".join(part.all("e")),
}


# ---------------------------------------------------------------- web pages


def _mathml(element: Any) -> str:
    if name_of(element) in _UNSEEN:
        return ""
    children = [(name_of(child), _mathml(child)) for child in element if name_of(child)]
    if not children and name_of(element) != "mspace":
        return _SPACE.sub(" ", element.text or "").strip(" ").translate(_SIGNS)
    return _MATHML.get(name_of(element), _joined)(_Part(element, children))


def _fenced(part: _Part) -> str:
    opening, between, closing = (part.element.get(*mark) for mark in _FENCES)
    return f"{opening}{between[:1].join(part.lines)}{closing}"


_FENCES = ("open", "("), ("separators", ","), ("close", ")")
_MATHML: dict[str, _Writer] = {
    "mfrac": lambda part: _fraction(part.at(0), part.at(1)),
    "msqrt": lambda part: _root(_joined(part), ""),
    "mroot": lambda part: _root(part.at(0), part.at(1)),
    "msub": lambda part: part.at(0) + _scripts(part.at(1), ""),
    "munder": lambda part: part.at(0) + _scripts(part.at(1), ""),
    "msup": lambda part: part.at(0) + _scripts("", part.at(1)),
    "mover": lambda part: part.at(0) + _scripts("", part.at(1)),
    "msubsup": lambda part: part.at(0) + _scripts(part.at(1), part.at(2)),
    "munderover": lambda part: part.at(0) + _scripts(part.at(1), part.at(2)),
    "mtable": lambda part: _rows(part.lines),
    "mtr": lambda part: ", ".join(part.lines),
    "mfenced": _fenced,
    "mspace": lambda _: " ",
    "semantics": lambda part: part.at(0),
}


# ---------------------------------------------------------------- both


def _fraction(above: str, below: str) -> str:
    return f" {held(above)}/{held(below)} "


def _root(inside: str, degree: str) -> str:
    return f"√({degree}&{inside})" if degree else f"√({inside})"


def _scripts(below: str, above: str) -> str:
    """What stands below and above a sign or letter."""
    return (f"_{held(below)}" if below else "") + (f"^{held(above)}" if above else "")


def _rows(rows: list[str]) -> str:
    return f"({'; '.join(rows)})"
