import pytest

from qa_bot.perspective.inflection import noun_forms, spellings, verb_forms


@pytest.mark.parametrize(
    ("noun", "plural"), [("hero", "heroes"), ("atrocity", "atrocities"), ("foe", "foes"), ("war crime", "war crimes")]
)
def test_the_last_word_of_a_noun_takes_the_plural(noun, plural):
    assert noun_forms(noun) == (noun, plural)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("liberate", ("liberate", "liberates", "liberated", "liberating")),
        ("occupy", ("occupy", "occupies", "occupied", "occupying")),
        ("crush", ("crush", "crushes", "crushed", "crushing")),
    ],
)
def test_a_regular_verb_has_four_forms(verb, forms):
    assert verb_forms(verb) == forms


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("terrorised", "terrorized"),
        ("rumours", "rumors"),
        ("self-defence", "self-defense"),
        ("defenceless", "defenseless"),
    ],
)
def test_a_british_spelling_stands_for_the_american_one_too(british, american):
    assert spellings(british) == (british, american)


@pytest.mark.parametrize("word", ["our", "hours", "fences", "rising"])
def test_words_that_only_look_british_keep_their_spelling(word):
    assert spellings(word) == (word,)
