"""A conversation as a file to keep: Markdown, or one HTML page without scripts."""

from collections.abc import Sequence

from qa_bot.chat.answer_card import certainty, marked_quotation, paragraph_label
from qa_bot.chat.escaping import e
from qa_bot.chat.references import as_markdown
from qa_bot.chat.voices import standpoint, who_speaks
from qa_bot.chat.wording import say
from qa_bot.types import Answer, Citation

_STYLE = (
    "body{font:1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem}blockquote{margin:1rem 0;"
    "padding-left:1rem;border-left:4px solid #b98900}mark{background:#fff3c4}"
    "small{font-family:sans-serif;color:#566071}"
)


def conversation_markdown(answers: Sequence[tuple[Answer, Sequence[int]]], *, base: str = "") -> str:
    """Each question with its cited passages; `answers` holds each answer with its passages' paragraph numbers.

    `base` is put before each deep link.
    """
    parts = [f"# {say('export.heading')}"]
    for answer, paragraphs in answers:
        parts += [f"## {say('export.question')}", _quoted(answer.question)]
        if not answer.citations:
            parts.append(f"**{say('export.not_in_sources')}**")
        parts += [as_markdown(c, p, base=base) for c, p in zip(_shown(answer), paragraphs, strict=True)]
    return "\n\n".join(parts) + "\n"


def conversation_html(answers: Sequence[tuple[Answer, Sequence[int]]], *, base: str = "") -> str:
    """The same as a page that stands on its own and loads nothing."""
    body = "".join(_html_turn(answer, paragraphs, base) for answer, paragraphs in answers)
    heading = e(say("export.heading"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{heading}</h1>{body}</body></html>"
    )


def _shown(answer: Answer) -> tuple[Citation, ...]:
    return answer.citations or answer.closest


def _quoted(text: str) -> str:
    fence = "`" * (max((len(run) for run in _backtick_runs(text)), default=0) + 1)
    flat = " ".join(text.split())
    return f"{fence} {flat} {fence}"


def _backtick_runs(text: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in text).split()


def _html_turn(answer: Answer, paragraphs: Sequence[int], base: str) -> str:
    note = certainty(answer.confidence) if answer.citations else say("export.not_in_sources")
    quotes = "".join(_html_quote(c, p, base) for c, p in zip(_shown(answer), paragraphs, strict=True))
    return f'<section><h2 dir="auto">{e(answer.question)}</h2><p><small>{e(note)}</small></p>{quotes}</section>'


def _html_quote(citation: Citation, paragraph: int, base: str) -> str:
    perspective = citation.perspective
    named = [a.text for a in perspective.attribution if not citation.span.covers(a.span)]
    lines = [
        f"{citation.title}, {paragraph_label(citation, paragraph)}",
        who_speaks(perspective),
        *(f"{say('card.named_in')} “{text}”" for text in named),
        f"{standpoint(perspective)}. {perspective.note}",
        base + citation.href,
    ]
    about = "<br>".join(e(line) for line in lines)
    return f'<blockquote dir="auto"><p>{marked_quotation(citation)}</p><p><small>{about}</small></p></blockquote>'
