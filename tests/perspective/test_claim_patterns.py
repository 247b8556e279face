"""The patterns of claims.toml stand for the words they are written with, and find what Python's own would."""

import re
import time
import tomllib
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa_bot.perspective.claims.expression import LONGEST, Expression
from qa_bot.perspective.claims.patterns import ClaimPatterns, any_of, claim_patterns
from qa_bot.segmentation import outline


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


def test_every_exception_is_of_a_word_that_is_looked_for():
    words = tomllib.loads((files("qa_bot.perspective.claims") / "claim_words.toml").read_text(encoding="utf-8"))
    for exceptions, kind in (("irregular", "verb"), ("plural", "noun")):
        assert set(words[exceptions]) <= {word for listed in words[kind].values() for word in listed.split()}


def test_either_spelling_of_a_class_is_matched():
    assert re.fullmatch(any_of(["terrorised"]), "terrorized")


def test_the_longest_word_of_a_class_is_matched_first():
    assert re.match(any_of(["oar", "oarsman", "oars"]), "oarsman")[0] == "oarsman"


TEXT = next((Path(__file__).parents[2] / "corpus").glob("*.txt")).read_text(encoding="utf-8")
SENTENCES = [sentence.span.of(TEXT).lower() for sentence in outline(TEXT, "d").sentences]


def expressions():
    """Every expression of the claims by the name of its field, and its kind."""
    found = {}
    for field in fields(ClaimPatterns):
        value = getattr(claim_patterns(), field.name)
        by_kind = (
            {field.name: value}
            if isinstance(value, Expression)
            else {f"{field.name}, {k}": e for k, e in value.items()}
        )
        found |= by_kind
    return found


@pytest.mark.parametrize("name", expressions())
def test_an_expression_finds_what_python_finds(name):
    """In every sentence of the corpus, first of all; parts of an expression may overlap."""
    parts = [re.compile(pattern) for pattern in expressions()[name].patterns]
    for sentence in SENTENCES:
        found = list(expressions()[name].places(sentence))
        assert found == [match.span() for part in parts for match in part.finditer(sentence[:LONGEST])]
        assert expressions()[name].first(sentence) == min((start for start, _ in found), default=None)


@pytest.mark.parametrize(
    "text", ["1,", "a ", "the great ", "one hundred and ", '"«', "漢", "a", "their ", "\u0301", "killed "]
)
def test_hostile_texts_are_read_in_time_and_without_an_error(text):
    started = time.perf_counter()
    for expression in expressions().values():
        assert all(0 <= start < end <= LONGEST for start, end in expression.places(text * 100_000))
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("name", ["quantity", "somebody"])
def test_places_among_which_the_nearest_is_sought_are_in_order(name):
    assert len(expressions()[name].patterns) == 1


def test_an_interpreted_pattern_takes_over_where_the_stack_ends():
    assert list(Expression([r"\d+(?:[.,]\d+)*"]).places("1," * LONGEST)) == [(0, LONGEST - 1)]


@given(st.text(max_size=60) | st.text("ab1, é漢\u0301’", max_size=30))
def test_places_are_those_of_python_in_any_text(text):
    alternatives = [r"\w+", r"\d+(?:,\d)?", "a b|é", "(?<!a)b(?= )"]
    pattern = re.compile(rf"\b(?:{'|'.join(alternatives)})\b")
    # Marks are letters to PCRE2, and so are letters that came into Unicode after this Python.
    assume(not any(category(c) in ("Mn", "Mc", "Me", "Pc", "Cn") and c != "_" for c in text))
    assert list(Expression(alternatives).places(text)) == [match.span() for match in pattern.finditer(text)]
