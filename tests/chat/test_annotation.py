from hypothesis import given
from hypothesis import strategies as st

from qa_bot.chat.annotation import Annotation, annotate
from qa_bot.chat.escaping import e, md
from qa_bot.types import Span

from .markup import Page

ALPHABET = "ab <&>\"'`${}[]*_\n\u00a0é\u0301👩‍👧𝒵שלוم"
TEXT = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=60)


@st.composite
def annotated(draw):
    text = draw(TEXT)

    def span():
        start = draw(st.integers(0, len(text) - 1))
        return Span(start, draw(st.integers(start + 1, len(text))))

    layers = [
        [Annotation(span(), tag, f'class="{tag}"') for _ in range(draw(st.integers(0, 4)))]
        for tag in ("mark", "u", "b")
    ]
    return text, span(), layers


@given(annotated(), st.sampled_from([e, md]))
def test_without_tags_annotated_text_is_the_span_verbatim(case, escape):
    text, span, layers = case
    assert Page(annotate(text, span, layers, escape=escape)).text == span.of(text)


@given(annotated())
def test_the_first_annotation_of_a_layer_covers_exactly_its_visible_part(case):
    text, span, layers = case
    if not layers[0]:
        return
    first = layers[0][0].span
    start, end = max(first.start, span.start), min(first.end, span.end)
    marks = Page(annotate(text, span, layers)).texts_of("mark")
    assert start >= end or text[start:end] in marks


@given(annotated())
def test_elements_are_nested_and_closed_whatever_overlaps(case):
    text, span, layers = case
    page = Page(annotate(text, span, layers))  # asserts that each end tag closes the last one opened
    assert not page._open


def test_an_inner_annotation_across_an_outer_end_is_closed_and_opened_again():
    layers = [[Annotation(Span(0, 3), "mark")], [Annotation(Span(2, 5), "u")]]
    assert annotate("abcdef", Span(0, 6), layers) == "<mark>ab<u>c</u></mark><u>de</u>f"


def test_of_two_overlapping_annotations_the_earlier_in_the_list_wins():
    layers = [[Annotation(Span(2, 5), "mark"), Annotation(Span(0, 3), "mark"), Annotation(Span(5, 6), "mark")]]
    assert annotate("abcdef", Span(0, 6), layers) == "ab<mark>cde</mark><mark>f</mark>"
