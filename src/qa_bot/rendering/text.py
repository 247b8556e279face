"""Answers as text for a terminal: every quotation with its place, its speaker and its note in one block."""

import textwrap
from collections.abc import Iterator

from qa_bot.perspective import question_echo
from qa_bot.types import Answer, Citation, Excerpt, Status

WIDTH = 100
_BOLD, _PLAIN = "\ufdd0", "\ufdd1"  # noncharacters while lines are made, the codes of terminals at the end
_CODES = {ord(_BOLD): "\x1b[1m", ord(_PLAIN): "\x1b[22m"}
# A source may hold control characters, and a terminal would obey them.
_SHOWN = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if code != ord("\n")} | _CODES
LEVELS = ((0.8, "high"), (0.6, "fair"), (0.0, "low"))  # words for the probability that citation 1 answers


def answer_text(answer: Answer, *, width: int = WIDTH, bold: bool = False) -> str:
    """The answer with its citations, or the refusal with the nearest passages, wrapped to a width in columns.

    `bold` marks the short answer inside its quotation, by the codes that terminals know.
    """
    shown = answer.shown
    lines = [
        *_head(answer, width),
        *(line for citation in shown for line in _block(citation, width, answer.short, bold=bold)),
    ]
    if shown:
        lines += ["", *textwrap.wrap(answer.perspective_note, width)]
    return "\n".join(lines).translate(_SHOWN)


def level(confidence: float) -> str:
    """A word for a probability."""
    return next(word for floor, word in LEVELS if confidence >= floor)


def _head(answer: Answer, width: int) -> Iterator[str]:
    if answer.resolved_question != answer.question:
        yield f"Searched for: {answer.resolved_question}"
    if answer.status is Status.NOT_IN_SOURCES:
        yield from textwrap.wrap(answer.text, width)
        return
    if echo := question_echo(answer.question):
        yield echo
    yield f"Confidence that quotation 1 answers: {level(answer.confidence)} ({answer.confidence:.2f})"


def _block(citation: Citation, width: int, short: Excerpt | None, *, bold: bool) -> Iterator[str]:
    """A quotation with its place and its speaker; the short answer, which is somebody's words too, among them."""
    yield ""
    outside = [e for e in citation.perspective.attribution if not citation.span.overlaps(e.span)]
    marked = short if short and citation.number == 1 and citation.span.covers(short.span) else None
    quoted = " ".join(f"“{_flat(text)}”" for text in _in_order(outside, citation, marked if bold else None))
    yield from textwrap.wrap(f"[{citation.number}] {quoted}", width, subsequent_indent="    ")
    section = f", section “{citation.section}”" if citation.section else ""
    place = f"{citation.title}{section}, characters {citation.span.start}-{citation.span.end}"
    about = {
        "Short answer": f"“{_flat(marked.text)}”" if marked else "",
        "Source": place,
        "Who speaks": citation.perspective.note,
        "Loaded": _loaded(citation),
    }
    for label, value in about.items():
        if value:
            yield from textwrap.wrap(f"{label}: {value}", width, initial_indent="    ", subsequent_indent="      ")


def _in_order(outside: list[Excerpt], citation: Citation, short: Excerpt | None) -> list[str]:
    """The words that show the speaker and the quotation, as they follow one another in the source."""
    excerpts = sorted([*outside, Excerpt(citation.span, _emphasised(citation, short))], key=lambda e: e.span)
    return [e.text for e in excerpts]


def _emphasised(citation: Citation, short: Excerpt | None) -> str:
    quote, start = citation.quote, citation.span.start
    if short is None:
        return quote
    first, last = short.span.start - start, short.span.end - start
    return f"{quote[:first]}{_BOLD}{quote[first:last]}{_PLAIN}{quote[last:]}"


def _loaded(citation: Citation) -> str:
    return "; ".join(f"“{term.text}” ({term.category.replace('_', ' ')})" for term in citation.perspective.loaded)


def _flat(text: str) -> str:
    return " ".join(text.split())
