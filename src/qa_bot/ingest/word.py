"""Word documents → blocks, by way of the HTML that mammoth makes of their styles."""

from io import BytesIO
from typing import Any

from qa_bot.ingest.markup import blocks_of, fragment, name_of
from qa_bot.ingest.packages import Package
from qa_bot.ingest.problems import LockedError, UnreadableError
from qa_bot.ingest.source import SourceText, compose, one_line

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # what old Word files and encrypted new ones begin with
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


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
    made = mammoth.convert_to_html(BytesIO(content), style_map=_style_map(package), convert_image=images)
    return compose(blocks_of(fragment(made.value)), title=_core_title(package))


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
