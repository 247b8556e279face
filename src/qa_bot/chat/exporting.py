"""A conversation as a file to keep: Markdown, or one HTML page without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_bot.chat.answer_card import certainty, marked_quotation, paragraph_label, refused
from qa_bot.chat.escaping import e
from qa_bot.chat.languages import Languages
from qa_bot.chat.references import as_markdown, plain
from qa_bot.chat.voices import standpoint, who_speaks
from qa_bot.chat.wording import say
from qa_bot.types import Answer, Citation, Excerpt

_STYLE = (
    "body{font:1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem}blockquote{margin:1rem 0;"
    "padding-left:1rem;border-left:4px solid #b98900}mark{background:#fff3c4}"
    "small{font-family:sans-serif;color:#566071}"
)


@dataclass(frozen=True, slots=True)
class Saved:
    """One turn to be saved: its answer (None: the documents have changed since) and the passages' paragraph numbers.

    `languages` holds those of the documents that the passages are from.
    """

    question: str
    answer: Answer | None
    paragraphs: tuple[int, ...] = ()
    languages: Languages = field(default_factory=dict)


def conversation_markdown(turns: Sequence[Saved], *, base: str = "") -> str:
    """Each question with its cited passages; `base` is put before each deep link."""
    parts = [f"# {say('export.heading')}"]
    for turn in turns:
        parts += [f"## {say('export.question')}", _quoted(turn.question)]
        parts += [f"{label} {_quoted(text)}" for label, text in _searched(turn.answer)]
        parts.append(f"**{plain(_verdict(turn.answer))}**")
        if turn.answer:
            parts += [
                as_markdown(c, p, base=base, short=_short_in(c, turn.answer))
                for c, p in zip(_shown(turn.answer), turn.paragraphs, strict=True)
            ]
    return "\n\n".join(parts) + "\n"


def conversation_html(turns: Sequence[Saved], *, base: str = "") -> str:
    """The same as a page that stands on its own and loads nothing."""
    body = "".join(_html_turn(turn, base) for turn in turns)
    heading = e(say("export.heading"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{heading}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{heading}</h1>{body}</body></html>"
    )


def _shown(answer: Answer) -> tuple[Citation, ...]:
    return answer.shown


def _short_in(citation: Citation, answer: Answer) -> Excerpt | None:
    return answer.short if citation.number == 1 and answer.citations else None


def _quoted(text: str) -> str:
    fence = "`" * (max((len(run) for run in _backtick_runs(text)), default=0) + 1)
    flat = " ".join(text.split())
    return f"{fence} {flat} {fence}"


def _backtick_runs(text: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in text).split()


def _verdict(answer: Answer | None) -> str:
    if answer is None:
        return say("chat.outdated")
    if answer.citations:
        return certainty(answer.confidence)
    parts = (*refused(answer), "" if answer.aside else say("export.nearest"))
    return " ".join(filter(None, parts))


def _searched(answer: Answer | None) -> list[tuple[str, str]]:
    """What was searched for, where that is not the question itself."""
    if answer is None or answer.resolved_question == answer.question:
        return []
    return [(say("card.searched"), answer.resolved_question)]


def _html_turn(turn: Saved, base: str) -> str:
    answer = turn.answer
    shown = zip(_shown(answer), turn.paragraphs, strict=True) if answer else ()
    quotes = "".join(
        _html_quote(c, p, base, _marked(c, answer, turn.languages.get(c.doc_id, ""))) for c, p in shown if answer
    )
    notes = [*(f"{label} {text}" for label, text in _searched(answer)), _verdict(answer)]
    about = "<br>".join(f'<small dir="auto">{e(note)}</small>' for note in notes)
    return f'<section><h2 dir="auto">{e(turn.question)}</h2><p>{about}</p>{quotes}</section>'


def _marked(citation: Citation, answer: Answer, lang: str) -> str:
    return f"<p{lang}>{marked_quotation(citation, short=_short_in(citation, answer))}</p>"


def _html_quote(citation: Citation, paragraph: int, base: str, quoted: str) -> str:
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
    return f'<blockquote dir="auto">{quoted}<p><small>{about}</small></p></blockquote>'
