"""Word documents → blocks, by way of the HTML that mammoth makes of their styles."""

import re
import zipfile
from io import BytesIO
from typing import Any

from qa_bot.ingest.markup import blocks_of, fragment, name_of
from qa_bot.ingest.packages import Package
from qa_bot.ingest.problems import LockedError, UnreadableError
from qa_bot.ingest.source import SourceText, compose, one_line

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # what old Word files and encrypted new ones begin with
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_STORIES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_WRAPPERS = frozenset({"fldSimple", "bdo", "dir", "ruby", "rubyBase"})
_LEFT_OUT = re.compile(rb"[<:](?:fldSimple|bdo|dir|ruby|oMath)\b")
_SIGNS = {"den": "/", "sup": "^", "sub": "_"}  # what parts of a formula are told by, as in UnicodeMath


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
    images = mammoth.images.img_element(lambda _: {"src": ""})
    made = mammoth.convert_to_html(
        BytesIO(_readable(package, content)), style_map=_style_map(package), convert_image=images
    )
    return compose(blocks_of(fragment(made.value)), title=_core_title(package))


def _readable(package: Package, content: bytes) -> bytes:
    """The document without what mammoth leaves out together with the text in it: fields, directions, formulas."""
    stories = [name for name in _STORIES if name in package.names and _LEFT_OUT.search(package.read(name))]
    if not stories:
        return content
    rewritten = BytesIO()
    with zipfile.ZipFile(rewritten, "w") as archive:
        for name in package.names:
            archive.writestr(name, _plain(package.tree(name)) if name in stories else package.read(name))
    return rewritten.getvalue()


def _plain(tree: Any) -> bytes:
    """A part of a document in which everything that holds text is what mammoth reads; formulas in one line."""
    from lxml import etree

    word = etree.QName(tree).namespace
    for element in list(tree.iter(etree.Element)):
        kind = etree.QName(element)
        if kind.namespace.endswith("/math"):
            if sign := _SIGNS.get(kind.localname):
                element.addprevious(_run(word, sign))
            if kind.localname == "d":
                element.insert(0, _run(word, _bracket(element, "begchr", "(")))
                element.append(_run(word, _bracket(element, "endchr", ")")))
            element.tag = f"{{{word}}}{kind.localname if kind.localname in ('r', 't') else 'smartTag'}"
        elif kind.namespace == word and kind.localname in _WRAPPERS:
            element.tag = f"{{{word}}}smartTag"
    return bytes(etree.tostring(tree))


def _bracket(delimiter: Any, name: str, usual: str) -> str:
    declared = next((e for e in delimiter.iterchildren("{*}dPr") for e in e if name_of(e) == name), None)
    return usual if declared is None else _w(declared, "val") or ""


def _run(word: str, text: str) -> Any:
    from lxml import etree

    run = etree.Element(f"{{{word}}}r")
    etree.SubElement(run, f"{{{word}}}t").text = text
    return run


def _style_map(package: Package) -> str:
    """For mammoth: every paragraph style with an outline level, its own or inherited, is a heading of that level."""
    lines = ["p[style-name='Title'] => h1:fresh"]
    if "word/styles.xml" in package.names:
        styles = {_w(s, "styleId"): s for s in package.tree("word/styles.xml").iter() if name_of(s) == "style"}
        for name, style in styles.items():
            if name and (level := _outline_level(style, styles)):
                lines.append(f"p.{name} => h{level}:fresh")
    return "\n".join(lines)


def _outline_level(style: Any, styles: dict[str | None, Any]) -> int:
    """From 1 to 6, 0 for a style of body text."""
    for _ in range(len(styles)):
        declared = next((_w(e, "val") for e in style.iter() if name_of(e) == "outlinelvl"), None)
        if declared and declared.isdecimal():
            return min(int(declared) + 1, 6) if int(declared) < 9 else 0
        parent = next((_w(e, "val") for e in style.iter() if name_of(e) == "basedon"), None)
        if parent not in styles:
            return 0
        style = styles[parent]
    return 0


def _w(element: Any, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _core_title(package: Package) -> str | None:
    if "docProps/core.xml" not in package.names:
        return None
    titles = (one_line(e.text or "") for e in package.tree("docProps/core.xml").iter() if name_of(e) == "title")
    return next(titles, None) or None
