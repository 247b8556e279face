"""What LanceDB tables promise besides: a publisher may fail at any moment, whatever it was writing."""

from contextlib import suppress

import numpy as np
import pytest

from qa_bot.engine import search_index, tables
from qa_bot.retrieval import Retriever

from ..fakes import CutOff, HashingEncoder, Killed
from .made import built, texts

OTHER = HashingEncoder(fingerprint="hashing-2", dim=32)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return built(tmp_path_factory.mktemp("first"), texts(4))


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Vectors of another model, which share nothing with those of `first`."""
    return built(tmp_path_factory.mktemp("second"), texts(6), OTHER)


@pytest.fixture
def place(tmp_path):
    return f"lance://{tmp_path}/published"


@pytest.mark.parametrize("moment", range(10))
def test_a_publisher_of_another_model_that_is_cut_off_leaves_the_old_version_whole(
    place, first, second, monkeypatch, moment
):
    search_index(place).publish(first)
    before = _found(first, HashingEncoder(dim=64))
    until = CutOff(moment)

    opened = search_index(place).open()
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(tables, "BATCH", 16)
        for name in ("_add", "_make_searchable", "_name_version"):
            patch.setattr(tables.LanceIndex, name, until(getattr(tables.LanceIndex, name)))
        search_index(place).publish(second)
    assert until.reached, "the publisher came to its end; there are fewer moments"
    assert search_index(place).version() == first.manifest.version
    for reader in (opened, search_index(place).open()):
        assert reader.entries == first.entries
        assert _found(reader, HashingEncoder(dim=64)) == before
        assert np.allclose(reader.sentences.vectors(), first.sentences.vectors(), atol=1e-6)
    for index, encoder in ((second, OTHER), (first, HashingEncoder(dim=64))):
        assert search_index(place).publish(index).version == index.manifest.version
        assert _found(search_index(place).open(), encoder) == _found(index, encoder)


@pytest.mark.parametrize("moment", ["_write_documents", "_make_searchable"])
def test_a_first_publisher_that_was_cut_off_is_followed_by_one_that_completes(
    place, first, second, monkeypatch, moment
):
    def killed(*_):
        raise Killed

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(tables.LanceIndex, moment, killed)
        search_index(place).publish(second)
    assert search_index(place).version() is None
    search_index(place).publish(first)
    assert _found(search_index(place).open(), HashingEncoder(dim=64)) == _found(first, HashingEncoder(dim=64))


def _found(index, encoder):
    """The best sentences for some questions, in the order in which they are found."""
    retriever = Retriever(index, encoder)
    rankings = [retriever.retrieve(question) for question in ("stone bridge flood", "eel boat 3")]
    return [(s.doc_id, s.sentence) for ranking in rankings for s in ranking.sentences[:3]]
