"""What the documents are, as their cards declare them."""

from collections.abc import Sequence

from qa_bot.perspective.notes.names import account_by, holder_of
from qa_bot.perspective.notes.templates import filled, quoted
from qa_bot.types import Basis, Document

MOST_NAMED = 5  # documents that a note names
# The fields of a card by which a reader judges a document, and how a note names them.
CARD_FIELDS = {
    "origin.author": "author",
    "origin.publisher": "publisher",
    "origin.date": "date",
    "origin.genre": "genre",
    "purpose.statement": "purpose",
    "purpose.audience": "audience",
}
_MADE = frozenset({"author", "publisher", "date"})


def documents_note(documents: Sequence[Document], *, cards: bool = False) -> str:
    """The titles of the documents and whose accounts they are, those of the first few.

    With `cards`, also what these declare: of a single document all that a reader judges it by.
    """
    named = documents[:MOST_NAMED]
    entries = [filled("document", title=quoted(d.title), account=account_by(holder_of(d), d.party)) for d in named]
    if more := len(documents) - len(named):
        entries.append(filled("more documents", count=str(more)))
    told = [filled("documents", accounts="; ".join(entries))] if entries else []
    if cards:
        told += filter(None, (_card_sentence(document, whole=len(documents) == 1) for document in named))
    return " ".join(told)


def _card_sentence(document: Document, *, whole: bool) -> str:
    """What the card of a document says; unless the `whole`, only who made it, and when, as far as that is known."""
    card, told = document.card, []
    if card is None:
        return ""
    for name, label in CARD_FIELDS.items():
        declared = card.fields.get(name)
        if declared and (whole or (label in _MADE and card.value(name))):
            template = "card field inferred" if declared.basis is Basis.INFERRED else "card field"
            told.append(filled(template, name=label, value=declared.value.removesuffix(".")))
    if whole and card.limitations:
        limits = " ".join(card.limitations).removesuffix(".")
        told.append(filled("card field", name="limits", value=limits))
    return filled("card", title=quoted(document.title), fields="; ".join(told)) if told else ""
