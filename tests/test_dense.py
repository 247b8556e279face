import numpy as np
import pytest

from qa_bot.dense import DenseIndex
from qa_bot.errors import IndexDamagedError

VECTORS = np.eye(4, dtype=np.float32)[[0, 1, 2, 1, 3]]


def test_the_nearest_come_first_and_ties_by_position():
    positions, scores = DenseIndex.build(VECTORS).search(VECTORS[1], 5)
    assert positions[:2].tolist() == [1, 3]
    assert scores[:2].tolist() == [1, 1]
    assert positions.tolist() == [1, 3, 0, 2, 4]


def test_only_allowed_positions_are_found():
    positions, _ = DenseIndex.build(VECTORS).search(VECTORS[1], 5, allowed=np.array([0, 3]))
    assert positions.tolist() == [3, 0]


def test_an_index_survives_saving_and_says_what_it_is(tmp_path):
    DenseIndex.build(VECTORS).save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert len(loaded) == 5
    assert np.array_equal(loaded.vectors(1, 3), VECTORS[1:3])
    assert "exact (5 vectors" in loaded.description


def test_a_file_that_is_no_index_is_named(tmp_path):
    (tmp_path / "dense.faiss").write_bytes(b"no index")
    with pytest.raises(IndexDamagedError, match="FAISS cannot read it"):
        DenseIndex.load(tmp_path / "dense.faiss")
