"""Word documents → blocks, by way of the HTML that mammoth makes of their styles."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from qa_bot.ingest.markup import blocks_of, fragment, name_of
from qa_bot.ingest.packages import Package
from qa_bot.ingest.problems import LockedError, UnreadableError
from qa_bot.ingest.scripts import held
from qa_bot.ingest.source import SourceText, compose, one_line

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # what old Word files and encrypted new ones begin with
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_STORIES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_WRAPPERS = ("fldSimple", "bdo", "dir", "ruby", "rubyBase")
_LEFT_OUT = re.compile(rb"[<:](?:fldSimple|bdo|dir|ruby|oMath)\b")


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
        for name in sorted(package.names):
            if name.endswith((".xml", ".rels")):  # pictures are not read
                archive.writestr(name, _plain(package.tree(name)) if name in stories else package.read(name))
    return rewritten.getvalue()


def _plain(tree: Any) -> bytes:
    """A part of a document in which everything that holds text is what mammoth reads; each formula is one line."""
    from lxml import etree

    word = etree.QName(tree).namespace
    for formula in list(tree.iter("{*}oMath")):
        run = etree.Element(f"{{{word}}}r")
        etree.SubElement(run, f"{{{word}}}t").text = _line_of(formula)
        run.tail = formula.tail
        formula.getparent().replace(formula, run)
    for element in list(tree.iter("{*}oMathPara", *(f"{{{word}}}{name}" for name in _WRAPPERS))):
        element.tag = f"{{{word}}}smartTag"
    return bytes(etree.tostring(tree))


def _line_of(part: Any) -> str:
    """A formula, or a part of one, in a line, as UnicodeMath has it: (a+b)/2, x^2, √(x), ∑_(i=1)^n."""
    kind, parts = name_of(part), {name_of(child): _line_of(child) for child in part}
    match kind:
        case "t":
            line = part.text or ""
        case "f":
            line = f" {held(parts.get('num', ''))}/{held(parts.get('den', ''))} "
        case "rad":
            degree = f"{parts['deg']}&" if parts.get("deg") else ""
            line = f"√({degree}{parts.get('e', '')})"
        case "nary":
            line = f"{_sign(part, 'chr', '∫')}{_scripts(parts)} {parts.get('e', '')}"
        case "ssup" | "ssub" | "ssubsup" | "limlow" | "limupp":
            line = parts.get("e", "") + _scripts(parts)
        case "d":
            inside = [_line_of(child) for child in part if name_of(child) == "e"]
            line = _sign(part, "begchr", "(") + _sign(part, "sepchr", "|").join(inside) + _sign(part, "endchr", ")")
        case "m":
            line = f"({'; '.join(_line_of(row) for row in part if name_of(row) == 'mr')})"
        case "mr":
            line = ", ".join(_line_of(cell) for cell in part)
        case _:
            line = "".join(_line_of(child) for child in part)
    return " ".join(line.split()) if kind == "omath" else line


def _scripts(parts: Mapping[str, str]) -> str:
    """What stands below and above a sign or letter."""
    below, above = parts.get("sub") or parts.get("lim", ""), parts.get("sup", "")
    return (f"_{held(below)}" if below else "") + (f"^{held(above)}" if above else "")


def _sign(part: Any, name: str, usual: str) -> str:
    """The mark that a part of a formula declares: its bracket, or the sign of its sum."""
    declared = next((e for properties in part for e in properties if name_of(e) == name), None)
    return usual if declared is None else _w(declared, "val") or ""


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
