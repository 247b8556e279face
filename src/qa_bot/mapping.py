"""Arrays that stay on disk: mapped into memory, and let go of once a few rows have been read.

A page that was read through a mapping counts as memory of the process until the system is short of it. A server that
reads scattered rows of a large array would seem to grow to the array's size.
"""

import mmap
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError

# NumPy reads the header of a file as an expression, whose depth CPython 3.11 counts for all threads together: two at
# once now and then raise SystemError (python/cpython#106905).
one_header = Lock()
LARGE = 256 * 2**20  # bytes; mapping the pages of a smaller array again costs more than they weigh


def mapped(path: Path) -> npt.NDArray[Any]:
    """Map a .npy file into memory, to be read only.

    Raises: IndexDamagedError: it is not one.
    """
    try:
        with one_header:
            return np.asanyarray(np.load(path, mmap_mode="r"))
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamagedError(path, "it is not an array file") from error


def let_go(array: npt.NDArray[Any]) -> None:
    """Give the pages of a mapped array back if it is large."""
    if array.nbytes >= LARGE:
        release(array)


def release(array: npt.NDArray[Any]) -> None:
    """Give the pages of a mapped array back; what was read stays in the system's cache and can be read again."""
    if isinstance(array.base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        array.base.madvise(mmap.MADV_DONTNEED)


def rows_of(firsts: npt.NDArray[np.int64], lasts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rows of all ranges [first, last), one range after another."""
    sizes = lasts - firsts
    return np.repeat(firsts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
