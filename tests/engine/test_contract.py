"""What every engine promises; each test runs on each of them."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa_bot.engine import search_index
from qa_bot.errors import IndexMissingError
from qa_bot.retrieval import Retriever, Stage

from ..fakes import HashingEncoder
from .made import ODD_ID, built, texts

QUESTIONS = [
    "the keeper of the mill",
    "stone bridge flood",
    "which town has a ford?",
    "eel boat 3",
    "clerk tax map road",
]


@pytest.fixture(params=["faiss", "lance"])
def place(request, tmp_path):
    """A URI where nothing has been published."""
    return f"{request.param}://{tmp_path}/published"


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    return built(tmp_path_factory.mktemp("local"), texts())


def names(ranking, index):
    """Passages and sentences by id, so that rankings of indexes with other positions can be compared."""
    passages = [index.passages[p.passage].passage_id for p in ranking.passages]
    return passages, [(s.doc_id, s.sentence) for s in ranking.sentences]


def test_nothing_published_is_told(place):
    assert search_index(place).version() is None
    with pytest.raises(IndexMissingError, match="no index in"):
        search_index(place).open()


def test_what_was_published_comes_back(place, local):
    published = search_index(place).publish(local)
    assert (published.added, published.kept, published.removed) == (len(local.passages), 0, 0)
    opened = search_index(place).open()
    assert search_index(place).version() == published.version == opened.manifest.version
    assert opened.entries == local.entries
    assert opened.parties == local.parties
    assert opened.rows.tolist() == local.rows.tolist()
    assert np.allclose(opened.dense.vectors(), local.dense.vectors(), atol=1e-6)
    assert np.allclose(opened.sentences.vectors(3, 9), local.sentences.vectors(3, 9), atol=1e-6)


def test_publishing_again_changes_nothing(place, local):
    first = search_index(place).publish(local)
    again = search_index(place).publish(local)
    assert (again.version, again.added, again.kept, again.removed) == (first.version, 0, len(local.passages), 0)


def test_dense_legs_are_exact(place, local):
    search_index(place).publish(local)
    opened, encoder = search_index(place).open(), HashingEncoder(dim=64)
    for question in QUESTIONS:
        vector = encoder.encode_question(question).vector
        for ours, theirs in ((local.dense, opened.dense), (local.sentences, opened.sentences)):
            positions, scores = ours.search(vector, 10)
            found, found_scores = theirs.search(vector, 10)
            assert np.isin(found, positions).mean() >= 0.95
            assert np.allclose(found_scores, scores, atol=1e-5)
            assert (np.diff(found_scores) <= 0).all()


def test_the_lexical_leg_agrees_with_the_local_one(place, local):
    search_index(place).publish(local)
    opened = search_index(place).open()
    shares = []
    for question in QUESTIONS:
        positions, _ = local.lexical.search(question, 10)
        found, scores = opened.lexical.search(question, 10)
        assert (np.diff(scores) <= 0).all()
        assert (scores > 0).all()
        shares.append(np.isin(positions, found).mean())
    assert np.mean(shares) >= 0.9


@pytest.mark.parametrize(
    "question", ["", "???", "AND (", "*:*", "the of and", "zzzz", "'; DROP TABLE passages; --", '"']
)
def test_odd_questions_find_nothing_and_break_nothing(place, local, question):
    search_index(place).publish(local)
    assert search_index(place).open().lexical.search(question, 10)[0].tolist() == []


@pytest.mark.parametrize("chosen", [["document-01"], [ODD_ID], ["document-07", ODD_ID, "document-02"]])
def test_only_chosen_documents_are_found_also_with_marks_in_their_names(place, local, chosen):
    search_index(place).publish(local)
    opened, encoder = search_index(place).open(), HashingEncoder(dim=64)
    retriever = Retriever(opened, encoder)
    for question in QUESTIONS:
        expected = Retriever(local, encoder).retrieve(question, doc_ids=chosen)
        assert {s.doc_id for s in retriever.retrieve(question, doc_ids=chosen).sentences} == set(chosen)
        found = retriever.retrieve(question, doc_ids=chosen, stage=Stage.LATE)
        assert set(names(found, opened)[0]) == set(names(expected, local)[0])


def test_nothing_allowed_finds_nothing(place, local):
    search_index(place).publish(local)
    opened, nothing = search_index(place).open(), np.zeros(0, np.int64)
    vector = HashingEncoder(dim=64).encode_question("stone").vector
    assert opened.dense.search(vector, 5, allowed=nothing)[0].tolist() == []
    assert opened.lexical.search("stone", 5, allowed=nothing)[0].tolist() == []


@pytest.mark.parametrize("stage", list(Stage))
def test_a_retriever_ranks_as_on_the_local_index(place, local, stage):
    search_index(place).publish(local)
    opened, encoder = search_index(place).open(), HashingEncoder(dim=64)
    for question in QUESTIONS:
        expected = names(Retriever(local, encoder).retrieve(question, stage=stage), local)
        found = names(Retriever(opened, encoder).retrieve(question, stage=stage), opened)
        assert found[0][0] == expected[0][0]
        assert found[1][:3] == expected[1][:3]


def test_an_edited_document_moves_only_its_own_passages(place, local, tmp_path):
    search_index(place).publish(local)
    changed = texts()
    first = changed.pop("document-00")
    changed = {
        "a-new-one": "A new weir stands where the old one stood.",
        **changed,
        "document-05": first + " And more.",
    }
    other = built(tmp_path / "other", changed)
    published = search_index(place).publish(other)
    before = {p.passage_id for p in local.passages}
    after = {p.passage_id for p in other.passages}
    assert (published.added, published.removed) == (len(after - before), len(before - after))
    opened, encoder = search_index(place).open(), HashingEncoder(dim=64)
    assert opened.entries == other.entries
    for question in [*QUESTIONS, "a new weir stands", "and more"]:
        expected = names(Retriever(other, encoder).retrieve(question), other)
        assert names(Retriever(opened, encoder).retrieve(question), opened)[1][:3] == expected[1][:3]


def test_a_removed_document_is_never_found_again(place, local, tmp_path):
    search_index(place).publish(local)
    less = {doc_id: text for doc_id, text in texts().items() if doc_id != ODD_ID}
    search_index(place).publish(built(tmp_path / "less", less))
    opened = search_index(place).open()
    assert ODD_ID not in {entry.document.doc_id for entry in opened.entries}
    for question in QUESTIONS:
        ranking = Retriever(opened, HashingEncoder(dim=64)).retrieve(question)
        assert ODD_ID not in {sentence.doc_id for sentence in ranking.sentences}


def test_a_reader_keeps_its_version_while_another_is_published(place, local, tmp_path):
    search_index(place).publish(local)
    opened, encoder = search_index(place).open(), HashingEncoder(dim=64)
    before = [names(Retriever(opened, encoder).retrieve(question), opened) for question in QUESTIONS]
    search_index(place).publish(built(tmp_path / "few", texts(2)))
    fresh = search_index(place).open()
    assert len(fresh.entries) == 2
    assert [names(Retriever(opened, encoder).retrieve(question), opened) for question in QUESTIONS] == before


def test_vectors_of_another_model_replace_all(place, local, tmp_path):
    search_index(place).publish(local)
    other = built(tmp_path / "other", texts(3), HashingEncoder(fingerprint="hashing-2", dim=32))
    published = search_index(place).publish(other)
    assert published.added + published.kept == len(other.passages)
    opened = search_index(place).open()
    assert opened.dense.vectors().shape == (len(other.passages), 32)


def test_a_publisher_that_is_killed_leaves_the_old_version_and_the_next_one_completes(place, local, tmp_path):
    search_index(place).publish(local)
    more = built(tmp_path / "more", texts(40))
    command = [sys.executable, "-m", "tests.engine.publish_slowly", str(tmp_path / "more"), place]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE) as publisher:
        assert publisher.stdout.readline() == b"writing\n"
        time.sleep(0.2)
        publisher.kill()
    assert search_index(place).version() == local.manifest.version
    opened = search_index(place).open()
    assert names(Retriever(opened, HashingEncoder(dim=64)).retrieve("stone"), opened)[0]
    assert search_index(place).publish(more).version == more.manifest.version
    opened = search_index(place).open()
    assert opened.entries == more.entries
    assert np.allclose(opened.sentences.vectors(), more.sentences.vectors(), atol=1e-6)


def test_vectors_that_are_not_finite_are_refused(place, local):
    search_index(place).publish(local)
    with pytest.raises(ValueError, match="not finite"):
        search_index(place).open().dense.search(np.full(64, np.nan, np.float32), 5)


def test_an_index_of_another_manifest_is_another_version(place, local):
    first = search_index(place).publish(local)
    other = replace(local, manifest=replace(local.manifest, model="another name"))
    assert search_index(place).publish(other).version != first.version
    assert search_index(place).open().manifest.model == "another name"
