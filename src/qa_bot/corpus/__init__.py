"""A corpus: a folder of source files, the card beside each, and one parties.toml for all."""

from dataclasses import dataclass
from pathlib import Path

from qa_bot.corpus.cards import read_card
from qa_bot.corpus.documents import SUFFIXES, make_document, read_document, sha256_of
from qa_bot.corpus.parties import read_parties
from qa_bot.errors import CorpusError
from qa_bot.types import Document, Parties

__all__ = ["Corpus", "make_document", "read_card", "read_corpus", "read_document", "read_parties", "sha256_of"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder in order of their ids, and its parties."""

    documents: tuple[Document, ...]
    parties: Parties


def read_corpus(folder: Path) -> Corpus:
    """Read every source file directly in a folder.

    Raises: CorpusError: no such folder, no source file, two files with one stem, or a file that cannot be read.
    """
    if not folder.is_dir():
        raise CorpusError(folder, "is not a folder; name the folder that holds the source files")
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    if not paths:
        raise CorpusError(folder, f"holds no source file; add one ending in {' or '.join(SUFFIXES)}")
    _check_stems(paths)
    parties_path = folder / "parties.toml"
    parties = read_parties(parties_path) if parties_path.is_file() else Parties()
    return Corpus(tuple(read_document(path, parties) for path in paths), parties)


def _check_stems(paths: list[Path]) -> None:
    by_stem: dict[str, Path] = {}
    for path in paths:
        if path.stem in by_stem:
            other = by_stem[path.stem].name
            raise CorpusError(path, f"has the same stem as '{other}', and the stem is the document's id; rename one")
        by_stem[path.stem] = path
