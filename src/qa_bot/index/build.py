"""Building an index: only passages whose text is new are encoded; the new version replaces the old one whole."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout

from qa_bot import segmentation
from qa_bot.dense import DenseIndex
from qa_bot.encoder import Encoder, ExportedEncoder
from qa_bot.errors import CorpusError, IndexBusyError, IndexDamagedError, IndexMissingError, IndexStaleError
from qa_bot.index.manifest import FORMAT, FileEntry, Manifest, files_of, stamps_of
from qa_bot.index.store import (
    ENCODER,
    Contents,
    Entry,
    PassageIndex,
    encoder_folders,
    load_index,
    write_version,
)
from qa_bot.index.vectors import Old, Vectors, forget
from qa_bot.index.versions import VERSIONS, publish
from qa_bot.lexical import LexicalIndex
from qa_bot.progress import READING, Progress
from qa_bot.segmentation import outline
from qa_bot.tokens import TOKENS
from qa_bot.types import Document, Outline, Parties, Speakers

Annotate: TypeAlias = Callable[[Document, Outline, Entry | None], tuple[str, str, Speakers]]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: document ids by what happened to them, passages encoded and kept, the version.

    `warnings` are sentences about source files that may not be read as they were meant.
    """

    version: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    encoded: int
    reused: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What an index is built from; `annotate` makes what is kept with each document: its annotation, words, speakers.

    It is given what the same rules made of the document before it changed, None for a new one.
    `edition` changes whenever `annotate` would say something else about the same document and parties.
    """

    documents: Sequence[Document]
    parties: Parties
    annotate: Annotate
    edition: str = ""

    @property
    def rules(self) -> str:
        """Changes whenever the same document would be divided or annotated otherwise."""
        return hashlib.sha256(Path(segmentation.__file__).read_bytes() + self.edition.encode()).hexdigest()[:16]


def build_index(
    folder: Path, source: Source, encoder: Encoder, *, progress: Progress | None = None, rebuild: bool = False
) -> BuildReport:
    """Bring the index in a folder up to date with its source, or leave the old one untouched.

    Raises: IndexBusyError: another process is writing it; CorpusError: no document holds more than headings.
    """
    with writing(folder):
        old = None if rebuild else _previous(folder, encoder)
        with ThreadPoolExecutor(1) as aside:  # copying vectors leaves the interpreter free for the documents
            held = aside.submit(Old.of, old) if old else None
            entries = _entries(source, old, progress)
            _check_text(entries)
        with _workplace(folder) as work:
            before = held.result() if held else Old.nothing(encoder.dim)
            vectors = Vectors.of(entries, encoder, old, before, folder, progress)
            contents = _contents(entries, source.parties, vectors, work, encoder.vocabulary)
            write_version(work, contents)
            if isinstance(encoder, ExportedEncoder):
                encoder.save(work / ENCODER, near=encoder_folders(folder))
            files = files_of(work)
            manifest = _manifest(files, contents, encoder, source.rules)
            manifest.save(work, _linked_stamps(folder, old))
            if old is None or old.manifest.version != manifest.version:
                publish(folder, manifest.version, work)
        forget(folder)
    return _report(manifest.version, old, entries, vectors)


@contextmanager
def writing(folder: Path, *, wait_s: float = 0) -> Iterator[None]:
    """While this lasts no other thread or process writes the index; the same thread may enter again.

    Whoever reads a corpus in order to index it does so inside, or an older reading could replace a newer one.

    Raises: IndexBusyError: somebody else has been writing for `wait_s` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock((folder / ".lock").resolve(), is_singleton=True)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise IndexBusyError(folder) from None
    try:
        yield
    finally:
        lock.release()


def _previous(folder: Path, encoder: Encoder) -> PassageIndex | None:
    try:
        old = load_index(folder)
    except (IndexMissingError, IndexStaleError, IndexDamagedError):
        return None
    return old if old.manifest.fingerprint == encoder.fingerprint else None


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """A temporary folder beside the versions; whatever is left of earlier, killed runs is removed."""
    versions = folder / VERSIONS
    versions.mkdir(exist_ok=True)
    for stray in versions.glob(".new-*"):
        shutil.rmtree(stray, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=versions))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _entries(source: Source, old: PassageIndex | None, progress: Progress | None) -> tuple[Entry, ...]:
    """Every document with its parts and note; what was made of the same document by the same rules is taken over."""
    known = {}
    if old and old.manifest.rules == source.rules and old.parties == source.parties:
        known = {entry.document.doc_id: entry for entry in old.entries}
    kept = {d.doc_id: entry for d in source.documents if (entry := known.get(d.doc_id)) and entry.document == d}
    new = {d.doc_id: outline(d.text, d.doc_id, d.layout) for d in source.documents if d.doc_id not in kept}
    done, total = 0, sum(len(parts.passages) for parts in new.values())
    for document in source.documents:
        if parts := new.get(document.doc_id):
            annotated = source.annotate(document, parts, known.get(document.doc_id))
            kept[document.doc_id] = Entry(document, parts, *annotated)
            done += len(parts.passages)
            if progress:
                progress(READING, done, total)
    return tuple(kept[document.doc_id] for document in source.documents)


def _check_text(entries: Sequence[Entry]) -> None:
    if not entries:
        raise CorpusError("the corpus", "holds no document; add one")
    if not any(entry.outline.passages for entry in entries):
        names = ", ".join(entry.document.doc_id for entry in entries)
        raise CorpusError(names, "holds headings only; add text")


def _contents(entries: tuple[Entry, ...], parties: Parties, vectors: Vectors, work: Path, vocabulary: int) -> Contents:
    with ThreadPoolExecutor(2) as aside:  # copying vectors leaves the interpreter free for the words
        tokens = aside.submit(vectors.tokens, work, vocabulary)
        dense = aside.submit(lambda: (DenseIndex.build(vectors.passages()), DenseIndex.build(vectors.sentences())))
        lexical = LexicalIndex.of(vectors.stems())
        passages, sentences = dense.result()
        return Contents(entries, parties, passages, lexical, tokens.result(), sentences)


def _linked_stamps(folder: Path, old: PassageIndex | None) -> dict[str, int]:
    """When the files that the new version may share with the old one had been written as they were last verified."""
    stamps = stamps_of(folder / VERSIONS / old.manifest.version) if old else {}
    return {path: at for path, at in stamps.items() if path.startswith(f"{TOKENS}/")}


def _manifest(files: tuple[FileEntry, ...], contents: Contents, encoder: Encoder, rules: str) -> Manifest:
    return Manifest(
        format=FORMAT,
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        dim=encoder.dim,
        dense=f"passages: {contents.dense.description}; sentences: {contents.sentences.description}",
        documents={e.document.doc_id: e.document.sha256 for e in contents.entries},
        passages=len(contents.dense),
        sentences=len(contents.sentences),
        tokens=len(contents.tokens.vectors),
        files=files,
        rules=rules,
    )


def _report(version: str, old: PassageIndex | None, entries: Sequence[Entry], vectors: Vectors) -> BuildReport:
    before = old.manifest.documents if old else {}
    after = {e.document.doc_id: e.document.sha256 for e in entries}
    return BuildReport(
        version,
        new=tuple(d for d in after if d not in before),
        changed=tuple(d for d in after if d in before and after[d] != before[d]),
        removed=tuple(d for d in before if d not in after),
        kept=tuple(d for d in after if before.get(d) == after[d]),
        encoded=vectors.encoded,
        reused=len(vectors.places) - vectors.encoded,
    )
