"""Building an index: only passages whose text is new are encoded; the new version replaces the old one whole."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from qa_bot.dense import DenseIndex
from qa_bot.encoder import Encoder, ExportedEncoder, PassageText
from qa_bot.errors import IndexBusyError, IndexDamagedError, IndexMissingError, IndexStaleError
from qa_bot.index.manifest import FORMAT, Manifest, files_of
from qa_bot.index.store import (
    ENCODER,
    VERSIONS,
    Entry,
    PassageIndex,
    encoder_folders,
    load_index,
    publish,
    write_version,
)
from qa_bot.lexical import LexicalIndex
from qa_bot.progress import Progress
from qa_bot.segmentation import outline
from qa_bot.tokens import FULL_LIMIT, Projection, TokenStore, dequantise, quantise, sentence_frequencies
from qa_bot.types import Document, Embeddings, Outline, Parties, Passage, Span

CHUNK = 512  # passages encoded between two reports to a caller that wants to stop
SAMPLE = 100_000  # tokens from which the projection of a large index is fitted

Annotate: TypeAlias = Callable[[Document, Outline], str]


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
    """What an index is built from; `annotate` makes the note kept with each document."""

    documents: Sequence[Document]
    parties: Parties
    annotate: Annotate


def build_index(
    folder: Path, source: Source, encoder: Encoder, *, progress: Progress | None = None, rebuild: bool = False
) -> BuildReport:
    """Bring the index in a folder up to date with its source, or leave the old one untouched.

    Raises: IndexBusyError: another process is writing it.
    """
    with writing(folder):
        old = None if rebuild else _previous(folder, encoder)
        entries = tuple(_entry(document, source) for document in source.documents)
        with _workplace(folder) as work:
            vectors = _Vectors.of(entries, encoder, old, progress)
            index = vectors.index(entries, source.parties, encoder)
            write_version(work, index)
            if isinstance(encoder, ExportedEncoder):
                encoder.save(work / ENCODER, near=encoder_folders(folder))
            manifest = _manifest(work, index, encoder)
            manifest.save(work)
            if old is None or old.manifest.version != manifest.version:
                publish(folder, manifest.version, work)
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


def _entry(document: Document, source: Source) -> Entry:
    parts = outline(document.text, document.doc_id, document.layout)
    return Entry(document, parts, source.annotate(document, parts))


@dataclass(frozen=True, slots=True)
class _Stored:
    """The vectors of one passage as they are stored."""

    vector: npt.NDArray[np.float32]
    sentences: Embeddings
    tokens: npt.NDArray[np.int8]
    token_ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Vectors:
    """The vectors of all passages in order, how many were encoded now, and the projection of their tokens."""

    stored: list[_Stored]
    encoded: int
    projection: Projection

    @classmethod
    def of(
        cls, entries: Sequence[Entry], encoder: Encoder, old: PassageIndex | None, progress: Progress | None
    ) -> "_Vectors":
        texts = [(_key(e, p), _passage_text(e, p)) for e in entries for p in e.outline.passages]
        found = _stored_passages(old) if old else {}
        missing = {key: text for key, text in texts if key not in found}
        projection = old.tokens.projection if old else Projection.identity(encoder.dim)
        for key, stored in _encode(missing, encoder, projection, progress):
            found[key] = stored
        kept, projection = _reduced([found[key] for key, _ in texts], projection)
        return cls(kept, len(missing), projection)

    def index(self, entries: tuple[Entry, ...], parties: Parties, encoder: Encoder) -> PassageIndex:
        counts = np.concatenate([np.diff(s.bounds) for s in self.stored])
        bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        token_ids = np.concatenate([s.token_ids for s in self.stored])
        frequencies = sentence_frequencies(token_ids, bounds, encoder.vocabulary)
        tokens = np.concatenate([s.tokens for s in self.stored])
        texts = [p.span.of(e.document.text) for e in entries for p in e.outline.passages]
        return PassageIndex(
            Manifest(FORMAT, encoder.name, encoder.fingerprint, encoder.dim, "", {}, len(texts), 0, 0, ()),
            entries,
            parties,
            DenseIndex.build(np.array([s.vector for s in self.stored])),
            LexicalIndex.build(texts),
            TokenStore(tokens, token_ids, bounds, self.projection, frequencies),
            DenseIndex.build(np.concatenate([s.sentences for s in self.stored])),
        )


def _reduced(stored: list[_Stored], projection: Projection) -> tuple[list[_Stored], Projection]:
    """The same vectors, on fewer dimensions once there are more than FULL_LIMIT tokens."""
    if not projection.is_identity or sum(len(s.tokens) for s in stored) <= FULL_LIMIT:
        return stored, projection
    step = 1 + sum(len(s.tokens) for s in stored) // SAMPLE
    fitted = Projection.fit(dequantise(np.concatenate([s.tokens[::step] for s in stored])))
    return [replace(s, tokens=quantise(fitted.apply(dequantise(s.tokens)))) for s in stored], fitted


def _key(entry: Entry, passage: Passage) -> tuple[str, tuple[int, ...]]:
    """What decides a passage's vectors: its words and where its sentences end."""
    ends = tuple(s.span.end - passage.span.start for s in entry.outline.sentences[passage.first : passage.last])
    return passage.span.of(entry.document.text), ends


def _passage_text(entry: Entry, passage: Passage) -> PassageText:
    start = passage.span.start
    sentences = entry.outline.sentences[passage.first : passage.last]
    spans = tuple(Span(s.span.start - start, s.span.end - start) for s in sentences)
    return PassageText(passage.span.of(entry.document.text), spans)


def _stored_passages(index: PassageIndex) -> dict[tuple[str, tuple[int, ...]], _Stored]:
    vectors, sentences, store, rows = index.dense.vectors(), index.sentences.vectors(), index.tokens, index.rows
    found = {}
    passages = ((e, p) for e in index.entries for p in e.outline.passages)
    for i, (entry, passage) in enumerate(passages):
        bounds = store.bounds[rows[i] : rows[i + 1] + 1]
        part = slice(bounds[0], bounds[-1])
        found[_key(entry, passage)] = _Stored(
            vectors[i],
            sentences[rows[i] : rows[i + 1]],
            store.tokens[part],
            store.token_ids[part],
            bounds - bounds[0],
        )
    return found


def _encode(
    missing: dict[tuple[str, tuple[int, ...]], PassageText],
    encoder: Encoder,
    projection: Projection,
    progress: Progress | None,
) -> Iterator[tuple[tuple[str, tuple[int, ...]], _Stored]]:
    keys, done = list(missing), 0

    def tick(passages: int) -> None:
        nonlocal done
        done += passages
        if progress:
            progress(done, len(keys))

    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        for key, e in zip(chunk, encoder.encode_passages([missing[k] for k in chunk], tick), strict=True):
            tokens = quantise(projection.apply(e.tokens))
            yield key, _Stored(e.vector, e.sentences, tokens, e.token_ids, e.bounds)


def _manifest(folder: Path, index: PassageIndex, encoder: Encoder) -> Manifest:
    return Manifest(
        format=FORMAT,
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        dim=encoder.dim,
        dense=f"passages: {index.dense.description}; sentences: {index.sentences.description}",
        documents={e.document.doc_id: e.document.sha256 for e in index.entries},
        passages=len(index.passages),
        sentences=len(index.sentences),
        tokens=len(index.tokens.tokens),
        files=files_of(folder),
    )


def _report(version: str, old: PassageIndex | None, entries: Sequence[Entry], vectors: _Vectors) -> BuildReport:
    before = old.manifest.documents if old else {}
    after = {e.document.doc_id: e.document.sha256 for e in entries}
    return BuildReport(
        version,
        new=tuple(d for d in after if d not in before),
        changed=tuple(d for d in after if d in before and after[d] != before[d]),
        removed=tuple(d for d in before if d not in after),
        kept=tuple(d for d in after if before.get(d) == after[d]),
        encoded=vectors.encoded,
        reused=len(vectors.stored) - vectors.encoded,
    )
