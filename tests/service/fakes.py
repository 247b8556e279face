"""A bot over one small document, quick and without a model, with the same rules as the real one."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from unicodedata import category

from qa_bot.errors import QuestionError, SpanError, UnknownDocumentError
from qa_bot.types import (
    Answer,
    Basis,
    CardField,
    Citation,
    Document,
    Excerpt,
    Outline,
    Parties,
    Party,
    Passage,
    Perspective,
    PerspectiveCard,
    Section,
    Sentence,
    Span,
    Status,
    Voice,
)

TEXT = (
    "The bridge\n\nThe bridge was opened on 3 May. “It is the finest bridge of all,” the mayor said. It has 𝒵 arches.\n"
)
SENTENCES = (Span(0, 10), Span(12, 43), Span(44, 93), Span(94, 110))


@dataclass(frozen=True)
class FakeProfile:
    words: int = 19
    voices: dict[Voice, int] = field(default_factory=lambda: {Voice.NARRATOR: 2, Voice.DIRECT_QUOTE: 1})


def make_document(doc_id: str = "bridge", text: str = TEXT) -> Document:
    card = PerspectiveCard(
        title="The bridge",
        language="en",
        fields={
            "origin.author": CardField("unknown", Basis.UNKNOWN),
            "perspective.party": CardField("Town", Basis.STATED, (Span(12, 22),)),
        },
        stance={"Town": "for"},
    )
    return Document(doc_id, "The bridge", text, hashlib.sha256(text.encode()).hexdigest(), card)


class FakeBot:
    """Answers a question when one of its words stands in a sentence; `delay_s` is how long it thinks."""

    def __init__(self, *, index_version: str = "v1", delay_s: float = 0.0, fault: Exception | None = None) -> None:
        self.documents = (make_document(),)
        self.parties = Parties(parties=(Party("Town"), Party("Village")))
        self.index_version = index_version
        self.delay_s = delay_s
        self.fault = fault
        self.asked: list[dict[str, object]] = []
        self.running = 0
        self.most_running = 0
        self._lock = threading.Lock()

    def ask(self, question, *, history=(), max_citations=3, doc_ids=None, parties=None, on_retrieved=None):
        with self._lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        try:
            return self._answer(question, history, max_citations, doc_ids, parties, on_retrieved)
        finally:
            with self._lock:
                self.running -= 1

    def _answer(self, question, history, max_citations, doc_ids, parties, on_retrieved):
        self.asked.append(
            {"question": question, "history": history, "n": max_citations, "doc_ids": doc_ids, "parties": parties}
        )
        self._check(question)
        found = self._found(" ".join((*history, question)))[:max_citations]
        if on_retrieved:
            on_retrieved(tuple(found) or (self._citation(1, SENTENCES[1]),))
        time.sleep(self.delay_s)
        if self.fault:
            raise self.fault
        status = Status.ANSWERED if found else Status.NOT_IN_SOURCES
        text = f"The bridge: “{found[0].quote}”" if found else "The sources do not answer this."
        return Answer(
            question=question,
            resolved_question=" ".join((*history, question)),
            status=status,
            confidence=0.9 if found else 0.1,
            text=text,
            short=Excerpt(Span(37, 42), "3 May") if found else None,
            citations=tuple(found),
            closest=() if found else (self._citation(1, SENTENCES[1]),),
            perspective_note="One account, by the town." if found else "",
            index_version=self.index_version,
            timings_ms={"retrieve": 1.0, "read": 2.0, "total": 3.0},
        )

    def search(self, question, *, limit=10, doc_ids=None, parties=None):
        self._check(question)
        return tuple(self._found(question)[:limit])

    def document(self, doc_id):
        for document in self.documents:
            if document.doc_id == doc_id:
                return document
        raise UnknownDocumentError(doc_id, tuple(document.doc_id for document in self.documents))

    def outline(self, doc_id):
        self.document(doc_id)
        return Outline(
            sections=(Section("The bridge", Span(0, len(TEXT))),),
            paragraphs=(Span(0, 10), Span(12, 110)),
            sentences=tuple(Sentence(span, int(i > 0), 0, i == 0) for i, span in enumerate(SENTENCES)),
            passages=(Passage("bridge:0", doc_id, Span(12, 110), 0, 1, 4),),
        )

    def perspective(self, doc_id, span):
        if span.end > len(self.document(doc_id).text):
            raise SpanError(f"span {span.start}-{span.end} is outside '{doc_id}'")
        quoted = SENTENCES[2].overlaps(span)
        return Perspective(
            holder="Town",
            party="Town",
            voice=Voice.DIRECT_QUOTE if quoted else Voice.NARRATOR,
            note="The mayor, quoted directly." if quoted else "Narrator's own words.",
            speaker="the mayor" if quoted else None,
        )

    def profile(self, doc_id):
        self.document(doc_id)
        return FakeProfile()

    def _check(self, question):
        if not question.strip() or any(category(mark) == "Cc" and mark not in "\n\t" for mark in question):
            raise QuestionError("the question is empty or has control characters; ask with 1 to 1,000 characters")

    def _found(self, question):
        words = {word.strip("?.,").lower() for word in question.split()}
        hits = [
            span for span in SENTENCES[1:] if words & {word.strip(".,“”").lower() for word in span.of(TEXT).split()}
        ]
        return [self._citation(number, span) for number, span in enumerate(hits, 1)]

    def _citation(self, number, span):
        document = self.documents[0]
        return Citation(
            number=number,
            doc_id=document.doc_id,
            title=document.title,
            section="The bridge",
            page=None,
            span=span,
            quote=span.of(document.text),
            document_sha256=document.sha256,
            score=1.0 / number,
            context=document.excerpt(Span(12, 110)),
            perspective=self.perspective(document.doc_id, span),
        )
