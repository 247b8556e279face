"""A built index in memory, and its files."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter, ValidationError

from qa_bot.dense import DenseIndex
from qa_bot.encoder import Encoder, open_encoder
from qa_bot.errors import IndexDamagedError, IndexMissingError, UnknownDocumentError
from qa_bot.index.manifest import Manifest
from qa_bot.index.versions import VERSIONS, current_folder
from qa_bot.lexical import LexicalIndex
from qa_bot.mapping import rows_of
from qa_bot.tokens import TokenStore
from qa_bot.types import Document, Outline, Parties, Passage, Speaker, Speakers

DOCUMENTS = "documents.jsonl"
PARTIES = "parties.json"
DENSE = "dense.faiss"
LEXICAL = "bm25"
SENTENCES = "sentences.faiss"
ENCODER = "encoder"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Entry:
    """One document as indexed; `annotation` (its perspective) and `words` (its vocabulary) are kept as text.

    `speakers` says who is quoted or reported in each sentence: by that it is found, too.
    """

    document: Document
    outline: Outline
    annotation: str
    words: str
    speakers: Speakers = field(default_factory=Speakers)


@dataclass(frozen=True, slots=True)
class Contents:
    """All parts of an index that has no manifest yet; as in `PassageIndex`."""

    entries: tuple[Entry, ...]
    parties: Parties
    dense: DenseIndex
    lexical: LexicalIndex
    tokens: TokenStore
    sentences: DenseIndex


@dataclass(frozen=True)
class PassageIndex:
    """All parts of one index version. Passages and sentence rows are numbered in document order.

    `dense` holds a vector a passage, `sentences` and `tokens` a row a sentence; passage i holds the sentence rows
    `[rows[i], rows[i + 1])`.
    """

    manifest: Manifest
    entries: tuple[Entry, ...]
    parties: Parties
    dense: DenseIndex
    lexical: LexicalIndex
    tokens: TokenStore
    sentences: DenseIndex

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage by position."""
        return tuple(p for entry in self.entries for p in entry.outline.passages)

    @cached_property
    def rows(self) -> npt.NDArray[np.int64]:
        """First sentence row of each passage, and the number of rows at the end."""
        return np.array([0, *accumulate(p.last - p.first for p in self.passages)], np.int64)

    @cached_property
    def paragraphs(self) -> npt.NDArray[np.int64]:
        """The paragraph of each sentence row, numbered through all documents."""
        numbers, offset = [], 0
        for entry in self.entries:
            sentences = entry.outline.sentences
            numbers += [offset + s.paragraph for p in entry.outline.passages for s in sentences[p.first : p.last]]
            offset += len(entry.outline.paragraphs)
        return np.array(numbers, np.int64)

    @cached_property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who is quoted or reported in the documents, each once."""
        return tuple(dict.fromkeys(speaker for entry in self.entries for speaker in entry.speakers.known))

    @cached_property
    def speaker_of(self) -> npt.NDArray[np.int64]:
        """The place in `speakers` of whoever speaks in each sentence row, -1 for nobody."""
        places = {speaker: place for place, speaker in enumerate(self.speakers)}
        found: list[int] = []
        for entry in self.entries:
            known = [*(places[speaker] for speaker in entry.speakers.known), -1]
            of = entry.speakers.of or (-1,) * len(entry.outline.sentences)
            found += [known[number] for p in entry.outline.passages for number in of[p.first : p.last]]
        return np.array(found, np.int64)

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        return {entry.document.doc_id: entry for entry in self.entries}

    def entry(self, doc_id: str) -> Entry:
        """The entry of a document.

        Raises: UnknownDocumentError: no such document.
        """
        try:
            return self._by_id[doc_id]
        except KeyError:
            raise UnknownDocumentError(doc_id, tuple(self._by_id)) from None

    def passage_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The passages that hold some sentence rows."""
        return np.searchsorted(self.rows, rows, side="right").astype(np.int64) - 1

    def rows_of(self, passages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """All sentence rows of some passages, in their order."""
        return rows_of(self.rows[passages], self.rows[passages + 1])

    def passages_of(self, doc_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """Positions of the passages of some documents, ascending."""
        ends = np.array([0, *accumulate(len(entry.outline.passages) for entry in self.entries)], np.int64)
        wanted = set(doc_ids)
        chosen = np.flatnonzero([entry.document.doc_id in wanted for entry in self.entries])
        return rows_of(ends[chosen], ends[chosen + 1])


def encoder_folders(folder: Path) -> tuple[Path, ...]:
    """Where the index in a folder may keep the encoder that it was built with; empty without an index."""
    try:
        return (current_folder(folder) / ENCODER,)
    except (IndexMissingError, IndexDamagedError):
        return ()


def encoder_of(folder: Path, manifest: Manifest) -> Encoder | None:
    """The encoder kept with a version that was verified; none where its model could not be exported.

    Raises: ModelError: it cannot be loaded.
    """
    if not any(Path(entry.path).parts[0] == ENCODER for entry in manifest.files):
        return None
    return open_encoder(folder / VERSIONS / manifest.version / ENCODER, verified=True)


def load_index(folder: Path, *, thorough: bool = False) -> PassageIndex:
    """Load the current version of an index, every file verified against its checksum.

    Large files that have kept size and time since they were last read through are believed, unless `thorough`.

    Raises: IndexMissingError, IndexStaleError, IndexDamagedError.
    """
    while True:
        version = current_folder(folder)
        try:
            manifest = Manifest.load(version)
            manifest.verify(version, thorough=thorough)
            return read_version(version, manifest)
        except (IndexDamagedError, OSError):
            if version.is_dir() and current_folder(folder) == version:
                raise
            # it was replaced, twice, while it was read, and has been removed


def checked_spans(index: PassageIndex) -> int:
    """Verify every span of every document against its text, and each text against its SHA-256.

    Returns: how many spans were checked.
    Raises: IndexDamagedError: names the document.
    """
    checked = 0
    for entry in index.entries:
        document, parts = entry.document, entry.outline
        if hashlib.sha256(document.text.encode()).hexdigest() != index.manifest.documents.get(document.doc_id):
            raise IndexDamagedError(DOCUMENTS, f"the text of '{document.doc_id}' is not the one that was indexed")
        spans = [*(s.span for s in parts.sections), *parts.paragraphs, *(s.span for s in parts.sentences)]
        spans += [p.span for p in parts.passages]
        if any(span.end > len(document.text) for span in spans):
            raise IndexDamagedError(DOCUMENTS, f"a span of '{document.doc_id}' lies outside its text")
        if any(a.span.end > b.span.start for a, b in pairwise(parts.sentences)):
            raise IndexDamagedError(DOCUMENTS, f"sentences of '{document.doc_id}' overlap")
        checked += len(spans)
    if index.rows[-1] != index.manifest.sentences or len(index.sentences) != index.manifest.sentences:
        raise IndexDamagedError(SENTENCES, "it does not hold a vector a sentence")
    return checked


def read_version(version: Path, manifest: Manifest) -> PassageIndex:
    """Map the files of a version that was verified."""
    try:
        lines = (version / DOCUMENTS).read_bytes().splitlines()
        entries = tuple(_entry(line) for line in lines)
        parties = _PARTIES.validate_json((version / PARTIES).read_bytes())
    except (OSError, ValidationError) as error:
        raise IndexDamagedError(version / DOCUMENTS, "its documents cannot be read") from error
    return PassageIndex(
        manifest,
        entries,
        parties,
        DenseIndex.load(version / DENSE),
        LexicalIndex.load(version / LEXICAL, manifest.passages),
        TokenStore.load(version),
        DenseIndex.load(version / SENTENCES),
    )


def _entry(line: bytes) -> Entry:
    """The entry in a line; one that another open version holds is shared with it."""
    key = hashlib.sha256(line).digest()
    found = _OPEN.get(key)
    if found is None:
        found = _OPEN[key] = _ENTRY.validate_json(line)
    return found


def write_version(folder: Path, index: Contents | PassageIndex) -> None:
    """Write everything but the manifest into an empty folder."""
    with ThreadPoolExecutor(1) as aside:  # writing vectors leaves the interpreter free for the documents
        dense = aside.submit(index.dense.save, folder / DENSE)
        sentences = aside.submit(index.sentences.save, folder / SENTENCES)
        with (folder / DOCUMENTS).open("wb") as file:
            for entry in index.entries:
                file.write(_ENTRY.dump_json(entry) + b"\n")
        (folder / PARTIES).write_bytes(_PARTIES.dump_json(index.parties))
        index.lexical.save(folder / LEXICAL)
        index.tokens.save(folder)
        dense.result()
        sentences.result()


_ENTRY = TypeAdapter(Entry)
_OPEN: WeakValueDictionary[bytes, Entry] = WeakValueDictionary()
_PARTIES = TypeAdapter(Parties)
