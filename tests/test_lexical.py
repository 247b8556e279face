import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import IndexDamagedError
from qa_bot.lexical import LexicalIndex, Stems, stems_of

TEXTS = ["The weir was closed in spring.", "Towns argued about the closing of weirs.", "Rain fell.", "Rain fell."]


def test_stems_match_and_the_best_comes_first():
    positions, scores = LexicalIndex.build(TEXTS).search("who closes weirs?", 4)
    assert set(positions.tolist()) == {0, 1}
    assert (np.diff(scores) <= 0).all()


def test_ties_are_decided_by_position():
    assert LexicalIndex.build(TEXTS).search("rain", 4)[0].tolist() == [2, 3]


@pytest.mark.parametrize("question", ["", "???", "the of and", "zzzz"])
def test_a_question_without_known_words_finds_nothing(question):
    assert LexicalIndex.build(TEXTS).search(question, 4)[0].tolist() == []


def test_only_allowed_positions_are_found():
    assert LexicalIndex.build(TEXTS).search("rain", 4, allowed=np.array([0, 3]))[0].tolist() == [3]


def test_an_index_survives_saving(tmp_path):
    LexicalIndex.build(TEXTS).save(tmp_path)
    assert LexicalIndex.load(tmp_path, 4).search("rain", 4)[0].tolist() == [2, 3]


def test_a_folder_that_holds_no_index_is_named(tmp_path):
    with pytest.raises(IndexDamagedError, match="bm25s cannot read it"):
        LexicalIndex.load(tmp_path, 4)


def test_texts_without_a_single_word_can_be_indexed_and_never_found():
    index = LexicalIndex.build(["???", "— … —"])
    assert index.search("anything", 2)[0].tolist() == []


WORDS = st.sampled_from("weir weirs closed spring rain fell towns 1,200 the of".split())
TEXT = st.lists(WORDS, max_size=5).map(" ".join)


@given(st.lists(TEXT, max_size=5), st.lists(TEXT, max_size=3), st.data())
def test_stems_taken_over_are_those_found_anew(old, new, data):
    places = data.draw(st.lists(st.integers(-len(new), len(old) - 1), max_size=8)) if old or new else []
    taken = Stems.of(old).with_fresh(np.array(places, np.int64), Stems.of(new))
    found = Stems.of([old[p] if p >= 0 else new[-1 - p] for p in places])
    assert taken.words == found.words
    assert taken.ids.tolist() == found.ids.tolist()
    assert taken.bounds.tolist() == found.bounds.tolist()


@given(
    st.lists(
        st.text() | st.sampled_from(["Who ran the RAN runners’ race?", "the of", "Été 2020: ceasefires, x"]), max_size=4
    )
)
def test_stems_are_those_of_the_library_for_plain_letters(texts):
    import bm25s
    import Stemmer

    found = bm25s.tokenize(
        [unicodedata.normalize("NFKC", text) for text in texts],
        stopwords="en",
        stemmer=Stemmer.Stemmer("english"),
        show_progress=False,
        return_ids=False,
    )
    assert stems_of(texts) == [list(words) for words in found]


@pytest.mark.parametrize(("written", "typed"), [("CO₂ in the air", "co2"), ("a ﬁre", "fire"), ("ＡＢＣ", "abc")])
def test_words_in_other_forms_of_letters_are_found_as_they_are_typed(written, typed):
    index = LexicalIndex.build(["nothing of the kind", written])
    assert index.search(typed, 5)[0].tolist() == [1]
