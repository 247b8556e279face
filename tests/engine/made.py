"""Indexes of invented documents, built in a moment."""

import numpy as np

from qa_bot.corpus import make_document
from qa_bot.index import Source, build_index, load_index
from qa_bot.types import Parties

from ..fakes import HashingEncoder

WORDS = "weir bridge town river mill keeper council flood spring stone eel boat tax map clerk road ford barn".split()
ODD_ID = 'o\'neill "the" % _ ; -- report'


def document(number: int, sentences: int = 12) -> str:
    """A text whose paragraphs, of two sentences each, are passages of their own."""
    rng = np.random.default_rng(number)
    said = [" ".join(rng.choice(WORDS, 35)).capitalize() + f" {number}." for _ in range(sentences)]
    return "\n\n".join(" ".join(said[i : i + 2]) for i in range(0, sentences, 2))


def texts(count: int = 12) -> dict[str, str]:
    return {ODD_ID if i == 3 else f"document-{i:02}": document(i) for i in range(count)}


def built(folder, documents: dict[str, str], encoder=None):
    """A new index of these documents, in a folder."""
    found = tuple(make_document(doc_id, text) for doc_id, text in documents.items())
    source = Source(found, Parties(), lambda document, *_: (f"note of {document.doc_id}", ""))
    build_index(folder, source, encoder or HashingEncoder(dim=64))
    return load_index(folder)
