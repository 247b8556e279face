"""Source files → documents with a canonical text.

The canonical text of a plain-text file is its UTF-8 content with newlines made `\\n`, nothing else changed, a byte
order mark excepted. It is made once, on reading, before any offset exists.
"""

import hashlib
from pathlib import Path

from qa_bot.corpus.cards import read_card
from qa_bot.errors import CorpusError
from qa_bot.types import Document, Parties

SUFFIXES = (".txt", ".md")
MAX_TITLE = 120


def read_document(path: Path, parties: Parties | None = None) -> Document:
    """Read one source file and the card beside it, if there is one.

    Raises: CorpusError: not UTF-8, empty, or unreadable; CardError: a wrong card.
    """
    text = _canonical_text(path)
    card_path = path.with_suffix(".toml")
    card = read_card(card_path, text, parties) if card_path.is_file() else None
    title = card.title if card else _title(text, path.stem)
    return Document(path.stem, title, text, sha256_of(text), card)


def read_text(path: Path) -> Document:
    """Read one source file without looking for a card.

    Raises: CorpusError: not UTF-8, empty, or unreadable.
    """
    return make_document(path.stem, _canonical_text(path))


def make_document(doc_id: str, text: str, *, title: str | None = None) -> Document:
    """A document from a canonical text that is already in memory, without a card."""
    return Document(doc_id, title or _title(text, doc_id), text, sha256_of(text))


def sha256_of(text: str) -> str:
    """The hexadecimal SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical_text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(path, f"cannot be read ({error.strerror}); check the path and its permissions") from error
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.object[error.start]:#04x} at offset {error.start}); save it as UTF-8"
        raise CorpusError(path, problem) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CorpusError(path, "is empty; add text or remove the file")
    if "\0" in text:
        raise CorpusError(path, f"holds a NUL character at offset {text.index(chr(0))}; is it a text file?")
    return text


def _title(text: str, fallback: str) -> str:
    first = next((line.strip("# \t") for line in text.splitlines() if line.strip("# \t")), fallback)
    return first if len(first) <= MAX_TITLE else fallback
