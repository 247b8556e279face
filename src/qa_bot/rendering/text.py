"""Answers as text for a terminal: every quotation with its place, its speaker and its note in one block."""

import textwrap
from collections.abc import Iterator

from qa_bot.perspective import question_echo
from qa_bot.types import Answer, Citation, Excerpt, Status

WIDTH = 100
LEVELS = ((0.8, "high"), (0.6, "fair"), (0.0, "low"))  # words for the probability that citation 1 answers


def answer_text(answer: Answer, *, width: int = WIDTH) -> str:
    """The answer with its citations, or the refusal with the nearest passages, wrapped to a width in columns."""
    shown = answer.citations or answer.closest
    lines = [*_head(answer), *(line for citation in shown for line in _block(citation, width))]
    if shown:
        lines += ["", *textwrap.wrap(answer.perspective_note, width)]
    return "\n".join(lines)


def level(confidence: float) -> str:
    """A word for a probability."""
    return next(word for floor, word in LEVELS if confidence >= floor)


def _head(answer: Answer) -> Iterator[str]:
    if answer.resolved_question != answer.question:
        yield f"Searched for: {answer.resolved_question}"
    if answer.status is Status.NOT_IN_SOURCES:
        yield answer.text
        return
    if echo := question_echo(answer.question):
        yield echo
    yield f"Confidence that quotation 1 answers: {level(answer.confidence)} ({answer.confidence:.2f})"
    if answer.short:
        yield f"Short answer, in the words of the source: “{answer.short.text}”"


def _block(citation: Citation, width: int) -> Iterator[str]:
    yield ""
    outside = [e for e in citation.perspective.attribution if not citation.span.overlaps(e.span)]
    quoted = " ".join(f"“{_flat(text)}”" for text in _in_order(outside, citation))
    yield from textwrap.wrap(f"[{citation.number}] {quoted}", width, subsequent_indent="    ")
    section = f", section “{citation.section}”" if citation.section else ""
    place = f"{citation.title}{section}, characters {citation.span.start}-{citation.span.end}"
    for label, value in (("Source", place), ("Who speaks", citation.perspective.note), ("Loaded", _loaded(citation))):
        if value:
            yield from textwrap.wrap(f"{label}: {value}", width, initial_indent="    ", subsequent_indent="      ")


def _in_order(outside: list[Excerpt], citation: Citation) -> list[str]:
    """The words that show the speaker and the quotation, as they follow one another in the source."""
    excerpts = sorted([*outside, Excerpt(citation.span, citation.quote)], key=lambda e: e.span)
    return [e.text for e in excerpts]


def _loaded(citation: Citation) -> str:
    return "; ".join(f"“{term.text}” ({term.category.replace('_', ' ')})" for term in citation.perspective.loaded)


def _flat(text: str) -> str:
    return " ".join(text.split())
