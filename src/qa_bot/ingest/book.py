"""Electronic books (EPUB) → blocks."""

import re
from collections.abc import Iterator
from html.entities import html5
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

from qa_bot.ingest.elements import name_of
from qa_bot.ingest.markup import blocks_of, page
from qa_bot.ingest.packages import Package, xml_parser
from qa_bot.ingest.problems import LockedError, UnreadableError
from qa_bot.ingest.source import Block, SourceText, compose, one_line

_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def parse_epub(content: bytes) -> SourceText:
    """The chapters of a book in the order of its spine, without its table of contents.

    Raises: UnreadableError, LockedError, ExcessiveError.
    """
    package = Package(content)
    _check_rights(package)
    place = next((e.get("full-path") for e in package.tree("META-INF/container.xml").iter() if e.get("full-path")), "")
    book = package.tree(place)
    title = next((one_line(e.text or "") for e in book.iter() if name_of(e) == "title"), None)
    return compose(_chapters(package, book, dirname(place)), title=title or None)


def _check_rights(package: Package) -> None:
    name = "META-INF/encryption.xml"
    if name in package.names:
        methods = [e.get("Algorithm") for e in package.tree(name).iter() if name_of(e) == "encryptionmethod"]
        if any(method not in _FONTS_ONLY for method in methods):
            raise LockedError


def _chapters(package: Package, book: Any, folder: str) -> Iterator[Block]:
    items = {e.get("id"): e for e in book.iter() if name_of(e) == "item"}
    spine = [e for e in book.iter() if name_of(e) == "itemref"]
    if not spine:
        raise UnreadableError("it names no chapter")
    for reference in spine:
        item = items.get(reference.get("idref"))
        if item is None:
            raise UnreadableError(f"its chapter '{reference.get('idref')}' is missing")
        if "nav" not in (item.get("properties") or "").split() and "html" in (item.get("media-type") or "html"):
            name = normpath(join(folder, unquote(item.get("href") or "")))
            yield from blocks_of(_xhtml(package.read(name)))


def _xhtml(content: bytes) -> Any:
    """XHTML by its XML syntax where it keeps to that, else as a browser would read it."""
    from lxml import etree

    try:
        return etree.fromstring(_ENTITY.sub(_numeric, content), xml_parser())
    except etree.XMLSyntaxError:
        return page(content)


def _numeric(match: re.Match[bytes]) -> bytes:
    """A named character of HTML as a number, which XML knows without a DTD."""
    name = match.group(1)
    characters = html5.get(f"{name.decode()};")
    if name in _OF_XML or characters is None:
        return match.group()
    return "".join(f"&#{ord(c)};" for c in characters).encode()
