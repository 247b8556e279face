import gc
import weakref
from dataclasses import replace

import pytest
from starlette.requests import Request

from qa_bot.chat import Intake
from qa_bot.chat.desk import Desk, Desks, Kept
from qa_bot.chat.feedback import read_feedback
from qa_bot.chat.suggestions import suggest
from qa_bot.chat.turns import Conversation
from qa_bot.chat.wording import say
from qa_bot.corpus import make_document
from qa_bot.types import PerspectiveCard

from .fakes import FakeBot
from .markup import PAYLOADS, Page, assert_inert
from .test_turns import outdated

QUESTION = "When was the Sill bridge liberated?"


@pytest.fixture
def asked(desk):
    return desk.ask(Conversation(), QUESTION)


def test_an_answer_adds_a_question_and_a_card_and_shows_its_first_passage(asked, bot):
    assert [m.role for m in asked.messages] == ["user", "assistant"]
    assert 'id="turn-1"' in asked.messages[1].content
    first = bot.ask(QUESTION).citations[0]
    assert first.quote in [text for tag, a, text in Page(asked.pane).inside if a.get("id") == "mark-1"]


def test_a_follow_up_is_asked_with_the_questions_before_it(desk, bot, asked):
    desk.ask(asked.conversation, "Who closed it?")
    assert bot.asked[-1] == ("Who closed it?", (QUESTION,))


def test_a_resolved_follow_up_can_be_asked_again_alone(desk, bot, asked):
    followed = desk.ask(asked.conversation, "When was it built?")
    assert "#undo-2" in followed.messages[-1].content
    undone = desk.ask_again(followed.conversation, 2, alone=True)
    assert bot.asked[-1] == ("When was it built?", ())
    assert "#undo-2" not in undone.messages[-1].content
    assert len(undone.conversation.turns) == 2


def test_asking_again_a_turn_that_is_not_there_changes_nothing(desk, asked):
    assert desk.ask_again(asked.conversation, 7, alone=True).conversation == asked.conversation


def test_a_question_that_cannot_be_asked_is_told_and_stays_in_the_box(desk):
    long = "why " * 400
    view = desk.ask(Conversation(), long)
    assert view.unasked == long
    assert view.conversation.turns == ()
    assert "1,000 characters" in Page(view.messages[-1].content).text


def test_a_fault_of_the_bot_is_told_without_its_details(desk, bot):
    bot.broken = True
    view = desk.ask(Conversation(), QUESTION)
    assert Page(view.messages[-1].content).text == say("chat.failed")
    assert view.unasked == QUESTION


def test_a_fault_while_asking_again_keeps_the_conversation(desk, bot, asked):
    bot.broken = True
    view = desk.ask_again(asked.conversation, 1, alone=False)
    assert view.conversation == asked.conversation
    assert say("chat.failed") in Page(view.messages[-1].content).text


def test_a_refusal_suggests_questions_that_the_bot_answers(desk, bot):
    view = desk.ask(Conversation(), "Is the abbess a member of parliament?")
    suggested = Page(view.messages[-1].content).texts_of("a", href="#suggest")
    assert suggested
    assert all(bot.ask(question).citations for question in suggested)


def test_the_suggestions_of_a_refusal_come_from_the_sections_of_its_nearest_passages(bot):
    refused = bot.ask("Were surveyors happy?")
    assert refused.closest
    near = [
        next(s for s in reversed(bot.outline(c.doc_id).sections) if s.span.start <= c.span.start)
        for c in refused.closest
    ]
    for question in suggest(bot, near=refused):
        cited = bot.ask(question).citations
        assert any(
            c.doc_id == n.doc_id and section.span.covers(c.span)
            for c in cited
            for n, section in zip(refused.closest, near, strict=True)
        )
    assert suggest(bot, near=refused)


def test_an_empty_chat_greets_with_questions_that_are_answered(desk, bot):
    suggested = Page(desk.greet()).texts_of("a", href="#suggest")
    assert len(suggested) == 3
    assert all(bot.ask(question).citations for question in suggested)


def test_a_stored_conversation_is_shown_again_as_it_was(desk, asked):
    assert desk.arrive(asked.conversation).messages == asked.messages
    assert desk.arrive(asked.conversation).pane == asked.pane


def test_a_deep_link_asks_its_question_once(desk):
    first = desk.arrive(Conversation(), question=QUESTION)
    again = desk.arrive(first.conversation, question=f" {QUESTION}\n")
    assert len(again.conversation.turns) == 1
    assert desk.arrive(Conversation(), question=" \n").messages == ()


def test_a_deep_link_shows_its_span(desk, bot):
    document = bot.document("orsel-weir-narrative")
    pane = desk.arrive(Conversation(), doc_id=document.doc_id, span="2320-2418").pane
    assert Page(pane).texts_of("mark")[0] == document.text[2320:2418]


@pytest.mark.parametrize("span", ["9-3", "x-y", "-5-10", "0-999999999", "5", "1e3-2e3"])
def test_a_deep_link_to_no_place_says_so(desk, span):
    assert say("pane.missing") in desk.reveal("orsel-weir-narrative", span)


def test_a_deep_link_to_no_document_says_so(desk):
    assert say("pane.missing") in desk.reveal("<img>", "1-2")


def test_an_answer_from_before_other_documents_came_is_shown_and_can_be_asked_again(desk, asked):
    old = replace(asked.conversation, turns=(replace(asked.conversation.turns[0], index_version="older"),))
    card = desk.arrive(old).messages[1].content
    assert "#again-1" in card
    assert say("chat.changed") in Page(card).text
    assert "mark" in [tag for tag, _ in Page(card).elements]


def test_an_answer_whose_document_has_changed_is_not_shown_but_can_be_asked_again(desk, asked):
    view = desk.arrive(replace(asked.conversation, turns=(outdated(asked.conversation.turns[0]),)))
    assert "#again-1" in view.messages[1].content
    assert "mark" not in [tag for tag, _ in Page(view.pane).elements]


def test_a_document_chosen_and_then_removed_no_longer_limits_questions(desk, bot):
    kept = Conversation(doc_ids=("removed-since",), parties=("Nowhere",))
    assert desk.ask(kept, QUESTION).conversation.turns[0].answered
    assert desk.narrowed_to(kept) == ""
    some = Conversation(doc_ids=("removed-since", "union-observer-report"), parties=("Nowhere", "Orsel"))
    assert desk.narrowed_to(some) == desk.narrowed_to(desk.narrow(some, some.doc_ids, some.parties)) != ""
    assert "Nowhere" not in desk.narrowed_to(some)


def test_selected_words_are_described_with_voice_and_loaded_words(desk):
    note = desk.describe("orsel-weir-narrative", 2320, 2418)
    assert say("speaks.narrator") in Page(note).text
    assert "liberated" in Page(note).text


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 2), (-3, 4), (10**9, 10**9 + 5), ("a", 3), (None, None)])
def test_no_place_has_no_description(desk, start, end):
    assert desk.describe("orsel-weir-narrative", start, end) == ""


def test_more_text_of_no_document_is_empty(desk):
    assert desk.more_text("no-such", 0, later=True) == ""


def test_more_text_goes_on_where_the_window_ends():
    text = "\n\n".join(f"Paragraph {n} says that boats left." for n in range(4000))
    big = Desk(FakeBot.of_texts(big=text))
    pane = big.reveal("big")
    edge = int(next(a["data-edge"] for t, a in Page(pane).elements if a.get("data-more") == "later"))
    more = big.more_text("big", edge, later=True)
    last = [a["data-n"] for _, a in Page(pane).elements if a.get("data-n")][-1]
    assert next(a["data-n"] for _, a in Page(more).elements if a.get("data-n")) == str(int(last) + 1)
    assert 'data-more="later"' in more
    assert 'data-more="earlier"' in big.more_text("big", edge, later=False) or edge == 0


def test_questions_can_be_narrowed_to_known_documents_and_parties(desk):
    chosen = desk.narrow(Conversation(), ["union-observer-report", "no-such"], ["Orsel", "Atlantis"])
    assert chosen.doc_ids == ("union-observer-report",)
    assert chosen.parties == ("Orsel",)
    assert "Orsel standpoint" in desk.narrowed_to(chosen)
    assert desk.narrow(chosen, [], []) == Conversation()


def test_a_narrowed_conversation_is_answered_from_its_documents_only(desk):
    narrowed = desk.narrow(Conversation(), ["union-observer-report"], [])
    view = desk.ask(narrowed, "Who closed the bridge?")
    assert {p.doc_id for p in view.conversation.turns[0].places} == {"union-observer-report"}


def test_the_list_of_documents_shows_titles_and_standpoints(desk, bot):
    page = assert_inert(desk.library(Conversation(doc_ids=("orsel-weir-narrative",))))
    assert all(d.title in page.text for d in bot.documents)
    checked = [a["value"] for t, a in page.elements if t == "input" and "checked" in a]
    assert checked == ["orsel-weir-narrative"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("A boat sank.", "3 words"),
        ("The boat\n\nA boat sank here.", "1 section · 6 words"),
        ("The boat\n\nIt sank.\n\nThe mill\n\nIt burned.", "2 sections · 8 words"),
    ],
)
def test_the_list_of_documents_counts_sections_and_words(text, facts):
    assert Page(Desk(FakeBot.of_texts(doc=text)).library(Conversation())).texts_of("span", class_="quiet") == [facts]


def test_passages_are_stepped_through_only_where_there_are_several(desk, asked):
    steps = [a["data-do"] for _, a in Page(asked.pane).elements if a.get("data-do") in ("next", "previous", "return")]
    assert steps == ["previous", "next"]
    linked = Page(desk.reveal("orsel-weir-narrative", "2320-2418"))
    assert [a["data-do"] for _, a in linked.elements if a.get("data-do")] == ["close", "return"]


def test_feedback_is_written_with_question_version_and_spans(desk, bot, asked, tmp_path):
    assert desk.take_feedback(asked.conversation, 1, "wrong_speaker")
    entry = next(read_feedback(tmp_path / "feedback.jsonl"))
    assert entry["question"] == QUESTION
    assert entry["verdict"] == "wrong_speaker"
    assert entry["index_version"] == "fake-1"
    first = bot.ask(QUESTION).citations[0]
    assert entry["spans"][0] == [first.doc_id, first.span.start, first.span.end]


def test_feedback_that_makes_no_sense_is_not_written(desk, bot, asked, tmp_path):
    assert not desk.take_feedback(asked.conversation, 1, "<b>")
    assert not desk.take_feedback(asked.conversation, 9, "helpful")
    assert not Desk(bot).take_feedback(asked.conversation, 1, "helpful")
    assert not (tmp_path / "feedback.jsonl").exists()


def test_a_corpus_without_documents_shows_a_sentence():
    desk = Desk(FakeBot([]))
    assert say("pane.empty") in desk.first_pane()
    assert desk.greet()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_documents_and_questions_stay_inert_in_every_view(payload):
    desk = Desk(FakeBot.of_texts(**{f"doc{payload}": f"{payload}\n\nA boat sank here. {payload} A boat left."}))
    view = desk.ask(Conversation(), f"Which boat sank here? {payload}")
    for html in (view.pane, desk.library(Conversation()), *(m.content for m in view.messages)):
        assert_inert(html)
    doc_id = next(iter(view.conversation.turns[0].places)).doc_id
    assert_inert(desk.describe(doc_id, 0, 10))


def test_parties_are_compared_in_columns_of_their_own_documents(desk, bot, asked):
    page = assert_inert(desk.contrast(asked.conversation, 1))
    assert page.texts_of("h3") == ["◐ Maravel", "◐ Orsel", "◐ Union of Valley Towns"][: len(page.texts_of("h3"))]
    shown = [a for t, a in page.elements if a.get("data-span")]
    assert {a["data-doc"] for a in shown} <= {d.doc_id for d in bot.documents}
    for a in shown:
        start, end = map(int, a["data-span"].split("-"))
        assert bot.document(a["data-doc"]).text[start:end] in page.text


def test_a_side_without_a_document_gets_a_column_that_says_so(bot):
    alone = Desk(FakeBot([bot.document("orsel-weir-narrative")], bot.parties))
    view = alone.ask(Conversation(), QUESTION)
    assert "No document in this corpus speaks for Maravel." in Page(alone.contrast(view.conversation, 1)).text


def test_without_declared_parties_or_a_feedback_file_neither_is_offered():
    plain = Desk(FakeBot.of_texts(doc="The bridge fell in 1999."))
    card = plain.ask(Conversation(), "When did the bridge fall? bridge fell").messages[1].content
    assert "#compare-" not in card
    assert "#feedback-" not in card


def test_the_profile_of_a_document_is_plotted(desk):
    page = Page(desk.reveal("orsel-weir-narrative"))
    assert say("profile.heading") in page.texts_of("summary")
    bars = [a["style"] for _, a in page.elements if (a.get("class") or "").startswith("bar-fill")]
    assert bars
    assert all(style.startswith("width:") for style in bars)


def test_a_saved_conversation_holds_its_answers_and_the_server_s_address(desk, bot, asked):
    quote = bot.ask(QUESTION).citations[0].quote
    assert quote in Page(desk.export(asked.conversation, html=True, base="http://here")).text
    assert "http://here/ui/?doc=" in desk.export(asked.conversation, html=False, base="http://here")


def test_a_page_opened_after_the_documents_changed_shows_them_anew(desk):
    assert desk.arrive(Conversation()).pane is None  # the page came with it
    desk.opened_with = "older"
    assert desk.arrive(Conversation()).pane == desk.first_pane()


class Shelf:
    """A bot in use that is exchanged for the next one whenever it is asked for."""

    def __init__(self, *bots):
        self.bots = list(bots)

    def __call__(self):
        return self.bots.pop(0) if len(self.bots) > 1 else self.bots[0]


def test_a_step_sees_one_state_of_the_documents(tmp_path):
    old, new = (FakeBot.of_texts(doc=f"{filler}The weir of Orsel broke on 4 May 1931.") for filler in ("", "A dam. "))
    new.index_version = "fake-2"
    desks = Desks(Shelf(old, old, new))
    desk = desks.now()
    turn = desk.ask(Conversation(), "When did the weir of Orsel break? weir broke")
    assert desks.now() is not desk
    quote = desk.bot.ask("weir broke").citations[0].quote
    assert quote in Page(turn.pane).text
    assert quote in Page(desk.messages(turn.conversation)[1].content).text
    assert desks.now().opened_with == desk.opened_with != desks.now().bot.index_version


def test_a_bot_that_is_replaced_is_freed_after_its_last_step():
    shelf = [FakeBot.of_texts(doc="The weir of Orsel broke on 4 May 1931.")]
    desks, old = Desks(lambda: shelf[0]), weakref.ref(shelf[0])
    view = desks.now().ask(Conversation(), "When did the weir of Orsel break? weir broke")
    assert "4 May 1931" in view.pane
    gc.disable()
    try:
        shelf[0] = FakeBot.of_texts(doc="A dam.")
        assert old() is None
    finally:
        gc.enable()


def test_no_step_makes_anew_what_was_made_before():
    kept, made = Kept(2), []

    def part(name):
        return kept.get((name,), lambda: made.append(name) or name)

    assert [part(name) for name in "aabab"] == list("aabab")
    assert made == ["a", "b"]
    assert part("c") == "c"
    assert part("a") == "a"
    assert len(kept._made) <= 2


def test_the_greeting_follows_the_documents(desk):
    assert desk.regreet() is None
    desk.opened_with = "older"
    assert desk.regreet() == desk.greet()


def test_the_greeting_names_every_standpoint_and_what_is_undeclared(bot):
    assert Page(Desk(bot).greet()).texts_of("span", class_="tag") == [
        "◐ Maravel standpoint", "◐ Orsel standpoint", "◐ Union of Valley Towns standpoint",
    ]  # fmt: skip
    undeclared = Page(Desk(FakeBot.of_texts(doc="A text.")).greet())
    assert undeclared.texts_of("span", class_="tag") == [f"◐ {say('standpoint.undeclared')}"]


def test_feedback_holds_the_questions_before_it(desk, asked, tmp_path):
    longer = desk.ask(asked.conversation, "Who closed it?").conversation
    assert desk.take_feedback(longer, 1, "helpful")
    assert desk.take_feedback(longer, 2, "not_an_answer")
    assert [e["history"] for e in read_feedback(tmp_path / "feedback.jsonl")] == [[], [QUESTION]]


def test_the_short_answer_is_marked_in_the_card_and_in_the_document(asked, bot):
    short = bot.ask(QUESTION).short.text
    assert Page(asked.messages[1].content).texts_of("strong", class_="short") == [short]
    assert Page(asked.pane).texts_of("strong", class_="short") == [short]


@pytest.mark.parametrize(
    ("declared", "told"),
    [("hy", "hy"), ("az-Latn-AZ", "az-Latn-AZ"), ("und", None), ("", None), ("English", None), ('en" x="', None)],
)
def test_words_of_a_document_carry_the_language_that_its_card_declares(declared, told):
    text = "The bridge fell in 1999. The bridge was high. It was the only bridge."
    document = replace(make_document("doc", text), card=PerspectiveCard("A title", declared))
    desk = Desk(FakeBot([document]))
    answered = desk.ask(Conversation(), "When did the bridge fall? bridge fell")
    refused = desk.ask(Conversation(), "Which bridge?")
    shown = (
        answered.messages[1].content, answered.pane, refused.messages[1].content, refused.pane,
        desk.describe("doc", 0, 24), desk.contrast(answered.conversation, 1),
    )  # fmt: skip
    for html in shown:
        words = [a for tag, a in Page(html).elements if tag == "blockquote" or a.get("class") in ("text", "line")]
        assert {a.get("lang") for a in words if "dir" in a} == {told}
    saved = Page(desk.export(answered.conversation, html=True))
    assert {a.get("lang") for tag, a, words in saved.inside if tag == "p" and words in text} == {told}


def test_an_outdated_answer_is_saved_as_such(desk, asked):
    old = outdated(asked.conversation.turns[0])
    saved = desk.export(Conversation((old,)), html=False).replace("\\", "")
    assert QUESTION in saved
    assert say("chat.outdated") in saved


def test_a_passage_of_a_turn_that_is_not_there_shows_the_first_document(desk, asked):
    assert desk.show_passage(asked.conversation, 5, 1) == desk.first_pane()
    assert desk.contrast(asked.conversation, 0) == desk.first_pane()
    assert 'data-active="1"' in desk.show_passage(asked.conversation, 1, 99)


def test_a_turn_that_can_no_longer_be_asked_is_not_compared(desk, asked):
    empty = replace(asked.conversation.turns[0], resolved=" ")
    assert say("chat.failed") in desk.contrast(Conversation((empty,)), 1)


def test_white_space_around_selected_words_is_left_out_and_alone_is_nothing(desk, bot):
    text = bot.document("orsel-weir-narrative").text
    gap = text.index("\n\n", 2000)
    start = text.rindex(" ", 0, gap)
    assert f"“{text[start + 1 : gap]}”" in Page(desk.describe("orsel-weir-narrative", start, gap + 2)).text
    assert desk.describe("orsel-weir-narrative", gap, gap + 2) == ""


def test_changes_are_offered_only_where_a_size_is_given(desk, bot):
    plain, open_to_all = desk.library(Conversation()), desk.library(Conversation(), largest=7_000_000)
    assert "shelf" not in plain
    assert "ask-to-remove" not in plain
    page = assert_inert(open_to_all)
    named = [a["data-name"] for _, a in page.elements if a.get("data-do") == "remove"]
    assert named == [d.title for d in bot.documents]
    assert "up to 7 MB" in page.text


def test_the_only_document_cannot_be_removed():
    alone = Desk(FakeBot.of_texts(doc="The bridge fell in 1999."))
    assert "ask-to-remove" not in alone.library(Conversation(), largest=1_000_000)


@pytest.mark.parametrize(("allowed", "largest"), [(True, 5), (False, None)])
def test_an_intake_asks_whose_request_it_is(allowed, largest):
    request = Request({"type": "http", "state": {"may_manage": allowed}})
    intake = Intake(lambda r: r.state.may_manage, 5)
    assert intake.largest(request) == largest
    assert intake.largest(None) is None
