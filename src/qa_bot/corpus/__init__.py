"""A corpus: a folder of source files, the card beside each, and one parties.toml for all."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from qa_bot.corpus.cards import read_card
from qa_bot.corpus.documents import SUFFIXES, document_of, make_document, read_document, sha256_of, sources_of
from qa_bot.corpus.parties import parties_of
from qa_bot.corpus.shelf import undisturbed
from qa_bot.errors import CorpusError, CorpusFolderError
from qa_bot.ingest import ParseCache, SourceText, read_source
from qa_bot.types import Document, Parties

__all__ = [
    "PARSED",
    "Corpus",
    "make_document",
    "parties_of",
    "read_card",
    "read_corpus",
    "read_document",
    "read_sources",
    "sha256_of",
]

PARSED = "parsed"  # the folder of an index that keeps what was parsed


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder in order of their ids, its parties, and what may be wrong with the files."""

    documents: tuple[Document, ...]
    parties: Parties
    warnings: tuple[str, ...] = ()


def read_sources(folder: Path, index: Path) -> Corpus:
    """The documents of a corpus folder as they stand between two changes; what was parsed is kept beside the index.

    Raises: CorpusError, CardError.
    """
    with undisturbed(folder):
        return read_corpus(folder, cache=index / PARSED)


def read_corpus(folder: Path, *, cache: Path | None = None) -> Corpus:
    """Read every source file directly in a folder; several are parsed at a time.

    `cache` is a folder that keeps what was parsed, so that a file that did not change is not parsed anew; what it
    keeps of files that are gone is dropped.

    Raises: CorpusError: no such folder, no source file, two files with one stem, or a file that cannot be read.
    """
    if not folder.is_dir():
        raise CorpusFolderError(folder)
    paths = sources_of(folder)
    if not paths:
        raise CorpusError(folder, f"holds no source file; add one ending in {', '.join(SUFFIXES)}")
    _check_stems(paths)
    parties = parties_of(folder)
    sources = _read_all(paths, ParseCache(cache) if cache else None)
    documents = tuple(document_of(path, source, parties) for path, source in zip(paths, sources, strict=True))
    found = zip(paths, sources, strict=True)
    return Corpus(documents, parties, tuple(f"{path}: {text}" for path, source in found for text in source.warnings))


def _read_all(paths: list[Path], cache: ParseCache | None) -> list[SourceText]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # its threads wait for the processes that parse
        sources = list(pool.map(lambda path: read_source(path, cache=cache), paths))
    if cache:
        cache.prune()
    return sources


def _check_stems(paths: list[Path]) -> None:
    by_stem: dict[str, Path] = {}
    for path in paths:
        if path.stem in by_stem:
            other = by_stem[path.stem].name
            raise CorpusError(path, f"has the same stem as '{other}', and the stem is the document's id; rename one")
        by_stem[path.stem] = path
