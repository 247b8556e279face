"""Word documents → blocks, by way of the HTML that mammoth makes of their styles."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from qa_bot.ingest.elements import name_of, value_of
from qa_bot.ingest.formulas import line_of_omml
from qa_bot.ingest.markup import blocks_of, fragment
from qa_bot.ingest.packages import Package
from qa_bot.ingest.problems import LockedError, UnreadableError
from qa_bot.ingest.source import SourceText, compose, one_line
from qa_bot.ingest.word_lists import Numbers

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # what old Word files and encrypted new ones begin with
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_STORIES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_LISTS = "word/numbering.xml"
_WRAPPERS = ("fldSimple", "bdo", "dir", "ruby", "rubyBase")
_SAME = {"cr": "br", "ptab": "tab"}  # what a mark does that mammoth does not know
_UNREAD = re.compile(r"An unrecognised element was ignored: (?P<name>(?:\{.*\})?(?:\w+:)?(?P<local>.+))")
_NOT_PLAIN = re.compile(r"[^A-Za-z_-]")  # what mammoth takes for the character of a name only after a backslash
_ESCAPED = r"\\\g<0>"


def parse_docx(content: bytes) -> SourceText:
    """Headings, paragraphs, lists, tables and notes (at the end) of a Word document; no running heads, no comments.

    Raises: UnreadableError, LockedError, ExcessiveError.
    """
    import mammoth

    if content.startswith(_COMPOUND):
        raise LockedError if _ENCRYPTED in content else UnreadableError("it is a Word file from before 2007 (.doc)")
    package = Package(content)
    if "word/document.xml" not in package.names:
        raise UnreadableError("it holds no Word document")
    styles = {value_of(e, "styleId"): e for e in _elements(package, "word/styles.xml") if name_of(e) == "style"}
    levels = {name: _outline_level(style, styles) for name, style in styles.items()}
    stories = {name: _plain(package.tree(name)) for name in _STORIES if name in package.names}
    parts = dict(stories)
    if _LISTS in package.names:
        parts[_LISTS] = lists = package.tree(_LISTS)
        for story in stories.values():
            _number(story, Numbers(lists, styles), levels)
        lists.clear()  # else mammoth numbers them in its own way
    images = mammoth.images.img_element(lambda _: {"src": ""})
    made = mammoth.convert_to_html(_with(package, parts), style_map=_style_map(levels), convert_image=images)
    unread = _unread([message.message for message in made.messages], list(stories.values()))
    return compose(blocks_of(fragment(made.value)), title=_core_title(package), warnings=unread)


def _with(package: Package, parts: Mapping[str, Any]) -> BytesIO:
    """The document with other parts, and without pictures, which are not read."""
    from lxml import etree

    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in sorted(package.names):
            if name.endswith((".xml", ".rels")):
                archive.writestr(name, etree.tostring(parts[name]) if name in parts else package.read(name))
    return written


def _plain(tree: Any) -> Any:
    """A part of a document in which everything that holds text is what mammoth reads: fields, directions, text boxes.

    Each formula is one line.
    """
    from lxml import etree

    word = f"{{{etree.QName(tree).namespace}}}"
    for formula in list(tree.iter("{*}oMath")):
        run = etree.Element(f"{word}r")
        etree.SubElement(run, f"{word}t").text = line_of_omml(formula)
        _replace(formula, [run])
    for reading in list(tree.iter(f"{word}rt")):  # how the characters of a ruby are spoken
        _replace(reading, [])
    for element in list(tree.iter("{*}oMathPara", *(word + name for name in _WRAPPERS))):
        element.tag = f"{word}smartTag"
    for mark in list(tree.iter(*(word + name for name in _SAME))):
        mark.tag = word + _SAME[name_of(mark)]
    for both in list(tree.iter("{*}AlternateContent")):
        _choose(both)
    for drawing in list(tree.iter(f"{word}drawing", f"{word}pict")):
        _lift_text(drawing, word)
    return tree


def _choose(alternatives: Any) -> None:
    """Of a drawing in several forms mammoth reads the last resort; the first is read instead if only that has text."""
    choice = alternatives.find("{*}Choice")
    fallback = alternatives.find("{*}Fallback")
    if fallback is None or (choice is not None and _has_text(choice) and not _has_text(fallback)):
        fallback = choice
    _replace(alternatives, [] if fallback is None else list(fallback))


def _lift_text(drawing: Any, word: str) -> None:
    """A drawing with text in it becomes what holds that text alone, whatever its shapes are."""
    from lxml import etree

    boxes = []
    walk = etree.iterwalk(drawing, events=("start",), tag=f"{word}txbxContent")
    for _, box in walk:
        boxes.append(box)
        walk.skip_subtree()  # a drawing in the text of another is one of its own
    if boxes:
        drawing.tag = f"{word}pict"
        drawing[:] = boxes


def _number(story: Any, numbers: Numbers, levels: Mapping[str | None, int]) -> None:
    """Write the numbers of list items where they are shown; those of headings are no part of their titles."""
    from lxml import etree

    word = f"{{{etree.QName(story).namespace}}}"
    first: Any = None  # of paragraphs that a change made one
    for paragraph in story.iter(f"{word}p"):
        if any(paragraph.find(f"{word}pPr/{word}rPr/{word}{change}") is not None for change in ("del", "moveFrom")):
            first = paragraph if first is None else first
            continue
        mark, target = numbers.of(paragraph), paragraph if first is None else first
        style, first = paragraph.find(f"{word}pPr/{word}pStyle"), None
        heading = style is not None and levels.get(value_of(style, "val"))
        if mark and _has_text(paragraph) and not heading:
            run = etree.Element(f"{word}r")
            etree.SubElement(run, f"{word}t").text = mark
            target.insert(1 if target.find(f"{word}pPr") is not None else 0, run)


def _replace(element: Any, others: list[Any]) -> None:
    """Other elements in the place of one; what stands between elements of a document is no text."""
    parent = element.getparent()
    place = parent.index(element)
    parent[place : place + 1] = others


def _has_text(element: Any) -> bool:
    return any((text.text or "").strip() for text in element.iter("{*}t"))


def _unread(messages: Sequence[str], stories: Sequence[Any]) -> tuple[str, ...]:
    """A warning if mammoth left out elements with text in them."""
    found = (match for message in messages if (match := _UNREAD.match(message)))
    names = [
        match["name"]
        for match in found
        if any(_has_text(element) for story in stories for element in story.iter(f"{{*}}{match['local']}"))
    ]
    return (f"has text in {', '.join(names)} that was not read; compare it with the file",) if names else ()


def _style_map(levels: Mapping[str | None, int]) -> str:
    """For mammoth: every paragraph style with an outline level is a heading of that level."""
    found = (
        f"p.{_NOT_PLAIN.sub(_ESCAPED, name)} => h{level}:fresh" for name, level in levels.items() if name and level
    )
    return "\n".join(["p[style-name='Title'] => h1:fresh", *found])


def _outline_level(style: Any, styles: Mapping[str | None, Any]) -> int:
    """From 1 to 6, its own or inherited; 0 for a style of body text."""
    for _ in range(len(styles)):
        declared = next((value_of(e, "val") for e in style.iter() if name_of(e) == "outlinelvl"), None)
        if declared and declared.isdecimal():
            return min(int(declared) + 1, 6) if int(declared) < 9 else 0
        parent = next((value_of(e, "val") for e in style.iter() if name_of(e) == "basedon"), None)
        if parent not in styles:
            return 0
        style = styles[parent]
    return 0


def _elements(package: Package, name: str) -> Iterator[Any]:
    """The elements of a part that a document may have."""
    return package.tree(name).iter() if name in package.names else iter(())


def _core_title(package: Package) -> str | None:
    titles = (one_line(e.text or "") for e in _elements(package, "docProps/core.xml") if name_of(e) == "title")
    return next(titles, None) or None
