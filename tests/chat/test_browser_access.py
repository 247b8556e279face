"""For everybody: every state of the page at every width, light and dark, by keyboard, by ear and on paper."""

import json
from dataclasses import replace

import pytest

from qa_bot.chat import Intake
from qa_bot.chat.wording import say
from qa_bot.corpus import make_document
from qa_bot.types import PerspectiveCard

from .browser import AXE, BRIDGE, DESKTOP, PHONE, SMALL, TABLET, TOKYO, Watched, needs_browser, serving
from .fakes import FakeBot

pytestmark = needs_browser

SIZES = (DESKTOP, TABLET, PHONE, SMALL)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # what light and dark can differ in
SCHEMES = (("dark", {"type": "rule", "values": COLOURS}), ("light", {"type": "tag", "values": STANDARD}))


def empty(tab: Watched) -> None:
    tab.page.wait_for_selector("#chat .suggestions")


def answered(tab: Watched) -> None:
    tab.ask(BRIDGE)
    tab.page.click("#turn-1 .feedback summary")


def full_document(tab: Watched) -> None:
    tab.page.click("#chat .card a.cite")
    tab.mark_in_view()
    for summary in tab.page.locator("#source .folds summary").all():
        summary.click()


def evidence(tab: Watched) -> None:
    tab.page.locator("#source .evidence").first.click()
    tab.page.wait_for_selector('#source [data-do="return"]')


def refused(tab: Watched) -> None:
    tab.page.keyboard.press("Escape")
    tab.ask(TOKYO)


def contrast(tab: Watched) -> None:
    tab.page.click('#chat a[href="#compare-1"]')
    tab.page.wait_for_selector("#source .contrast")


def documents(tab: Watched) -> None:
    tab.page.keyboard.press("Escape")
    tab.page.click('#bar [data-do="library"]')
    tab.page.wait_for_selector("#source .shelf")
    tab.page.locator('#source [data-do="ask-to-remove"]').first.click()


def violations(tab: Watched, only: dict) -> list[str]:
    found = tab.page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false})", only
    )
    return [
        f"{v['id']}: {json.dumps([n['html'][:120] + ' | ' + n['failureSummary'][:300] for n in v['nodes'][:3]])}"
        for v in found["violations"]
    ]


def sticking_out(tab: Watched) -> list[str]:
    """Elements that reach beyond the window's sides."""
    return tab.page.evaluate(
        """() => [...document.querySelectorAll('#bar *, #chat *, #ask *, #source *')]
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.unseen'))
        .filter(e => e.getBoundingClientRect().width)
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
        .map(e => e.outerHTML.slice(0, 80))"""
    )


@pytest.fixture(scope="module")
def everything(shared_bot, tmp_path_factory):
    """A page on which everything is offered."""
    file = tmp_path_factory.mktemp("offered") / "feedback.jsonl"
    with serving(shared_bot, feedback=file, intake=Intake(lambda _request: True, 1_000_000)) as base:
        yield base


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]} px")
def test_axe_finds_nothing_and_nothing_sticks_out_in_any_state_light_or_dark(watched, bot, everything, size):
    tab = watched(size, base=everything).open()
    tab.page.evaluate(AXE)
    for reach in (empty, answered, full_document, evidence, refused, contrast, documents):
        reach(tab)
        assert sticking_out(tab) == [], reach.__name__
        for scheme, only in SCHEMES:
            tab.page.emulate_media(color_scheme=scheme)
            tab.page.wait_for_selector(f"body{'.dark' if scheme == 'dark' else ':not(.dark)'}")
            assert violations(tab, only) == [], (reach.__name__, scheme)


def test_a_keyboard_reaches_everything_in_order_and_the_focus_is_always_seen(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.mark_in_view()
    tab.page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    seen = []
    for _ in range(60):
        tab.page.keyboard.press("Tab")
        state = tab.page.evaluate(
            """() => {
              const e = document.activeElement, all = [...document.querySelectorAll('*')], style = getComputedStyle(e);
              const box = e.closest('.input-container');
              const rim = box ? getComputedStyle(box).borderColor : '';
              return {place: all.indexOf(e), name: e.outerHTML.slice(0, 90), tag: e.tagName,
                seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                  || rim === 'rgb(27, 111, 196)'};
            }"""
        )
        if state["tag"] == "BODY":
            break
        assert state["seen"], state
        seen.append(state)
    assert [s["place"] for s in seen] == sorted(s["place"] for s in seen)
    names = " ".join(s["name"] for s in seen)
    for part in ('data-do="new"', "#cite-1-1", "#compare-1", "<textarea", "passage", 'data-do="next"', "<summary"):
        assert part in names
    assert len(seen) < 60, "the focus leaves the page at its end"


def test_a_screen_reader_hears_the_answer_and_whose_it_is_once(watched, bot):
    tab = watched().open()
    heard = "document.getElementById('news').textContent"
    assert tab.page.evaluate(heard) == ""
    assert tab.page.get_attribute("#news", "role") == "status"
    tab.ask(BRIDGE)
    tab.page.wait_for_function(f"{heard} !== ''")
    assert bot.ask(BRIDGE).citations[0].quote in tab.page.evaluate(heard)
    assert say("standpoint.tag", party="Orsel") in tab.page.evaluate(heard)
    tab.ask(TOKYO)
    tab.page.wait_for_function(f"{heard}.includes({json.dumps(say('refusal.heading'))})")
    assert tab.page.locator('#chat [role="log"]').get_attribute("aria-live") == "off"


def test_a_screen_reader_hears_the_answer_after_a_question_that_failed(watched, bot):
    tab = watched().open()
    heard = "document.getElementById('news').textContent"
    bot.broken = True
    tab.page.fill("#ask textarea", TOKYO)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function(f"{heard} !== ''")
    bot.broken = False
    tab.ask(BRIDGE)
    quote = json.dumps(bot.ask(BRIDGE).citations[0].quote)
    tab.page.wait_for_function(f"{heard}.includes({quote})")


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


def test_keys_that_are_characters_can_be_turned_off_for_good(watched):
    tab = watched().open()
    tab.page.click('[data-do="keys"]')
    tab.page.reload()
    tab.page.wait_for_selector("#ask textarea")
    assert tab.page.inner_text('[data-do="keys"]') == say("ask.keys_turn_on")
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("/")
    assert tab.page.evaluate("document.activeElement.tagName") == "BODY"
    tab.page.click('[data-do="keys"]')
    tab.page.evaluate("document.activeElement.blur()")
    tab.page.keyboard.press("/")
    assert tab.page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_enter_on_a_citation_goes_to_the_mark_and_escape_comes_back(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.focus('#chat a.cite[href="#cite-1-1"]')
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function("document.activeElement.id === 'mark-1'")
    tab.page.keyboard.press("Escape")
    assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#cite-1-1"


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
    voices = [voice for voice in tab.page.locator("#source .passage .voice").all() if voice.is_visible()]
    assert [voice.text_content() for voice in voices] == [say("voice.narrator")]
    tab.page.click("#source .close")
    tab.page.wait_for_selector("#source h2", state="hidden")
    tab.page.click("#chat .card a.cite")
    tab.page.wait_for_selector("#source h2", state="visible")
    tab.page.mouse.click(PHONE[0] / 2, 40)  # beside the sheet
    tab.page.wait_for_selector("#source h2", state="hidden")


def test_an_open_sheet_holds_the_focus_until_it_is_closed(watched):
    tab = watched(PHONE).open()
    tab.ask(BRIDGE)
    tab.page.focus("#chat .card a.cite")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function("document.activeElement.id === 'mark-1'")
    assert tab.page.get_attribute("#side", "role") == "dialog"
    for _ in range(25):
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#side')"
        )
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector("#source h2", state="hidden")
    assert tab.page.evaluate("document.activeElement.getAttribute('href')") == "#cite-1-1"
    assert tab.page.get_attribute("#side", "role") is None


def test_a_note_at_a_selection_stays_on_a_phone_s_screen(watched):
    tab = watched(PHONE).open("?doc=orsel-weir-narrative&span=2320-2418")
    tab.mark_in_view()
    tab.page.dblclick("#source mark .loaded")
    tab.page.wait_for_selector("#note h3")
    place = tab.page.locator("#note").bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= PHONE[0]


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_want_no_motion(watched, motion, moves):
    tab = watched(PHONE).open()
    tab.page.emulate_media(reduced_motion=motion)
    duration = tab.page.eval_on_selector("#side", "e => getComputedStyle(e).transitionDuration")
    assert (duration not in ("0s", "")) == moves


def test_text_from_right_to_left_reads_so_and_is_marked_in_place(watched):
    text = "שלום לכולם. הגשר נפתח ביום שלישי. עוד משפט אחד."
    start = text.index("הגשר")
    end = text.index(" עוד")
    with serving(FakeBot.of_texts(doc=text)) as base:
        tab = watched(base=base).open(f"?doc=doc&span={start}-{end}")
        assert tab.mark_in_view() == text[start:end]
        assert tab.page.eval_on_selector("#source .text", "e => getComputedStyle(e).direction") == "rtl"
        assert tab.page.eval_on_selector("#source .pane", "e => getComputedStyle(e).direction") == "ltr"


def test_a_screen_reader_reads_a_quotation_in_the_language_of_its_document(watched):
    text = "Կամուրջը բացվեց 1931 թվականին. The bridge was opened."
    document = replace(make_document("doc", text), card=PerspectiveCard("A title", "hy"))
    with serving(FakeBot([document])) as base:
        tab = watched(base=base).open()
        tab.ask("When was the bridge opened? bridge opened")
        tab.mark_in_view()
        for place in ("#chat blockquote", "#source .text", "#source .passage .line"):
            assert tab.page.get_attribute(place, "lang") == "hy", place


def test_on_paper_there_is_the_conversation_and_nothing_else(watched):
    tab = watched(scheme="dark").open()
    tab.ask(BRIDGE)
    tab.page.emulate_media(media="print")
    assert tab.page.is_visible("#chat blockquote")
    assert not tab.page.is_visible("#chat .foot-row")
    assert not tab.page.is_visible("#ask textarea")
    assert not tab.page.is_visible("#source h2")
    assert tab.page.eval_on_selector("#chat .card", "e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
