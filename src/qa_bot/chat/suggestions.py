"""Suggested questions: made from what a document names and kept only if the bot answers them."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from qa_bot.bot import Bot
from qa_bot.errors import QaBotError
from qa_bot.types import Actor, ActorKind, Answer, Document, Section, Span, Status, Voice

MAX_TRIED = 8  # questions asked of the bot for one list
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?\b")


def suggest(bot: Bot, *, near: Answer | None = None, count: int = 3) -> tuple[str, ...]:
    """Up to `count` questions that the bot answers, from the sections of an answer's nearest passages or all sections.

    A question about a section counts only if a passage of that section answers it.

    The same for the same documents; none where no document is in English, since the questions are.
    """
    found: dict[str, None] = {}
    for document, section, question in islice(_candidates(bot, near), MAX_TRIED):
        if len(found) < count and question not in found and _answered(bot, question, document.doc_id, section.span):
            found[question] = None
    return tuple(found)


def _candidates(bot: Bot, near: Answer | None) -> Iterator[tuple[Document, Section, str]]:
    sections = _sections_near(bot, near) if near and near.closest else _spread_sections(bot)
    for document, section in sections:
        questions = _section_questions(document, section, bot.parties.actors)
        yield from ((document, section, question) for question in islice(questions, 2))


def _sections_near(bot: Bot, near: Answer) -> Iterator[tuple[Document, Section]]:
    seen = set()
    for citation in near.closest:
        document = bot.document(citation.doc_id)
        section = next(
            (s for s in reversed(bot.outline(citation.doc_id).sections) if s.span.start <= citation.span.start), None
        )
        if section and (citation.doc_id, section.span) not in seen and _english(document):
            seen.add((citation.doc_id, section.span))
            yield document, section


def _spread_sections(bot: Bot) -> Iterator[tuple[Document, Section]]:
    """Every document's sections in turn, so that the first few questions come from different ones."""
    queues = [[(d, s) for s in bot.outline(d.doc_id).sections if s.heading] for d in bot.documents if _english(d)]
    for depth in range(max(map(len, queues), default=0)):
        yield from (queue[depth] for queue in queues if depth < len(queue))


def _section_questions(document: Document, section: Section, actors: Iterable[Actor]) -> Iterator[str]:
    text = section.span.of(document.text)
    people = (actor for actor in actors if actor.kind is ActorKind.PERSON)
    named = [(text.find(actor.name), actor.name) for actor in people if actor.name in text]
    yield from (f"What did {name} say?" for _, name in sorted(named)[:1])
    yield from (f"What happened on {match.group()}?" for match in islice(_DATE.finditer(text), 2))


def _answered(bot: Bot, question: str, doc_id: str, section: Span) -> bool:
    try:
        answer = bot.ask(question)
    except QaBotError:
        return False
    spoken = any(c.perspective.voice is not Voice.NARRATOR for c in answer.citations)
    here = any(c.doc_id == doc_id and section.covers(c.span) for c in answer.citations)
    return answer.status is Status.ANSWERED and here and (spoken or not question.startswith("What did"))


def _english(document: Document) -> bool:
    return document.card is None or document.card.language.startswith("en")
