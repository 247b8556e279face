"""The promise about voices and wording, held at every door over the real corpus."""

import json
import re
from dataclasses import replace

import pytest

from qa_bot import answering
from qa_bot.answering import TEMPLATES as ANSWER_TEMPLATES
from qa_bot.chat.answer_card import answer_card
from qa_bot.chat.turns import cite, place_in
from qa_bot.perspective import TEMPLATES, loaded_in
from qa_bot.perspective.notes import CLAIM_KINDS
from qa_bot.rendering.payload import answer_payload
from qa_bot.rendering.text import answer_text
from qa_bot.service.replies import reply_to
from qa_bot.types import Voice

from .chat.markup import Page
from .conftest import ROOT
from .orphans import is_orphan


@pytest.fixture(scope="module")
def answers(bot):
    """An answer for each sentence of the corpus that is in somebody else's voice, citing just that sentence."""
    base = bot.ask("armenian tank losses?")
    document = bot.documents[0]
    outline = bot.outline(document.doc_id)
    found = []
    for sentence in outline.sentences:
        if sentence.heading:
            continue
        citation = cite(bot, place_in(document, outline, sentence.span), 1)
        if citation.perspective.voice is not Voice.NARRATOR:
            text = answering._text(answering.Asked("what was said?", "what was said?"), (citation,), answered=True)
            found.append(replace(base, citations=(citation,), short=None, text=text))
    assert len(found) > 120
    return found


DOORS = {
    "command line": answer_text,
    "answer text": lambda answer: answer.text,
    "chat completions": lambda answer: reply_to(answer).text,
    "chat page": lambda answer: Page(answer_card(answer, turn=1, paragraphs=[1] * 3)).text,
}


@pytest.mark.parametrize("door", DOORS)
def test_no_door_shows_a_quotation_without_its_speaker(answers, door):
    for answer in answers:
        assert not is_orphan(DOORS[door](answer), answer.citations[0].perspective), answer.citations[0].quote


def test_json_and_mcp_carry_the_speaker_or_say_that_there_is_none(answers):
    for answer in answers:
        perspective = answer_payload(answer)["citations"][0]["perspective"]
        assert perspective["speaker"] or perspective["attribution"] or "not" in perspective["note"]
        assert perspective["note"]


def test_both_layers_are_named_in_every_second_hand_citation(answers):
    for answer in answers:
        perspective = answer.citations[0].perspective
        for block in (perspective.note, answer.text, answer_text(answer)):
            assert "Azerbaijan's official point of view" in " ".join(block.split())
        assert perspective.speaker is None or perspective.speaker.lower() in perspective.note.lower()


def questions():
    files = (*sorted((ROOT / "corpus" / "questions").glob("*.jsonl")), ROOT / "examples" / "questions.jsonl")
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    asked = [line["question"] for line in lines]
    return asked + [f"why did the {word} do it, {q}" for word in ("terrorists", "liberators") for q in asked[:70]]


def own_words(answer):
    """What remains of an answer's text and notes once quotations and titles are taken out."""
    text = "\n".join([answer.text, answer.perspective_note, *(c.perspective.note for c in answer.citations)])
    for citation in answer.citations + answer.closest:
        for quoted in (citation.quote, citation.title, *(a.text for a in citation.perspective.attribution)):
            text = text.replace(quoted, "")
    return re.sub(r'"[^"\n]*"|“[^”\n]*”', "", text)


def test_the_bots_own_wording_takes_no_side_in_five_hundred_answers(bot):
    asked = questions()
    assert len(asked) >= 500
    for question in asked:
        own = own_words(bot.ask(question))
        assert [term.text for term in loaded_in(own)] == [], (question, own)


def test_no_template_takes_a_side():
    for template in (*TEMPLATES.values(), *CLAIM_KINDS.values(), *ANSWER_TEMPLATES):
        assert loaded_in(re.sub(r'"[^"]*"', "", template)) == (), template


def test_loaded_words_of_a_question_are_repeated_in_quotation_marks_only(bot):
    answer = bot.ask("when did the terrorists leave Shusha?")
    for door in DOORS.values():
        assert '"terrorists"' in door(answer)
    assert "terrorists" not in own_words(answer)
