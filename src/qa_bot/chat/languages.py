"""Languages: what cards declare, as the attribute that tells a browser and a screen reader how to read words."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from qa_bot.types import Document

# The attribute for the words of each document, by its id; a document is not there where no language is declared.
Languages: TypeAlias = Mapping[str, str]

# A tag of BCP 47, but not that of an undetermined language; what else a card may hold would help no reader.
_TAG = re.compile(r"(?!und(?:-|$))[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)


def lang(document: Document) -> str:
    """The attribute for a document's own words, with a space before it; empty where no language is declared."""
    declared = document.card.language if document.card else ""
    return f' lang="{declared}"' if _TAG.fullmatch(declared) else ""


def languages_of(documents: Iterable[Document]) -> Languages:
    """The attributes of several documents."""
    return {document.doc_id: attribute for document in documents if (attribute := lang(document))}
