"""The page in a real Chromium, served by a real server."""

import json
import random
from pathlib import Path

import axe_core_python
import pytest

from qa_bot.chat.answer_card import marked_quotation
from qa_bot.chat.document_text import Block, blocks_html
from qa_bot.chat.feedback import read_feedback
from qa_bot.chat.turns import Place, cite
from qa_bot.chat.wording import say
from qa_bot.types import Span

from .browser import CHROMIUM, DESKTOP, PHONE, SMALL, SWITCHES, TABLET, Watched, serving
from .fakes import FakeBot
from .markup import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
BRIDGE = "When was the Sill bridge liberated?"
TOKYO = "What is the population of Tokyo?"
HOSTILE = "\n\n".join(
    f"A boat number {n} sank here. {p.replace(chr(10), ' ')} And then it left." for n, p in enumerate(PAYLOADS)
)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def feedback_file(tmp_path_factory):
    return tmp_path_factory.mktemp("feedback") / "feedback.jsonl"


@pytest.fixture(scope="module")
def served(shared_bot, feedback_file):
    with serving(shared_bot, feedback=feedback_file) as base:
        yield base


@pytest.fixture
def watched(browser, served):
    """Opens pages by size and colours; at the end none of them asked outside or logged an error."""
    contexts, pages = [], []

    def start(size=DESKTOP, scheme="light", base=served) -> Watched:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(20_000)
        contexts.append(context)
        pages.append(Watched(context.new_page(), base))
        return pages[-1]

    yield start
    for context in contexts:
        context.close()
    for page in pages:
        page.assert_clean()


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


def test_a_deep_link_asks_and_another_shows_a_place(watched, bot):
    tab = watched().open("?q=When+was+the+Sill+bridge+liberated%3F")
    tab.page.wait_for_selector("#chat .card.answered")
    citation = bot.ask(BRIDGE).citations[0]
    other = watched().open(citation.href.removeprefix("/ui/"))
    assert other.mark_in_view() == citation.quote


def test_a_citation_opens_its_passage_and_the_address_becomes_its_link(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    second = bot.ask(BRIDGE).citations[1]
    tab.page.click('#chat a.cite[href="#cite-1-2"]')
    tab.page.wait_for_selector("#source mark#mark-2.active")
    assert tab.mark_in_view() == second.quote
    tab.page.wait_for_function("href => location.href.endsWith(href)", arg=second.href)
    assert tab.page.evaluate("document.activeElement.id") == "mark-2"


def test_keys_lead_to_the_question_through_the_passages_and_back(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.mark_in_view()
    tab.page.evaluate("document.activeElement.blur()")
    for key, number in (("n", 2), ("n", 3), ("p", 2)):
        tab.page.keyboard.press(key)
        tab.page.wait_for_selector(f'#source .passage[data-number="{number}"][aria-current]')
    tab.page.focus('#source .passage[data-number="2"]')
    tab.page.keyboard.press("ArrowUp")
    tab.page.wait_for_selector('#source .passage[data-number="1"][aria-current]')
    tab.page.keyboard.press("Escape")
    assert tab.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("/")
    assert tab.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert tab.page.input_value("#ask textarea") == ""


def test_enter_on_a_citation_goes_to_the_mark_and_escape_comes_back(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.focus('#chat a.cite[href="#cite-1-1"]')
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function("document.activeElement.id === 'mark-1'")
    tab.page.keyboard.press("Escape")
    assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#cite-1-1"


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


def test_on_a_phone_the_source_is_a_sheet_and_the_perspective_needs_no_scrolling(watched):
    tab = watched(PHONE).open()
    assert not tab.page.is_visible("#source h2")
    tab.ask(BRIDGE)
    assert tab.page.locator("#chat .tag").first.bounding_box()["y"] < 300
    perspective = tab.page.locator("#chat dt", has_text=say("card.perspective")).bounding_box()
    assert perspective["y"] + perspective["height"] < tab.page.locator("#ask").bounding_box()["y"]
    tab.page.click("#chat .card a.cite")
    tab.mark_in_view()
    assert tab.page.is_visible("#source h2")
    tab.page.click("#source .close")
    tab.page.wait_for_selector("#source h2", state="hidden")
    tab.page.click("#chat .card a.cite")
    tab.page.wait_for_selector("#source h2", state="visible")
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#source h2", state="hidden")


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE, SMALL])
def test_nothing_sticks_out_of_the_page(watched, size):
    tab = watched(size).open()
    tab.ask(BRIDGE)
    tab.ask(TOKYO)
    wide = tab.page.evaluate(
        """() => [...document.querySelectorAll('#bar *, #chat *, #ask *, #source .pane-head *')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().width
          && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert wide == []


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


def test_a_passage_can_be_copied_with_its_place_and_link(watched, bot):
    tab = watched().open()
    tab.ask(BRIDGE)
    citation = bot.ask(BRIDGE).citations[0]
    for kind, sign in (("text", f"“{citation.quote}”"), ("markdown", "> "), ("reference", "@misc{")):
        tab.page.click("#source .copy summary")
        tab.page.click(f'#source [data-copy="{kind}"]')
        tab.page.wait_for_function("async sign => (await navigator.clipboard.readText()).startsWith(sign)", arg=sign)
        assert tab.base in tab.page.evaluate("navigator.clipboard.readText()")


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


def test_feedback_with_a_reason_is_written(watched, feedback_file):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click("#turn-1 .feedback summary")
    tab.page.click('#turn-1 .feedback a[href="#feedback-1-wrong_speaker"]')
    tab.page.wait_for_function(
        "t => document.querySelector('#turn-1 .feedback').textContent === t", arg=say("feedback.thanks")
    )
    assert [e["verdict"] for e in read_feedback(feedback_file)][-1] == "wrong_speaker"


def test_questions_can_be_limited_to_one_document(watched):
    tab = watched().open()
    tab.page.click('#bar [data-do="library"]')
    tab.page.check('#source input[value="union-observer-report"]')
    tab.page.click('#source [data-do="filter"]')
    tab.page.wait_for_selector("#foot .narrowed")
    tab.ask("Who closed the bridge?")
    assert (
        tab.page.locator("#source .passage").evaluate_all("all => all.map(p => p.dataset.doc)")
        == ["union-observer-report"] * 3
    )


def test_a_large_document_is_shown_in_a_window_that_grows(watched):
    text = "\n\n".join(f"Paragraph {n} says that boat {n} left the harbour at noon." for n in range(90_000))
    with serving(FakeBot.of_texts(large=text)) as base:
        tab = watched(base=base).open(f"?doc=large&span={len(text) // 2}-{len(text) // 2 + 40}")
        tab.mark_in_view()
        before = tab.page.locator("#source .para").count()
        assert before < 2000
        tab.page.click("#source .more[data-more=later]")
        tab.page.wait_for_function("n => document.querySelectorAll('#source .para').length > n", arg=before)
        numbers = tab.page.locator("#source .para").evaluate_all("all => all.map(p => Number(p.dataset.n))")
        assert numbers == list(range(numbers[0], numbers[-1] + 1))


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_payloads_in_documents_and_questions_never_run(watched, policy):
    with serving(FakeBot.of_texts(hostile=HOSTILE), policy=policy) as base:
        tab = watched(base=base).open()
        for payload in PAYLOADS[:8]:
            tab.ask(f"Which boat number sank? {payload}")
        assert tab.page.evaluate("window.hacked") is None
        assert tab.page.locator("#chat img, #chat form, #chat script, #source img, #source script").count() == 0
        asked = tab.page.locator("#chat .user p").all_text_contents()
        assert asked == [f"Which boat number sank? {p}" for p in PAYLOADS[:8]]


def test_the_highlighted_text_in_the_browser_is_the_span(watched):
    bot = FakeBot.of_texts(hostile=HOSTILE)
    document, parts = bot.document("hostile"), bot.outline("hostile")
    with serving(bot) as base:
        tab = watched(base=base).open()
        for sentence in parts.sentences[:: max(1, len(parts.sentences) // 12)]:
            tab.open(f"?doc=hostile&span={sentence.span.start}-{sentence.span.end}")
            assert tab.mark_in_view() == sentence.span.of(document.text)


def violations(tab: Watched) -> list[str]:
    tab.page.evaluate(AXE)
    found = tab.page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{v['id']}: {json.dumps([n['html'][:120] + ' | ' + n['failureSummary'][:300] for n in v['nodes'][:3]])}"
        for v in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_any_state(watched, size, scheme):
    tab = watched(size, scheme).open()
    assert violations(tab) == []
    tab.ask(BRIDGE)
    tab.page.click("#turn-1 .feedback summary")
    assert violations(tab) == []
    tab.page.click("#chat .card a.cite")
    tab.mark_in_view()
    for summary in tab.page.locator("#source .folds summary").all():
        summary.click()
    assert violations(tab) == []
    tab.page.keyboard.press("Escape")
    tab.ask(TOKYO)
    assert violations(tab) == []
    tab.page.click('#bar [data-do="library"]')
    tab.page.wait_for_selector("#source .library")
    assert violations(tab) == []


def test_parties_are_compared_side_by_side(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click('#chat a[href="#compare-1"]')
    tab.page.wait_for_selector("#source .contrast")
    tops = {round(box.bounding_box()["y"]) for box in tab.page.locator("#source .viewpoint").all()}
    assert len(tops) == 1
    assert violations(tab) == []
    tab.page.locator("#source .viewpoint button").first.click()
    tab.mark_in_view()


def test_what_is_typed_outlives_a_reload(watched):
    tab = watched().open()
    tab.page.fill("#ask textarea", "A half-typed quest")
    tab.page.reload()
    tab.page.wait_for_selector("#chat .welcome")
    tab.page.wait_for_function("document.querySelector('#ask textarea').value === 'A half-typed quest'")
    tab.page.press("#ask textarea", "Enter")
    tab.page.wait_for_selector("#chat .card")
    assert tab.page.text_content("#chat .user p") == "A half-typed quest"


def test_on_paper_there_is_the_conversation_and_nothing_else(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.emulate_media(media="print")
    assert tab.page.is_visible("#chat blockquote")
    assert not tab.page.is_visible("#ask textarea")
    assert not tab.page.is_visible("#source h2")


def test_a_restart_of_the_server_loses_neither_conversation_nor_what_is_typed(watched, bot):
    with serving(bot) as base:
        tab = watched(base=base).open()
        tab.ask(BRIDGE)
        tab.page.fill("#ask textarea", "Half a quest")
    with serving(bot, port=int(base.rpartition(":")[2])):
        assert tab.page.input_value("#ask textarea") == "Half a quest"
        tab.ask(TOKYO)
        assert tab.page.locator("#chat .card").count() == 2


def test_a_note_at_a_selection_stays_on_a_phone_s_screen(watched):
    tab = watched(PHONE).open("?doc=orsel-weir-narrative&span=2320-2418")
    tab.mark_in_view()
    tab.page.dblclick("#source mark .loaded")
    tab.page.wait_for_selector("#note h3")
    place = tab.page.locator("#note").bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= PHONE[0]


def test_two_hundred_random_citations_are_highlighted_character_for_character(watched):
    chance = random.Random(2020)
    signs = [*"ab c.\n<>&\"'`${}*_[]#", "\u00a0", "e\u0301", "👩‍👩‍👧‍👦", "🇦🇶", "𝒵", "ש", "\u202b", "ﷺ", "\t", "\u2028"]
    wanted, made = [], []
    for _ in range(200):
        text = "x" + "".join(chance.choices(signs, k=chance.randrange(20, 200))) + "x"
        start = chance.randrange(len(text) - 1)
        span = Span(start, chance.randrange(start + 1, len(text) + 1))
        bot = FakeBot.of_texts(doc=text)
        cited = cite(bot, Place("doc", span.start, span.end, 0, len(text)), 1)
        whole = (Block(Span(0, len(text)), 1),)
        wanted += [span.of(text)] * 2
        made += [marked_quotation(cited), blocks_html(bot.document("doc"), whole, range(1), (cited,), active=1)]
    shown = (
        watched()
        .open()
        .page.evaluate(
            """all => all.map(html => {
          const place = document.createElement('div');
          place.innerHTML = html;
          return [...place.querySelectorAll('mark')].map(mark => mark.textContent).join('');
        })""",
            made,
        )
    )
    assert shown == wanted
