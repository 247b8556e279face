import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot import segmentation
from qa_bot.segmentation import MAX_SENTENCE, PASSAGE_WORDS, outline, words

CORPUS = Path(__file__).parents[1] / "corpus" / "second-karabakh-war.txt"
TEXT = CORPUS.read_text(encoding="utf-8")
marks = st.sampled_from([*"\"'“”„«»‘’().!?…:;,-–—\n \t", "\n\n", ". ", "? ", '." ', "No. ", "Mr. ", "A ", "и ", "中。"])
anything = st.lists(st.one_of(marks, st.text(max_size=12)), max_size=60).map("".join)


def assert_laws(text):
    found = outline(text, "d")
    sentences = [s.span for s in found.sentences]
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    gaps = [text[a:b] for a, b in pairwise([0, *(x for s in sentences for x in (s.start, s.end)), len(text)])][::2]
    assert not "".join(gaps).strip()
    assert all(not text[s.start].isspace() and not text[s.end - 1].isspace() for s in sentences)
    cited = [i for i, s in enumerate(found.sentences) if not s.heading]
    assert [i for p in found.passages for i in range(p.first, p.last)] == cited
    for p in found.passages:
        assert p.span.start == sentences[p.first].start
        assert p.span.end == sentences[p.last - 1].end
        assert {found.sentences[i].section for i in range(p.first, p.last)} == {p.section}
    assert len({p.passage_id for p in found.passages}) == len(found.passages)
    for section, after in pairwise(found.sections):
        assert section.span.end <= after.span.start
    for s in found.sentences:
        assert found.sections[s.section].span.covers(s.span)
        assert found.paragraphs[s.paragraph].covers(s.span)


@given(anything)
@settings(max_examples=300, deadline=None)
def test_sentences_tile_any_text_and_passages_tile_the_sentences(text):
    assert_laws(text)


def test_the_laws_hold_over_the_corpus():
    assert_laws(TEXT)


def test_windows_and_old_line_ends_inside_a_text_break_nothing():
    assert_laws("One.\r\nTwo.\r\rThree.\x0b\x0cFour.\u2028Five.")


def sentences_of(text):
    return [s.span.of(text) for s in outline(text, "d").sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They lost 5 x Su-25 aircraft. It was costly.", ["They lost 5 x Su-25 aircraft.", "It was costly."]),
        ("Dr. Smith met Mr. Brown on Nov. 3. They left.", ["Dr. Smith met Mr. Brown on Nov. 3.", "They left."]),
        ("Protocol No.1 of the pact bans it. It is old.", ["Protocol No.1 of the pact bans it.", "It is old."]),
        ("It rests on law, ie. Northland is ours. So be it.", ["It rests on law, ie. Northland is ours.", "So be it."]),
        ('He said: "We go. They stay.” Then he left.', ['He said: "We go.', "They stay.”", "Then he left."]),
        ('Northland - "We call. We wait.", said he.', ['Northland - "We call.', 'We wait.", said he.']),
        ('"It is false." - he said and rose. They wept.', ['"It is false." - he said and rose.', "They wept."]),
        ("Question: Why now? Answer: Because it is ours.", ["Question: Why now?", "Answer: Because it is ours."]),
        ("All was brought to ruin. Trees were cut down.", ["All was brought to ruin.", "Trees were cut down."]),
        ("«Мы здесь.» Они ушли.", ["«Мы здесь.»", "Они ушли."]),
        ("彼は来た。彼女は去った。", ["彼は来た。", "彼女は去った。"]),
    ],
)  # fmt: skip
def test_sentence_boundaries(text, expected):
    assert sentences_of(text) == expected


def test_headings_open_sections_and_are_not_in_passages():
    text = "A title\n\nThe start\n\nFirst sentence here. Second one.\n\nThe end\n\nLast words."
    found = outline(text, "d")
    assert [s.heading for s in found.sections] == ["A title", "The start", "The end"]
    assert [p.span.of(text) for p in found.passages] == ["First sentence here. Second one.", "Last words."]


def test_markdown_headings_lose_their_marks_in_the_name_only():
    text = "# Title\n\nBody text here.\n\n## Part two ##\n\nMore."
    assert [s.heading for s in outline(text, "d").sections] == ["Title", "Part two"]


MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*$")
SENTENCE_END = re.compile(r"[.!?…:;,。！？؟]+[\"'“”„«»‘’‹›)\]]*$")


@given(st.text("##  \t\n\xa0a.", max_size=14), st.integers(0, 7))
@settings(max_examples=2_000)
def test_a_markdown_heading_is_what_the_expression_for_one_finds(text, level):
    line = ("#" * level + text).strip()
    match = MARKDOWN_HEADING.match(line)
    assert segmentation._markdown_heading(line) == (match.group(1) if match else None)


@given(st.text('.…؟。,!"”»)]a ', max_size=10))
@settings(max_examples=2_000)
def test_a_sentence_ends_where_the_expression_for_it_finds_an_end(line):
    assert segmentation._ends_a_sentence(line) == bool(SENTENCE_END.search(line))


def test_hard_wrapped_lines_stay_one_paragraph_and_turns_do_not():
    assert len(outline("one line of prose\nthat goes on here.\n\nNew.", "d").paragraphs) == 2
    assert len(outline("Question: why?\nAnswer: because.\nQuestion: how?", "d").paragraphs) == 3


def test_one_long_line_among_wrapped_ones_parts_nothing():
    lines = ["road to the north that goes", "over the Arax and on to", "many a village on the"] * 5
    address = "https://example.org/" + "x" * 120
    assert len(outline("\n".join(["There is a", *lines, address, *lines, "left bank."]), "d").paragraphs) == 1
    headlines = ["Mayor opens bridge", "Ferry stays shut"] * 6
    assert len(outline("\n".join([*headlines, "Rain " * 30, *headlines]), "d").paragraphs) == 25
    turns = ["He went home early.", "She stayed."] * 8
    assert (
        len(outline("\n".join([*turns, "It rained, " + "and rained " * 12 + "again.", *turns]), "d").paragraphs) == 33
    )


def test_passages_of_the_corpus_keep_their_size():
    found = outline(TEXT, "d")
    sizes = [words(p.span.of(TEXT)) for p in found.passages]
    assert max(sizes) < PASSAGE_WORDS.stop
    assert sum(PASSAGE_WORDS.start <= size for size in sizes) / len(sizes) > 0.85


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "word " * 200_000, '. "' * 100_000, "中" * 200_000, "a\u0301" * 100_000]
)
def test_a_megabyte_without_structure_is_cut_into_citable_sentences(text):
    found = outline(text, "d")
    assert all(len(s.span) <= MAX_SENTENCE for s in found.sentences)
    assert "".join("".join(s.span.of(text) for s in found.sentences).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("line", "heading"),
    [("." * 200_000 + "x", False), ("# a" + " " * 200_000 + "b", True), ("# a" + "#" * 200_000 + "b", True)],
    ids=["stops", "spaces", "hashes"],
)
def test_a_line_of_marks_without_end_is_read_in_a_moment(line, heading):  # in minutes, were its time quadratic
    assert outline(f"{line}\n\nEnd.", "d").sentences[0].heading is heading


@pytest.mark.parametrize("word", ["met", "all", "bus", "low"])
def test_a_short_word_before_a_full_stop_is_no_abbreviation(word):
    text = f"It was what they had {word}. A boat came. See Art. Five, Vol. Two and No. Three."
    assert [s.span.of(text) for s in outline(text, "d").sentences][:2] == [text[: text.index(". ") + 1], "A boat came."]
