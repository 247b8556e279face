"""A source text as bytes: between the process that parses and the one that asks, and in the cache."""

import hashlib
import json
from typing import Any

from qa_bot.ingest.source import SourceText
from qa_bot.types import Heading, Layout, Span


def packed(source: SourceText) -> bytes:
    """A source text as one line of JSON behind its checksum."""
    layout = source.layout
    content: dict[str, Any] = {"text": source.text, "title": source.title, "warnings": source.warnings}
    if layout:
        content["paragraphs"] = [(p.start, p.end) for p in layout.paragraphs]
        content["headings"] = [(h.span.start, h.span.end, h.level) for h in layout.headings]
        content["pages"] = layout.pages
    body = json.dumps(content, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unpacked(data: bytes) -> SourceText:
    """The source text that was packed.

    Raises: ValueError: it is not complete.
    """
    checksum, _, body = data.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise ValueError("a packed source text is not complete")
    content = json.loads(body)
    layout = None
    if "paragraphs" in content:
        layout = Layout(
            tuple(Span(start, end) for start, end in content["paragraphs"]),
            tuple(Heading(Span(start, end), level) for start, end, level in content["headings"]),
            tuple(content["pages"]),
        )
    return SourceText(content["text"], layout, content["title"], tuple(content["warnings"]))
