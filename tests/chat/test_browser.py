"""Asking, reading the source, keeping and judging answers: the page in a real Chromium, served by a real server."""

from pathlib import Path

import pytest

from qa_bot.chat.feedback import read_feedback
from qa_bot.chat.wording import say

from .browser import BRIDGE, DESKTOP, PHONE, TOKYO, needs_browser, serving
from .fakes import FakeBot

pytestmark = needs_browser


def first_quote(bot, question=BRIDGE) -> str:
    return bot.ask(question).citations[0].quote


def test_a_question_is_answered_with_a_card_and_its_place(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    assert tab.page.text_content("#chat .card mark") == first_quote(bot)
    assert tab.mark_in_view() == first_quote(bot)
    assert tab.page.text_content("#source h2") == "The Defence of the Halden Weir"


def test_a_question_not_in_the_sources_is_refused_visibly(watched):
    tab = watched().open()
    tab.ask(TOKYO)
    card = tab.page.locator("#chat .card.refused")
    assert say("refusal.nearest") in card.text_content()
    assert tab.page.locator("#source .pane.nearest").count() == 1
    assert (
        tab.page.evaluate("getComputedStyle(document.querySelector('#source mark')).backgroundColor")
        == "rgba(0, 0, 0, 0)"
    )
    card.locator("a.suggestion").first.click()
    tab.page.wait_for_selector("#chat .card.answered")


def test_names_that_no_source_has_are_said_and_said_again_after_a_reload(watched):
    tab = watched().open()
    tab.ask("When was the Sill bridge shown to Napoleon of Zanzibar?")
    told = say("refusal.unheard", names="“Napoleon”, “Zanzibar”")
    assert told in tab.page.text_content("#turn-1.refused .verdict")
    assert tab.page.eval_on_selector("#turn-1", "e => getComputedStyle(e).borderTopStyle") == "dashed"
    tab.page.wait_for_function("localStorage.getItem('qa_bot.conversation') !== null")
    tab.open()
    assert told in tab.page.text_content("#turn-1.refused .verdict")


def test_a_deep_link_asks_and_another_shows_a_place(watched, bot):
    tab = watched().open("?q=When+was+the+Sill+bridge+liberated%3F")
    tab.page.wait_for_selector("#chat .card.answered")
    citation = bot.ask(BRIDGE).citations[0]
    other = watched().open(citation.href.removeprefix("/ui/"))
    assert other.mark_in_view() == citation.quote


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("asked", ["%20When+was+the+Sill+bridge+liberated%3F", "why+" * 400], ids=["asked", "too long"])
def test_the_question_of_an_address_is_asked_once(watched, bot, size, asked):
    tab = watched(size).open(f"?q={asked}")
    tab.page.wait_for_function("!new URLSearchParams(location.search).has('q')")
    tab.page.wait_for_selector("#chat .card")
    tab.ask(TOKYO)
    tab.page.wait_for_function("localStorage.getItem('qa_bot.conversation').length > 0")
    cards, before = tab.page.locator("#chat .card:not(.notice)").count(), len(bot.asked)
    tab.page.reload()
    tab.page.wait_for_selector("#chat .card.refused")
    assert tab.page.locator("#chat .card:not(.notice)").count() == cards
    assert (BRIDGE, (TOKYO,)) not in bot.asked[before:]


def test_a_citation_opens_its_passage_and_the_address_becomes_its_link(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    second = bot.ask(BRIDGE).citations[1]
    tab.page.click('#chat a.cite[href="#cite-1-2"]')
    tab.page.wait_for_selector("#source mark#mark-2.active")
    assert tab.mark_in_view() == second.quote
    tab.page.wait_for_function("href => location.href.endsWith(href)", arg=second.href)
    assert tab.page.evaluate("document.activeElement.id") == "mark-2"


def test_a_conversation_survives_a_reload_and_is_kept_on_the_device(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.ask(TOKYO)
    tab.page.wait_for_function("localStorage.getItem('qa_bot.conversation') !== null")
    tab.open()
    tab.page.wait_for_selector("#chat .card.refused")
    assert tab.page.locator("#chat .card").count() == 2
    assert tab.page.context.cookies() == []
    fresh = watched().open()
    assert fresh.page.locator("#chat .card").count() == 0


def test_a_new_chat_forgets_the_old_one(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click('#bar [data-do="new"]')
    tab.page.wait_for_selector("#chat .welcome")
    tab.open()
    assert tab.page.locator("#chat .card").count() == 0


def test_a_follow_up_shows_what_was_searched_for_and_one_click_undoes_it(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.ask("Was it closed?")
    assert f"Was it closed? ({BRIDGE})" in tab.page.text_content("#turn-2 .searched")
    tab.page.click('#turn-2 a[href="#undo-2"]')
    tab.page.wait_for_selector("#turn-2 .searched", state="detached")
    assert ("Was it closed?", ()) in bot.asked


def test_dark_follows_the_system_and_can_be_switched(watched):
    tab = watched(scheme="dark").open()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert tab.page.evaluate(ground) == "rgb(20, 23, 28)"
    tab.page.click('#bar [data-do="dark"]')
    assert tab.page.evaluate(ground) == "rgb(251, 249, 245)"
    tab.open()
    assert tab.page.evaluate(ground) == "rgb(251, 249, 245)"


def test_selected_words_are_described_at_their_place(watched):
    tab = watched().open("?doc=orsel-weir-narrative&span=2320-2418")
    tab.mark_in_view()
    tab.page.dblclick("#source mark .loaded")
    tab.page.wait_for_selector("#note h3")
    assert "“liberated" in tab.page.text_content("#note .line")
    assert say("speaks.narrator") in tab.page.text_content("#note")
    tab.page.keyboard.press("Escape")
    assert tab.page.is_hidden("#note")


def test_offsets_of_a_selection_are_code_points(watched):
    text = "A 𝒵 boat 👩‍👩‍👧 e\u0301 sank here. The שלום boat left."
    with serving(FakeBot.of_texts(doc=text)) as base:
        tab = watched(base=base).open("?doc=doc&span=0-30")
        found = tab.page.evaluate(
            """() => new Promise(done => {
              const text = document.querySelector('#source .text'), walker = document.createTreeWalker(text, 4);
              let last; while (walker.nextNode()) last = walker.currentNode;
              const range = document.createRange();
              range.selectNodeContents(text);
              range.setStart(last, last.data.length - 5);
              range.setEnd(last, last.data.length);
              getSelection().removeAllRanges(); getSelection().addRange(range);
              const note = document.getElementById('note');
              new MutationObserver(() => done(note.textContent)).observe(note, {childList: true});
              document.dispatchEvent(new KeyboardEvent('keyup', {key: 'ArrowRight', shiftKey: true}));
            })"""
        )
        assert f"“{text[-5:]}”" in found


def test_hovering_a_citation_previews_its_quotation_and_speaker(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.hover("#chat .also li")
    tab.page.wait_for_selector("#note .quote")
    assert tab.page.text_content("#note .quote") == bot.ask(BRIDGE).citations[1].quote
    assert tab.page.text_content("#note .voice") == say("voice.narrator")
    assert say("standpoint.tag", party="Maravel") in tab.page.text_content("#note .tag")


def test_buttons_lead_from_passage_to_passage(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    quotes = [c.quote for c in bot.ask(BRIDGE).citations]
    for button, at in (("next", 1), ("next", 2), ("next", 0), ("previous", 2)):
        tab.page.click(f'#source [data-do="{button}"]')
        tab.page.wait_for_selector(f"#source mark#mark-{at + 1}.active")
        assert tab.mark_in_view() == quotes[at]
        assert tab.page.text_content("#source .position") == say("pane.position", number=at + 1, total=3)


def test_why_we_say_so_shows_its_evidence_and_leads_back(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click("#source .folds summary")
    evidence = tab.page.locator("#source .evidence").first
    start, end = (int(evidence.get_attribute(f"data-{edge}")) for edge in ("start", "end"))
    evidence.click()
    tab.page.wait_for_selector('#source .pane[data-turn="0"] mark.active')
    assert tab.mark_in_view() == bot.document("orsel-weir-narrative").text[start:end]
    tab.page.click('#source [data-do="return"]')
    tab.page.wait_for_selector('#source .pane[data-turn="1"] mark.active')
    assert tab.mark_in_view() == first_quote(bot)


def test_a_passage_can_be_copied_with_its_place_and_link(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    citation = bot.ask(BRIDGE).citations[0]
    for kind, sign in (("text", f"“{citation.quote}”"), ("markdown", "> "), ("reference", "@misc{")):
        tab.page.click("#source .copy summary")
        tab.page.click(f'#source [data-copy="{kind}"]')
        tab.page.wait_for_function("async sign => (await navigator.clipboard.readText()).startsWith(sign)", arg=sign)
        assert tab.base in tab.page.evaluate("navigator.clipboard.readText()")
        tab.page.wait_for_function("t => document.getElementById('news').textContent === t", arg=say("pane.copied"))
        assert tab.page.evaluate("document.activeElement.matches('#source .copy summary')")
        tab.page.evaluate("document.getElementById('news').textContent = ''")


@pytest.mark.parametrize(("form", "name"), [("markdown", "conversation.md"), ("html", "conversation.html")])
def test_a_conversation_can_be_saved(watched, form, name):
    tab = watched().open()
    tab.ask(BRIDGE)
    with tab.page.expect_download() as download:
        tab.page.click("#bar .menu summary")
        tab.page.click(f'#bar [data-do="save-{form}"]')
    assert download.value.suggested_filename == name
    saved = Path(download.value.path()).read_text().replace("\\", "")
    assert "ferry landing on 12 May" in saved
    assert tab.base in saved


def test_two_clicks_are_one_word_which_is_heard_and_keeps_the_focus(watched, feedback_file):
    tab = watched().open()
    tab.ask(BRIDGE)
    before = len(list(read_feedback(feedback_file)))
    link = tab.page.locator('#turn-1 .feedback a[href="#feedback-1-helpful"]')
    link.focus()
    link.evaluate("link => { link.click(); link.click(); }")
    tab.page.wait_for_function("t => document.getElementById('news').textContent === t", arg=say("feedback.thanks"))
    assert tab.page.evaluate("document.activeElement.textContent") == say("feedback.thanks")
    tab.page.wait_for_timeout(500)
    assert len(list(read_feedback(feedback_file))) == before + 1


def test_feedback_that_did_not_arrive_can_be_given_again(watched, feedback_file):
    tab = watched()
    tab.page.clock.install()
    tab.open().ask(BRIDGE)
    before = len(list(read_feedback(feedback_file)))
    tab.page.route("**/gradio_api/run/**", lambda route: route.fulfill(status=500, json={"error": None}))
    with tab.page.expect_response("**/gradio_api/run/**"):
        tab.page.click('#turn-1 .feedback a[href="#feedback-1-helpful"]')
    tab.page.unroute("**/gradio_api/run/**")
    tab.page.clock.fast_forward(30_000)
    tab.forgive(500)
    tab.page.click('#turn-1 .feedback a[href="#feedback-1-helpful"]')
    tab.page.wait_for_function(
        "t => document.querySelector('#turn-1 .feedback').textContent === t", arg=say("feedback.thanks")
    )
    assert len(list(read_feedback(feedback_file))) == before + 1


def test_feedback_with_a_reason_is_written(watched, feedback_file):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click("#turn-1 .feedback summary")
    tab.page.click('#turn-1 .feedback a[href="#feedback-1-wrong_speaker"]')
    tab.page.wait_for_function(
        "t => document.querySelector('#turn-1 .feedback').textContent === t", arg=say("feedback.thanks")
    )
    assert [e["verdict"] for e in read_feedback(feedback_file)][-1] == "wrong_speaker"


def test_feedback_needs_one_click_when_the_answer_helped(watched, feedback_file):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click('#turn-1 .feedback a[href="#feedback-1-helpful"]')
    tab.page.wait_for_function(
        "t => document.querySelector('#turn-1 .feedback').textContent === t", arg=say("feedback.thanks")
    )
    assert [e["verdict"] for e in read_feedback(feedback_file)][-1] == "helpful"


def test_three_clicks_select_a_paragraph_and_describe_it(watched, bot):
    tab = watched().open("?doc=orsel-weir-narrative&span=2320-2418")
    tab.mark_in_view()
    paragraph = tab.page.locator("#source .para:has(mark.active) .text")
    paragraph.click(click_count=3, position={"x": 5, "y": 5})
    tab.page.wait_for_selector("#note h3")
    assert tab.page.text_content("#note .line") == f"“{paragraph.text_content()}”"


def test_the_certainty_is_in_words_with_its_figure_on_hover_and_on_focus(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    words = tab.page.locator("#chat abbr")
    assert words.text_content() == say("certainty.high")
    assert words.get_attribute("title") == say("certainty.figure", percent=90)
    words.focus()
    assert "90" in words.evaluate("e => getComputedStyle(e, '::after').content")


def test_the_short_answer_stands_out_inside_the_quotation(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    short = bot.ask(BRIDGE).short.text
    for place in ("#chat mark .short", "#source mark.active .short"):
        assert tab.page.text_content(place) == short
        assert tab.page.eval_on_selector(place, "e => getComputedStyle(e).fontWeight") == "700"


def test_what_is_being_typed_outlives_a_suggestion(watched):
    tab = watched().open()
    tab.page.fill("#ask textarea", "a draft")
    tab.page.locator("#chat .suggestions a.suggestion").first.click()
    tab.page.wait_for_selector("#chat .card")
    assert tab.page.input_value("#ask textarea") == "a draft"


def test_suggestions_of_a_new_page_follow_the_documents(watched):
    shelf = [FakeBot.of_texts(first="The weir\n\nOn 4 May 1931 the weir broke.")]
    with serving(lambda: shelf[-1]) as base:
        assert "4 May 1931" in watched(base=base).open().page.text_content("#chat .suggestions")
        shelf.append(FakeBot.of_texts(second="The dam\n\nOn 7 June 1950 the dam held."))
        shelf[-1].index_version = "fake-2"
        tab = watched(base=base).open()
        tab.page.wait_for_function("document.querySelector('#chat .suggestions').textContent.includes('7 June 1950')")
        assert "1931" not in tab.page.text_content("#chat")
