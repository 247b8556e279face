"""Languages: what cards declare, as the attribute that tells a browser and a screen reader how to read words."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from qa_bot.corpus.cards import LANGUAGE_TAG, UNDETERMINED
from qa_bot.types import Document

# The attribute for the words of each document, by its id; a document is not there where no language is declared.
Languages: TypeAlias = Mapping[str, str]


def lang(document: Document) -> str:
    """The attribute for a document's own words, with a space before it; empty where no language is declared."""
    declared = document.card.language if document.card else ""
    known = LANGUAGE_TAG.fullmatch(declared) and declared.casefold().partition("-")[0] != UNDETERMINED
    return f' lang="{declared}"' if known else ""


def languages_of(documents: Iterable[Document]) -> Languages:
    """The attributes of several documents."""
    return {document.doc_id: attribute for document in documents if (attribute := lang(document))}
