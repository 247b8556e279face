"""A small bot over invented documents: real texts, cards and outlines; answers by counting shared words."""

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from qa_bot.bot import OnRetrieved
from qa_bot.corpus import make_document, read_corpus
from qa_bot.errors import QuestionError, UnknownDocumentError
from qa_bot.perspective import Profile, Reading, analyse, perspective_note, perspective_of, profile
from qa_bot.segmentation import outline
from qa_bot.types import (
    Answer,
    Citation,
    Document,
    Excerpt,
    Outline,
    Parties,
    Perspective,
    Sentence,
    Span,
    Status,
)

EXAMPLES = Path(__file__).parents[2] / "examples" / "corpus"
LARGE = 100_000  # code points
STOP = set(
    "a an the of in on at to and or was were is are did do does what who when where how many much say said".split()
)


class FakeBot:
    """Has every method of the page's protocol; `broken` makes asking fail."""

    index_version = "fake-1"

    def __init__(self, documents: Sequence[Document], parties: Parties | None = None) -> None:
        self.documents = tuple(documents)
        self.parties = parties or Parties()
        self.broken = False
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._readings: dict[str, Reading] = {}
        self._outlines = {d.doc_id: outline(d.text, d.doc_id) for d in documents}

    @classmethod
    def of_examples(cls) -> "FakeBot":
        corpus = read_corpus(EXAMPLES)
        return cls(corpus.documents, corpus.parties)

    @classmethod
    def of_texts(cls, **texts: str) -> "FakeBot":
        return cls([make_document(doc_id, text) for doc_id, text in texts.items()])

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Collection[str] | None = None,
        parties: Collection[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        if self.broken:
            raise RuntimeError("/secret/path is broken")
        if not question.strip() or len(question) > 1000:
            raise QuestionError(f"a question has 1 to 1,000 characters, this one has {len(question)}; shorten it")
        self.asked.append((question, tuple(history)))
        resolved = question
        if history and re.search(r"\b(they|it|he|she|there)\b", question):
            resolved = f"{question} ({history[-1]})"
        ranked = self._ranked(resolved, doc_ids, parties)[:max_citations]
        unheard = tuple(dict.fromkeys(n for n in re.findall(r"(?<= )[A-Z]\w+", resolved) if n not in self._all_words))
        answered = bool(ranked) and ranked[0][0] >= 2 and not unheard
        citations = tuple(self._cite(d, s, n, score) for n, (score, d, s) in enumerate(ranked, 1))
        if on_retrieved:
            on_retrieved(citations)
        return Answer(
            question=question,
            resolved_question=resolved,
            status=Status.ANSWERED if answered else Status.NOT_IN_SOURCES,
            confidence=0.9 if answered else 0.1,
            text="",
            short=self._short(citations[0]) if answered else None,
            citations=citations if answered else (),
            closest=() if answered else citations,
            perspective_note=perspective_note([c.perspective for c in citations], [c.title for c in citations]),
            index_version=self.index_version,
            unheard=unheard,
        )

    def document(self, doc_id: str) -> Document:
        for document in self.documents:
            if document.doc_id == doc_id:
                return document
        raise UnknownDocumentError(doc_id)

    def outline(self, doc_id: str) -> Outline:
        self.document(doc_id)
        return self._outlines[doc_id]

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        return perspective_of(self.document(doc_id), self._reading(doc_id), span)

    def profile(self, doc_id: str) -> Profile:
        return profile(self.document(doc_id), self.outline(doc_id), self._reading(doc_id))

    def _reading(self, doc_id: str) -> Reading:
        document = self.document(doc_id)
        if len(document.text) > LARGE:  # reading takes time that tests of large documents do not have
            return Reading(voices=(), loaded=(), claims=())
        if doc_id not in self._readings:
            self._readings[doc_id] = analyse(document, self.outline(doc_id), self.parties)
        return self._readings[doc_id]

    # ------------------------------------------------------------

    @cached_property
    def _all_words(self) -> set[str]:
        return {word for d in self.documents for word in re.findall(r"\w+", d.text)}

    @cached_property
    def _sentences(self) -> list[tuple[Document, Sentence, set[str]]]:
        return [
            (d, s, _words(s.span.of(d.text)))
            for d in self.documents
            for s in self._outlines[d.doc_id].sentences
            if not s.heading
        ]

    def _ranked(self, question: str, doc_ids: Collection[str] | None, parties: Collection[str] | None):
        wanted = _words(question)
        scored = [
            (len(wanted & words), d, s)
            for d, s, words in self._sentences
            if (doc_ids is None or d.doc_id in doc_ids)
            and (parties is None or (d.card and d.card.value("perspective.party") in parties))
        ]
        return sorted(scored, key=lambda x: (-x[0], x[1].doc_id, x[2].span))

    def _cite(self, document: Document, sentence: Sentence, number: int, score: float) -> Citation:
        parts = self._outlines[document.doc_id]
        return Citation(
            number=number,
            doc_id=document.doc_id,
            title=document.title,
            section=parts.sections[sentence.section].heading if parts.sections else None,
            page=None,
            span=sentence.span,
            quote=sentence.span.of(document.text),
            document_sha256=document.sha256,
            score=float(score),
            context=document.excerpt(parts.paragraphs[sentence.paragraph]),
            perspective=self.perspective(document.doc_id, sentence.span),
        )

    def _short(self, citation: Citation) -> Excerpt | None:
        found = re.search(r"\d[\d.,]*(?: [A-Z]\w+)?", citation.quote)
        if not found:
            return None
        start = citation.span.start + found.start()
        return Excerpt(Span(start, start + len(found.group())), found.group())


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.casefold()) if w not in STOP}
