"""Source files → documents with a canonical text.

The canonical text is made once, on reading (`qa_bot.ingest`), before any offset exists: of a plain-text file its
UTF-8 content with newlines made `\\n`, of every other format the text that it displays.
"""

import hashlib
from pathlib import Path

from qa_bot.corpus.cards import read_card
from qa_bot.corpus.declaration import is_titled
from qa_bot.corpus.parties import FILE as PARTIES
from qa_bot.ingest import SUFFIXES, ParseCache, SourceText, read_source
from qa_bot.types import Document, Parties

__all__ = [
    "SIDE_FILES",
    "SUFFIXES",
    "card_beside",
    "document_of",
    "lone_cards",
    "make_document",
    "read_document",
    "read_text",
    "sha256_of",
    "sources_of",
]

MAX_TITLE = 120
SIDE_FILES = (".", "~$")  # begin the names of what macOS and Office lay beside a document; nobody wrote them


def sources_of(folder: Path) -> list[Path]:
    """The source files directly in a folder, by name."""
    found = (p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith(SIDE_FILES))
    return sorted(p for p in found if p.is_file())


def read_document(path: Path, parties: Parties | None = None, *, cache: ParseCache | None = None) -> Document:
    """Read one source file and the card beside it, if there is one.

    Raises: CorpusError and its kinds: empty, damaged, encrypted, too large or unreadable; CardError: a wrong card.
    """
    return document_of(path, read_source(path, cache=cache), parties)


def document_of(path: Path, source: SourceText, parties: Parties | None = None) -> Document:
    """The document of a source file that was read, with the card beside it, if there is one.

    Raises: CardError: a wrong card.
    """
    card_path = card_beside(path)
    card = read_card(card_path, source.text, parties) if card_path else None
    title = card.title if card else _title(source, path.stem)
    return Document(path.stem, title, source.text, sha256_of(source.text), card, source.layout)


def card_beside(path: Path) -> Path | None:
    """The card of a source file, if there is one; the parties file is nobody's card, whatever the source is called."""
    card = path.with_suffix(".toml")
    return card if card.name.casefold() != PARTIES and card.is_file() else None


def lone_cards(folder: Path) -> list[Path]:
    """The TOML files of a folder that look like cards, by their title, and that lie beside no source."""
    stems = {path.stem for path in sources_of(folder)}
    lone = (p for p in folder.glob("*.toml") if p.stem not in stems and p.name.casefold() != PARTIES)
    return sorted(path for path in lone if is_titled(path))


def read_text(path: Path) -> Document:
    """Read one source file without looking for a card.

    Raises: CorpusError and its kinds.
    """
    source = read_source(path)
    return Document(path.stem, _title(source, path.stem), source.text, sha256_of(source.text), None, source.layout)


def make_document(doc_id: str, text: str, *, title: str | None = None) -> Document:
    """A document from a canonical text that is already in memory, without a card."""
    return Document(doc_id, title or _first_line(text, doc_id), text, sha256_of(text))


def sha256_of(text: str) -> str:
    """The hexadecimal SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _title(source: SourceText, fallback: str) -> str:
    if source.title and len(source.title) <= MAX_TITLE:
        return source.title
    return _first_line(source.text, fallback)


def _first_line(text: str, fallback: str) -> str:
    first = next((line.strip("# \t") for line in text.splitlines() if line.strip("# \t")), fallback)
    return first if len(first) <= MAX_TITLE else fallback
