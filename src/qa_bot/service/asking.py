"""One question put to the bot: what every door of the service does the same way."""

import time
from functools import partial

from starlette.exceptions import HTTPException

from qa_bot.bot import Bot, OnRetrieved, parties_named
from qa_bot.service.logs import logger
from qa_bot.service.requests import AnswerRequest
from qa_bot.service.state import ServiceState
from qa_bot.types import Answer

_log = logger("qa_bot.service")


def check_selection(body: AnswerRequest, bot: Bot) -> None:
    """Raises: HTTPException, QuestionError: 422 naming the documents or parties that the index does not hold."""
    known = {document.doc_id for document in bot.documents}
    if unknown := sorted(set(body.doc_ids or ()) - known):
        held = ", ".join(sorted(known)[:10]) or "none"
        raise HTTPException(422, f"doc_ids: not in the index: {', '.join(unknown[:10])}; it holds: {held}")
    parties_named(body.parties or (), bot)


async def answer_in_place(
    body: AnswerRequest,
    bot: Bot,
    state: ServiceState,
    *,
    patient: bool = False,
    on_retrieved: OnRetrieved | None = None,
) -> Answer:
    """Ask in a thread, by the holder of a place, and count the answer; `on_retrieved` is called in that thread.

    Raises: QuestionError, HTTPException.
    """
    ask = partial(
        bot.ask,
        body.question,
        history=tuple(body.history),
        max_citations=body.max_citations,
        doc_ids=body.doc_ids,
        parties=body.parties,
        on_retrieved=on_retrieved,
    )
    joined_ns = time.time_ns()
    begun_ns, answer = await state.workers.run_in_place(lambda: (time.time_ns(), ask()), patient=patient)
    state.metrics.count_answer(answer, waited_s=max(0, begun_ns - joined_ns) / 1e9)
    state.tracing.answered(answer, joined_ns, begun_ns)
    if state.settings.log_questions:
        _log.info("question", question=body.question, status=answer.status.value, confidence=answer.confidence)
    return answer
