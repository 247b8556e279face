"""The patterns of claims.toml stand for the words they are written with, and stay small enough to compile at once."""

import re
from dataclasses import astuple

import pytest

from qa_bot.perspective.claim_patterns import any_of, claim_patterns

LARGEST = 270_000  # characters of all patterns; compiling takes two microseconds each


@pytest.mark.parametrize(
    "words",
    [
        ["ferry"],
        ["ferry", "ferries", "fern", "fe"],
        ["row_boat", "row_boats", "rower", "rowers", "row-lock"],
        [
            base + ending
            for base in ("sail", "row", "moor", "dock", "land", "anchor")
            for ending in ("", "s", "ed", "ing")
        ],
        [noun + ending for noun in ("oar", "mast", "hull", "deck", "keel", "keelman", "ma") for ending in ("", "s")],
    ],
)
def test_a_class_of_words_matches_its_words_and_no_others(words):
    pattern = re.compile(any_of(words))
    written = {word.replace("_", " ") for word in words} | {word.replace("_", "-") for word in words}
    assert all(pattern.fullmatch(word) for word in written)
    others = {word + letter for word in written for letter in "xs"} | {word[:-1] for word in written}
    assert not any(pattern.fullmatch(word) for word in others - written)


def test_either_spelling_of_a_class_is_matched():
    assert re.fullmatch(any_of(["terrorised"]), "terrorized")


def test_the_longest_word_of_a_class_is_matched_first():
    assert re.match(any_of(["oar", "oarsman", "oars"]), "oarsman")[0] == "oarsman"


def test_all_patterns_together_stay_small():
    by_kind = [pattern for value in astuple(claim_patterns()) if isinstance(value, dict) for pattern in value.values()]
    alone = [value for value in astuple(claim_patterns()) if isinstance(value, re.Pattern)]
    assert sum(len(pattern.pattern) for pattern in [*by_kind, *alone]) < LARGEST
