"""Quotation marks of every kind and mixture, paired over paragraphs."""

import pytest

from qa_bot.perspective.speech.quotations import quotations
from qa_bot.types import Span


def _found(text: str) -> list[str]:
    paragraphs, position = [], 0
    for line in text.split("\n"):
        if line:
            paragraphs.append(Span(position, position + len(line)))
        position += len(line) + 1
    return [quotation.span.of(text) for quotation in quotations(text, paragraphs)]


@pytest.mark.parametrize(
    "quoted",
    [
        '"a b"',
        "“a b”",
        '"a b”',
        '“a b"',
        "”a b”",
        "‘a b’",
        "'a b'",
        "«a b»",
        "»a b«",
        "„a b“",
        "„a b”",
        "‹a b›",
        "「a b」",
    ],
)
def test_a_pair_of_any_marks_is_one_quotation(quoted):
    assert _found(f"He said {quoted}, and left.") == [quoted]


@pytest.mark.parametrize(
    "text",
    ["the boys' coats weren't theirs", "rock 'n' roll in the '90s", "it’s the officers’ mess", 'a 5" nail', "no marks"],
)
def test_apostrophes_and_inches_are_no_quotations(text):
    assert _found(text) == []


def test_a_possessive_plural_does_not_close_single_marks():
    assert _found("She wrote 'the boys' coats are lost' in May.") == ["'the boys' coats are lost'"]


def test_quotations_nest():
    text = "“He told me “go away” and left,” she said."
    assert _found(text) == ["“He told me “go away” and left,”"]
    assert quotations(text, [Span(0, len(text))])[0].nested[0].of(text) == "“go away”"


def test_a_quotation_runs_over_paragraphs_that_each_open_it_again():
    assert _found("He said: “One.\n“Two.\n“Three.” Then he left.") == ["“One.", "“Two.", "“Three.”"]


def test_a_quotation_may_close_in_the_next_paragraph():
    assert _found("He said: “One.\nTwo.” Then he left.") == ["“One.", "Two.”"]


def test_a_forgotten_closing_mark_does_not_swallow_a_later_quotation():
    assert _found("A “stray mark here. He said “go away” and left.") == ["“go away”"]
