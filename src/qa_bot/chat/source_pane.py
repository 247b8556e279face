"""The source pane: the document's standpoint, the cited passages, and the text with each passage in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_bot.chat.answer_card import differ, words_by_reason
from qa_bot.chat.document_text import Block, document_text, window_around
from qa_bot.chat.escaping import e
from qa_bot.chat.languages import Languages
from qa_bot.chat.perspective_card import perspective_card
from qa_bot.chat.references import as_bibtex, as_markdown, as_text
from qa_bot.chat.voices import standpoint, voice_kind, voice_label, who_speaks
from qa_bot.chat.wording import say
from qa_bot.types import Citation, Document, Excerpt, Perspective


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pane shows: a document and passages of it and of others, one of them active (0: none).

    `paragraphs` holds the paragraph number of each citation, in its own document. `kind` is the catalogue key of the
    list's label; `turn` is the turn that the passages belong to (0: none); `short` is the short answer inside the
    first of them.
    """

    document: Document
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...] = ()
    paragraphs: tuple[int, ...] = ()
    active: int = 0
    turn: int = 0
    kind: str = "pane.cited"
    profile: str = ""
    short: Excerpt | None = None
    languages: Languages = field(default_factory=dict)


def source_pane(shown: Shown) -> str:
    """The whole pane as HTML, the active passage's document in it."""
    active = next((c for c in shown.citations if c.number == shown.active), None)
    here = tuple(c for c in shown.citations if c.doc_id == shown.document.doc_id)
    window = window_around(shown.blocks, active.span.start if active else 0)
    short = shown.short if any(c.number == 1 for c in here) else None
    text = document_text(shown.document, shown.blocks, window, here, active=shown.active, short=short)
    nearest = " nearest" if shown.kind == "pane.nearest" else ""
    return (
        f'<div class="pane{nearest}" data-doc="{e(shown.document.doc_id)}" data-turn="{shown.turn}" '
        f'data-active="{shown.active}">'
        f'<div class="pane-head">{_title(shown.document)}'
        f"{perspective_card(shown.document, extra=shown.profile)}{_passages(shown)}</div>"
        f'<div class="doc" tabindex="0" role="region" aria-label="{e(say("pane.text"))}">'
        f'<div class="paper">{text}</div></div></div>'
    )


def message_pane(text: str) -> str:
    """A pane that holds only a sentence."""
    return f'<div class="pane" data-turn="0"><div class="pane-head"><p>{e(text)}</p>{_close()}</div></div>'


def selection_note(perspective: Perspective, quote: str, lang: str = "") -> str:
    """What is known about words that a reader has selected: voice, speaker, loaded words, note."""
    loaded = "".join(_load(*group, words) for group, words in words_by_reason(perspective.loaded).items())
    listed = f"<h4>{e(say('card.loaded'))}</h4><ul>{loaded}</ul>" if loaded else ""
    return (
        f'<h3>{e(say("pane.selection"))}</h3><p class="line" dir="auto"{lang}>“{e(quote)}”</p>'
        f'<p class="voice {voice_kind(perspective)}">{e(who_speaks(perspective))}</p>'
        f"<p>{e(perspective.note)}</p>{listed}"
    )


def _load(kind: str, reason: str, words: Sequence[str]) -> str:
    listed = ", ".join(f'“<span dir="auto">{e(word)}</span>”' for word in words)
    return f'<li>{listed} {e(kind)} · <span class="quiet">{e(reason)}</span></li>'


def _title(document: Document) -> str:
    return f'<div class="title"><h2 dir="auto">{e(document.title)}</h2>{_close()}</div>'


def _close() -> str:
    return f'<button type="button" class="close" data-do="close" aria-label="{e(say("pane.close"))}">✕</button>'


def _passages(shown: Shown) -> str:
    if not shown.citations:
        return ""
    several = differ(shown.citations)
    items = "".join(
        _passage(c, paragraph, shown, tag=_tag(c) if several else "")
        for c, paragraph in zip(shown.citations, shown.paragraphs, strict=True)
    )
    return (
        f'<section class="cited" aria-label="{e(say(shown.kind))}">'
        f'<div class="cited-bar"><h3>{e(say(shown.kind))}</h3>{_return(shown)}{_stepper(shown)}{_copy_menu()}</div>'
        f'<ol class="passages">{items}</ol></section>'
    )


def _return(shown: Shown) -> str:
    # The page's script shows it where there is an answer to go back to.
    return "" if shown.turn else f'<button type="button" data-do="return" hidden>{e(say("pane.return"))}</button>'


def _stepper(shown: Shown) -> str:
    total = len(shown.citations)
    if total < 2:
        return ""
    position = say("pane.position", number=shown.active or 1, total=total)
    return (
        f'<span class="position" aria-live="polite">{e(position)}</span>'
        f'<button type="button" data-do="previous" aria-label="{e(say("pane.previous"))}">‹</button>'
        f'<button type="button" data-do="next" aria-label="{e(say("pane.next"))}">›</button>'
    )


def _copy_menu() -> str:
    kinds = ("text", "markdown", "reference")
    buttons = "".join(f'<button type="button" data-copy="{k}">{e(say(f"pane.copy_{k}"))}</button>' for k in kinds)
    return f'<details class="menu copy"><summary>{e(say("pane.copy"))}</summary><div>{buttons}</div></details>'


def _tag(citation: Citation) -> str:
    return f'<span class="tag" dir="auto">◐ {e(standpoint(citation.perspective))}</span> '


def _passage(citation: Citation, paragraph: int, shown: Shown, *, tag: str) -> str:
    marker = ' aria-current="true"' if citation.number == shown.active else ""
    short = shown.short if citation.number == 1 else None
    copies = {
        "text": as_text(citation, paragraph),
        "markdown": as_markdown(citation, paragraph, short=short),
        "reference": as_bibtex(citation, paragraph),
    }
    data = " ".join(f'data-{kind}="{e(copy)}"' for kind, copy in copies.items())
    lang = shown.languages.get(citation.doc_id, "")
    return (
        f'<li><button type="button" class="passage" data-number="{citation.number}" data-doc="{e(citation.doc_id)}" '
        f'data-href="{e(citation.href)}" {data}{marker}><span class="number">{citation.number}</span> '
        f'<span class="line" dir="auto"{lang}>{e(citation.quote)}</span> {tag}'
        f'<span class="voice {voice_kind(citation.perspective)}">{e(voice_label(citation.perspective))}</span>'
        "</button></li>"
    )


def empty_pane() -> str:
    """The pane of a corpus without documents."""
    return message_pane(say("pane.empty"))


def citations_from(citations: Sequence[Citation], number: int) -> int:
    """The number of the passage to make active: the one asked for if it exists, else the first, else 0."""
    numbers = [c.number for c in citations]
    return number if number in numbers else (numbers[0] if numbers else 0)
