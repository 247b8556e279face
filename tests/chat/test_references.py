import re

import pytest
from markdown_it import MarkdownIt

from qa_bot.chat.answer_card import certainty
from qa_bot.chat.exporting import Saved, conversation_html, conversation_markdown
from qa_bot.chat.references import as_bibtex, as_markdown, as_text
from qa_bot.chat.wording import say
from qa_bot.corpus import make_document

from .fakes import FakeBot
from .markup import PAYLOADS, Page

QUESTION = "When was the Sill bridge liberated?"
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def citation(bot):
    return bot.ask(QUESTION).citations[0]


def test_plain_text_holds_quotation_place_speaker_standpoint_and_link(citation):
    text = as_text(citation, 10, base=BASE)
    assert text.startswith(f"“{citation.quote}”\n")
    assert "paragraph 10" in text
    assert "Who speaks: The document itself" in text
    assert "Perspective: Orsel standpoint" in text
    assert text.endswith(f"{BASE}/ui/?doc={citation.doc_id}&span={citation.span.start}-{citation.span.end}")


def test_bibtex_is_one_balanced_entry(citation):
    entry = as_bibtex(citation, 10, base=BASE)
    assert entry.startswith(f"@misc{{{citation.doc_id}-{citation.span.start}-{citation.span.end},")
    assert entry.count("{") == entry.count("}")
    assert citation.document_sha256 in entry


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_shows_a_hostile_quotation_as_text(payload):
    flat = " ".join(payload.split())
    bot = FakeBot([make_document("doc", f"A boat sank here {flat} yesterday.", title=flat)])
    citation = bot.ask("Which boat sank here?").citations[0]
    rendered = Page(MarkdownIt("commonmark").render(as_markdown(citation, 1, base=BASE)))
    assert {tag for tag, _ in rendered.elements} <= {"blockquote", "p", "a", "br"}
    assert [a["href"] for t, a in rendered.elements if t == "a"] == [BASE + citation.href]
    assert " ".join(citation.quote.split()) in " ".join(rendered.text.split())


def saved(bot, *questions):
    answers = [bot.ask(q) for q in questions]
    return [Saved(a.question, a, (1,) * len(a.citations or a.closest)) for a in answers]


def test_a_saved_conversation_holds_every_question_quotation_and_speaker(bot):
    asked = saved(bot, QUESTION, "What is the population of Tokyo?")
    for text in (Page(conversation_html(asked)).text, re.sub(r"\\|\*\*", "", conversation_markdown(asked))):
        for answer in (turn.answer for turn in asked):
            assert answer.question in text
            for citation in answer.citations or answer.closest:
                assert citation.quote in text
        assert "do not answer this" in text
        assert say("refusal.unheard", names="“Tokyo”") in text


def test_a_saved_page_loads_and_runs_nothing(bot):
    page = Page(conversation_html(saved(bot, QUESTION), base=BASE))
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.elements}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_question_stays_text_in_a_saved_conversation(bot, payload):
    asked = saved(bot, payload)
    html = Page(conversation_html(asked))
    assert payload in html.text
    rendered = Page(MarkdownIt("commonmark").render(conversation_markdown(asked)))
    assert not {"img", "script", "form"} & {tag for tag, _ in rendered.elements}


def test_the_short_answer_is_marked_inside_the_quotation(bot):
    turns = saved(bot, QUESTION)
    (answer,) = (turn.answer for turn in turns)
    assert answer.short.text in answer.citations[0].quote
    html = Page(conversation_html(turns))
    assert html.texts_of("strong", class_="short") == [answer.short.text]
    assert html.texts_of("mark", class_="hit")[0] == answer.citations[0].quote
    markdown = Page(MarkdownIt("commonmark").render(conversation_markdown(turns)))
    assert markdown.texts_of("strong") == [certainty(answer.confidence), answer.short.text]
    assert answer.citations[0].quote in markdown.text


def test_a_saved_conversation_says_what_was_searched_for_and_what_is_outdated(bot):
    resolved = bot.ask("When was it closed?", history=[QUESTION])
    turns = [Saved(resolved.question, resolved, (1,) * 3), Saved("An earlier question?", None)]
    for text in (Page(conversation_html(turns)).text, conversation_markdown(turns).replace("\\", "")):
        assert resolved.resolved_question in text
        assert "An earlier question?" in text
        assert say("chat.outdated") in text


def test_the_link_leads_back_to_the_quotation(citation, bot):
    start, end = map(int, re.search(r"span=(\d+)-(\d+)", as_text(citation, 1)).groups())
    assert bot.document(citation.doc_id).text[start:end] == citation.quote
