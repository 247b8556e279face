from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.chat.document_text import (
    MAX_BLOCK,
    Block,
    blocks_html,
    blocks_of,
    document_text,
    paragraph_number,
    step,
    window_around,
)
from qa_bot.chat.turns import Place, cite
from qa_bot.corpus import make_document
from qa_bot.segmentation import outline
from qa_bot.types import Excerpt, Span

from .fakes import FakeBot
from .markup import PAYLOADS, Page, assert_inert

WORDS = st.lists(
    st.sampled_from(["Peace.", "“War!”", "é\u0301", "👩‍👩‍👧", "𝒵.", "שלום.", "a<b>", "${x}", "\n\n", "\n"]), min_size=1
)


def document_of(text: str):
    document = make_document("doc", text)
    return document, outline(text, "doc")


@pytest.fixture(scope="module")
def large():
    text = "\n\n".join(f"Paragraph {n} says that {n} boats left. Nobody followed them." for n in range(90_000))
    return document_of(text)


@given(WORDS)
def test_every_paragraph_shows_its_slice_of_the_document_verbatim(words):
    document, parts = document_of(" ".join(words) + " end")
    page = Page(blocks_html(document, blocks_of(parts), range(len(blocks_of(parts)))))
    shown = [(int(attrs["data-start"]), text) for _, attrs, text in page.inside if attrs.get("class") == "text"]
    assert [text for _, text in shown] == [span.of(document.text) for span in parts.paragraphs]
    assert all(document.text[start : start + len(text)] == text for start, text in shown)


@given(WORDS)
def test_a_mark_in_the_document_shows_exactly_its_span(words):
    bot = FakeBot.of_texts(doc=" ".join(words) + " end of it.")
    answer = bot.ask("end")
    for citation in answer.closest or answer.citations:
        blocks = blocks_of(bot.outline("doc"))
        page = Page(blocks_html(bot.document("doc"), blocks, range(len(blocks)), (citation,), active=1))
        assert "".join(page.texts_of("mark")) == citation.quote == citation.span.of(bot.document("doc").text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_a_document_are_inert(payload):
    document, parts = document_of(f"Before it. {payload} After it.")
    blocks = blocks_of(parts)
    assert_inert(document_text(document, blocks, range(len(blocks))))


def test_of_two_citations_in_one_place_the_active_one_is_marked_whole(bot):
    first, second, *_ = bot.ask("When was the Sill bridge liberated?").citations
    overlapping = type(second)(**{f: getattr(first, f) for f in first.__slots__} | {"number": 2})
    blocks = blocks_of(bot.outline(first.doc_id))
    html = blocks_html(bot.document(first.doc_id), blocks, range(len(blocks)), (first, overlapping), active=2)
    assert [a["id"] for t, a, _ in Page(html).inside if t == "mark"] == ["mark-2"]


def test_a_short_answer_is_marked_inside_its_mark_without_changing_the_text():
    text = "Before it. The bridge fell on 6 May at dawn. After it."
    bot = FakeBot.of_texts(doc=text)
    span, short = Span(11, 44), Span(30, 35)
    cited = cite(bot, Place("doc", span.start, span.end, 0, len(text)), 1)
    blocks = (Block(Span(0, len(text)), 1),)
    page = Page(blocks_html(bot.document("doc"), blocks, range(1), (cited,), active=1, short=Excerpt(short, "6 May")))
    assert page.texts_of("strong", class_="short") == ["6 May"]
    assert [t for tag, _, t in page.inside if tag == "mark"] == [span.of(text)]
    assert page.text == text


def test_a_large_document_is_shown_as_a_window_around_the_place(large):
    document, parts = large
    blocks = blocks_of(parts)
    middle = len(document.text) // 2
    window = window_around(blocks, middle)
    shown = document_text(document, blocks, window)
    assert len(document.text) > 5_000_000
    assert len(shown) < 200_000
    assert blocks[window.start].span.start <= middle < blocks[window.stop - 1].span.end
    assert 'data-more="earlier"' in shown
    assert 'data-more="later"' in shown


@given(st.integers(0, 10_000))
def test_a_window_holds_its_place_wherever_it_is(position):
    document, parts = document_of("\n\n".join(f"Line {n} stands here." for n in range(500)))
    blocks = blocks_of(parts)
    position = min(position, len(document.text) - 1)
    window = window_around(blocks, position, 400)
    wanted = max((b for b in blocks if b.span.start <= position), key=lambda b: b.span.start, default=blocks[0])
    assert wanted in [blocks[i] for i in window]


def test_steps_from_a_window_reach_both_ends_without_gap(large):
    _, parts = large
    blocks = blocks_of(parts)[:3000]
    window = window_around(blocks, blocks[1500].span.start)
    first, last = window.start, window.stop
    while first > 0:
        earlier = step(blocks, first, later=False)
        assert earlier.stop == first
        first = earlier.start
    while last < len(blocks):
        later = step(blocks, last, later=True)
        assert later.start == last
        last = later.stop
    assert (first, last) == (0, len(blocks))


def test_a_very_long_paragraph_is_shown_in_pieces_under_one_number():
    text = "A sentence of some words stands here. " * 2000
    _, parts = document_of(text.strip())
    blocks = blocks_of(parts)
    assert len(blocks) > 5
    assert {b.paragraph for b in blocks} == {1}
    assert [b.continued for b in blocks] == [False] + [True] * (len(blocks) - 1)
    assert all(len(b.span) <= 2 * MAX_BLOCK for b in blocks)
    assert all(a.span.end == b.span.start for a, b in pairwise(blocks))
    assert (blocks[0].span.start, blocks[-1].span.end) == (parts.paragraphs[0].start, parts.paragraphs[0].end)


def test_a_paragraph_s_number_is_that_of_its_place(bot):
    parts = bot.outline("orsel-weir-narrative")
    assert [paragraph_number(parts, p.start) for p in parts.paragraphs] == list(range(1, len(parts.paragraphs) + 1))


def test_an_empty_outline_has_an_empty_window():
    assert window_around((), 10) == range(0)
