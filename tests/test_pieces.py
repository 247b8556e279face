import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot import pieces as pieces_module
from qa_bot.errors import IndexDamagedError
from qa_bot.inference import sha256_of_file
from qa_bot.pieces import Pieces

from .test_mapping import resident


@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6), data=st.data())
def test_rows_in_pieces_are_the_rows_of_the_whole(sizes, data):
    whole = np.random.default_rng(0).integers(-128, 128, (sum(sizes), 3)).astype(np.int8)
    pieces = Pieces(tuple(np.split(whole, np.cumsum(sizes)[:-1])))
    row = st.integers(0, len(whole))
    ranges = [sorted(pair) for pair in data.draw(st.lists(st.tuples(row, row), max_size=5))]
    firsts, lasts = np.array(ranges, np.int64).reshape(-1, 2).T
    expected = [whole[first:last] for first, last in ranges]
    assert np.array_equal(pieces.rows(firsts, lasts), np.concatenate([whole[:0], *expected]))
    for first, last in ranges:
        assert np.array_equal(np.concatenate([whole[:0], *pieces.views(first, last)]), whole[first:last])
    assert (len(pieces), pieces.width) == whole.shape


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which pages of a file are held")
def test_rows_read_of_a_large_array_in_pieces_take_no_memory(tmp_path, monkeypatch):
    whole = np.arange(2_000_000, dtype=np.uint32).view(np.int8).reshape(-1, 8)
    Pieces(tuple(np.split(whole, 4))).save(tmp_path / "rows")
    pieces = Pieces.open(tmp_path / "rows")
    monkeypatch.setattr(pieces_module, "LARGE", 4_000_000)  # more than a piece, less than all of them
    firsts, lasts = np.array([0, 600_000]), np.array([400_000, 900_000])
    assert np.array_equal(pieces.rows(firsts, lasts), np.concatenate([whole[:400_000], whole[600_000:900_000]]))
    assert [resident(path) for path in pieces.files] == [0] * 4


def test_a_piece_is_named_by_the_digest_of_its_file(tmp_path):
    Pieces(tuple(np.full((2, 3), value, np.int8) for value in (1, 2, 1))).save(tmp_path / "rows")
    assert {path.stem for path in (tmp_path / "rows").glob("*.npy")} == {
        sha256_of_file(path) for path in (tmp_path / "rows").glob("*.npy")
    }
    assert Pieces.open(tmp_path / "rows").rows(np.array([0]), np.array([6]))[:, 0].tolist() == [1, 1, 2, 2, 1, 1]


@pytest.mark.parametrize("content", [None, b"", b"[]", b"7", b'["gone.npy"]'])
def test_an_order_of_pieces_that_is_none_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / pieces_module.ORDER).write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"order\.json|gone\.npy"):
        Pieces.open(tmp_path)


def test_pieces_in_files_are_shared_by_whoever_saves_them(tmp_path):
    Pieces.of(np.ones((2, 3), np.int8)).save(tmp_path / "a")
    Pieces.open(tmp_path / "a").save(tmp_path / "b")
    (file,) = (tmp_path / "b").glob("*.npy")
    assert file.samefile(tmp_path / "a" / file.name)


def test_only_the_pieces_that_hold_some_rows_are_verified(tmp_path):
    Pieces(tuple(np.full((2, 3), value, np.int8) for value in range(3))).save(tmp_path / "rows")
    pieces = Pieces.open(tmp_path / "rows")
    pieces.files[1].write_bytes(pieces.files[1].read_bytes()[:-1] + b"x")
    pieces.verify(0, 2)
    pieces.verify(4, 6)
    pieces.verify(2, 2)
    for first, last in ((1, 3), (2, 3), (3, 5), (0, 6)):
        with pytest.raises(IndexDamagedError, match=pieces.files[1].name):
            pieces.verify(first, last)
