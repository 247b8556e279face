"""Web pages → blocks: an HTML file, or a page saved with everything it shows as one MHTML archive."""

import codecs
import email.policy
import re
from email.errors import CloseBoundaryNotFoundDefect
from email.parser import BytesParser
from typing import Any

from qa_bot.ingest.charsets import encoding_of
from qa_bot.ingest.elements import name_of
from qa_bot.ingest.markup import blocks_of, page
from qa_bot.ingest.plain import decoded
from qa_bot.ingest.problems import UnreadableError
from qa_bot.ingest.source import SourceText, compose, one_line

_DECLARED = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_OPENED, _CLOSED = re.compile(r"<html[\s>]", re.IGNORECASE), re.compile(r"</html\s*>", re.IGNORECASE)
_SEARCHED = 8_192  # bytes in which a declared encoding is looked for; a browser looks at 1,024
_FURNITURE = frozenset({"banner", "complementary", "contentinfo", "menu", "navigation", "search"})
_OUTSIDE = frozenset({"aside", "footer", "header", "nav"})  # of the page, not of an article in it


def parse_html(content: bytes) -> SourceText:
    """What the page has to say: its only `main` or `article` if there is one, without navigation and asides."""
    return _page_text(content, None)


def parse_mhtml(content: bytes) -> SourceText:
    """The same of the page that an archive was made of.

    Raises: UnreadableError: there is no HTML in it, or its end is missing.
    """
    message = BytesParser(policy=email.policy.default).parsebytes(content)
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in message.defects):
        raise UnreadableError("it is cut short")
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _page_text(payload, part.get_content_charset())
    raise UnreadableError("it holds no web page")


def _page_text(content: bytes, charset: str | None) -> SourceText:
    text, warnings = _decoded(content, charset)
    root = page(text.encode(errors="replace"), "utf-8")
    if _OPENED.search(text) and not _CLOSED.search(text):
        warnings += ("begins with <html> but does not end with </html>; it may be cut short",)
    title = next((one_line(t.text or "") for t in root.iter("title")), None)
    return compose(blocks_of(_main(root)), title=title or None, warnings=warnings)


def _decoded(content: bytes, charset: str | None) -> tuple[str, tuple[str, ...]]:
    """Text as the page declares its encoding, else as it turns out to be; a wrong declaration is a warning.

    Raises: UnicodeDecodeError: no encoding is certain.
    """
    found = _DECLARED.search(content, 0, _SEARCHED)
    declared = charset or (found.group(1).decode() if found else None)
    if declared is None or content.startswith(codecs.BOM_UTF8):
        return decoded(content)
    encoding = encoding_of(declared)
    if found and encoding and encoding.startswith("utf-16"):
        encoding = "utf-8"  # what can be found byte by byte is not in UTF-16
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"  # a mark goes before what is declared
    # No text of another encoding is valid UTF-8 by chance, unless it is all ASCII.
    wrong = encoding is None or (encoding != "utf-8" and not content.isascii() and _is_utf8(content))
    try:
        if encoding and not wrong:
            return content.decode(encoding), ()
    except (LookupError, UnicodeError):  # Python has codecs of what is no text, too
        pass
    text, warnings = decoded(content)
    return text, warnings or (f"declares the encoding {declared}, but was read as utf-8, which fits",)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _main(root: Any) -> Any:
    """The element that holds what the page has to say, without what only leads to other pages."""
    chosen = next((only for name in ("main", "article") if (only := _only(root, name)) is not None), None)
    start = root if chosen is None else chosen
    for element in list(start.iterdescendants()):
        if element.get("role") in _FURNITURE or _leads_away(element, inside=chosen is not None):
            _drop(element)
    return start


def _only(root: Any, name: str) -> Any:
    found = [e for e in root.iterdescendants() if name_of(e) == name or (name == "main" and e.get("role") == "main")]
    outermost = [e for e in found if not any(above in found for above in e.iterancestors())]
    return outermost[0] if len(outermost) == 1 else None


def _leads_away(element: Any, *, inside: bool) -> bool:
    name = name_of(element)
    if name in ("nav", "aside"):
        return name == "nav" or not inside
    within = any(name_of(above) in ("article", "main", "section") for above in element.iterancestors())
    return name in _OUTSIDE and not inside and not within and not _holds_heading_alone(element)


def _holds_heading_alone(element: Any) -> bool:
    """Whether a header is that of a document (its title, as pandoc writes it) and not that of a site (with links)."""
    return name_of(element) == "header" and not any(name_of(inner) == "a" for inner in element.iterdescendants())


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()
