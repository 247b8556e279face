"""Glyphs of a page with their places, and the lines drawn on it, as PDFium finds them.

Lengths are in points; x grows to the right and y upwards, as the text is read: of a page whose text was set sideways
the axes are turned.
"""

import ctypes
import math
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

from pypdfium2 import raw

MAX_SLANT = 0.15  # radians off an axis; what is set more askew is a stamp or a watermark
THIN = 3.0  # points; a drawn shape that is no thicker is a line
LONG = 6.0  # points; a shorter one is a mark
MAX_FONT_NAME = 128
MAX_RULES = 3_000  # more lines than that on a page are a drawing

PARTING = "\xad"
UNKNOWN = "\ufffd"

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_END_HYPHENS = "\ufffe\x02\xad"  # the first two are PDFium's own for one


class Glyph(NamedTuple):
    """What one glyph stands for, its edges and baseline, the size of its font, and whether white space precedes it.

    A hyphen that parts a word at the end of a line is U+00AD, a glyph of unknown meaning U+FFFD.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    spaced: bool


class Way(Enum):
    """The direction of a line."""

    LEVEL = "level"
    UPRIGHT = "upright"


class Rule(NamedTuple):
    """A drawn line: its direction, where it starts and ends, and its place on the other axis."""

    way: Way
    start: float
    end: float
    place: float


class Sheet(NamedTuple):
    """What is on a page: glyphs in the order in which they were set, those that run in other directions, lines."""

    glyphs: list[Glyph]
    turned: list[Glyph]
    rules: list[Rule]


class _Style(NamedTuple):
    size: float
    bold: bool
    quarter: int | None  # turns of 90 degrees to the left; None for askew


def sheet_of(page: Any) -> Sheet:
    """A page, turned so that most of its text is read from left to right."""
    found: dict[int, list[Glyph]] = {}
    for quarter, glyph in _glyphs(page.get_textpage()):
        found.setdefault(quarter, []).append(glyph)
    main, *others = sorted(found, key=lambda quarter: -len(found[quarter])) or [0]
    turned = [glyph for quarter in others for glyph in found[quarter]]
    return Sheet(found.get(main, []), turned, [_turned(rule, main) for rule in _rules(page)])


def _glyphs(textpage: Any) -> Iterator[tuple[int, Glyph]]:
    styles: dict[int, _Style] = {}
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    spaced = False
    for index, code in _characters(textpage):
        text = _meant(textpage, index, code)
        if text.isspace():
            spaced = True
        elif text and (style := _style(textpage, index, styles)).quarter is not None:
            raw.FPDFText_GetLooseCharBox(textpage.raw, index, box)
            raw.FPDFText_GetCharOrigin(textpage.raw, index, x, y)
            edges, baseline = _upright((box.left, box.bottom, box.right, box.top), (x.value, y.value), style.quarter)
            yield style.quarter, Glyph(text, *edges, baseline, style.size, style.bold, spaced)
            spaced = False


def _characters(textpage: Any) -> Iterator[tuple[int, int]]:
    """Index and code point of each character; PDFium gives those beyond the first 65,536 in halves."""
    high = 0
    for index in range(raw.FPDFText_CountChars(textpage.raw)):
        code = raw.FPDFText_GetUnicode(textpage.raw, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        yield index, code


def _meant(textpage: Any, index: int, code: int) -> str:
    """The characters of a glyph: a space for any white space, nothing for what is no text."""
    text = chr(code)
    if text in _END_HYPHENS or (text in "-‐" and raw.FPDFText_IsHyphen(textpage.raw, index) == 1):
        return PARTING
    if text.isspace():
        return " "
    if raw.FPDFText_HasUnicodeMapError(textpage.raw, index) == 1:
        return UNKNOWN
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xFDD0 <= code <= 0xFDEF or code == 0xFFFF:
        return ""
    return _LIGATURES.get(text, text)


def _style(textpage: Any, index: int, styles: dict[int, _Style]) -> _Style:
    """Size, weight and direction, looked up once for each run of text."""
    run = ctypes.cast(raw.FPDFText_GetTextObject(textpage.raw, index), ctypes.c_void_p).value or -1
    if run not in styles:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(textpage.raw, index, matrix)
        size = raw.FPDFText_GetFontSize(textpage.raw, index) * (math.hypot(matrix.c, matrix.d) or 1)
        bold = raw.FPDFText_GetFontWeight(textpage.raw, index) >= _BOLD_WEIGHT or _named_bold(textpage, index)
        turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        straight = abs(turns - round(turns)) * math.pi / 2 <= MAX_SLANT
        styles[run] = _Style(size or 1, bold, round(turns) % 4 if straight else None)
    return styles[run]


def _named_bold(textpage: Any, index: int) -> bool:
    name = ctypes.create_string_buffer(MAX_FONT_NAME)
    raw.FPDFText_GetFontInfo(textpage.raw, index, name, MAX_FONT_NAME, ctypes.c_int())
    return bool(_BOLD.search(name.value))


def _upright(
    box: tuple[float, float, float, float], origin: tuple[float, float], quarter: int
) -> tuple[tuple[float, float], float]:
    """Left and right edge and baseline of a glyph on axes that are turned with it."""
    left, bottom, right, top = box
    edges = ((left, right), (bottom, top), (-right, -left), (-top, -bottom))[quarter]
    return edges, (origin[1], -origin[0], -origin[1], origin[0])[quarter]


def _rules(page: Any) -> list[Rule]:
    """The horizontal and vertical lines of a page, and the edges of its boxes; none if it is full of drawings."""
    rules: list[Rule] = []
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = shape.get_bounds()
        width, height = right - left, top - bottom
        if height <= THIN and width >= LONG:
            rules.append(Rule(Way.LEVEL, left, right, (top + bottom) / 2))
        elif width <= THIN and height >= LONG:
            rules.append(Rule(Way.UPRIGHT, bottom, top, (left + right) / 2))
        elif width >= LONG and height >= LONG and raw.FPDFPath_CountSegments(shape.raw) <= 5:
            rules += [Rule(Way.LEVEL, left, right, bottom), Rule(Way.LEVEL, left, right, top)]
            rules += [Rule(Way.UPRIGHT, bottom, top, left), Rule(Way.UPRIGHT, bottom, top, right)]
        if len(rules) > MAX_RULES:
            return []
    return rules


def _turned(rule: Rule, quarter: int) -> Rule:
    """A line on the axes of text that is turned."""
    if quarter == 0:
        return rule
    if quarter == 2:
        return Rule(rule.way, -rule.end, -rule.start, -rule.place)
    way = Way.UPRIGHT if rule.way is Way.LEVEL else Way.LEVEL
    if (rule.way is Way.LEVEL) == (quarter == 1):
        return Rule(way, -rule.end, -rule.start, rule.place)
    return Rule(way, rule.start, rule.end, -rule.place)
