"""Markdown → blocks, by way of the HTML that CommonMark defines for it."""

import re

from qa_bot.ingest.markup import blocks_of, fragment
from qa_bot.ingest.plain import decoded
from qa_bot.ingest.source import SourceText, compose

_KEY = re.compile(r"[\w-]+\s*:")  # what a line of metadata begins with
MAX_NESTING = 10_000  # never reached: what nests so deeply is an error, where the parser's own limit drops it


def parse_markdown(content: bytes) -> SourceText:
    """The text as it is displayed: without marks of emphasis, addresses of links, comments and raw HTML's tags."""
    from markdown_it import MarkdownIt

    text, warnings = decoded(content)
    markup = (
        MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
        .enable(["table", "strikethrough"])
        .render(_without_front_matter(text))
    )
    return compose(blocks_of(fragment(markup)), warnings=warnings)


def _without_front_matter(text: str) -> str:
    """Text without the block of metadata between two lines `---` that many programs put first."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return text
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end and not (end == 1 or _KEY.match(lines[1])):  # the line was a rule, and what follows is text
        end = None
    return text if end is None else "".join(lines[end + 1 :])
