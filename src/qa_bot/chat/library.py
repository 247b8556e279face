"""The list of documents: what there is, from whose standpoint, and which of them questions are asked of."""

from collections.abc import Callable, Collection, Sequence

from qa_bot.chat.escaping import e
from qa_bot.chat.wording import say
from qa_bot.types import Document, Outline


def library(
    documents: Sequence[Document],
    outline_of: Callable[[str], Outline],
    *,
    chosen: Collection[str] = (),
    parties: Collection[str] = (),
) -> str:
    """The list as a form; `chosen` documents and `parties` are ticked."""
    rows = "".join(_row(d, outline_of(d.doc_id), ticked=d.doc_id in chosen) for d in documents)
    return (
        f'<div class="pane" data-view="library" data-turn="0"><div class="pane-head"><div class="title">'
        f'<h2>{e(say("library.heading"))}</h2>{_back()}</div><p class="quiet">{e(say("library.body"))}</p></div>'
        f'<form class="library doc"><ul>{rows}</ul>{_party_choice(documents, parties)}'
        f'<p class="buttons"><button type="button" class="primary" data-do="filter">{e(say("library.apply"))}</button>'
        f'<button type="button" data-do="unfilter">{e(say("library.reset"))}</button></p></form></div>'
    )


def declared_parties(documents: Sequence[Document]) -> tuple[str, ...]:
    """The parties from whose standpoint some document speaks, in order of the documents."""
    values = (d.card.value("perspective.party") for d in documents if d.card)
    return tuple(dict.fromkeys(v for v in values if v and v != "unknown"))


def standpoints(documents: Sequence[Document]) -> tuple[str, ...]:
    """The declared standpoints in words, in order of the documents, and that some are undeclared if so."""
    parties = declared_parties(documents)
    undeclared = any(not declared_parties([d]) for d in documents)
    tags = tuple(say("standpoint.tag", party=party) for party in parties)
    return (*tags, say("standpoint.undeclared")) if undeclared else tags


def _row(document: Document, outline: Outline, *, ticked: bool) -> str:
    card = document.card
    standpoint = card.value("perspective.holder") if card else None
    sections = sum(1 for s in outline.sections if s.heading)
    facts = f"{say('library.sections', count=sections)} · {say('library.words', count=len(document.text.split()))}"
    return (
        f'<li><label><input type="checkbox" name="doc" value="{e(document.doc_id)}"{" checked" if ticked else ""}>'
        f'<span><strong dir="auto">{e(document.title)}</strong><br>'
        f'<span class="tag">◐ {e(standpoint or say("standpoint.undeclared"))}</span> '
        f'<span class="quiet">{e(facts)}</span></span></label>'
        f'<button type="button" data-do="open" data-doc="{e(document.doc_id)}">{e(say("library.open"))}</button></li>'
    )


def _party_choice(documents: Sequence[Document], parties: Collection[str]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="party" value="{e(p)}"{" checked" if p in parties else ""}> {e(p)}</label>'
        for p in declared_parties(documents)
    )
    return f"<fieldset><legend>{e(say('library.parties'))}</legend>{boxes}</fieldset>" if boxes else ""


def _back() -> str:
    return f'<button type="button" data-do="back">{e(say("pane.back"))}</button>'
