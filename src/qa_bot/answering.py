"""Ranked sentences → an answer made of fixed wording and verbatim quotations, or a statement that there is none."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from time import perf_counter

from qa_bot.corpus import sha256_of
from qa_bot.errors import QuotationError
from qa_bot.index import PassageIndex
from qa_bot.perspective import (
    Reading,
    attribution_line,
    documents_note,
    nobody_for,
    perspective_note,
    perspective_of,
    question_echo,
)
from qa_bot.short import may_be_marked
from qa_bot.types import (
    Answer,
    Aside,
    Citation,
    ClaimCue,
    Excerpt,
    LoadedTerm,
    Perspective,
    Ranking,
    ScoredSentence,
    Span,
    Status,
)

CONFIDENCE = (0.38, 0.64)  # logistic: intercept, relevance
UNREAD_CONFIDENCE = (-2.14, 8.28, -3.5)  # the same without a reader: intercept, late interaction, coverage
REFUSAL_COST = 7  # wrong answers that a needless refusal weighs: a quotation can be checked, a missing one cannot
THRESHOLD = 1 / (1 + REFUSAL_COST)  # confidence from which an answer is given
TOPIC = 0.53  # coverage below which the sources speak of something else
STRANGE = 0.12  # of the confidence is left, which is below THRESHOLD, where the sources know not the topic or a name
PERSPECTIVES = 1_024  # of cited spans kept: what answers one question often answers the next
CLOSEST = 3  # nearest passages shown when refusing

REFUSAL = "The sources do not answer this question. The nearest passages follow; they are not an answer."
NOTHING = "The sources do not answer this question, and no passage is near to it."
UNNAMED = "The sources do not mention {names}."
ASIDES = {
    Aside.SOURCE: "This asks about the documents themselves, not about what they tell.",
    Aside.TOOL: "Ask about what the documents tell: the answer quotes them, and says where it stands and who speaks.",
}
TEMPLATES = (REFUSAL, NOTHING, UNNAMED, *ASIDES.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed and as searched for, and how many citations may answer it.

    `unheard` are names in it that no source has, `silent` parties asked for that no document speaks for.
    """

    question: str
    resolved: str
    max_citations: int = 3
    unheard: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


class Answerer:
    """Makes answers from the rankings of one index; every quotation is verified when it leaves.

    `alone` says that all declared standpoints of the corpus are those of one party.
    """

    def __init__(self, index: PassageIndex, readings: dict[str, Reading]) -> None:
        self._index, self._readings = index, readings
        self.alone = len(declared_parties(index)) == 1
        of_span = partial(_perspective_of, index, readings, alone=self.alone)  # no cycle: it does not hold this object
        self._perspective = lru_cache(maxsize=PERSPECTIVES)(of_span)
        self._sha256_of = lru_cache(maxsize=256)(sha256_of)  # a text never changes: its digest is worked out once

    def answer(self, asked: Asked, ranking: Ranking) -> Answer:
        """Cite the best sentences if one of them probably answers the question, else name the nearest.

        Raises: QuotationError: a quotation is not what stands in its source.
        """
        start = perf_counter()
        confidence = round(confidence_of(ranking, strange=bool(asked.unheard)), 4)  # decides as it is told
        answered = is_answered(ranking, confidence) and not asked.unheard
        cited = self.citations(ranking.sentences, limit=asked.max_citations if answered else CLOSEST)
        note = perspective_note([c.perspective for c in cited], [c.title for c in cited], silent=asked.silent)
        return Answer(
            question=asked.question,
            resolved_question=asked.resolved,
            status=Status.ANSWERED if answered else Status.NOT_IN_SOURCES,
            confidence=confidence,
            text=_text(asked, cited, answered=answered),
            short=self._short(ranking, cited[0]) if answered else None,
            citations=cited if answered else (),
            closest=() if answered else cited,
            perspective_note=note,
            index_version=self._index.manifest.version,
            timings_ms={**ranking.timings_ms, "compose": round((perf_counter() - start) * 1000, 3)},
            unheard=asked.unheard,
        )

    def reply(self, aside: Aside, asked: Asked, doc_ids: Sequence[str] | None = None) -> Answer:
        """What is said where no question is put to the documents: what they are, those of `doc_ids` or all."""
        entries = self._index.entries if doc_ids is None else map(self._index.entry, doc_ids)
        declared = documents_note([entry.document for entry in entries], cards=aside is Aside.SOURCE)
        note = " ".join(filter(None, (declared, *map(nobody_for, asked.silent))))
        return Answer(
            question=asked.question,
            resolved_question=asked.resolved,
            status=Status.NOT_IN_SOURCES,
            confidence=0.0,
            text=" ".join(filter(None, (question_echo(asked.question), ASIDES[aside], note))),
            short=None,
            citations=(),
            closest=(),
            perspective_note=note,
            index_version=self._index.manifest.version,
            aside=aside,
        )

    def citations(self, sentences: Sequence[ScoredSentence], *, limit: int) -> tuple[Citation, ...]:
        """Verified citations in the order of the sentences, numbered from one; no words are cited twice."""
        return tuple(islice(self._citations(sentences), limit))

    def _citations(self, sentences: Sequence[ScoredSentence]) -> Iterator[Citation]:
        seen: set[str] = set()
        taken: list[tuple[str, Span]] = []
        for scored in sentences:
            entry = self._index.entry(scored.doc_id)
            span = self._span(scored)
            words = " ".join(span.of(entry.document.text).split()).casefold()
            if words in seen or any(d == scored.doc_id and span.overlaps(other) for d, other in taken):
                continue
            seen.add(words)
            taken.append((scored.doc_id, span))
            yield self._citation(scored, span, number=len(taken))

    def _short(self, ranking: Ranking, cited: Citation) -> Excerpt | None:
        """The words of the first citation that answer, if there is a reader and what it found can be an answer."""
        scored = ranking.sentences[0]
        found = scored.evidence
        if not found or not found.short or not cited.span.covers(found.short):
            return None
        short = self._index.entry(scored.doc_id).document.excerpt(found.short)
        own = self._perspective(scored.doc_id, short.span)
        return short if may_be_marked(short, cited, ranking.question, own) else None

    def _span(self, scored: ScoredSentence) -> Span:
        sentences = self._index.entry(scored.doc_id).outline.sentences
        return Span(sentences[scored.sentence].span.start, sentences[scored.until - 1].span.end)

    def _citation(self, scored: ScoredSentence, span: Span, *, number: int) -> Citation:
        entry = self._index.entry(scored.doc_id)
        document, parts = entry.document, entry.outline
        citation = Citation(
            number=number,
            doc_id=document.doc_id,
            title=document.title,
            section=parts.sections[parts.sentences[scored.sentence].section].heading,
            page=document.page_at(span.start),
            span=span,
            quote=span.of(document.text),
            document_sha256=self._index.manifest.documents[document.doc_id],
            score=round(scored.score, 4),
            context=document.excerpt(self._context(scored, span)),
            perspective=self._perspective(document.doc_id, span),
        )
        verify(citation, document.text, sha256=self._sha256_of(document.text))
        return citation

    def _context(self, scored: ScoredSentence, span: Span) -> Span:
        passage = self._index.passages[scored.passage].span
        return Span(min(passage.start, span.start), max(passage.end, span.end))


def _perspective_of(
    index: PassageIndex, readings: dict[str, Reading], doc_id: str, span: Span, *, alone: bool
) -> Perspective:
    return perspective_of(index.entry(doc_id).document, readings[doc_id], span, alone=alone)


def declared_parties(index: PassageIndex) -> set[str]:
    """The parties for which the cards of the documents speak."""
    return {party for entry in index.entries if (party := entry.document.party)}


def verify(citation: Citation, text: str, *, sha256: str | None = None) -> None:
    """Check a citation against its source: the document's hash, the quotation, and every excerpt beside it.

    `sha256` is the digest of the text where it is known already.
    Raises: QuotationError: something is not what stands in the source, character for character.
    """
    if (sha256 or sha256_of(text)) != citation.document_sha256:
        raise QuotationError(f"document '{citation.doc_id}' is not the one that was indexed; run: qa-bot index")
    for excerpt in _excerpts(citation):
        if excerpt.span.of(text) != excerpt.text:
            place = f"{excerpt.span.start}-{excerpt.span.end}"
            raise QuotationError(f"the quotation at {place} of '{citation.doc_id}' differs from its source")


def _excerpts(citation: Citation) -> Iterator[Excerpt | LoadedTerm | ClaimCue]:
    """Everything in a citation that is said to stand in its source."""
    own = citation.perspective
    yield Excerpt(citation.span, citation.quote)
    yield citation.context
    yield from own.attribution
    yield from filter(None, (own.cue, own.rebuttal))
    yield from own.loaded
    yield from own.claims


def confidence_of(ranking: Ranking, *, strange: bool = False) -> float:
    """The probability that the first citation answers the question, from its scores and the question's coverage.

    A question is `strange` to the sources if it names what none of them names; one that they do not cover is, too.
    """
    if not ranking.sentences:
        return 0.0
    best = ranking.sentences[0]
    if best.evidence:
        intercept, relevance = CONFIDENCE
        logit = intercept + relevance * best.evidence.relevance
    else:
        intercept, late, coverage = UNREAD_CONFIDENCE
        logit = intercept + late * best.score + coverage * ranking.coverage
    share = STRANGE if strange or ranking.coverage < TOPIC else 1.0
    return share / (1 + math.exp(-logit))


def is_answered(ranking: Ranking, confidence: float) -> bool:
    """Whether to answer: the sources must speak of the topic and, if a reader has read them, probably answer."""
    if not ranking.sentences or ranking.coverage < TOPIC:
        return False
    return ranking.sentences[0].evidence is None or confidence >= THRESHOLD


def _text(asked: Asked, cited: Sequence[Citation], *, answered: bool) -> str:
    echo = question_echo(asked.question)
    if not answered:
        names = ", ".join(f"“{name}”" for name in asked.unheard)
        unnamed = UNNAMED.format(names=names) if names else ""
        return " ".join(filter(None, (echo, unnamed, *map(nobody_for, asked.silent), REFUSAL if cited else NOTHING)))
    blocks = [f"{attribution_line(c.perspective, c.title)}\n[{c.number}] {_quoted(c)}" for c in cited]
    return "\n\n".join(filter(None, (echo, *blocks)))


def _quoted(citation: Citation) -> str:
    """The quotation in marks, after the words that show its speaker where they stand outside it."""
    outside = [f"“{a.text}” …" for a in citation.perspective.attribution if not citation.span.overlaps(a.span)]
    return " ".join((*outside, f"“{citation.quote}”"))
