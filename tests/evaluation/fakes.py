"""A bot that ranks sentences by shared words: small, deterministic, and right often enough to be measured."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_bot.errors import QuestionError
from qa_bot.types import (
    Answer,
    Citation,
    Document,
    Excerpt,
    Outline,
    Passage,
    Perspective,
    Section,
    Sentence,
    Span,
    Status,
    Voice,
)

TEXT = (
    "Almere lies on the northern bank of the river. The old bridge was built in 1911. "
    "It burned down in 1944.\n\n"
    'The mayor of Almere said: "The river belongs to nobody." Fishing was forbidden in 1950. '
    "The town of Berghem disputes this."
)


def document(doc_id: str = "river", text: str = TEXT) -> Document:
    return Document(doc_id, doc_id.title(), text, hashlib.sha256(text.encode()).hexdigest())


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - {"the", "a", "was", "is", "in", "of", "did", "on"}


def outline(text: str) -> Outline:
    paragraphs = tuple(Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text))
    sentences = tuple(
        Sentence(Span(paragraph.start + m.start(), paragraph.start + m.end()), number, 0)
        for number, paragraph in enumerate(paragraphs)
        for m in re.finditer(r"\S.*?(?:[.?!]\"?(?=\s|$)|$)", paragraph.of(text))
    )
    passages = tuple(Passage(str(n), "", span, 0, 0, 0) for n, span in enumerate(paragraphs))
    return Outline((Section(None, Span(0, len(text))),), paragraphs, sentences, passages)


@dataclass
class WordBot:
    """Answers when at least `threshold` of the question's words stand in the best sentence."""

    documents: tuple[Document, ...] = field(default_factory=lambda: (document(),))
    threshold: float = 0.5
    index_version: str = "words-1"
    asked: list[str] = field(default_factory=list)
    interrupt_after: int | None = None

    @property
    def manifest(self) -> dict[str, object]:
        return {"model": "words", "documents": {one.doc_id: one.sha256 for one in self.documents}}

    def outline(self, doc_id: str) -> Outline:
        return outline(self._text(doc_id))

    def rank(self, question: str, *, stage: str, unit: str, limit: int = 10) -> Sequence[Citation]:
        ranked = self._ranked(question, passages=unit == "passage")
        return ranked[:limit] if stage == "late" else tuple(reversed(ranked))[:limit]

    def search(self, question: str, *, limit: int = 10) -> tuple[Citation, ...]:
        return self._ranked(question)[:limit]

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        if self.interrupt_after is not None and len(self.asked) >= self.interrupt_after:
            raise KeyboardInterrupt
        self.asked.append(question)
        if "\x00" in question:
            raise QuestionError("the question holds a control character")
        resolved = " ".join((*history, question))
        best = self._ranked(resolved)[:3]
        answered = bool(best) and best[0].score >= self.threshold
        return Answer(
            question=question,
            resolved_question=resolved,
            status=Status.ANSWERED if answered else Status.NOT_IN_SOURCES,
            confidence=best[0].score if best else 0.0,
            text="",
            short=None,
            citations=best if answered else (),
            closest=() if answered else best,
            perspective_note="",
            index_version=self.index_version,
        )

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        said = '"' in span.of(self._text(doc_id))
        return Perspective(
            holder="the town",
            party=None,
            voice=Voice.DIRECT_QUOTE if said else Voice.NARRATOR,
            note="The mayor, quoted directly." if said else "The narrator's own words.",
            speaker="the mayor" if said else None,
            speaker_party="Almere" if said else None,
        )

    def _ranked(self, question: str, *, passages: bool = False) -> tuple[Citation, ...]:
        scored = []
        for source in self.documents:
            divided = outline(source.text)
            for unit in divided.passages if passages else divided.sentences:
                shared = words(question) & words(unit.span.of(source.text))
                score = len(shared) / max(1, len(words(question)))
                if score:
                    scored.append(self._citation(source, unit.span, divided, score))
        return tuple(sorted(scored, key=lambda c: (-c.score, c.doc_id, c.span.start)))

    def _citation(self, source: Document, span: Span, divided: Outline, score: float) -> Citation:
        around = next(paragraph for paragraph in divided.paragraphs if paragraph.covers(span))
        return Citation(
            number=1,
            doc_id=source.doc_id,
            title=source.title,
            section=None,
            page=None,
            span=span,
            quote=span.of(source.text),
            document_sha256=source.sha256,
            score=score,
            context=source.excerpt(around),
            perspective=self.perspective(source.doc_id, span),
        )

    def _text(self, doc_id: str) -> str:
        return next(source.text for source in self.documents if source.doc_id == doc_id)


def excerpt(text: str, part: str) -> Excerpt:
    start = text.index(part)
    return Excerpt(Span(start, start + len(part)), part)
