"""Arrays that stay on disk: mapped into memory, and let go of once a few rows have been read.

A page that was read through a mapping counts as memory of the process until the system is short of it. A server that
reads scattered rows of a large array would seem to grow to the array's size.
"""

import hashlib
import io
import json
import mmap
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError

LARGE = 256 * 2**20  # bytes; mapping the pages of a smaller array again costs more than they weigh
ORDER = "order.json"  # names the files of an array in pieces


def mapped(path: Path) -> npt.NDArray[Any]:
    """Map a .npy file into memory, to be read only.

    Raises: IndexDamagedError: it is not one.
    """
    try:
        return np.asanyarray(np.load(path, mmap_mode="r"))
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamagedError(path, "it is not an array file") from error


def let_go(array: npt.NDArray[Any], *, size: int | None = None) -> None:
    """Give the pages of a mapped array back if it is large; what was read stays in the system's cache.

    `size` is how many bytes it has together with those that it is a piece of.
    """
    if (size or array.nbytes) >= LARGE and isinstance(array.base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        array.base.madvise(mmap.MADV_DONTNEED)


def rows_of(firsts: npt.NDArray[np.int64], lasts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rows of all ranges [first, last), one range after another."""
    sizes = lasts - firsts
    return np.repeat(firsts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())


@dataclass(frozen=True)
class Pieces:
    """An array of int8 rows in pieces, one after another; `files` says where each is kept, unless all are in memory.

    A piece's file is named by the SHA-256 of what it holds, so that two arrays that share pieces can share files.
    """

    arrays: tuple[npt.NDArray[np.int8], ...]
    files: tuple[Path, ...] = ()

    @classmethod
    def of(cls, array: npt.NDArray[np.int8]) -> "Pieces":
        """An array in memory, in one piece."""
        return cls((array,))

    @classmethod
    def open(cls, folder: Path) -> "Pieces":
        """Map the pieces in a folder into memory, in the order that it names.

        Raises: IndexDamagedError: a file is not an array, or its list is none.
        """
        try:
            names = [str(name) for name in json.loads((folder / ORDER).read_bytes())]
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamagedError(folder / ORDER, "it is not a list of files") from error
        files = tuple(folder / name for name in names)
        found = cls(tuple(mapped(path) for path in files), files)
        if not files or len({array.shape[1:] for array in found.arrays}) > 1:
            raise IndexDamagedError(folder / ORDER, "its files do not belong together")
        return found

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """The first row of each piece, and the number of rows at the end."""
        return np.array([0, *accumulate(map(len, self.arrays))], np.int64)

    @cached_property
    def _plain(self) -> tuple[tuple[npt.NDArray[np.int8], int], ...]:
        """Each piece and its first row; a slice of a memmap takes ten times as long."""
        return tuple((np.asarray(a), start) for a, start in zip(self.arrays, self.starts.tolist(), strict=False))

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def width(self) -> int:
        """How many numbers a row has."""
        return int(self.arrays[0].shape[1])

    def views(self, first: int, last: int) -> Iterator[npt.NDArray[np.int8]]:
        """The rows [first, last) without a copy, from one piece after another."""
        piece = int(np.searchsorted(self.starts, first, side="right")) - 1
        return self._views(first, last, piece)

    def _views(self, first: int, last: int, piece: int) -> Iterator[npt.NDArray[np.int8]]:
        while first < last:
            array, start = self._plain[piece]
            yield array[first - start : last - start]
            first, piece = start + len(array), piece + 1

    def rows(self, firsts: npt.NDArray[np.int64], lasts: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
        """A copy of the rows of all ranges [first, last), one range after another; the pages read are let go of."""
        pieces = (np.searchsorted(self.starts, firsts, side="right") - 1).tolist()
        ranges = zip(firsts.tolist(), lasts.tolist(), pieces, strict=True)
        found = np.concatenate([self._plain[0][0][:0], *(part for ask in ranges for part in self._views(*ask))])
        if len(self) * self.width >= LARGE:
            ends = np.searchsorted(self.starts, lasts).tolist()
            for piece in {p for first, end in zip(pieces, ends, strict=True) for p in range(first, end)}:
                let_go(self.arrays[piece], size=len(self) * self.width)
        return found

    def save(self, folder: Path) -> None:
        """Write the pieces and their order into a folder, which is made; they must not have files yet."""
        folder.mkdir()
        write_order(folder, [write_piece(folder, [array], array.shape) for array in self.arrays])


def write_piece(folder: Path, blocks: Iterable[npt.NDArray[np.int8]], shape: tuple[int, ...]) -> Path:
    """Write the rows of some blocks, together of a shape, to a file that is named by its SHA-256."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|i1", "fortran_order": False, "shape": shape})
    digest, fresh = hashlib.sha256(header.getvalue()), folder / ".new"
    with fresh.open("wb") as file:  # through a mapping it takes three times as long: each page is zeroed and fetched
        file.write(header.getvalue())
        for block in blocks:
            rows = np.ascontiguousarray(block).data
            digest.update(rows)
            file.write(rows)
    return fresh.replace(folder / f"{digest.hexdigest()}.npy")


def write_order(folder: Path, files: Sequence[Path]) -> None:
    """Say in which order the pieces in a folder follow each other."""
    (folder / ORDER).write_text(json.dumps([path.name for path in files], indent=0), encoding="utf-8")


def linked(source: Path, folder: Path) -> Path:
    """Put a file into a folder, too: linked where the file system can, else copied."""
    target = folder / source.name
    try:
        os.link(source, target)
    except FileExistsError:
        pass
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
    return target
