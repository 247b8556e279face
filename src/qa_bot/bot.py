"""The one object behind every door: build or load an index, ask it, and look into its documents."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import Protocol, TypeAlias

from qa_bot import conversation, perspective
from qa_bot.answering import Answerer, Asked
from qa_bot.bearing import with_bearing
from qa_bot.conversation import Vocabulary, Words, aside_of, resolve
from qa_bot.corpus import Corpus, read_sources
from qa_bot.encoder import Encoder, load_encoder
from qa_bot.engine import folder_of, open_index
from qa_bot.errors import IndexStaleError, QuestionError, SpanError
from qa_bot.index import (
    BuildReport,
    Entry,
    PassageIndex,
    Source,
    build_index,
    encoder_folders,
    encoder_of,
    load_index,
    writing,
)
from qa_bot.perspective import Before, Profile, Reading, analyse, perspective_of, profile, speakers_of
from qa_bot.progress import Progress
from qa_bot.reader import SentenceReader, load_reader, read_ranking
from qa_bot.retrieval import LEG, POOL, Retriever, Stage
from qa_bot.settings import MAX_CITATIONS, MAX_HISTORY, MAX_QUESTION, Settings
from qa_bot.types import Answer, Aside, Citation, Document, Outline, Parties, Perspective, Ranking, Span, Speakers

OnRetrieved: TypeAlias = Callable[[tuple[Citation, ...]], object]  # told passages before it is known if they answer

MAX_SEARCH = 100


class Bot(Protocol):
    """What a door needs of a bot: QaBot has it, and so may a fake; every method may be called from several threads."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, in the order of the corpus."""
        ...

    @property
    def parties(self) -> Parties:
        """The parties, actors and places of the corpus."""
        ...

    @property
    def index_version(self) -> str:
        """A name that changes when the index does."""
        ...

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        """An answer quoted from the sources, or that they do not give one; `on_retrieved` is told the nearest passages.

        Raises: QuestionError.
        """
        ...

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
    ) -> tuple[Citation, ...]:
        """The nearest passages, best first. Raises: QuestionError."""
        ...

    def document(self, doc_id: str) -> Document:
        """One document. Raises: UnknownDocumentError."""
        ...

    def outline(self, doc_id: str) -> Outline:
        """The parts of one document. Raises: UnknownDocumentError."""
        ...

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """The perspective of any span of a document. Raises: UnknownDocumentError, SpanError."""
        ...

    def profile(self, doc_id: str) -> Profile:
        """The computed profile of one document. Raises: UnknownDocumentError."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """A question as checked for asking: text without surrounding white space, and what it is limited to.

    `silent` are the parties asked for that no document of the corpus speaks for.
    """

    text: str
    history: tuple[str, ...]
    doc_ids: tuple[str, ...] | None
    silent: tuple[str, ...] = ()


class _Readings(dict[str, Reading]):
    """The reading of each document, parsed when it is first wanted."""

    def __init__(self, index: PassageIndex) -> None:
        super().__init__()
        self._index = index

    def __missing__(self, doc_id: str) -> Reading:
        reading = self[doc_id] = Reading.from_json(self._index.entry(doc_id).annotation)
        return reading


class QaBot:
    """Answers questions about the documents of one index by quoting them."""

    def __init__(self, index: PassageIndex, encoder: Encoder, reader: SentenceReader | None = None) -> None:
        self._index, self._encoder, self._reader = index, encoder, reader
        readings = _Readings(index)
        self._readings = readings
        self._retriever = Retriever(index, encoder)
        self._answerer = Answerer(index, readings)

    # ---------------------------------------------------------------- making one

    @classmethod
    def build(cls, corpus: Path | str, index: Path | str, *, settings: Settings | None = None) -> "QaBot":
        """Bring the index of a corpus folder up to date and load it.

        Raises: CorpusError, CardError, ModelError, IndexBusyError.
        """
        with writing(Path(index)):  # or what another process has read and indexed since would be undone
            return cls.from_corpus(read_sources(Path(corpus), Path(index)), index, settings=settings)

    @classmethod
    def from_documents(
        cls, documents: Sequence[Document], index: Path | str, *, progress: Progress | None = None
    ) -> "QaBot":
        """The same for documents already in memory; `progress` is told how far it is."""
        return cls.from_corpus(Corpus(tuple(documents), Parties()), index, progress=progress)

    @classmethod
    def from_corpus(
        cls,
        corpus: Corpus,
        index: Path | str,
        *,
        settings: Settings | None = None,
        progress: Progress | None = None,
    ) -> "QaBot":
        """The same for a corpus that was read."""
        settings = settings or Settings()
        encoder = load_encoder(settings.model, near=encoder_folders(Path(index)))
        update_index(corpus, Path(index), encoder, progress=progress)
        return cls(load_index(Path(index)), encoder, load_reader(settings.reader))

    @classmethod
    def load(cls, index: Path | str, *, settings: Settings | None = None, encoder: Encoder | None = None) -> "QaBot":
        """Load an index that was built before, every file verified, from its folder or from where it was published.

        `index` may be a URI such as lance+s3://bucket/prefix; `encoder` spares loading the model again.

        Raises: EngineError, IndexMissingError, IndexStaleError, IndexDamagedError, ModelError.
        """
        settings = settings or Settings()
        model = encoder.name if encoder else settings.model
        loaded, folder = open_index(index), folder_of(index)
        built = loaded.manifest
        if built.model != model:
            raise IndexStaleError("model", found=built.model, expected=model)
        encoder = encoder or (encoder_of(folder, built) if folder else None) or load_encoder(model)
        if built.fingerprint != encoder.fingerprint:
            raise IndexStaleError("model weights", found=built.fingerprint[:12], expected=encoder.fingerprint[:12])
        return cls(loaded, encoder, load_reader(settings.reader))

    # ---------------------------------------------------------------- asking

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        """Answer a question with verbatim quotations, or say that the sources do not.

        `history` holds earlier questions, oldest first; `doc_ids` and `parties` (of the documents' cards) limit
        what is searched. `on_retrieved` is called once with up to `max_citations` passages, the nearest first, when
        they are found and before it is decided whether they answer.

        Raises: QuestionError: empty, too long, control characters, unknown party; UnknownDocumentError.
        """
        start = perf_counter()
        if not 1 <= max_citations <= MAX_CITATIONS:
            raise QuestionError(f"max_citations is {max_citations}; ask for 1 to {MAX_CITATIONS}")
        asked = self._checked(question, history, doc_ids, parties)
        if aside := aside_of(asked.text):
            return self._reply(aside, asked, on_retrieved)
        resolved = resolve(asked.text, asked.history, self._vocabulary)
        ranking = self._retrieve(resolved, asked.doc_ids, limit=POOL)
        retrieved = perf_counter()
        if on_retrieved:
            on_retrieved(self._answerer.citations(ranking.sentences, limit=max_citations))
        ranking = self._read(ranking)
        read = perf_counter()
        unheard = (*self._vocabulary.unheard_names(resolved), *self._vocabulary.unheard_days(resolved))
        answer = self._answerer.answer(Asked(asked.text, resolved, max_citations, unheard, asked.silent), ranking)
        spent = {"retrieve": retrieved - start, "read": read - retrieved, "total": perf_counter() - start}
        timings = {**answer.timings_ms, **{name: _ms(seconds) for name, seconds in spent.items()}}
        return replace(answer, timings_ms=timings)

    def _reply(self, aside: Aside, asked: Question, on_retrieved: OnRetrieved | None) -> Answer:
        """What is said where no question is put to the documents; nothing is searched for."""
        start = perf_counter()
        if on_retrieved:
            on_retrieved(())
        answer = self._answerer.reply(aside, Asked(asked.text, asked.text, silent=asked.silent), asked.doc_ids)
        return replace(answer, timings_ms={"retrieve": 0.0, "read": 0.0, "total": _ms(perf_counter() - start)})

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
    ) -> tuple[Citation, ...]:
        """The best `limit` sentences as citations, best first, without deciding whether they answer.

        Raises: QuestionError, UnknownDocumentError.
        """
        if not 1 <= limit <= MAX_SEARCH:
            raise QuestionError(f"limit is {limit}; ask for 1 to {MAX_SEARCH}")
        asked = self._checked(question, (), doc_ids, parties)
        ranking = self._retrieve(resolve(asked.text, (), self._vocabulary), asked.doc_ids)
        return self._answerer.citations(self._read(ranking).sentences, limit=limit)

    def rank(self, question: str, *, stage: Stage | str = Stage.LATE, limit: int = 100) -> Ranking:
        """One stage's ranking alone, for evaluation: "dense", "bm25", "rrf", "late", or "read" for the whole."""
        resolved = resolve(self._checked(question, (), None, None).text, (), self._vocabulary)
        if stage == Stage.READ:
            return self._read(self._retrieve(resolved, limit=limit))
        return self._retriever.retrieve(resolved, stage=Stage(stage), limit=limit)

    def _retrieve(self, resolved: str, doc_ids: Sequence[str] | None = None, *, limit: int = LEG) -> Ranking:
        ranking = self._retriever.retrieve(resolved, doc_ids=doc_ids, limit=limit)
        return with_bearing(ranking, self._index, self._retriever.speakers)

    def _read(self, ranking: Ranking) -> Ranking:
        return read_ranking(self._reader, self._index, ranking) if self._reader else ranking

    # ---------------------------------------------------------------- looking into documents

    @property
    def index_version(self) -> str:
        """Changes whenever the index does."""
        return self._index.manifest.version

    @property
    def index(self) -> PassageIndex:
        """The index itself."""
        return self._index

    @property
    def parties(self) -> Parties:
        """Parties, actors and places of the corpus."""
        return self._index.parties

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, by id."""
        return tuple(entry.document for entry in self._index.entries)

    def document(self, doc_id: str) -> Document:
        """One document.

        Raises: UnknownDocumentError.
        """
        return self._index.entry(doc_id).document

    def outline(self, doc_id: str) -> Outline:
        """Its sections, paragraphs, sentences and passages.

        Raises: UnknownDocumentError.
        """
        return self._index.entry(doc_id).outline

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """From where any span of a document speaks.

        Raises: UnknownDocumentError; SpanError: the span ends outside the document.
        """
        document = self.document(doc_id)
        if span.end > len(document.text):
            raise SpanError(
                f"span {span.start}-{span.end} lies outside '{doc_id}', which has {len(document.text)} characters"
            )
        return perspective_of(document, self._readings[doc_id], span, alone=self._answerer.alone)

    def reading(self, doc_id: str) -> Reading:
        """The voices, loaded terms and claim cues of a whole document.

        Raises: UnknownDocumentError.
        """
        self.document(doc_id)
        return self._readings[doc_id]

    def profile(self, doc_id: str) -> Profile:
        """Who speaks how much in a document, in which words.

        Raises: UnknownDocumentError.
        """
        entry = self._index.entry(doc_id)
        return profile(entry.document, entry.outline, self._readings[doc_id])

    # ---------------------------------------------------------------- checks

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        words = (Words.from_json(_worded(e.document), e.words) for e in self._index.entries)
        return Vocabulary.of(words, self._encoder.words(), self.parties)

    def _checked(
        self, question: str, history: Sequence[str], doc_ids: Sequence[str] | None, parties: Sequence[str] | None
    ) -> Question:
        if len(history) > MAX_HISTORY:
            raise QuestionError(f"the history has {len(history)} questions; send the last {MAX_HISTORY}")
        earlier = tuple(checked_question(q, f"history, question {n}:") for n, q in enumerate(history, 1))
        text, sides = checked_question(question), None if parties is None else parties_named(parties, self)
        spoken_for = {document.party for document in self.documents}
        silent = tuple(party for party in sides or () if party not in spoken_for)
        return Question(text, earlier, self._limited(doc_ids, sides), silent)

    def _limited(self, doc_ids: Sequence[str] | None, parties: Sequence[str] | None) -> tuple[str, ...] | None:
        for doc_id in doc_ids or ():
            self.document(doc_id)
        if parties is None:
            return None if doc_ids is None else tuple(doc_ids)
        wanted = tuple(d.doc_id for d in self.documents if d.party in parties)
        return wanted if doc_ids is None else tuple(d for d in wanted if d in doc_ids)


def parties_named(names: Sequence[str], bot: Bot) -> tuple[str, ...]:
    """Parties as the corpus writes them, each once, by their names or aliases in any case.

    Raises: QuestionError: naming one that the corpus does not know, and those that it does.
    """
    declared = [party for document in bot.documents if (party := document.party)]
    known = [party.name for party in bot.parties.parties]
    aliases = {alias.casefold(): party.name for party in bot.parties.parties for alias in party.aliases}
    written = aliases | {name.casefold(): name for name in (*known, *declared)}
    for name in names:
        if name.strip().casefold() not in written:
            held = ", ".join(sorted({*known, *declared})) or "none"
            raise QuestionError(f"no party '{name}' in this corpus; it names: {held}")
    return tuple(dict.fromkeys(written[name.strip().casefold()] for name in names))


def checked_question(question: str, name: str = "the question") -> str:
    """A question without surrounding white space; `name` is what errors call it.

    Raises: QuestionError: empty, longer than MAX_QUESTION, or holding control characters.
    """
    text = question.strip()
    if not text:
        raise QuestionError(f"{name} is empty; type a question of 1 to {MAX_QUESTION:,} characters")
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"{name} has {len(text)} characters; shorten it to {MAX_QUESTION}")
    for place, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n\r":
            raise QuestionError(f"{name} holds the control character U+{ord(character):04X} at {place}; remove it")
    return text


def update_index(
    corpus: Corpus, index: Path, encoder: Encoder, *, progress: Progress | None = None, rebuild: bool = False
) -> BuildReport:
    """Bring an index up to date with a corpus; the perspective of every document is read here, once.

    Raises: IndexBusyError.
    """
    annotate = partial(annotated, parties=corpus.parties)
    source = Source(corpus.documents, corpus.parties, annotate, _edition())
    return build_index(index, source, encoder, progress=progress, rebuild=rebuild)


def annotated(
    document: Document, outline: Outline, before: Entry | None, *, parties: Parties
) -> tuple[str, str, Speakers]:
    """What is kept with a document in the index: its perspective, its words and its speakers.

    `before` is what was kept of it, by the same rules, until it changed.
    """
    read = Before(before.document.text, before.outline, Reading.from_json(before.annotation)) if before else None
    reading = analyse(document, outline, parties, read)
    return reading.to_json(), Words.of(_worded(document)).to_json(), speakers_of(reading, outline, parties)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _edition() -> str:
    return perspective.edition() + conversation.edition()


def _worded(document: Document) -> str:
    """The text whose words a question may use: the document's own and its title."""
    return f"{document.text}\n\n{document.title}"
