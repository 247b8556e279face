import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.chat.turns import MAX_TURNS, Conversation, answer_of, from_record, to_record, turn_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture
def conversation(bot):
    asked = ("When was the Sill bridge liberated?", "What is the population of Tokyo?", "What did Casper Lodd say?")
    return Conversation(
        tuple(turn_of(bot.ask(q)) for q in asked), doc_ids=("orsel-weir-narrative",), parties=("Orsel",)
    )


def test_a_conversation_comes_back_from_the_browser_as_it_went(conversation):
    assert from_record(json.loads(json.dumps(to_record(conversation)))) == conversation


def test_names_that_no_source_has_come_back_if_the_question_has_them(bot):
    turn = turn_of(bot.ask("What is the population of Tokyo?"))
    assert turn.unheard == ("Tokyo",)
    record = to_record(Conversation((turn,)))
    assert from_record(record).turns == (turn,)
    record["turns"][0]["unheard"] = ["Tokyo", "Orsel", 7]
    assert from_record(record).turns == (turn,)
    del record["turns"][0]["unheard"]
    assert from_record(record).turns == (replace(turn, unheard=()),)


def test_a_stored_turn_holds_places_and_no_word_of_the_documents(bot, conversation):
    stored = json.dumps(to_record(conversation))
    assert not any(c.quote in stored for t in conversation.turns for c in answer_of(t, bot).citations)


def test_an_answer_read_again_is_the_answer_that_was_given(bot):
    for question in ("When was the Sill bridge liberated?", "What is the population of Tokyo?"):
        answer = bot.ask(question)
        assert replace(answer_of(turn_of(answer), bot), text=answer.text) == answer


def outdated(turn):
    """The same turn as if one of the documents it quotes had another text now."""
    changed = replace(turn.places[0], sha256="0" * 16)
    return replace(turn, index_version="older", places=(changed, *turn.places[1:]))


def test_an_answer_outlives_what_happens_to_other_documents(bot, conversation):
    older = replace(conversation.turns[0], index_version="older")
    assert answer_of(older, bot).citations == answer_of(conversation.turns[0], bot).citations


def test_an_answer_whose_document_has_changed_is_not_shown(bot, conversation):
    assert answer_of(outdated(conversation.turns[0]), bot) is None


def test_a_place_that_does_not_tell_its_document_s_state_holds_only_for_the_index_it_came_from(bot, conversation):
    turn = conversation.turns[0]
    bare = replace(turn, places=tuple(replace(p, sha256="") for p in turn.places))
    assert answer_of(bare, bot) is not None
    assert answer_of(replace(bare, index_version="older"), bot) is None


def test_a_place_outside_its_document_is_not_shown(bot, conversation):
    turn = conversation.turns[0]
    beyond = replace(turn.places[0], context_end=10**9)
    assert answer_of(replace(turn, places=(beyond,)), bot) is None
    assert answer_of(replace(turn, places=(replace(turn.places[0], doc_id="no-such"),)), bot) is None


@given(JSON)
def test_no_record_from_a_browser_is_an_error(record):
    assert from_record(record) == Conversation()


@given(st.data())
def test_a_damaged_turn_is_dropped_and_the_others_are_kept(data):
    good = {
        "question": "q", "resolved": "q", "answered": True, "confidence": 0.5, "index_version": "1", "short": None,
        "places": [
            {"doc_id": "d", "start": 1, "end": 2, "context_start": 0, "context_end": 3, "page": None, "score": 1}
        ],
    }  # fmt: skip
    key = data.draw(st.sampled_from(sorted(good)))
    bad = {**good, key: data.draw(st.sampled_from([[1], {"a": 1}, "x" * 10_000, -1]))}
    read = from_record({"format": 1, "turns": [good, bad, good]}).turns
    assert len(read) in (2, 3)
    assert read[0] == read[-1]


def test_only_the_last_turns_are_kept(conversation):
    longer = conversation
    for _ in range(MAX_TURNS + 5):
        longer = longer.with_turn(conversation.turns[0])
    assert len(longer.turns) == MAX_TURNS


def test_the_history_is_the_questions_oldest_first(conversation):
    assert conversation.history[0] == "When was the Sill bridge liberated?"
