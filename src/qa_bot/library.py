"""A corpus folder and its index, changed together: documents in, documents out, the index brought up to date."""

from dataclasses import dataclass, replace
from pathlib import Path

from qa_bot.bot import update_index
from qa_bot.corpus import read_sources
from qa_bot.corpus.shelf import Holding, Offer, put, take
from qa_bot.encoder import Encoder
from qa_bot.index import BuildReport, writing
from qa_bot.progress import Progress
from qa_bot.types import Document

WAIT_S = 600.0  # how long another build of the same index may take before an addition gives up waiting


@dataclass(frozen=True, slots=True)
class Library:
    """The sources in `corpus` and what is built from them in `index`; safe to use from several threads and processes.

    A document is in the corpus, on disk, before it is indexed: if that is interrupted, the next `update` goes on.
    """

    corpus: Path
    index: Path
    encoder: Encoder

    def add(self, offer: Offer, *, replace: bool = False) -> tuple[Document, bool]:
        """Put a document into the corpus, without indexing it yet; the arguments and errors of `shelf.put`."""
        return put(self.corpus, offer, replace=replace)

    def remove(self, doc_id: str) -> Holding:
        """Take a document out of the corpus, without indexing yet; the errors of `shelf.take`."""
        return take(self.corpus, doc_id)[0]

    def update(self, *, progress: Progress | None = None, rebuild: bool = False, wait_s: float = WAIT_S) -> BuildReport:
        """Bring the index up to date with the corpus.

        Raises: IndexBusyError: it is being written for longer than `wait_s`; CorpusError, CardError.
        """
        with writing(self.index, wait_s=wait_s):
            corpus = read_sources(self.corpus, self.index)
            report = update_index(corpus, self.index, self.encoder, progress=progress, rebuild=rebuild)
        return replace(report, warnings=corpus.warnings)
