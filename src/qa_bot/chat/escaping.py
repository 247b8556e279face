"""Escaping: the only two ways by which foreign text enters the page.

`e` is for HTML that the page shows as it is, `md` for Markdown that the chat renders. Both are total, and both are
undone by `html.unescape`, so that what a reader sees is character for character what the source holds.
"""

_INERT_IN_HTML = {ord(c): f"&#{ord(c)};" for c in "&<>\"'${}`\r"}  # `$ { } backtick`: for template engines
_INERT_IN_MARKDOWN = {ord(c): f"&#{ord(c)};" for c in "\\*_[]()#+-.!|~:@/=^\n\t"}
_HTML = _INERT_IN_HTML | {0: "\ufffd"}  # HTML has no NUL
_MARKDOWN = _HTML | _INERT_IN_MARKDOWN


def e(text: object) -> str:
    """Text made inert for HTML, between tags and inside quoted attributes alike."""
    return str(text).translate(_HTML)


def md(text: object) -> str:
    """Text made inert for Markdown with HTML in it: no emphasis, link, formula, list or line break comes of it."""
    return str(text).translate(_MARKDOWN)
