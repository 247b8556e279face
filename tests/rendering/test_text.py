"""The answer in a terminal."""

import re
from dataclasses import replace

from qa_bot.rendering.text import answer_text
from qa_bot.types import Answer, Excerpt, Span, Status

from .test_payload import make_citation

TEXT = "The bridge, said the mayor, was crossed on 6 May 2009 by nobody at all. Nothing else was said about it."
QUOTE = Span(0, TEXT.index(" Nothing"))


def make_answer(short: str | None) -> Answer:
    start = TEXT.index(short) if short else 0
    excerpt = Excerpt(Span(start, start + len(short)), short) if short else None
    cited = (make_citation(TEXT, QUOTE), make_citation(TEXT, Span(0, 10), 2))
    cited = tuple(replace(c, perspective=replace(c.perspective, attribution=())) for c in cited)
    return Answer("When?", "When?", Status.ANSWERED, 0.9, "", excerpt, cited, (), "From one account.", "v1")


def test_a_short_answer_is_bold_inside_its_quotation_and_nowhere_else():
    shown = answer_text(make_answer("6 May 2009"), width=50, bold=True)
    (bold,) = re.findall("\x1b\\[1m(.*?)\x1b\\[22m", shown, re.DOTALL)
    assert " ".join(bold.split()) == "6 May 2009"


def test_without_bold_the_text_is_the_same_but_for_the_codes():
    answer = make_answer("6 May 2009")
    plain, marked = answer_text(answer, width=1000), answer_text(answer, width=1000, bold=True)
    assert re.sub("\x1b\\[\\d+m", "", marked) == plain
    assert QUOTE.of(TEXT) in plain


def test_an_answer_without_a_short_answer_holds_no_codes():
    assert "\x1b" not in answer_text(make_answer(None), bold=True)
