"""The contrast view: what the documents of each party say about one question, in columns of equal room."""

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.bot import Bot
from qa_bot.chat.answer_card import marked_quotation
from qa_bot.chat.escaping import e
from qa_bot.chat.languages import Languages
from qa_bot.chat.library import declared_parties, ways_back
from qa_bot.chat.voices import voice_kind, who_speaks
from qa_bot.chat.wording import say
from qa_bot.perspective import Column, by_party, question_echo
from qa_bot.types import Citation, Document

PER_PARTY = 3  # passages in a column


def contrast(bot: Bot, question: str) -> tuple[Column, ...]:
    """One column for each declared party, for each that a document is declared to be against, then the undeclared.

    Each party's documents are asked by themselves, so that no side crowds out another.
    Raises: QuestionError: the question cannot be asked.
    """
    documents = bot.documents
    parties = declared_parties(documents)
    found = [_ask(bot, question, parties=(party,)) for party in parties]
    undeclared = [d.doc_id for d in documents if not declared_parties([d])]
    found += [_ask(bot, question, doc_ids=undeclared)] if undeclared else []
    numbered = [replace(c, number=n) for n, c in enumerate((c for cited in found for c in cited), 1)]
    columns = by_party(numbered, (*parties, *_opposed(documents, parties)))
    silent = {p for p, cited in zip(parties, found, strict=False) if not cited}
    return tuple(replace(c, note=say("contrast.silent")) if c.party in silent else c for c in columns)


def contrast_view(question: str, columns: Sequence[Column], languages: Languages | None = None) -> str:
    """The columns as HTML for the source pane."""
    body = "".join(_column(column, languages or {}) for column in columns)
    about = " ".join(filter(None, (say("contrast.body"), question_echo(question))))
    return (
        f'<div class="pane" data-view="contrast" data-turn="0"><div class="pane-head"><div class="title">'
        f"<h2>{e(say('contrast.heading'))}</h2>{ways_back()}</div>"
        f'<p class="asked" dir="auto">{e(question)}</p><p class="quiet">{e(about)}</p></div>'
        f'<div class="doc" tabindex="0" role="region" aria-label="{e(say("contrast.heading"))}">'
        f'<div class="contrast">{body}</div></div></div>'
    )


def _ask(
    bot: Bot, question: str, *, doc_ids: Sequence[str] | None = None, parties: Sequence[str] | None = None
) -> tuple[Citation, ...]:
    return bot.ask(question, max_citations=PER_PARTY, doc_ids=doc_ids, parties=parties).citations


def _opposed(documents: Sequence[Document], declared: Sequence[str]) -> list[str]:
    """The parties that some document is declared to be against and for which no document speaks."""
    stances = (stance for d in documents if d.card for stance in d.card.stance.items())
    return [party for party, stance in stances if stance == "against" and party not in declared]


def _column(column: Column, languages: Languages) -> str:
    passages = "".join(_passage(c, languages.get(c.doc_id, "")) for c in column.citations)
    note = f'<p class="quiet">{e(column.note)}</p>' if column.note else ""
    return f'<section class="viewpoint"><h3 class="tag">◐ {e(column.heading)}</h3>{note}{passages}</section>'


def _passage(citation: Citation, lang: str) -> str:
    span = f"{citation.span.start}-{citation.span.end}"
    return (
        f'<blockquote><p class="line" dir="auto"{lang}>{marked_quotation(citation)}</p>'
        f'<p class="voice {voice_kind(citation.perspective)}">{e(who_speaks(citation.perspective))}</p>'
        f'<p class="quiet" dir="auto">{e(citation.title)}</p>'
        f'<button type="button" data-do="open" data-doc="{e(citation.doc_id)}" data-span="{span}">'
        f"{e(say('contrast.show'))}</button></blockquote>"
    )
