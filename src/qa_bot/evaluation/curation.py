"""Keeping a question set in order: check it, add to it in the terminal, draft from what readers disliked."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from qa_bot.errors import QuestionError
from qa_bot.evaluation.askable import Askable
from qa_bot.evaluation.collection import Collection
from qa_bot.types import Citation, Document, Gold, Question

DRAFT = "draft"  # the tag of questions that a person has not finished
HELPFUL = "helpful"  # the verdict that has nothing to repair
_ALIKE = 95  # of 100, rapidfuzz token sort ratio; "is"/"was" and word order stay below the eye's notice
_LONG_GOLD = 800  # characters; overlap with more than a passage says little
_REFUSALS = (0.15, 0.6)  # share of unanswerable questions outside which refusal figures mean little


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at; `question_id` is None where the whole set is meant."""

    question_id: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `check_questions` found, and how the questions are spread."""

    findings: tuple[Finding, ...]
    questions: int
    answerable: int
    tags: dict[str, int]
    documents: dict[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader said of the answer to a question, with the questions before it in the conversation."""

    question: str
    verdict: str
    history: tuple[str, ...] = ()


class Dialogue(Protocol):
    """A person at a terminal."""

    def say(self, text: str) -> None:
        """Show something."""
        ...

    def ask(self, prompt: str) -> str:
        """One line of reply, empty for none."""
        ...


def check_questions(collection: Collection, documents: Mapping[str, Document]) -> Inspection:
    """Whether a set that can be read is also a good one: doubles, short answers, drafts, balance.

    That every span exists and every id is unique was checked in reading it.
    """
    questions = collection.questions
    findings = [*_doubles(questions), *_oddities(questions, documents), *_imbalance(questions)]
    return Inspection(
        findings=tuple(findings),
        questions=len(questions),
        answerable=sum(question.answerable for question in questions),
        tags=dict(Counter(tag for question in questions for tag in question.tags).most_common()),
        documents=dict(Counter(gold.doc_id for question in questions for gold in question.gold).most_common()),
    )


def add_questions(bot: Askable, path: Path, known: Sequence[Question], dialogue: Dialogue) -> int:
    """Ask a person for questions until an empty one, let them pick what answers each, and append it to the file.

    Returns: how many were added; each is on disk before the next is asked for.
    """
    documents = {document.doc_id: document for document in bot.documents}
    ids = {question.question_id for question in known}
    asked = {_folded(question.text): question.question_id for question in known if not question.history}
    added = 0
    while text := dialogue.ask("question (empty to stop): ").strip():
        if _folded(text) in asked:
            dialogue.say(f"this stands already in {path} as {asked[_folded(text)]}")
            continue
        try:
            question = _asked_for(bot, text, _free_id(ids), dialogue)
        except QuestionError as error:
            dialogue.say(str(error))
            continue
        append_question(path, question, documents)
        ids.add(question.question_id)
        asked[_folded(text)] = question.question_id
        added += 1
        dialogue.say(f"saved as {question.question_id} in {path}")
    return added


def drafts_from_feedback(verdicts: Iterable[Verdict], known: Iterable[Question] = ()) -> tuple[Question, ...]:
    """One draft a question that a reader said was answered badly, unless the set holds it already.

    A draft has no gold yet, keeps the questions asked before it, and is tagged "draft", "feedback" and with the
    reader's verdict.
    """
    stand = {_folded_with_history(question.text, question.history) for question in known}
    drafts: dict[tuple[str, ...], Question] = {}
    for said in verdicts:
        key = _folded_with_history(said.question, said.history)
        if said.verdict != HELPFUL and said.question.strip() and key not in stand:
            drafts.setdefault(key, _draft(said, key))
    return tuple(drafts.values())


def append_question(path: Path, question: Question, documents: Mapping[str, Document]) -> None:
    """Append one question to a JSONL file, which is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(question_json(question, documents) + "\n")


def question_json(question: Question, documents: Mapping[str, Document]) -> str:
    """One line of the question set format, gold with its quote."""
    gold = [
        {
            "doc_id": place.doc_id,
            "start": place.span.start,
            "end": place.span.end,
            "quote": place.span.of(documents[place.doc_id].text),
            **({"short": place.short} if place.short else {}),
        }
        for place in question.gold
    ]
    values: dict[str, object] = {"id": question.question_id, "question": question.text}
    values |= {"history": list(question.history)} if question.history else {}
    values |= {"answerable": question.answerable, "gold": gold, "tags": list(question.tags)}
    return json.dumps(values, ensure_ascii=False)


def _doubles(questions: Sequence[Question]) -> Iterator[Finding]:
    import numpy as np
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cdist

    texts = [_folded(question.text) for question in questions]
    alike = cdist(texts, texts, scorer=token_sort_ratio, score_cutoff=_ALIKE, dtype=np.uint8)
    for first, second in np.argwhere(np.triu(alike, 1)):
        one, other = questions[first], questions[second]
        if one.history == other.history:
            yield Finding(other.question_id, f"asks nearly the same as {one.question_id}: {one.text!r}")


def _oddities(questions: Sequence[Question], documents: Mapping[str, Document]) -> Iterator[Finding]:
    for question in questions:
        if DRAFT in question.tags:
            yield Finding(question.question_id, "is a draft; give it its answer or take the tag away")
        for gold in question.gold:
            text = gold.span.of(documents[gold.doc_id].text)
            if gold.short and gold.short not in text:
                yield Finding(question.question_id, f"short answer {gold.short!r} does not stand in its gold span")
            if len(text) > _LONG_GOLD:
                yield Finding(question.question_id, f"gold span has {len(text)} characters; hits on it mean little")
            if text != text.strip():
                yield Finding(question.question_id, "gold span begins or ends with white space")


def _imbalance(questions: Sequence[Question]) -> Iterator[Finding]:
    share = sum(not question.answerable for question in questions) / len(questions)
    low, high = _REFUSALS
    if not low <= share <= high:
        yield Finding(
            None, f"{share:.0%} of the questions are unanswerable; {low:.0%} to {high:.0%} measure refusals well"
        )
    bare = sum(not question.tags for question in questions)
    if bare:
        yield Finding(None, f"{bare} questions have no tag and appear in no figure by tag")


def _asked_for(bot: Askable, text: str, question_id: str, dialogue: Dialogue) -> Question:
    chosen = _chosen(bot, text, dialogue)
    gold = tuple(_with_short(citation, dialogue) for citation in chosen)
    tags = tuple(dialogue.ask("tags, separated by spaces: ").split())
    return Question(question_id, text, bool(gold), gold, tags=tags)


def _chosen(bot: Askable, text: str, dialogue: Dialogue) -> tuple[Citation, ...]:
    words = text
    while True:
        places = tuple(bot.search(words))
        dialogue.say("")
        for number, citation in enumerate(places, 1):
            dialogue.say(f"[{number}] {citation.doc_id}, {citation.section or 'no section'}: {citation.quote}")
        reply = dialogue.ask("numbers of all that answer it, 0 if the sources do not, or other words to search for: ")
        numbers = reply.replace(",", " ").split()
        if numbers == ["0"]:
            return ()
        if not all(map(str.isdecimal, numbers)):
            words = reply.strip()
        elif numbers and all(1 <= int(number) <= len(places) for number in numbers):
            return tuple(places[int(number) - 1] for number in dict.fromkeys(numbers))
        else:
            dialogue.say(f"choose from 1 to {len(places)}, or 0")


def _with_short(citation: Citation, dialogue: Dialogue) -> Gold:
    while True:
        short = dialogue.ask(f"short answer inside “{citation.quote}” (empty for none): ").strip()
        if not short or short in citation.quote:
            return Gold(citation.doc_id, citation.span, short or None)
        dialogue.say("that does not stand in the quotation; copy it from there")


def _free_id(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"q{number:03d}" in taken:
        number += 1
    return f"q{number:03d}"


def _draft(said: Verdict, key: tuple[str, ...]) -> Question:
    name = sha256("\n".join(key).encode()).hexdigest()[:8]
    tags = (DRAFT, "feedback", said.verdict)
    return Question(f"feedback-{name}", said.question.strip(), answerable=False, history=said.history, tags=tags)


def _folded_with_history(text: str, history: Sequence[str]) -> tuple[str, ...]:
    return (*map(_folded, history), _folded(text))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
