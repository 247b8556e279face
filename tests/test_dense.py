from concurrent.futures import ThreadPoolExecutor

import faiss
import numpy as np
import pytest

from qa_bot import dense
from qa_bot.dense import DenseIndex
from qa_bot.errors import IndexDamagedError

VECTORS = np.eye(4, dtype=np.float32)[[0, 1, 2, 1, 3]]


def around(centres, rng, n):
    """n unit vectors scattered around some centres, as sentences are around subjects."""
    rows = centres[rng.integers(0, len(centres), n)] + 0.5 * rng.standard_normal((n, centres.shape[1]))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def large():
    """5,000 vectors and 50 questions near them."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((60, 32))
    return around(centres, rng, 5_000), around(centres, rng, 50)


@pytest.fixture
def inverted(large, monkeypatch):
    """An index of them that is larger than an exact search may be, read back from its files."""
    monkeypatch.setattr(dense, "FLAT_LIMIT", 1_000)
    monkeypatch.setattr(dense, "SPARSE", 200)
    monkeypatch.setattr(dense, "PROBES", 24)
    return DenseIndex.build(large[0])


def exact(vectors, question, k, allowed=None):
    scores = vectors @ question
    if allowed is not None:
        scores = np.where(np.isin(np.arange(len(vectors)), allowed), scores, -2)
    return np.argsort(-scores, kind="stable")[:k]


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


def test_a_large_index_finds_what_an_exact_search_finds(large, inverted):
    vectors, questions = large
    assert "IVF128,SQ8 on disk, 48 lists a search" in inverted.description
    shares = []
    for question in questions:
        positions, scores = inverted.search(question, 10)
        assert np.allclose(scores, vectors[positions] @ question, atol=2e-3)
        assert (np.diff(scores) <= 0).all()
        shares.append(np.isin(exact(vectors, question, 10), positions).mean())
    assert np.mean(shares) >= 0.97


@pytest.mark.parametrize("size", [1, 9, 150, 2_000])
def test_a_large_index_searches_within_allowed_positions_only(large, inverted, size):
    vectors, questions = large
    allowed = np.sort(np.random.default_rng(size).choice(len(vectors), size, replace=False))
    shares = []
    for question in questions:
        positions, _ = inverted.search(question, 10, allowed=allowed)
        assert len(positions) == min(10, size)
        assert np.isin(positions, allowed).all()
        shares.append(np.isin(exact(vectors, question, min(10, size), allowed), positions).mean())
    assert np.mean(shares) >= 0.97


def test_no_allowed_position_finds_nothing(inverted, large):
    assert inverted.search(large[1][0], 10, allowed=np.zeros(0, np.int64))[0].tolist() == []


def test_a_large_index_read_from_disk_answers_as_before_and_gives_its_vectors_back(large, inverted, tmp_path):
    inverted.save(tmp_path / "dense.faiss")
    loaded = DenseIndex.load(tmp_path / "dense.faiss")
    assert len(loaded) == 5_000
    assert np.allclose(loaded.vectors(7, 9), large[0][7:9], atol=1e-3)
    for question in large[1]:
        for before, after in zip(inverted.search(question, 10), loaded.search(question, 10), strict=True):
            assert np.array_equal(before, after)


def test_two_builds_of_a_large_index_are_the_same_file_also_from_vectors_that_were_stored(large, inverted, tmp_path):
    inverted.save(tmp_path / "a.faiss")
    DenseIndex.build(inverted.vectors()).save(tmp_path / "b.faiss")
    assert (tmp_path / "a.faiss").read_bytes() == (tmp_path / "b.faiss").read_bytes()


@pytest.mark.parametrize("content", [None, b"no array"])
def test_a_large_index_without_its_vectors_is_damaged(inverted, tmp_path, content):
    inverted.save(tmp_path / "dense.faiss")
    (tmp_path / "dense.npy").unlink() if content is None else (tmp_path / "dense.npy").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"dense\.npy.*run: qa-bot index"):
        DenseIndex.load(tmp_path / "dense.faiss")


def test_a_search_takes_one_thread_in_whatever_thread_it_runs(monkeypatch):
    index, seen = DenseIndex.build(VECTORS), []
    search = index._index.search

    def noted(*arguments, **options):
        seen.append(faiss.omp_get_max_threads())
        return search(*arguments, **options)

    def searching():
        faiss.omp_set_num_threads(3)
        index.search(VECTORS[0], 2)
        return faiss.omp_get_max_threads()

    monkeypatch.setattr(index._index, "search", noted)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(searching).result() == 3
    assert seen == [1]
