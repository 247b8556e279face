"""The LanceDB engine: four tables on a disk or an S3-compatible store.

`passages` and `sentences` hold what is searched, by content: a version adds and deletes only what differs. `documents`
holds the texts with their outlines. A row of `versions`, written last, names the state of the other tables that belongs
together; a reader opens exactly that state, however much is written meanwhile.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import TypeAdapter, ValidationError

from qa_bot.dense import FLAT_LIMIT
from qa_bot.engine.chunks import chunk_id, chunk_ids, chunks_of, passage_rows, sentence_rows
from qa_bot.engine.legs import Layout, TableTokens, TableVectors, TableWords, one_of
from qa_bot.engine.places import Published
from qa_bot.errors import EngineError, IndexBusyError, IndexDamagedError, IndexMissingError, IndexStaleError
from qa_bot.index import Entry, PassageIndex
from qa_bot.index.manifest import FORMAT, FileEntry, Manifest
from qa_bot.tokens import Projection
from qa_bot.types import Parties

os.environ.setdefault("LANCE_LOG", "error")

TABLES = ("passages", "sentences", "documents")
VERSIONS = "versions"
BATCH = 2_000  # passages written at once: every write makes a version of a table
NAMED = 1_000  # ids in one filter
KEPT = 2  # versions that stay readable
GRACE = timedelta(hours=1)  # how long a state that no kept version needs may still be read


@dataclass(frozen=True, slots=True)
class Contents:
    """What a version says of its tables: manifest, parties, document ids in order, and how its tokens are read."""

    manifest: Manifest
    parties: Parties
    order: list[str]
    projection: Projection
    frequencies: npt.NDArray[np.int32]

    @classmethod
    def of(cls, index: PassageIndex) -> "Contents":
        """The contents of a built index."""
        order = [entry.document.doc_id for entry in index.entries]
        return cls(index.manifest, index.parties, order, index.tokens.projection, index.tokens.frequencies)


class LanceIndex:
    """An index in LanceDB tables below one URI; `options` are those of the store."""

    def __init__(self, uri: str, options: dict[str, str]) -> None:
        import lancedb

        self._uri, self.options = uri, options
        try:
            self._db: Any = lancedb.connect(uri, storage_options=options or None)
            self._names = set(self._db.list_tables().tables)
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"no tables can be opened at '{uri}': {_reason(error)}") from error

    def version(self) -> str | None:
        """The version to serve, or None where nothing has been published."""
        newest = self._newest()
        return newest["version"] if newest else None

    # ---------------------------------------------------------------- writing

    def publish(self, index: PassageIndex) -> Published:
        """Write what differs from the version before, then name the new version."""
        before = self._newest()
        if before and before["version"] == index.manifest.version:
            return Published(index.manifest.version, 0, len(index.passages), 0)
        self._return_to(before, index)
        ids = chunk_ids(index)
        positions = {chunk: position for position, chunk in enumerate(ids)}
        held = self._column("passages", "chunk_id")
        missing = [position for chunk, position in positions.items() if chunk not in held]
        self._write_chunks(index, missing, ids)
        self._delete("chunk_id", sorted(held - positions.keys()), ("sentences", "passages"))
        self._write_documents(index.entries)
        self._make_searchable()
        self._name_version(Contents.of(index), before)
        return Published(index.manifest.version, len(missing), len(ids) - len(missing), len(held - positions.keys()))

    def publish_written(self, entries: Sequence[Entry], contents: Contents) -> None:
        """Make tables that were written by others at `address` the version to serve.

        Raises: IndexBusyError: somebody else has published meanwhile.
        """
        before = self._newest()
        self._write_documents(entries)
        self._make_searchable()
        self._name_version(contents, before)

    def address(self, name: str) -> str:
        """Where a table is."""
        return f"{self._uri.rstrip('/')}/{name}.lance"

    def drop(self, name: str) -> None:
        """Delete a table that no version needs."""
        self._db.drop_table(name, ignore_missing=True)

    def _return_to(self, before: dict[str, Any] | None, index: PassageIndex) -> None:
        """Undo what an interrupted run left, or start anew if the vectors that are held are not those of this index."""
        if before and _comparable(before, index):
            for name, number in json.loads(before["tables"]).items():
                table = self._open(name)
                if table.version != number:
                    table.restore(number)
            return
        self._names -= set(TABLES)  # what is written first takes the place of all

    def _write_chunks(self, index: PassageIndex, positions: Sequence[int], ids: Sequence[str]) -> None:
        for start in range(0, len(positions), BATCH):
            chunks = list(chunks_of(index, positions[start : start + BATCH], ids))
            self._add("sentences", sentence_rows(chunks))
            self._add("passages", passage_rows(chunks))

    def _write_documents(self, entries: Sequence[Entry]) -> None:
        texts = {entry.document.doc_id: _ENTRY.dump_json(entry).decode() for entry in entries}
        digests = {doc_id: hashlib.sha256(text.encode()).hexdigest() for doc_id, text in texts.items()}
        held: dict[str, str] = {}
        if "documents" in self._names:
            rows = self._open("documents").search().select(["doc_id", "digest"]).limit(None).to_arrow().to_pylist()
            held = {row["doc_id"]: row["digest"] for row in rows}
        changed = [doc_id for doc_id, digest in digests.items() if held.get(doc_id) != digest]
        self._delete("doc_id", sorted(d for d in held if digests.get(d) != held[d]), ("documents",))
        for start in range(0, len(changed), NAMED):
            some = changed[start : start + NAMED]
            columns = {"doc_id": some, "digest": [digests[d] for d in some]}
            self._add(
                "documents", pa.table({**columns, "entry": pa.array([texts[d] for d in some], pa.large_string())})
            )

    def _make_searchable(self) -> None:
        """Index what is new; a small table needs no index of its vectors, and comparing all of them is exact."""
        from lancedb.index import FTS, BTree, IvfSq

        plain: dict[str, Any] = {"lower_case": False, "stem": False, "remove_stop_words": False, "ascii_folding": False}
        words = FTS(base_tokenizer="whitespace", max_token_length=None, with_position=False, **plain)
        wanted: dict[str, list[tuple[str, Any]]] = {
            "passages": [("chunk_id", BTree()), ("doc_id", BTree()), ("stems", words)],
            "sentences": [("chunk_id", BTree()), ("doc_id", BTree())],
        }
        for name, indexes in wanted.items():
            table = self._open(name)
            made = {column for found in table.list_indices() for column in found.columns}
            if table.count_rows() > FLAT_LIMIT:
                indexes.append(("vector", IvfSq(distance_type="dot")))
            for column, config in indexes:
                if column not in made:
                    table.create_index(column, config=config)
            if made:
                table.optimize()

    def _name_version(self, contents: Contents, before: dict[str, Any] | None) -> None:
        tables = {name: int(self._open(name).version) for name in TABLES}
        number: int = before["number"] + 1 if before else 1
        row = {
            "number": number,
            "version": contents.manifest.version,
            "format": FORMAT,
            "manifest": json.dumps(asdict(contents.manifest)),
            "parties": _PARTIES.dump_json(contents.parties).decode(),
            "order": contents.order,
            "tables": json.dumps(tables),
            "mean": contents.projection.mean.tobytes(),
            "components": contents.projection.components.tobytes(),
            "frequencies": np.asarray(contents.frequencies, np.int32).tobytes(),
        }
        newest = self._newest()
        if (newest or {}).get("number") != (before or {}).get("number"):
            raise IndexBusyError(self._uri)
        self._add(VERSIONS, pa.Table.from_pylist([row]))
        for name, state in tables.items():
            self._open(name).tags.create(f"v{number}", state)
        self._forget(number - KEPT)

    def _forget(self, number: int) -> None:
        """Give up the states of versions up to a number, except where somebody may still be reading."""
        for name in TABLES:
            table = self._open(name)
            for tag in [tag for tag in table.tags.list() if int(tag[1:]) <= number]:
                table.tags.delete(tag)
            with suppress(RuntimeError):  # a clean-up that meets another writer is done the next time
                table.optimize(cleanup_older_than=GRACE)

    # ---------------------------------------------------------------- reading

    def open(self) -> PassageIndex:
        """The newest version; documents are read at once, vectors and words when they are searched."""
        newest = self._newest()
        if newest is None:
            raise IndexMissingError(self._uri)
        if newest["format"] != FORMAT:
            raise IndexStaleError("format", found=newest["format"], expected=FORMAT)
        try:
            fields = json.loads(newest["manifest"])
            manifest = Manifest(**{**fields, "files": tuple(FileEntry(**file) for file in fields["files"])})
            tables = {name: self._at(name, number) for name, number in json.loads(newest["tables"]).items()}
            rows = tables["documents"].search().select(["doc_id", "entry"]).limit(None).to_arrow().to_pylist()
            texts = {row["doc_id"]: row["entry"] for row in rows}
            entries = tuple(_ENTRY.validate_json(texts[doc_id]) for doc_id in newest["order"])
        except (ValidationError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise IndexDamagedError(self._uri, f"version {newest['version']} cannot be read") from error
        return _searchable(manifest, entries, newest, tables)

    # ---------------------------------------------------------------- tables

    def _newest(self) -> dict[str, Any] | None:
        self._names = set(self._db.list_tables().tables)
        if VERSIONS not in self._names:
            return None
        table = self._open(VERSIONS)
        last = max(row["number"] for row in table.search().select(["number"]).limit(None).to_arrow().to_pylist())
        row: dict[str, Any] = table.search().where(f"number = {last}").limit(1).to_arrow().to_pylist()[0]
        return row

    def _open(self, name: str) -> Any:
        return self._db.open_table(name)

    def _at(self, name: str, number: int) -> Any:
        table = self._open(name)
        table.checkout(number)
        return table

    def _add(self, name: str, rows: pa.Table) -> None:
        if name in self._names:
            self._open(name).add(rows)
        else:  # a table that is there all the same is overwritten, not dropped: its earlier states stay readable
            self._db.create_table(name, rows, mode="overwrite" if name in TABLES else "create")
            self._names.add(name)

    def _column(self, name: str, column: str) -> set[str]:
        if name not in self._names:
            return set()
        return set(self._open(name).search().select([column]).limit(None).to_arrow()[column].to_pylist())

    def _delete(self, column: str, values: Sequence[str], names: Sequence[str]) -> None:
        for start in range(0, len(values), NAMED):
            for name in names:
                self._open(name).delete(one_of(column, values[start : start + NAMED]))


def _searchable(
    manifest: Manifest, entries: tuple[Entry, ...], newest: dict[str, Any], tables: dict[str, Any]
) -> PassageIndex:
    """An index whose legs read tables; positions are those of its documents in order."""
    mean = np.frombuffer(newest["mean"], np.float32)
    projection = Projection(mean, np.frombuffer(newest["components"], np.float32).reshape(len(mean), -1))
    frequencies = np.frombuffer(newest["frequencies"], np.int32)
    ids = [chunk_id(entry, passage) for entry in entries for passage in entry.outline.passages]
    owners = [entry.document.doc_id for entry in entries for _ in entry.outline.passages]
    counts = [p.last - p.first for entry in entries for p in entry.outline.passages]
    layout = Layout(ids, owners, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
    return PassageIndex(
        manifest,
        entries,
        _PARTIES.validate_json(newest["parties"]),
        TableVectors(tables["passages"], layout, each_sentence=False),
        TableWords(tables["passages"], layout),
        TableTokens.of(tables["passages"], layout, projection, frequencies),
        TableVectors(tables["sentences"], layout, each_sentence=True),
    )


def _comparable(before: dict[str, Any], index: PassageIndex) -> bool:
    """Whether vectors that are held and those of an index come from one model and one projection of tokens."""
    same = before["format"] == FORMAT and json.loads(before["manifest"])["fingerprint"] == index.manifest.fingerprint
    return bool(same and before["components"] == index.tokens.projection.components.tobytes())


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0][:200]


_ENTRY = TypeAdapter(Entry)
_PARTIES = TypeAdapter(Parties)
