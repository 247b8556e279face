"""Laws of canonical texts and their maps, whatever blocks they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.ingest.source import Block, compose, many_lines, one_line
from qa_bot.ingest.wire import packed, unpacked

texts = st.text(min_size=1, max_size=40).map(one_line).filter(bool)
blocks = st.lists(st.builds(Block, texts, st.integers(0, 6), st.booleans()), max_size=12)


@given(blocks)
def test_every_span_quotes_its_block(found):
    source = compose(found)

    assert [p.of(source.text) for p in source.layout.paragraphs] == [b.text for b in found]
    assert [(h.span.of(source.text), h.level) for h in source.headings] == [(b.text, b.level) for b in found if b.level]
    assert len(source.text) == sum(len(b.text) for b in found) + sum(1 if b.close else 2 for b in found[1:])


@given(blocks, st.data())
def test_pages_are_in_order_and_hold_every_offset(found, data):
    pages = data.draw(st.integers(len(found), len(found) + 3))
    source = compose([Block(b.text, b.level, b.close, ((0, number),)) for number, b in enumerate(found)], pages=pages)

    assert len(source.pages) == pages
    assert list(source.pages) == sorted(source.pages)
    for number, span in enumerate(source.layout.paragraphs):
        assert source.layout.page_at(span.start) == number + 1


def test_an_empty_page_is_never_the_page_of_an_offset():
    source = compose([Block("one", pages=((0, 0),)), Block("four", pages=((0, 3),))], pages=5)

    assert source.pages == (0, 5, 5, 5, 9)
    assert [source.layout.page_at(i) for i in (0, 4, 5, 8)] == [1, 1, 4, 4]


def test_pages_that_go_back_are_an_error():
    found = [Block("one", pages=((0, 0),)), Block("two", pages=((0, 1),)), Block("back", pages=((0, 0),))]

    with pytest.raises(ValueError, match="page 1 comes after page 2, in 'back'"):
        compose(found, pages=2)


@given(blocks)
def test_what_is_sent_between_processes_arrives(found):
    source = compose(found, title="T", warnings=("w",))

    assert unpacked(packed(source)) == source


@given(st.text(max_size=60))
def test_white_space_is_one_space_and_lines_are_kept(text):
    assert "  " not in one_line(text)
    assert one_line(text) == one_line(one_line(text))
    assert one_line(text) == one_line(many_lines(text))
    assert "\n\n" not in many_lines(text)
