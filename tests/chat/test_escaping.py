import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa_bot.chat.escaping import e, md

from .markup import PAYLOADS, Page, assert_inert

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXT)
def test_html_shows_every_text_as_it_is(text):
    assert Page(f"<p>{e(text)}</p>").texts_of("p") == [text]
    assert Page(f'<p title="{e(text)}"></p>').elements[0][1]["title"] == text


@given(TEXT)
def test_markdown_shows_every_text_as_it_is(text):
    assert Page(f"<p>{md(text)}</p>").texts_of("p") == [text]


@given(TEXT)
def test_no_character_that_a_template_or_tag_needs_is_left(text):
    for escape in (e, md):
        assert not set("<>\"'`${}") & set(escape(text))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_stays_text_in_html_and_in_markdown(payload):
    assert assert_inert(f"<p>{e(payload)}</p>").text == payload
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(f"<p>{md(payload)}</p>")
    assert assert_inert(rendered).text.rstrip("\n") == payload


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_outside_a_block_of_html_is_inert_too(payload):
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(md(payload))
    assert {tag for tag, _ in Page(rendered).elements} <= {"p"}


def test_a_nul_becomes_the_replacement_character_of_the_same_length():
    assert html.unescape(e("a\0b")) == "a\ufffdb"
