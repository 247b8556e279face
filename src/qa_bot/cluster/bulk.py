"""A corpus → LanceDB tables, read and encoded by every machine of a Ray cluster.

Ray Data runs each step where there is room and does the share of a lost machine again; lance-ray commits only what was
written whole. What is encoded is kept in a table of its own until everything is made of it. The new version is named at
the end, so readers see the old one until then. Every machine needs qa-bot[scale] and the model.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import TypeAdapter

from qa_bot.bot import annotated
from qa_bot.corpus import Corpus
from qa_bot.encoder import Encoder, PassageText, load_encoder
from qa_bot.engine.chunks import Chunk, chunk_id, passage_rows, sentence_rows
from qa_bot.engine.places import search_index
from qa_bot.engine.tables import Contents, LanceIndex
from qa_bot.errors import EngineError
from qa_bot.index import Entry
from qa_bot.index.manifest import FORMAT, Manifest
from qa_bot.segmentation import outline
from qa_bot.settings import DEFAULT_MODEL
from qa_bot.tokens import FULL_LIMIT, Projection, dequantise, quantise, sentence_frequencies
from qa_bot.types import Document, Parties, Span

BATCH = 64  # passages encoded at once
SAMPLE = 100_000  # tokens from which the projection of a large index is fitted
CPUS = 0.5  # that an encoder reserves: Ray Data stands still when encoders reserve every core
ENCODED = "encoded"

LoadEncoder = Callable[[str], Encoder]


@dataclass(frozen=True, slots=True)
class BulkReport:
    """The version that was made, and how much is in it."""

    version: str
    documents: int
    passages: int
    sentences: int
    tokens: int


def index_in_bulk(
    corpus: Corpus, place: str, *, model: str = DEFAULT_MODEL, encoders: int = 2, load: LoadEncoder = load_encoder
) -> BulkReport:
    """Encode a corpus on `encoders` processes of the cluster that Ray is connected to, and publish it.

    Raises: EngineError: the place is a folder, which only one machine can write.
    """
    import ray.data

    index = search_index(place)
    if not isinstance(index, LanceIndex):
        raise EngineError(f"'{place}' is a folder of one machine; name lance:///FOLDER or lance+s3://BUCKET/PREFIX")
    bulk = _Bulk(index, corpus.parties)
    sources = [{"document": _DOCUMENT.dump_json(document)} for document in corpus.documents]
    described = ray.data.from_items(sources).map(_described, fn_kwargs={"parties": corpus.parties}).materialize()
    entries = [_ENTRY.validate_json(row["entry"]) for row in described.select_columns(["entry"]).iter_rows()]
    order = {document.doc_id: number for number, document in enumerate(corpus.documents)}
    entries.sort(key=lambda entry: order[entry.document.doc_id])
    passages = described.flat_map(_passages)
    options = {"batch_size": BATCH, "batch_format": "pyarrow", "num_cpus": CPUS, "concurrency": encoders}
    bulk.write(ENCODED, passages.map_batches(_Encode, fn_constructor_args=(load, model), **options))
    contents = bulk.assemble(entries, load(model))
    index.publish_written(entries, contents)
    index.drop(ENCODED)
    made = contents.manifest
    return BulkReport(made.version, len(entries), made.passages, made.sentences, made.tokens)


@dataclass(frozen=True)
class _Bulk:
    """Tables that are written by the cluster."""

    index: LanceIndex
    parties: Parties

    def write(self, name: str, rows: Any) -> None:
        import lance_ray

        lance_ray.write_lance(rows, self.index.address(name), mode="overwrite", storage_options=self.index.options)

    def read(self, name: str) -> Any:
        import lance_ray

        return lance_ray.read_lance(self.index.address(name), storage_options=self.index.options)

    def assemble(self, entries: list[Entry], encoder: Encoder) -> Contents:
        """Make the tables that are searched from what was encoded, and say what they hold."""
        whole = {"batch_format": "pyarrow", "zero_copy_batch": True}
        counted = self.read(ENCODED).map_batches(_counted, fn_kwargs={"vocabulary": encoder.vocabulary}, **whole)
        counts = [np.frombuffer(row["frequencies"], np.int32) for row in counted.iter_rows()]
        tokens = sum(row["tokens"] for row in counted.select_columns(["tokens"]).iter_rows())
        projection = self._projection(tokens, encoder.dim)
        rows = self.read(ENCODED)
        self.write("passages", rows.map_batches(_passage_rows, fn_kwargs={"projection": projection}, **whole))
        self.write("sentences", rows.map_batches(_sentence_rows, fn_kwargs={"projection": projection}, **whole))
        sentences = sum(p.last - p.first for entry in entries for p in entry.outline.passages)
        manifest = Manifest(
            format=FORMAT,
            model=encoder.name,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            dense="LanceDB tables",
            documents={entry.document.doc_id: entry.document.sha256 for entry in entries},
            passages=sum(len(entry.outline.passages) for entry in entries),
            sentences=sentences,
            tokens=tokens,
            files=(),
        )
        order = [entry.document.doc_id for entry in entries]
        return Contents(manifest, self.parties, order, projection, np.sum(counts, axis=0, dtype=np.int32))

    def _projection(self, tokens: int, dim: int) -> Projection:
        if tokens <= FULL_LIMIT:
            return Projection.identity(dim)
        sampled = self.read(ENCODED).random_sample(min(1.0, SAMPLE / tokens), seed=0).select_columns(["tokens"])
        rows = [np.frombuffer(row["tokens"], np.int8).reshape(-1, dim) for row in sampled.iter_rows()]
        return Projection.fit(dequantise(np.concatenate(rows)))


# -------------------------------------------------------------------- what runs on every machine


def _described(row: dict[str, Any], parties: Parties) -> dict[str, Any]:
    """A document → its entry: outline, perspective and words."""
    document = _DOCUMENT.validate_json(row["document"])
    parts = outline(document.text, document.doc_id, document.layout)
    entry = Entry(document, parts, *annotated(document, parts, None, parties=parties))
    return {"doc_id": document.doc_id, "entry": _ENTRY.dump_json(entry)}


def _passages(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An entry → its passages with the ends of their sentences."""
    entry = _ENTRY.validate_json(row["entry"])
    for passage in entry.outline.passages:
        spans = [s.span for s in entry.outline.sentences[passage.first : passage.last]]
        yield {
            "chunk_id": chunk_id(entry, passage),
            "doc_id": entry.document.doc_id,
            "text": passage.span.of(entry.document.text),
            "spans": np.array([(s.start - passage.span.start, s.end - passage.span.start) for s in spans]).tobytes(),
        }


class _Encode:
    """Passages → vectors; each process loads the model once."""

    def __init__(self, load: LoadEncoder, model: str) -> None:
        self._encoder = load(model)

    def __call__(self, batch: pa.Table) -> pa.Table:
        found = self._encoder.encode_passages([_passage_text(row) for row in batch.to_pylist()])
        columns = {
            "vector": [e.vector.tobytes() for e in found],
            "sentences": [np.ascontiguousarray(e.sentences).tobytes() for e in found],
            "tokens": [quantise(e.tokens).tobytes() for e in found],
            "token_ids": [np.asarray(e.token_ids, np.int32).tobytes() for e in found],
            "lengths": [np.diff(e.bounds).astype(np.int32).tobytes() for e in found],
        }
        made = {name: pa.array(values, pa.large_binary()) for name, values in columns.items()}
        return pa.table({**{name: batch[name] for name in ("chunk_id", "doc_id", "text")}, **made})


def _passage_text(row: dict[str, Any]) -> PassageText:
    spans = np.frombuffer(row["spans"], np.int64).reshape(-1, 2).tolist()
    return PassageText(row["text"], tuple(Span(start, end) for start, end in spans))


def _counted(batch: pa.Table, vocabulary: int) -> pa.Table:
    """In how many sentences each token occurs, and how many tokens there are."""
    ids = np.concatenate([np.frombuffer(value, np.int32) for value in batch["token_ids"].to_pylist()])
    lengths = np.concatenate([np.frombuffer(value, np.int32) for value in batch["lengths"].to_pylist()])
    bounds = np.array([0, *accumulate(lengths.tolist())], np.int64)
    frequencies = sentence_frequencies(ids, bounds, vocabulary)
    return pa.table({"frequencies": [frequencies.tobytes()], "tokens": [len(ids)]})


def _passage_rows(batch: pa.Table, projection: Projection) -> pa.Table:
    return passage_rows(_chunks(batch, projection))


def _sentence_rows(batch: pa.Table, projection: Projection) -> pa.Table:
    return sentence_rows(_chunks(batch, projection))


def _chunks(batch: pa.Table, projection: Projection) -> list[Chunk]:
    return [_chunk(row, projection) for row in batch.to_pylist()]


def _chunk(row: dict[str, Any], projection: Projection) -> Chunk:
    dim = len(projection.mean)
    tokens: npt.NDArray[np.int8] = np.frombuffer(row["tokens"], np.int8).reshape(-1, dim)
    return Chunk(
        row["chunk_id"],
        row["doc_id"],
        row["text"],
        np.frombuffer(row["vector"], np.float32),
        np.frombuffer(row["sentences"], np.float32).reshape(-1, dim),
        tokens if projection.is_identity else quantise(projection.apply(dequantise(tokens))),
        np.frombuffer(row["lengths"], np.int32),
    )


_DOCUMENT = TypeAdapter(Document)
_ENTRY = TypeAdapter(Entry)
