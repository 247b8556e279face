"""A tree of HTML elements → blocks: headings, paragraphs, list items, rows of tables, as a browser displays them."""

import re
from collections.abc import Iterator
from typing import Any

from qa_bot.ingest.elements import name_of
from qa_bot.ingest.formulas import line_of_mathml
from qa_bot.ingest.numbering import Numbers
from qa_bot.ingest.problems import ExcessiveError, UnreadableError
from qa_bot.ingest.scripts import Pieces
from qa_bot.ingest.source import Block, many_lines, one_line

MAX_DEPTH = 2_048  # libxml2's own limit; below it, what is nested deeper would be left out without a word

_LEVELS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = frozenset(
    "annotation annotation-xml applet audio button canvas datalist del dialog embed head iframe input map meter "
    "noembed noframes noscript object "
    "option progress rp rt script select style svg template textarea title video".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data dfn em font i img ins kbd label mark nobr output q rb rtc ruby s "
    "samp small span strike strong sub sup time tt u var wbr "
    "local-time relative-time time-ago "  # elements of GitHub and others around times
    # MathML Core 1, where it is no formula
    "maction math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
    "msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics".split()
)
_SCRIPTS = frozenset({"sub", "sup"})
_LISTS = frozenset({"menu", "ol", "ul"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_CELLS = frozenset({"td", "th"})
_BETWEEN_CELLS = " | "


def page(content: bytes, encoding: str | None = None) -> Any:
    """The root element of an HTML page.

    Raises: UnreadableError: nothing in it; ExcessiveError: nested too deeply.
    """
    from lxml import html

    parser = html.HTMLParser(encoding=encoding, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(content, parser=parser)
    except (html.etree.ParserError, html.etree.XMLSyntaxError, ValueError):
        raise UnreadableError("it holds no text") from None
    _check_depth(parser.error_log)
    return root


def fragment(markup: str) -> Any:
    """The root element of HTML that is already decoded."""
    return page(f"<body>{markup}".encode(), "utf-8")


def blocks_of(root: Any) -> Iterator[Block]:
    """The blocks of a tree in order; what a browser does not display is left out."""
    from lxml import etree

    flow = _Flow()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            yield from flow.enter(element, walk)
        else:
            yield from flow.leave(element, tail=element is not root)
    yield from flow.flush()


def _is_inline(name: str) -> bool:
    """Whether an element stands within a line; those with a colon are a word processor's marks, as `st1:place`."""
    return name in _INLINE or ":" in name


def _is_formula(element: Any) -> bool:
    """Whether it holds a formula alone: a browser ends an unclosed one at the first HTML, libxml2 does not."""
    from lxml.html.defs import tags

    return name_of(element) == "math" and not any(name_of(inner) in tags for inner in element.iterdescendants())


class _Flow:
    """The text met since the last block boundary, and the level and list number it will carry."""

    def __init__(self) -> None:
        self._pieces = Pieces()
        self._level = 0
        self._number = ""
        self._lists: list[tuple[Any, Numbers | None]] = []  # those in which what is met stands

    def enter(self, element: Any, walk: Any) -> Iterator[Block]:
        name = name_of(element)
        if name in _DROPPED or _hidden(element):
            walk.skip_subtree()
            return
        if _is_formula(element):
            self._pieces.add(line_of_mathml(element))
            walk.skip_subtree()
            return
        if _is_inline(name):
            self._pieces.add("\n" if name == "br" else "“" if name == "q" else "")
            if name in _SCRIPTS:
                self._pieces.begin(element)
            self._add(element.text)
            return
        yield from self.flush()
        if name == "pre" or (name == "table" and not _is_layout(element)):
            yield from [Block(text)] if name == "pre" and (text := many_lines(_text(element))) else ()
            yield from _rows(element) if name == "table" else ()
            walk.skip_subtree()
            return
        self._level = _level(element) or self._level
        if name in _LISTS:
            self._lists.append((element, Numbers(element) if name == "ol" else None))
        if name == "li":
            numbers = self._lists[-1][1] if self._lists else None
            self._number = numbers.of(element) if numbers else ""
        self._add(element.text)

    def leave(self, element: Any, *, tail: bool) -> Iterator[Block]:
        name = name_of(element)
        if name == "q":
            self._pieces.add("”")
        if name in _SCRIPTS:
            self._pieces.end(element)
        if self._lists and self._lists[-1][0] is element:
            self._lists.pop()
        if name and not _is_inline(name) and name not in _DROPPED:
            yield from self.flush()
            self._number = "" if name == "li" else self._number
            self._level = 0 if _level(element) else self._level
        if tail:
            self._add(element.tail)

    def flush(self) -> Iterator[Block]:
        """A block of what was met; two line breaks in a row part it."""
        lines = [one_line(line) for line in self._pieces.take().split("\n")]
        for text in re.split(r"\n{2,}", "\n".join(lines).strip("\n")):
            if text and self._level:
                yield Block(text.replace("\n", " "), self._level)
            elif text:
                yield Block(self._number + text)
                self._number = ""

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.add(_SPACE.sub(" ", text))


def _hidden(element: Any) -> bool:
    """Whether a browser does not display an element, or it only links to its own place, or back from a note."""
    if "hidden" in element.attrib or _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    if name_of(element) != "a":
        return False
    sign, place = element.text or "", element.get("href") or ""
    return element.get("role") == "doc-backlink" or sign == "¶" or (sign == "↑" and "note-ref" in place)


def _level(element: Any) -> int:
    declared = element.get("aria-level") or "2"
    if element.get("role") == "heading" and declared.isdecimal():
        return max(1, int(declared))
    return _LEVELS.get(name_of(element), 0)


def _is_layout(table: Any) -> bool:
    """Whether a table only arranges a page: there are headings or other tables in it."""
    return any(name_of(inner) in {"table", *_LEVELS} for inner in table.iterdescendants())


def _rows(table: Any) -> Iterator[Block]:
    """What stands in no cell, which a browser puts before the table; its caption; and its rows."""
    from lxml import etree

    captions: list[str] = []
    rows: list[list[str]] = [[]]
    walk = etree.iterwalk(table, events=("start",))
    for _, part in walk:
        name = name_of(part)
        if name == "tr":
            rows.append([])
        if name in _CELLS:  # also in what does not belong between a row and its cells, as a form
            rows[-1].append(_line(part))
        elif name == "caption":
            captions.append(_line(part))
        if name in (*_CELLS, "caption", *_DROPPED) or _hidden(part):
            walk.skip_subtree()
    outside = one_line(_text(table, _DROPPED | _CELLS | {"caption"}))
    yield from (Block(text) for text in (outside, *captions) if text)
    lines = [_BETWEEN_CELLS.join(row).strip() for row in rows if any(row)]
    yield from (Block(line, close=number > 0) for number, line in enumerate(lines))


def _line(element: Any) -> str:
    """The blocks of a cell or caption in one line."""
    return one_line(" ".join(block.text for block in blocks_of(element)))


def _text(element: Any, left_out: frozenset[str] = _DROPPED) -> str:
    """All displayed text of an element, its inner blocks parted by line breaks."""
    from lxml import etree

    pieces = Pieces()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        name = name_of(inner)
        if event == "start" and (name in left_out or _hidden(inner)):
            walk.skip_subtree()
        elif event == "start" and _is_formula(inner):
            pieces.add(line_of_mathml(inner))
            walk.skip_subtree()
        elif event == "start":
            pieces.add(_edge(name))
            if name in _SCRIPTS:
                pieces.begin(inner)
            pieces.add(inner.text or "")
        else:
            pieces.end(inner)
            pieces.add(_edge(name))
            pieces.add((inner.tail or "") if inner is not element else "")
    return pieces.take()


def _edge(name: str) -> str:
    return "\n" if name == "br" or (name and not _is_inline(name)) else ""


def _check_depth(log: Any) -> None:
    if any("Excessive depth" in entry.message for entry in log):
        raise ExcessiveError("nests its elements too deeply", f"{MAX_DEPTH:,} levels")
