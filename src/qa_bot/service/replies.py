"""An answer as one text for doors that carry text: fixed wording, quotations with their speakers, numbered sources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.types import Answer, Citation, Span

SOURCES = "Sources:"
NEAREST = "Nearest passages (not an answer):"


@dataclass(frozen=True, slots=True)
class Reply:
    """The text, and for each citation (or nearest passage) in order the span of its entry in the list of sources."""

    text: str
    marks: tuple[Span, ...]
    base_url: str

    def paragraphs(self) -> list[str]:
        """The text in pieces that end at paragraph breaks; joined they are the text."""
        return re.findall(r".+?(?:\n{2,}|\Z)", self.text, re.DOTALL)


def reply_to(answer: Answer, *, base_url: str = "") -> Reply:
    """The text of an answer with the list of its sources; links begin with `base_url`."""
    cited = answer.shown
    if not cited:
        return Reply(answer.text, (), base_url)
    lines = [_source(citation, base_url) if answer.citations else _nearest(citation, base_url) for citation in cited]
    head = f"{answer.text}\n\n{SOURCES if answer.citations else NEAREST}"
    marks, end = [], len(head)
    for line in lines:
        marks.append(Span(end + 1, end + 1 + len(line)))
        end += 1 + len(line)
    return Reply("\n".join((head, *lines)), tuple(marks), base_url)


def _source(citation: Citation, base_url: str) -> str:
    return f"{_place(citation, base_url)}\n{citation.perspective.note}"


def _nearest(citation: Citation, base_url: str) -> str:
    """A nearest passage with the words that show its speaker, so that no quotation stands alone."""
    quoted = " … ".join(f"“{part}”" for part in (*_outside(citation), citation.quote))
    return f"{_place(citation, base_url)}\n{quoted} ({citation.perspective.note})"


def _place(citation: Citation, base_url: str) -> str:
    section = f", “{citation.section}”" if citation.section else ""
    place = f"characters {citation.span.start}–{citation.span.end}"
    return f"[{citation.number}] {citation.title}{section}, {place}: {base_url}{citation.href}"


def _outside(citation: Citation) -> Sequence[str]:
    return [part.text for part in citation.perspective.attribution if not citation.span.covers(part.span)]
