"""The list of documents: what there is, from whose standpoint, and which of them questions are asked of."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from qa_bot.chat.escaping import e
from qa_bot.chat.wording import say
from qa_bot.ingest import SUFFIXES
from qa_bot.types import Document, Outline


@dataclass(frozen=True, slots=True)
class Intake:
    """Who may add and remove documents, told by a request, and how many bytes a document may have."""

    allowed: Callable[[Request], bool]
    max_bytes: int

    def largest(self, request: Request | None) -> int | None:
        """How large a document who makes a request may add; None: may not add any."""
        return self.max_bytes if request is not None and self.allowed(request) else None


def library(
    documents: Sequence[Document],
    outline_of: Callable[[str], Outline],
    *,
    chosen: Collection[str] = (),
    parties: Collection[str] = (),
    largest: int | None = None,
) -> str:
    """The list; `chosen` documents and `parties` are ticked.

    Documents of up to `largest` bytes can be added and any can be removed; None: neither is offered.
    """
    may_change = largest is not None
    rows = "".join(
        _row(d, outline_of(d.doc_id), ticked=d.doc_id in chosen, removable=may_change and len(documents) > 1)
        for d in documents
    )
    news = '<p class="shelf-news" role="status"></p>' if may_change else ""
    return (
        f'<div class="pane" data-view="library" data-turn="0"><div class="pane-head"><div class="title">'
        f'<h2>{e(say("library.heading"))}</h2>{ways_back()}</div><p class="quiet">{e(say("library.body"))}</p>'
        f'{news}</div><div class="library doc"><div class="filter"><ul>{rows}</ul>{_party_choice(documents, parties)}'
        f'<p class="buttons"><button type="button" class="primary" data-do="filter">{e(say("library.apply"))}</button>'
        f'<button type="button" data-do="unfilter">{e(say("library.reset"))}</button></p></div>'
        f"{_shelf(largest) if largest else ''}</div></div>"
    )


def declared_parties(documents: Sequence[Document]) -> tuple[str, ...]:
    """The parties from whose standpoint some document speaks, in order of the documents."""
    return tuple(dict.fromkeys(d.party for d in documents if d.party))


def standpoints(documents: Sequence[Document]) -> tuple[str, ...]:
    """The declared standpoints in words, in order of the documents, and that some are undeclared if so."""
    parties = declared_parties(documents)
    undeclared = any(not declared_parties([d]) for d in documents)
    tags = tuple(say("standpoint.tag", party=party) for party in parties)
    return (*tags, say("standpoint.undeclared")) if undeclared else tags


def _row(document: Document, outline: Outline, *, ticked: bool, removable: bool) -> str:
    words = len(document.text.split())
    facts = " · ".join(filter(None, (_sections(outline), say("library.words", count=f"{words:,}"))))
    return (
        f'<li><label><input type="checkbox" name="doc" value="{e(document.doc_id)}"{" checked" if ticked else ""}>'
        f'<span><strong dir="auto">{e(document.title)}</strong><span class="facts">'
        f'<span class="tag" dir="auto">◐ {e(document.holder or say("standpoint.undeclared"))}</span> '
        f'<span class="quiet">{e(facts)}</span></span></span></label><span class="ways">'
        f'<button type="button" data-do="open" data-doc="{e(document.doc_id)}">{e(say("library.open"))}</button>'
        f"{_removal(document) if removable else ''}</span></li>"
    )


def _sections(outline: Outline) -> str:
    count = sum(1 for s in outline.sections if s.heading)
    return say("library.sections", count=count) if count > 1 else say("library.section") if count else ""


def _removal(document: Document) -> str:
    label = e(say("shelf.remove_of", name=document.title))
    named = f'data-doc="{e(document.doc_id)}" data-name="{e(document.title)}"'
    return (
        f'<button type="button" data-do="ask-to-remove" aria-label="{label}">{e(say("shelf.remove"))}</button>'
        f'<span class="sure" hidden><span>{e(say("shelf.sure"))}</span>'
        f'<button type="button" class="primary" data-do="remove" {named}>{e(say("shelf.remove"))}</button>'
        f'<button type="button" data-do="keep">{e(say("shelf.keep"))}</button></span>'
    )


def _size(bytes_: int) -> str:
    return f"{bytes_ // 1_000_000} MB" if bytes_ >= 1_000_000 else f"{bytes_ // 1_000} kB"


def _shelf(largest: int) -> str:
    known, limit = " ".join(SUFFIXES), _size(largest)
    return (
        f'<section class="shelf" data-suffixes="{e(known)}" data-bytes="{largest}" data-limit="{limit}">'
        f"<h3>{e(say('shelf.heading'))}</h3>"
        f'<p class="quiet">{e(say("shelf.body", known=known, limit=limit))}</p>'
        f'<div class="field"><label for="shelf-source">{e(say("shelf.source"))}</label>'
        f'<input type="file" id="shelf-source" name="source" accept="{e(",".join(SUFFIXES))}"></div>'
        f'<div class="field"><label for="shelf-card">{e(say("shelf.card"))}</label>'
        f'<input type="file" id="shelf-card" name="card" accept=".toml" aria-describedby="shelf-card-body"></div>'
        f'<p class="quiet" id="shelf-card-body">{e(say("shelf.card_body"))}</p>'
        f'<label><input type="checkbox" name="replace"> {e(say("shelf.replace"))}</label>'
        f'<p class="buttons"><button type="button" class="primary" data-do="add">{e(say("shelf.add"))}</button></p>'
        f'<progress hidden max="1" value="0" aria-label="{e(say("shelf.heading"))}"></progress></section>'
    )


def _party_choice(documents: Sequence[Document], parties: Collection[str]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="party" value="{e(p)}"{" checked" if p in parties else ""}> {e(p)}</label>'
        for p in declared_parties(documents)
    )
    return f"<fieldset><legend>{e(say('library.parties'))}</legend>{boxes}</fieldset>" if boxes else ""


def ways_back() -> str:
    """The buttons that leave a pane which shows no document: to the document, and on a phone to the conversation."""
    return (
        f'<span class="ways"><button type="button" data-do="back">{e(say("pane.back"))}</button>'
        f'<button type="button" class="close" data-do="close" aria-label="{e(say("pane.close"))}">✕</button></span>'
    )
