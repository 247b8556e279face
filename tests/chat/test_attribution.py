"""No words of somebody else are ever shown without whose they are, on any surface of the page."""

import re
from dataclasses import replace

import pytest

from qa_bot.chat.answer_card import answer_card
from qa_bot.chat.contrast import contrast_view
from qa_bot.chat.exporting import Saved, conversation_html
from qa_bot.chat.references import as_bibtex, as_markdown, as_text
from qa_bot.chat.source_pane import Shown, selection_note, source_pane
from qa_bot.chat.turns import Conversation, cite, place_in
from qa_bot.perspective import by_party
from qa_bot.types import Voice

from ..orphans import is_orphan
from .markup import Page


@pytest.fixture(scope="module")
def quoted(shared_bot):
    """Every sentence of the examples that is not in the narrator's voice, as a citation."""
    citations = [
        cite(shared_bot, place_in(d, shared_bot.outline(d.doc_id), s.span), 1)
        for d in shared_bot.documents
        for s in shared_bot.outline(d.doc_id).sentences
        if not s.heading
    ]
    second_hand = [c for c in citations if c.perspective.voice is not Voice.NARRATOR]
    assert len(second_hand) > 60
    return second_hand


@pytest.fixture(scope="module")
def answered(shared_bot):
    return shared_bot.ask("When was the Sill bridge liberated?")


def shown(html: str) -> str:
    return Page(html).text


def test_an_answer_card_names_the_speaker_of_its_quotation(quoted, answered):
    for c in quoted:
        card = answer_card(replace(answered, citations=(c,), short=None), turn=1, paragraphs=[1])
        assert not is_orphan(shown(card), c.perspective), c.quote


def test_each_line_of_see_also_names_its_speaker(quoted, answered):
    for c in quoted:
        card = answer_card(replace(answered, citations=(answered.citations[0], c)), turn=1, paragraphs=[1, 1])
        line = Page(re.search(r'<ul class="also">.*?</ul>', card).group()).text
        assert not is_orphan(line, c.perspective), c.quote


def test_the_passages_beside_a_document_name_their_speakers(quoted, bot):
    for c in quoted[::7]:
        pane = source_pane(Shown(bot.document(c.doc_id), (), (c,), (1,), active=1))
        assert not is_orphan(Page(pane).texts_of("button", class_="passage")[0], c.perspective), c.quote


def test_copied_and_saved_passages_name_their_speakers(quoted, answered):
    for c in quoted:
        for write in (as_text, as_markdown, as_bibtex):
            assert not is_orphan(write(c, 1).replace("\\", "").replace("\n> ", "\n"), c.perspective), c.quote
        saved = conversation_html([Saved("?", replace(answered, citations=(c,)), (1,))])
        assert not is_orphan(shown(saved), c.perspective)


def test_columns_by_party_name_their_speakers(quoted):
    for c in quoted:
        view = contrast_view("Why?", by_party((c,), (c.perspective.party,)))
        assert not is_orphan(Page(view).texts_of("blockquote")[0], c.perspective), c.quote


def test_selected_words_come_with_their_speaker(quoted):
    for c in quoted:
        assert not is_orphan(shown(selection_note(c.perspective, c.quote)), c.perspective), c.quote


def test_a_conversation_shown_again_names_its_speakers(desk):
    asked = desk.ask(Conversation(), "What did Casper Lodd say?").conversation
    assert "Casper Lodd" in shown(desk.arrive(asked).messages[1].content)
