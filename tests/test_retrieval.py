import gc
import threading
import time

import numpy as np
import pytest

from qa_bot.corpus import make_document
from qa_bot.index import Source, build_index, load_index
from qa_bot.retrieval import JOIN_GAIN, Retriever, Stage, _joins
from qa_bot.types import Parties, Speaker, Speakers

from .fakes import HashingEncoder

TEXTS = {
    "weir": "The weir was built in 1931. It was closed on 4 May.\n\nNobody knows why the weir leaks.",
    "bridge": "The bridge was opened in 1950. Two towns paid for the bridge.\n\nRain fell. Rain fell.",
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    documents = tuple(make_document(doc_id, text) for doc_id, text in TEXTS.items())
    encoder = HashingEncoder(dim=64)
    build_index(folder, Source(documents, Parties(), lambda *_: ("", "")), encoder)
    return Retriever(load_index(folder), encoder)


def first(ranking):
    best = ranking.sentences[0]
    return best.doc_id, best.sentence


def test_the_sentence_that_holds_the_words_comes_first(retriever):
    assert first(retriever.retrieve("when was the bridge opened")) == ("bridge", 0)
    assert first(retriever.retrieve("why the weir leaks")) == ("weir", 2)


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_ranks_best_first_and_the_same_twice(retriever, stage):
    ranking = retriever.retrieve("who paid for the bridge", stage=stage)
    scores = [p.score for p in ranking.passages]
    assert scores == sorted(scores, reverse=True)
    assert [s.score for s in ranking.sentences] == sorted((s.score for s in ranking.sentences), reverse=True)
    again = retriever.retrieve("who paid for the bridge", stage=stage)
    assert (again.passages, again.sentences) == (ranking.passages, ranking.sentences)


def test_a_sentence_is_found_by_the_name_of_whoever_says_it(tmp_path):
    text = "Mayor Holm rose. Who would pay? Open the gates again. Shut the gates again."
    document, encoder = make_document("weir", text), HashingEncoder(dim=64)
    ranked = []
    for known, of in ((), ()), ((Speaker(("Mayor Holm",), side=("Orsel",)),), (-1, -1, -1, 0)):
        kept = "", "", Speakers(known, of)
        build_index(tmp_path, Source((document,), Parties(), lambda *_, kept=kept: kept, str(of)), encoder)
        retriever = Retriever(load_index(tmp_path), encoder)
        ranked.append(retriever.retrieve("gates again, Holm of Orsel"))
    plain, spoken = ranked
    assert first(plain) == ("weir", 2)
    assert first(spoken) == ("weir", 3)
    assert spoken.coverage == plain.coverage  # names that no text holds do not make it speak of a topic


def test_a_retriever_that_is_let_go_leaves_no_thread(retriever):
    before = threading.active_count()
    other = Retriever(retriever._index, HashingEncoder(dim=64))
    other.retrieve("who paid for the bridge")
    del other
    gc.collect()
    give_up = time.monotonic() + 20
    while threading.active_count() > before:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_sentences_that_say_the_same_are_ordered_by_position(retriever):
    same = [s for s in retriever.retrieve("rain fell").sentences if s.doc_id == "bridge" and s.sentence in (2, 3)]
    assert [s.sentence for s in same] == [2, 3]
    assert same[0].score == same[1].score


def test_only_named_documents_are_searched(retriever):
    ranking = retriever.retrieve("when was the bridge opened", doc_ids=["weir"])
    assert {s.doc_id for s in ranking.sentences} == {"weir"}


@pytest.mark.parametrize("question", ["zzzz qqqq", "???", "\u200b"])
def test_a_question_of_unknown_words_is_ranked_without_error(retriever, question):
    assert retriever.retrieve(question).coverage < 0.9


def test_two_neighbours_are_joined_only_when_each_holds_what_the_other_lacks():
    weights = np.array([0.5, 0.5], np.float32)
    best = np.array([[1, 0], [0, 1], [1, 1], [1, 1]], np.float32)
    alone = best @ weights
    assert _joins(best, alone, weights, np.array([True, True, True])).tolist() == [1, -1, 0, 0]
    assert _joins(best, alone, weights, np.array([False, True, True])).tolist() == [0, 0, 0, 0]
    assert JOIN_GAIN < 0.5


def test_a_question_in_the_text_is_cited_with_its_reply(tmp_path):
    text = (
        "The mayor came late. Has the council paid the masons? Has it ‘even answered them?’ It has not! So they left."
    )
    encoder = HashingEncoder(dim=64)
    build_index(tmp_path, Source((make_document("a", text),), Parties(), lambda *_: ("", "")), encoder)
    ranking = Retriever(load_index(tmp_path), encoder).retrieve("what has the council paid the masons")
    assert [(s.sentence, s.until) for s in sorted(ranking.sentences, key=lambda s: s.sentence)] == [
        (0, 1), (1, 4), (2, 4), (3, 4), (4, 5),
    ]  # fmt: skip


def test_only_sentences_that_follow_each_other_are_joined(tmp_path, monkeypatch):
    """One long paragraph makes several passages, and the ranking puts them in another order."""
    monkeypatch.setattr("qa_bot.retrieval.JOIN_GAIN", 0.0)
    facts = [
        f"The {a} {b} was seen near the {c} that day."
        for a in "red blue old new".split()
        for b in "weir bridge mill tower boat".split()
        for c in "river town road".split()
    ]
    text = " ".join(facts)
    encoder = HashingEncoder(dim=64)
    build_index(tmp_path, Source((make_document("d", text),), Parties(), lambda *_: ("", "")), encoder)
    index = load_index(tmp_path)
    assert len(index.passages) > 3
    sentences = index.entries[0].outline.sentences
    for question in ("which tower was near the road", "old boat new mill", "blue bridge river that day"):
        for found in Retriever(index, encoder).retrieve(question).sentences:
            assert 0 <= found.sentence < found.until <= len(sentences)
            assert found.until - found.sentence <= 2
            assert index.passages[found.passage].first - 1 <= found.sentence
            assert found.until <= index.passages[found.passage].last + 1
