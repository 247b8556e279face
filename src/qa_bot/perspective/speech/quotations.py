"""Quotation marks of every kind, paired over each paragraph.

Writers open with one mark and close with another (`"…”`), nest them, leave them open over several
paragraphs, or forget one. So a mark's direction is read from its neighbours first ("<space>mark<word>" opens,
"<word>mark<space>" closes), from its glyph second, and by toggling last. Every step is linear in the text.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa_bot.perspective.words import in_word
from qa_bot.types import Span

_MARK = re.compile(r"[\"“”„‟«»‹›‘’‚'「」『』＂]")
_SINGLE = frozenset("‘’‚'‹›")
_OPENING_GLYPHS = frozenset("“„‟«‹‘‚「『")
_CLOSING_GLYPHS = frozenset("”»›’」』")
_BEFORE_OPENING = frozenset("([{—–-/…:=") | _OPENING_GLYPHS | {'"', "'"}
_ELISION = re.compile(r"['’](?:\d\ds?\b|em\b|tis\b|twas\b|til\b|cause\b|n['’]?\b|neath\b)", re.IGNORECASE)
_OPENS_PARAGRAPH = re.compile(r"\s*[-–—•*]?\s*[\"“„‟«‘「『]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, the marks included.

    `nested` are the quotations inside it, in order. `closed` says whether its closing mark is there, `carried`
    that it continues a quotation of the paragraph before.
    """

    span: Span
    nested: tuple[Span, ...] = ()
    closed: bool = True
    carried: bool = False


@dataclass(slots=True)
class _Open:
    position: int
    glyph: str
    single: bool
    children: list[Span] = field(default_factory=list)
    has_double: bool = False


def quotations(text: str, paragraphs: Sequence[Span]) -> tuple[Quotation, ...]:
    """The outermost quotations of a text, in order, none crossing the end of a paragraph."""
    found: list[Quotation] = []
    running = False  # whether the paragraph before left a quotation open
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        marks = _Paragraph(text, paragraph, running=running, following=following)
        quoted = marks.read()
        running = bool(quoted) and not quoted[-1].closed and quoted[-1].span.end == paragraph.end
        found.extend(quoted)
    return tuple(found)


class _Paragraph:
    """Pairs the marks of one paragraph with a stack."""

    def __init__(self, text: str, span: Span, *, running: bool, following: Span | None) -> None:
        self.text, self.span, self.running, self.following = text, span, running, following
        self.stack: list[_Open] = []
        self.found: list[Quotation] = []
        self.closers = [m.start() for m in _MARK.finditer(text, span.start, span.end) if self._may_close_single(m)]

    def read(self) -> list[Quotation]:
        """The outermost quotations of the paragraph, in order."""
        for mark in _MARK.finditer(self.text, self.span.start, self.span.end):
            position, glyph = mark.start(), mark.group()
            if glyph in _SINGLE:
                self._single(position, glyph)
            else:
                self._double(position, glyph)
        self._finish()
        if self.running and self.found and self.found[0].span.start == self.span.start:
            self.found[0] = replace(self.found[0], carried=True)
        return self.found

    def _double(self, position: int, glyph: str) -> None:
        direction = self._direction(position, glyph)
        if direction == "close" and not self._inside_double():
            self._stray(position)
        elif direction == "open" or (not direction and not self._inside_double()):
            self.stack.append(_Open(position, glyph, single=False))
        else:
            while self.stack[-1].single:  # an apostrophe taken for a mark
                self._drop()
            self._close(position)

    def _single(self, position: int, glyph: str) -> None:
        if self._between_letters(position) or _ELISION.match(self.text, position):
            return
        direction = self._direction(position, glyph)
        if direction == "open":
            if self._next_closer(position) is not None and (glyph != "’" or not self.stack):
                self.stack.append(_Open(position, glyph, single=True))
        elif self.stack and self.stack[-1].single and not self._plural_possessive(position):
            self._close(position)

    def _close(self, position: int) -> None:
        opened = self.stack.pop()
        span = Span(opened.position, position + 1)
        if not self.stack:
            self.found.append(Quotation(span, tuple(opened.children)))
        else:
            outer = self.stack[-1]
            outer.children.append(span)
            outer.has_double = outer.has_double or not opened.single

    def _drop(self) -> None:
        """Forget the innermost opening mark; what it holds belongs to the next outer one."""
        dropped = self.stack.pop()
        if self.stack:
            self.stack[-1].children.extend(dropped.children)
            self.stack[-1].has_double |= dropped.has_double
        else:
            self.found.extend(Quotation(child) for child in dropped.children)

    def _stray(self, position: int) -> None:
        """A closing mark with nothing open may end a quotation of the paragraph before; else it is nobody's."""
        if self.running and not self.found:
            self.stack.clear()
            self.found.append(Quotation(Span(self.span.start, position + 1), carried=True))

    def _finish(self) -> None:
        """Quotations left open run to the paragraph's end, or are given up when they swallowed whole ones."""
        while self.stack and self.stack[-1].single:
            self._drop()
        if not self.stack:
            return
        outer = self.stack[0]
        continues = self.following is not None and _OPENS_PARAGRAPH.match(self.text, self.following.start)
        whole = [child for opened in self.stack for child in opened.children]
        if continues or not any(opened.has_double for opened in self.stack):
            self.found.append(Quotation(Span(outer.position, self.span.end), tuple(whole), closed=False))
        else:
            self.found.extend(Quotation(child) for child in whole)
        self.stack.clear()

    def _direction(self, position: int, glyph: str) -> str:
        before = self.text[position - 1] if position > self.span.start else " "
        after = self.text[position + 1] if position + 1 < self.span.end else " "
        joined_before = not (before.isspace() or before in _BEFORE_OPENING)
        opens = not joined_before and not after.isspace() and after not in ".,;:!?)]}"
        closes = not before.isspace() and before not in "([{" and not after.isalnum()
        if opens != closes:
            return "open" if opens else "close"
        if glyph in _OPENING_GLYPHS:
            return "open"
        return "close" if glyph in _CLOSING_GLYPHS else ""

    def _inside_double(self) -> bool:
        return any(not opened.single for opened in self.stack[-2:])

    def _between_letters(self, position: int) -> bool:
        return (
            self.span.start < position < self.span.end - 1
            and in_word(self.text[position - 1])
            and self.text[position + 1].isalnum()
        )

    def _may_close_single(self, mark: re.Match[str]) -> bool:
        return (
            mark.group() in _SINGLE
            and not self._between_letters(mark.start())
            and self._direction(mark.start(), mark.group()) == "close"
        )

    def _next_closer(self, position: int) -> int | None:
        index = bisect_left(self.closers, position + 1)
        return self.closers[index] if index < len(self.closers) else None

    def _plural_possessive(self, position: int) -> bool:
        """Whether `the soldiers' mothers` stands inside single marks that close later."""
        after = self.text[position + 1 : position + 3]
        return (
            self.text[position - 1] in "sS"
            and after[:1] == " "
            and after[1:].islower()
            and self._next_closer(position) is not None
        )
