"""The desk: what the page asks of the bot, without any of the page's machinery.

It keeps nothing between calls: the conversation comes from the browser with each call and goes back with the view.
"""

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from qa_bot.bot import Bot
from qa_bot.chat.answer_card import (
    Offers,
    answer_card,
    notice,
    outdated_card,
    question_bubble,
    standpoint_tag,
    suggestion_list,
)
from qa_bot.chat.contrast import contrast, contrast_view
from qa_bot.chat.document_text import (
    Block,
    blocks_html,
    blocks_of,
    earlier_button,
    later_button,
    paragraph_number,
    step,
)
from qa_bot.chat.escaping import md
from qa_bot.chat.exporting import Saved, conversation_html, conversation_markdown
from qa_bot.chat.feedback import FeedbackLog
from qa_bot.chat.languages import Languages, lang, languages_of
from qa_bot.chat.library import declared_parties, library, standpoints
from qa_bot.chat.profile_plot import profile_plot
from qa_bot.chat.source_pane import Shown, citations_from, empty_pane, message_pane, selection_note, source_pane
from qa_bot.chat.suggestions import suggest
from qa_bot.chat.turns import Conversation, Turn, answer_of, cite, place_in, turn_of
from qa_bot.chat.wording import say
from qa_bot.errors import QaBotError, QuestionError
from qa_bot.settings import MAX_HISTORY
from qa_bot.types import Answer, Citation, Excerpt, Span, Status

MAX_SELECTION = 5_000  # code points of a selection that are looked at
CACHED_PARTS = 1_024

Made = TypeVar("Made")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the chat as safe HTML; `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows after a step; `pane` is None when the source pane stays as it is."""

    conversation: Conversation
    messages: tuple[Message, ...]
    pane: str | None = None
    unasked: str = ""  # a question that could not be asked and stays in the box


class Kept:
    """Parts of pages that were made last, by what they were made of, so that no step makes them anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[tuple[Hashable, ...], Any] = {}

    def get(self, made_of: tuple[Hashable, ...], make: Callable[[], Made]) -> Made:
        """What was made of the same things before, or is made now."""
        found: Made | None = self._made.get(made_of)  # one look: another thread may empty it meanwhile
        if found is None:
            if len(self._made) >= self._most:
                self._made.clear()
            found = self._made[made_of] = make()
        return found


class Desks:
    """A desk for every step of the page, for the bot that is in use as it begins.

    What a step shows is of one state of the documents, so that offsets of one never cut the text of another; and a bot
    that is replaced is held no longer than by its last step.
    """

    def __init__(self, current: Callable[[], Bot], feedback: FeedbackLog | None = None) -> None:
        self._current, self._feedback, self._kept = current, feedback, Kept(CACHED_PARTS)
        self._opened_with = current().index_version

    def now(self) -> "Desk":
        """The desk for the bot in use. Raises: IndexMissingError: there is none."""
        return Desk(self._current(), self._feedback, kept=self._kept, opened_with=self._opened_with)


class Desk:
    """Answers every request of the page from one bot.

    `opened_with` is the index version of the documents that a page shows before anything is asked.
    """

    def __init__(
        self,
        bot: Bot,
        feedback: FeedbackLog | None = None,
        *,
        kept: Kept | None = None,
        opened_with: str | None = None,
    ) -> None:
        self.bot, self._feedback, self._kept = bot, feedback, kept or Kept(CACHED_PARTS)
        self.opened_with = opened_with or bot.index_version

    # ------------------------------------------------------------ views

    def greet(self) -> str:
        """What an empty chat shows, made of the documents as they are now."""
        questions = suggestion_list(say("welcome.try"), self._suggested())
        heading, body = md(say("welcome.heading")), md(say("welcome.body"))
        tags = "".join(f"<li>{side}</li>" for side in map(standpoint_tag, standpoints(self.bot.documents)))
        sides = f'<p class="near-label">{md(say("welcome.sides"))}</p><ul class="sides">{tags}</ul>' if tags else ""
        return f'<div class="welcome"><h2>{heading}</h2><p>{body}</p>{sides}{questions}</div>'

    def regreet(self) -> str | None:
        """A new greeting where the documents have changed since pages were made; None where the first one holds."""
        return None if self.opened_with == self.bot.index_version else self.greet()

    def arrive(self, conversation: Conversation, *, question: str = "", doc_id: str = "", span: str = "") -> View:
        """The page as it is opened: a stored conversation, and what a deep link asks for."""
        asked = conversation.turns[-1].question if conversation.turns else None
        if question.strip() and question.strip() != asked:  # as it is kept
            return self.ask(conversation, question.strip())
        view = View(conversation, self.messages(conversation))
        if doc_id:
            return replace(view, pane=self.reveal(doc_id, span))
        if conversation.turns:
            return replace(view, pane=self.show_passage(conversation, len(conversation.turns), 1))
        return view if self.opened_with == self.bot.index_version else replace(view, pane=self.first_pane())

    def ask(self, conversation: Conversation, question: str) -> View:
        """Ask in the light of the conversation; a question that fails is told in the chat and not kept."""
        try:
            turn = turn_of(self._answer(conversation, question, conversation.history))
        except QuestionError as error:
            return self._failed(conversation, question, say("chat.problem", problem=error), unasked=question)
        except Exception:
            _log.exception("a question could not be answered")
            return self._failed(conversation, question, say("chat.failed"), unasked=question)
        longer = conversation.with_turn(turn)
        return View(longer, self.messages(longer), self.show_passage(longer, len(longer.turns), 1))

    def ask_again(self, conversation: Conversation, number: int, *, alone: bool) -> View:
        """Ask a turn's question once more in its place; `alone`: without the conversation before it."""
        if not 1 <= number <= len(conversation.turns):
            return View(conversation, self.messages(conversation))
        question = conversation.turns[number - 1].question
        history = () if alone else conversation.history[: number - 1]
        try:
            turn = turn_of(self._answer(conversation, question, history))
        except Exception:
            _log.exception("a question could not be asked again")
            return self._failed(conversation, question, say("chat.failed"))
        turns = (*conversation.turns[: number - 1], turn, *conversation.turns[number:])
        changed = replace(conversation, turns=turns)
        return View(changed, self.messages(changed), self.show_passage(changed, number, 1))

    def narrow(self, conversation: Conversation, doc_ids: Sequence[str], parties: Sequence[str]) -> Conversation:
        """The conversation with its questions asked of some documents only; nothing chosen means of all."""
        known = {d.doc_id for d in self.bot.documents}
        declared = declared_parties(self.bot.documents)
        chosen = tuple(d for d in doc_ids if d in known)
        sides = tuple(p for p in parties if p in declared)
        return replace(conversation, doc_ids=chosen or None, parties=sides or None)

    def narrowed_to(self, conversation: Conversation) -> str:
        """The names of what questions are asked of, or nothing where that is all documents."""
        limited = self._still_narrowed(conversation)
        titles = [d.title for d in self.bot.documents if d.doc_id in (limited.doc_ids or ())]
        return ", ".join([*titles, *(say("standpoint.tag", party=p) for p in limited.parties or ())])

    # ------------------------------------------------------------ messages

    def messages(self, conversation: Conversation) -> tuple[Message, ...]:
        """The chat's messages, oldest first."""
        return tuple(
            message
            for number, turn in enumerate(conversation.turns, 1)
            for message in (
                Message("user", question_bubble(turn.question)),
                Message("assistant", self._card(turn, number)),
            )
        )

    def export(self, conversation: Conversation, *, html: bool, base: str = "") -> str:
        """The conversation as a Markdown or HTML file; `base` is put before its links."""
        answers = ((t.question, answer_of(t, self.bot)) for t in conversation.turns)
        turns = [Saved(q, a, self._paragraphs(a.shown) if a else (), self._languages()) for q, a in answers]
        return conversation_html(turns, base=base) if html else conversation_markdown(turns, base=base)

    # ------------------------------------------------------------ panes

    def first_pane(self) -> str:
        """The pane before anything was asked: the first document from its beginning."""
        documents = self.bot.documents
        return self.reveal(documents[0].doc_id) if documents else empty_pane()

    def show_passage(self, conversation: Conversation, turn: int, number: int) -> str:
        """The passages of a turn with one of them active in its document."""
        if not 1 <= turn <= len(conversation.turns):
            return self.first_pane()
        answer = answer_of(conversation.turns[turn - 1], self.bot)
        citations = answer.shown if answer else ()
        active = citations_from(citations, number)
        if answer is None or not active:
            return self.first_pane()
        kind = "pane.cited" if answer.status is Status.ANSWERED else "pane.nearest"
        return self._pane(citations, active, turn=turn, kind=kind, short=answer.short)

    def reveal(self, doc_id: str, span: str = "") -> str:
        """A document, with a span "start-end" of it active when one is given."""
        try:
            document = self.bot.document(doc_id)
            if not span:
                return source_pane(Shown(document, self._blocks_of(doc_id), profile=self._profile_of(doc_id)))
            place = place_in(document, self.bot.outline(doc_id), _read_span(span))
            return self._pane((cite(self.bot, place, 1),), 1, kind="pane.linked")
        except (QaBotError, ValueError):
            return message_pane(say("pane.missing"))

    def library(self, conversation: Conversation, *, largest: int | None = None) -> str:
        """The pane that lists the documents; those of up to `largest` bytes can be added (None: none can)."""
        return library(
            self.bot.documents,
            self.bot.outline,
            chosen=conversation.doc_ids or (),
            parties=conversation.parties or (),
            largest=largest,
        )

    def contrast(self, conversation: Conversation, turn: int) -> str:
        """The pane that shows what the documents of each party say about a turn's question."""
        if not 1 <= turn <= len(conversation.turns):
            return self.first_pane()
        question = conversation.turns[turn - 1].resolved
        try:
            return contrast_view(question, contrast(self.bot, question), self._languages())
        except QaBotError:
            _log.exception("a question could not be compared by party")
            return message_pane(say("chat.failed"))

    # ------------------------------------------------------------ small answers to the page's script

    def describe(self, doc_id: str, start: int, end: int) -> str:
        """What is known about a selected span; empty when there is no such place."""
        try:
            document = self.bot.document(doc_id)
            span = _without_margins(Span(start, min(end, start + MAX_SELECTION)), document.text)
            if span.end > len(document.text):
                return ""
            return selection_note(self.bot.perspective(doc_id, span), span.of(document.text), lang(document))
        except (QaBotError, ValueError, TypeError):
            return ""

    def more_text(self, doc_id: str, edge: int, *, later: bool) -> str:
        """The next paragraphs after, or before, a block; empty when there is no such place."""
        try:
            document, blocks = self.bot.document(doc_id), self._blocks_of(doc_id)
        except QaBotError:
            return ""
        edge = max(0, min(int(edge), len(blocks)))
        shown = step(blocks, edge, later=later)
        body = blocks_html(document, blocks, shown)
        return body + later_button(shown, blocks) if later else earlier_button(shown) + body

    def take_feedback(self, conversation: Conversation, turn: int, verdict: str) -> bool:
        """Write down a reader's word on a turn; False when it could not be written."""
        if self._feedback is None or not 1 <= turn <= len(conversation.turns):
            return False
        try:
            self._feedback.append(conversation.turns[turn - 1], verdict, history=conversation.history[: turn - 1])
        except (OSError, ValueError):
            _log.exception("feedback could not be written")
            return False
        return True

    # ------------------------------------------------------------ inside

    def _answer(self, conversation: Conversation, question: str, history: Sequence[str]) -> Answer:
        limited = self._still_narrowed(conversation)
        return self.bot.ask(question, history=history[-MAX_HISTORY:], doc_ids=limited.doc_ids, parties=limited.parties)

    def _still_narrowed(self, conversation: Conversation) -> Conversation:
        """What was chosen may have been removed since."""
        return self.narrow(conversation, conversation.doc_ids or (), conversation.parties or ())

    def _failed(self, conversation: Conversation, question: str, problem: str, *, unasked: str = "") -> View:
        told = (Message("user", question_bubble(question)), Message("assistant", notice(problem)))
        return View(conversation, (*self.messages(conversation), *told), unasked=unasked)

    def _card(self, turn: Turn, number: int) -> str:
        return self._kept.get((self.bot.index_version, turn, number), lambda: self._render_card(turn, number))

    def _render_card(self, turn: Turn, number: int) -> str:
        answer = answer_of(turn, self.bot)
        if answer is None:
            return outdated_card(number)
        refused = answer.status is Status.NOT_IN_SOURCES
        return answer_card(
            answer,
            turn=number,
            paragraphs=self._paragraphs(answer.shown),
            offers=replace(self._offers(), questions=self._suggestions(answer) if refused else ()),
            earlier=turn.index_version != self.bot.index_version,
            languages=self._languages(),
        )

    def _offers(self) -> Offers:
        return Offers(feedback=self._feedback is not None, contrast=bool(declared_parties(self.bot.documents)))

    def _suggestions(self, refused: Answer) -> tuple[str, ...]:
        return suggest(self.bot, near=refused) or self._suggested()

    def _pane(
        self, citations: Sequence[Citation], active: int, *, turn: int = 0, kind: str, short: Excerpt | None = None
    ) -> str:
        doc_id = next(c.doc_id for c in citations if c.number == active)
        return source_pane(
            Shown(
                self.bot.document(doc_id),
                self._blocks_of(doc_id),
                tuple(citations),
                self._paragraphs(citations),
                active=active,
                turn=turn,
                kind=kind,
                profile=self._profile_of(doc_id),
                short=short,
                languages=self._languages(),
            )
        )

    def _paragraphs(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        return tuple(paragraph_number(self.bot.outline(c.doc_id), c.span.start) for c in citations)

    def _blocks_of(self, doc_id: str) -> tuple[Block, ...]:
        made_of = (self.bot.index_version, "blocks", doc_id)
        return self._kept.get(made_of, lambda: blocks_of(self.bot.outline(doc_id)))

    def _profile_of(self, doc_id: str) -> str:
        made_of = (self.bot.index_version, "profile", doc_id)
        return self._kept.get(made_of, lambda: profile_plot(self.bot.profile(doc_id)))

    def _languages(self) -> Languages:
        return self._kept.get((self.bot.index_version, "languages"), lambda: languages_of(self.bot.documents))

    def _suggested(self) -> tuple[str, ...]:
        return self._kept.get((self.bot.index_version, "suggested"), lambda: suggest(self.bot))


def _without_margins(span: Span, text: str) -> Span:
    """A span without the white space at its ends. Raises: ValueError: it is nothing but white space."""
    quote = span.of(text)
    start = span.start + len(quote) - len(quote.lstrip())
    return Span(start, span.end - (len(quote) - len(quote.rstrip())))


def _read_span(text: str) -> Span:
    start, _, end = text.partition("-")
    return Span(int(start), int(end))
