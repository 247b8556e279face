import sys
from pathlib import Path

import numpy as np
import pytest

from qa_bot import mapping
from qa_bot.errors import IndexDamagedError
from qa_bot.mapping import let_go, mapped


def resident(path):
    """How many kB of a mapped file count as this process's memory."""
    parts = Path("/proc/self/smaps").read_text().split(str(path))[1:]
    return sum(int(part.split("Rss:")[1].split()[0]) for part in parts)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which pages of a file are held")
def test_rows_that_were_let_go_of_take_no_memory_and_can_be_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(mapping, "LARGE", 1_000)
    np.save(tmp_path / "rows.npy", np.arange(1_000_000))
    rows = mapped(tmp_path / "rows.npy")
    assert rows.sum() == 499_999_500_000
    assert resident(tmp_path / "rows.npy") > 7_000
    let_go(rows)
    assert resident(tmp_path / "rows.npy") == 0
    assert rows[999_999] == 999_999


def test_an_array_in_memory_is_left_alone(monkeypatch):
    monkeypatch.setattr(mapping, "LARGE", 1)
    rows = np.arange(10)
    let_go(rows)
    assert rows.tolist() == list(range(10))


@pytest.mark.parametrize("content", [b"", b"no array", None])
def test_what_is_no_array_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "rows.npy").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"rows\.npy.*not an array"):
        mapped(tmp_path / "rows.npy")
