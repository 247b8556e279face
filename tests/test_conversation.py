import pytest

from qa_bot.conversation import Vocabulary, repaired, resolve, with_names
from qa_bot.types import Actor, ActorKind, Parties, Place

TEXT = "Fuzuli and Khankendi were named. Hikmet Hajiyev spoke to the international community in Khankendi."
PARTIES = Parties(
    actors=(Actor("Hikmet Hajiyev", ActorKind.PERSON, aliases=("Hajiyev", "Gadzhiev")),),
    places=(Place("Khankendi", ("Stepanakert",)), Place("Fuzuli", ("Fizuli", "UN"))),
)
WORDS = Vocabulary.of([TEXT], ["what", "where", "when", "happened", "shown"], PARTIES)


def test_a_name_used_elsewhere_is_completed_by_the_corpus_name():
    assert with_names("what happened in stepanakert", WORDS) == "what happened in stepanakert (Khankendi)"


def test_a_name_the_corpus_uses_needs_nothing():
    assert with_names("what did Hajiyev say", WORDS) == "what did Hajiyev say"


def test_an_abbreviation_is_not_found_inside_other_words_or_in_lower_case():
    assert with_names("who told us about the un rest", WORDS) == "who told us about the un rest"
    assert with_names("did the UN act?", WORDS) == "did the UN act? (Fuzuli)"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what did hajyev say", "what did Hajiyev say"),
        ("the internatonal comunity", "the international community"),
        ("when was khankendy named", "when was Khankendi named"),
        ("what was shown", "what was shown"),
        ("zzzzzzz happened", "zzzzzzz happened"),
    ],
)
def test_misspelt_words_of_the_corpus_are_repaired_and_nothing_else(typed, meant):
    assert repaired(typed, WORDS) == meant


def test_without_history_a_question_stands_alone():
    assert resolve("and in Fuzuli?", (), WORDS) == "and in Fuzuli?"


def test_a_pronoun_takes_the_words_of_the_question_before():
    assert (
        resolve("What did he say then?", ["Who is Hikmet Hajiyev?"], WORDS) == "What did he say then? (Hikmet Hajiyev)"
    )


def test_and_in_x_puts_x_in_the_place_of_the_earlier_name():
    assert resolve("And in Fuzuli?", ["When was Khankendi bombarded?"], WORDS) == "When was Fuzuli bombarded?"


def test_a_new_topic_is_not_mixed_with_the_old_one():
    question = "Which towns received new roads?"
    assert resolve(question, ["Who is Hikmet Hajiyev?"], WORDS) == question
