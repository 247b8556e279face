"""What foreign text, many readers and a restarting server do to the page: nothing."""

import json
import random
import threading

import httpx
import pytest

from qa_bot.chat.answer_card import marked_quotation
from qa_bot.chat.document_text import Block, blocks_html
from qa_bot.chat.turns import Place, cite
from qa_bot.chat.wording import say
from qa_bot.types import (
    Actor,
    ActorKind,
    Basis,
    CardField,
    Document,
    NamingPair,
    Parties,
    Party,
    PerspectiveCard,
    Span,
    Status,
)

from .browser import BRIDGE, TOKYO, needs_browser, serving
from .fakes import FakeBot
from .markup import PAYLOADS

pytestmark = needs_browser

HOSTILE = "\n\n".join(
    f"A boat number {n} sank here. {p.replace(chr(10), ' ')} And then it left." for n, p in enumerate(PAYLOADS)
)
SIGNS = [*"ab c.\n<>&\"'`${}*_[]#", "\u00a0", "e\u0301", "👩‍👩‍👧‍👦", "🇦🇶", "𝒵", "ש", "\u202b", "ﷺ", "\t", "\u2028"]
FORBIDDEN = ":is(#chat, #source, #bar, #foot, #note) :is(img, script, iframe, object, embed, svg image, form[action])"


def hostile_document(number: int, payload: str) -> Document:
    """A document whose id, title, card and text are a payload."""
    flat = " ".join(payload.split())
    fields = {
        key: CardField(flat, Basis.STATED, (Span(0, 6),))
        for key in ("origin.author", "purpose.statement", "perspective.holder", "perspective.note")
    }
    fields["perspective.party"] = CardField(f"{flat} {number}", Basis.STATED, (Span(0, 6),))
    card = PerspectiveCard(
        title=flat, language="en", fields=fields, stance={flat: "against"}, values=(flat,), limitations=(flat,),
        naming=(NamingPair(flat, flat, flat),),
    )  # fmt: skip
    text = f"A boat number {number} sank here, said {flat}. {flat} And then it left."
    return Document(f"{flat.replace('/', '-')} {number}", flat, text, f"{number:064d}", card)


def hostile_bot() -> FakeBot:
    chosen = [*PAYLOADS[:5], PAYLOADS[7], PAYLOADS[10], PAYLOADS[12]]
    actors = tuple(Actor(p, ActorKind.PERSON, role=p, party=p) for p in chosen)
    parties = Parties(tuple(Party(p) for p in chosen), actors)
    return FakeBot([hostile_document(n, p) for n, p in enumerate(chosen)], parties)


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without policy"])
def test_payloads_in_texts_titles_cards_names_and_questions_never_run(watched, policy):
    bot = hostile_bot()
    with serving(bot, policy=policy) as base:
        tab = watched(base=base).open()

        def assert_inert():
            assert tab.page.evaluate("window.hacked") is None
            assert tab.page.locator(FORBIDDEN).count() == 0

        for payload in PAYLOADS[:8]:
            tab.ask(f"Which boat number sank? {payload}")
        assert_inert()
        assert tab.page.locator("#chat .user p").all_text_contents() == [
            f"Which boat number sank? {p}" for p in PAYLOADS[:8]
        ]
        tab.page.hover("#turn-8 .also li")
        tab.page.wait_for_selector("#note .quote")
        assert_inert()
        tab.page.click('#chat a[href="#compare-1"]')
        tab.page.wait_for_selector("#source .contrast")
        assert_inert()
        tab.page.click('#bar [data-do="library"]')
        tab.page.wait_for_selector("#source .library")
        assert_inert()
        for number, document in enumerate(bot.documents):
            assert tab.page.locator("#source .library strong").nth(number).text_content() == document.title
        tab.page.click('#source [data-do="open"] >> nth=0')
        tab.page.wait_for_selector("#source .doc .para")
        for summary in tab.page.locator("#source .folds summary").all():
            summary.click()
        tab.page.locator("#source .text").first.click(click_count=3)
        tab.page.wait_for_selector("#note h3")
        assert_inert()


class Scattered(FakeBot):
    """Answers every question with another place, of any beginning and end."""

    chance = random.Random(2020)

    def ask(self, question, **_limits):
        document = self.documents[0]
        starts = [i for i, sign in enumerate(document.text[:-10]) if not sign.isspace()]
        start = self.chance.choice(starts)
        place = Span(start, min(len(document.text), start + self.chance.randrange(5, 120)))
        answer = super().ask("boat number sank")
        cited = cite(self, Place(document.doc_id, place.start, place.end, 0, len(document.text)), 1)
        return type(answer)(
            question, question, Status.ANSWERED, 0.9, "", None, (cited,), (), "", self.index_version
        )  # fmt: skip


def test_what_the_page_highlights_is_the_span_in_the_card_and_in_the_document(watched):
    bot = Scattered.of_texts(hostile=HOSTILE)
    with serving(bot) as base:
        tab = watched(base=base).open()
        for number in range(1, 26):
            tab.ask(f"boat number {number} sank?")
            for _ in range(100):  # card and source are drawn one after the other, in either order
                shown, carded, span = tab.mark_in_view(), marks_of_card(tab, number), span_of_source(tab)
                if carded == HOSTILE[span]:
                    break
                tab.page.wait_for_timeout(100)
            assert shown == HOSTILE[span].replace("\n", "")  # there, what is between paragraphs is room
            assert carded == HOSTILE[span]


def marks_of_card(tab, number):
    return "".join(tab.page.locator(f"#turn-{number} mark").all_text_contents())


def span_of_source(tab):
    start, end = tab.page.evaluate(
        """new URL(document.querySelector('#source .passage').dataset.href, location)
        .searchParams.get('span').split('-').map(Number)"""
    )
    return slice(start, end)


def test_two_hundred_random_citations_are_highlighted_character_for_character(watched):
    chance = random.Random(2020)
    wanted, made = [], []
    for _ in range(200):
        text = "x" + "".join(chance.choices(SIGNS, k=chance.randrange(20, 200))) + "x"
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


def test_twenty_readers_who_ask_at_once_all_get_their_own_answer(watched, bot, served):
    tab = watched().open()
    with tab.page.expect_request(lambda r: r.method == "POST" and BRIDGE in (r.post_data or "")) as caught:
        tab.ask(BRIDGE)
    sample = caught.value
    sentences = [s for d in bot.documents for s in bot.outline(d.doc_id).sentences if not s.heading]
    questions = [f"What about {name}?" for name in ("Krane", "Lodd", "Hessel", "Corran", "Vell", "Selwyn", "Tane")]
    questions += [f"What happened on {day} May?" for day in range(1, 14)]
    assert len(questions) == 20
    assert sentences
    replies: dict[str, str] = {}
    start = threading.Barrier(20)

    def reader(number: int, question: str) -> None:
        body = json.loads(sample.post_data.replace(BRIDGE, question))
        body["session_hash"] = f"reader{number}"
        start.wait()
        replies[question] = httpx.post(sample.url, json=body, timeout=60).text

    threads = [threading.Thread(target=reader, args=pair) for pair in enumerate(questions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for question in questions:
        answer = bot.ask(question)
        place = (answer.citations or answer.closest)[0]
        turn = json.loads(replies[question])["data"][2]["turns"][-1]
        assert (turn["question"], turn["places"][0]["start"]) == (question, place.span.start)


def test_what_is_typed_outlives_a_reload(watched):
    tab = watched().open()
    tab.page.fill("#ask textarea", "A half-typed quest")
    tab.page.reload()
    tab.page.wait_for_selector("#chat .welcome")
    tab.page.wait_for_function("document.querySelector('#ask textarea').value === 'A half-typed quest'")
    tab.page.press("#ask textarea", "Enter")
    tab.page.wait_for_selector("#chat .card")
    assert tab.page.text_content("#chat .user p") == "A half-typed quest"


def test_a_server_that_is_away_is_told_beside_the_question_which_stays(watched, bot):
    with serving(bot) as base:
        tab = watched(base=base).open()
        tab.ask(BRIDGE)
    tab.page.fill("#ask textarea", TOKYO)
    tab.page.press("#ask textarea", "Enter")
    tab.page.wait_for_function("t => document.getElementById('trouble').textContent === t", arg=say("chat.offline"))
    assert not tab.page.is_visible(".toast-wrap")
    assert tab.page.input_value("#ask textarea") == TOKYO
    with serving(bot, port=int(base.rpartition(":")[2])):
        tab.page.wait_for_function("document.getElementById('trouble')?.textContent === ''")
        tab.page.wait_for_selector("#turn-1")
        tab.page.wait_for_function("t => document.querySelector('#ask textarea').value === t", arg=TOKYO)
        tab.page.press("#ask textarea", "Enter")
        tab.page.wait_for_selector("#turn-2.refused")
    tab.errors[:] = [error for error in tab.errors if "ERR_CONNECTION_REFUSED" not in error]


def test_a_restart_of_the_server_loses_neither_conversation_nor_what_is_typed(watched, bot):
    with serving(bot) as base:
        tab = watched(base=base).open()
        tab.ask(BRIDGE)
        tab.page.fill("#ask textarea", "Half a quest")
    with serving(bot, port=int(base.rpartition(":")[2])):
        assert tab.page.input_value("#ask textarea") == "Half a quest"
        tab.ask(TOKYO)
        assert tab.page.locator("#chat .card").count() == 2
