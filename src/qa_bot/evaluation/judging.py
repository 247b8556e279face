"""One question put to a bot and judged: places by overlap with gold, documents by qrels."""

import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa_bot.errors import QuestionError
from qa_bot.evaluation.askable import Askable, Ranked, Stage
from qa_bot.evaluation.record import Outcome, Quoted, Record
from qa_bot.measures.answers import exact_match, token_f1
from qa_bot.measures.citations import has_note, is_exact, is_orphan, is_second_hand
from qa_bot.measures.ranking import judged_ids, score_ranking, unit_id
from qa_bot.measures.spans import Place, Placed, first_hit, hit_at, hits, intersection_over_union
from qa_bot.types import Answer, Citation, Document, Gold, Question, Status

CUTOFFS = (1, 3, 5, 10)
SPAN_DEPTH = 10  # a person reads ten places at most
DOCUMENT_DEPTH = 100  # R@100 is the usual recall of BEIR
PASSAGES_PER_DOCUMENT = 3  # so that a hundred passages' documents are a hundred, nearly always
DOCUMENT_MEASURES = ("nDCG@10", "R@100", "RR@10", "AP@100")
_MEANS = {"RR@10": "MRR@10", "AP@10": "MAP@10", "AP@100": "MAP@100"}  # what papers call the means of these


@dataclass(slots=True)
class Judge:
    """Puts questions of one set to one bot; keeps the sentences of documents it has met."""

    bot: Askable
    set_name: str
    against: tuple[Stage, ...] = ()
    qrels: Mapping[str, Mapping[str, int]] | None = None
    documents: dict[str, Document] = field(init=False)
    _sentences: dict[str, tuple[Place, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.documents = {document.doc_id: document for document in self.bot.documents}

    def judge(self, question: Question) -> Record:
        """The record of one question; one that the bot does not take is recorded as such, with nothing found."""
        try:
            return self._judge_documents(question) if self.qrels is not None else self._judge_answer(question)
        except QuestionError as error:
            nothing = self._nothing_found(question)
            missed = {} if self.qrels is not None else _missed_answer_values(question)
            return self._record(
                question,
                Outcome.INVALID,
                short=str(error),
                values={**nothing, **missed},
                against=dict.fromkeys(self.against, nothing),
            )

    def _judge_answer(self, question: Question) -> Record:
        started = time.perf_counter()
        answer = self.bot.ask(question.text, history=question.history)
        latency_ms = (time.perf_counter() - started) * 1000
        # Ranking is judged on what the bot searched for, so that a follow-up is judged with its history.
        searched = answer.resolved_question or question.text
        ranked = self.bot.search(searched, limit=SPAN_DEPTH)
        return self._record(
            question,
            _outcome(question, answer, ranked),
            answered=answer.status is Status.ANSWERED,
            short=answer.short.text if answer.short else None,
            shown=tuple(map(_quoted, _shown(answer))),
            ranked=tuple((unit_id(place), place.score) for place in ranked),
            values={
                "latency_ms": latency_ms,
                **self._place_values(question, ranked),
                **_context_values(question, ranked),
                **_answer_values(question, answer),
                **_citation_counts((*_shown(answer), *ranked), self.documents),
            },
            against={
                stage: self._place_values(
                    question, self.bot.rank(searched, stage=stage, unit="sentence", limit=SPAN_DEPTH)
                )
                for stage in self.against
            },
        )

    def _judge_documents(self, question: Question) -> Record:
        searched = question.text
        if question.history:  # only asking takes a conversation in
            searched = self.bot.ask(question.text, history=question.history).resolved_question
        started = time.perf_counter()
        ranked = self._ranked_documents(searched, "late")
        latency_ms = (time.perf_counter() - started) * 1000
        return self._record(
            question,
            Outcome.RANKED,
            ranked=tuple(ranked.items()),
            values={"latency_ms": latency_ms, **self._document_values(question, ranked)},
            against={
                stage: self._document_values(question, self._ranked_documents(searched, stage))
                for stage in self.against
            },
        )

    def _ranked_documents(self, searched: str, stage: Stage) -> dict[str, float]:
        limit = DOCUMENT_DEPTH * PASSAGES_PER_DOCUMENT
        best: dict[str, float] = {}
        for passage in self.bot.rank(searched, stage=stage, unit="passage", limit=limit):
            best.setdefault(passage.doc_id, passage.score)
        return dict(list(best.items())[:DOCUMENT_DEPTH])

    def _record(self, question: Question, outcome: Outcome, **parts: object) -> Record:
        return Record(
            set=self.set_name,
            question_id=question.question_id,
            question=question.text,
            answerable=question.answerable,
            outcome=outcome,
            tags=question.tags,
            gold=tuple(self._gold(gold) for gold in question.gold),
            relevant=tuple(map(unit_id, self._relevant(question.gold))),
            **parts,  # type: ignore[arg-type]
        )

    def _gold(self, gold: Gold) -> Quoted:
        return Quoted(gold.doc_id, gold.span, gold.span.of(self.documents[gold.doc_id].text))

    def _nothing_found(self, question: Question) -> dict[str, float]:
        return self._document_values(question, {}) if self.qrels is not None else self._place_values(question, ())

    def _place_values(self, question: Question, ranked: Sequence[Ranked]) -> dict[str, float]:
        if not question.answerable:
            return {}
        relevant = self._relevant(question.gold)
        ids = judged_ids(ranked, relevant)
        return {
            **_first_hit_values(first_hit(ranked, question.gold)),
            **_named(score_ranking(ids, dict.fromkeys(map(unit_id, relevant), 1))),
        }

    def _document_values(self, question: Question, ranked: Mapping[str, float]) -> dict[str, float]:
        grades = (self.qrels or {}).get(question.question_id, {})
        first = next((rank for rank, doc_id in enumerate(ranked, 1) if grades.get(doc_id, 0) > 0), None)
        return {**_first_hit_values(first), **_named(score_ranking(list(ranked), grades, DOCUMENT_MEASURES))}

    def _relevant(self, gold: Sequence[Gold]) -> tuple[Place, ...]:
        """The sentences that gold touches, in order and once each."""
        found = dict.fromkeys(place for alternative in gold for place in self._touched(alternative))
        return tuple(found)

    def _touched(self, gold: Gold) -> tuple[Place, ...]:
        if gold.doc_id not in self._sentences:
            outline = self.bot.outline(gold.doc_id)
            self._sentences[gold.doc_id] = tuple(Place(gold.doc_id, sentence.span) for sentence in outline.sentences)
        sentences = self._sentences[gold.doc_id]
        first = bisect_right(sentences, gold.span.start, key=lambda place: place.span.end)
        last = bisect_right(sentences, gold.span.end - 1, key=lambda place: place.span.start)
        # Gold that lies between sentences is its own unit: it can still be missed.
        return sentences[first:last] or (Place(gold.doc_id, gold.span),)


def _shown(answer: Answer) -> tuple[Citation, ...]:
    return answer.shown


def _outcome(question: Question, answer: Answer, ranked: Sequence[Placed]) -> Outcome:
    answered = answer.status is Status.ANSWERED
    if not question.answerable:
        return Outcome.ANSWERED_WRONGLY if answered else Outcome.REFUSED_RIGHTLY
    if answered and answer.citations and hits(answer.citations[0], question.gold):
        return Outcome.RIGHT
    if first_hit([*ranked, *_shown(answer)], question.gold) is None:
        return Outcome.NOT_RETRIEVED
    return Outcome.NOT_CHOSEN if answered else Outcome.REFUSED_WRONGLY


def _first_hit_values(rank: int | None) -> dict[str, float]:
    found = {} if rank is None else {"first_rank": float(rank)}
    return {**{f"hit@{cutoff}": hit_at(rank, cutoff) for cutoff in CUTOFFS}, **found}


def _named(scores: Mapping[str, float]) -> dict[str, float]:
    return {_MEANS.get(measure, measure): score for measure, score in scores.items()}


def _context_values(question: Question, ranked: Sequence[Citation]) -> dict[str, float]:
    if not question.answerable:
        return {}
    passages = [Place(citation.doc_id, citation.context.span) for citation in ranked]
    documents = {gold.doc_id for gold in question.gold}
    return {
        "passage hit@10": hit_at(first_hit(passages, question.gold), 10),
        "document hit@1": float(bool(ranked) and ranked[0].doc_id in documents),
    }


def _answer_values(question: Question, answer: Answer) -> dict[str, float]:
    answered = answer.status is Status.ANSWERED
    first_rank = first_hit(_shown(answer), question.gold)
    values = {
        "answered": float(answered),
        "confidence": answer.confidence,
        "first_hits": hit_at(first_rank, 1),
        "correct": float(answered and first_rank == 1 if question.answerable else not answered),
        **_short_answer_values(question, answer),
    }
    if question.answerable:
        values |= {"shown@1": hit_at(first_rank, 1), "shown@3": hit_at(first_rank, 3)}
    if question.answerable and answer.citations:
        values["IoU"] = intersection_over_union(answer.citations[0], question.gold)
    return values


def _missed_answer_values(question: Question) -> dict[str, float]:
    """Zero for what applies to a question that was neither answered nor refused."""
    measures = ["correct", *(["shown@1", "shown@3"] if question.answerable else [])]
    measures += ["EM", "F1"] if _has_short_answer(question) else []
    return {**dict.fromkeys(measures, 0.0), **_context_values(question, ())}


def _has_short_answer(question: Question) -> bool:
    """Whether EM and F1 apply: short answers are known, or it is known that there is none."""
    return not question.answerable or any(gold.short for gold in question.gold)


def _short_answer_values(question: Question, answer: Answer) -> dict[str, float]:
    if not _has_short_answer(question):
        return {}
    accepted = [gold.short for gold in question.gold if gold.short]
    said = ""
    if answer.citations:
        said = answer.short.text if answer.short else answer.citations[0].quote
    return {"EM": exact_match(said, accepted), "F1": token_f1(said, accepted)}


def _citation_counts(citations: Sequence[Citation], documents: Mapping[str, Document]) -> dict[str, float]:
    return {
        "cited": float(len(citations)),
        "cited_exactly": float(sum(_stands(citation, documents.get(citation.doc_id)) for citation in citations)),
        "noted": float(sum(map(has_note, citations))),
        "second_hand": float(sum(map(is_second_hand, citations))),
        "orphaned": float(sum(map(is_orphan, citations))),
    }


def _stands(citation: Citation, document: Document | None) -> bool:
    return document is not None and is_exact(citation, document)


def _quoted(citation: Citation) -> Quoted:
    return Quoted(citation.doc_id, citation.span, citation.quote, citation.section, citation.perspective.note)
