"""A long array in several files, each named by what it holds, so that two arrays that share rows can share files."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_bot.errors import IndexDamagedError
from qa_bot.inference import sha256_of_file
from qa_bot.links import linked
from qa_bot.mapping import LARGE, mapped, release

ORDER = "order.json"  # names the files in their order


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

    def verify(self, first: int, last: int) -> None:
        """Read through the files that hold the rows [first, last), each once.

        Raises: IndexDamagedError: one does not hold what its name says.
        """
        start, end = int(np.searchsorted(self.starts, first, side="right")) - 1, int(np.searchsorted(self.starts, last))
        for path in self.files[start:end]:
            if path not in self._verified and sha256_of_file(path) != path.stem:
                raise IndexDamagedError(path, "its checksum differs")
            self._verified.add(path)

    @cached_property
    def _verified(self) -> set[Path]:
        return set()

    def rows(self, firsts: npt.NDArray[np.int64], lasts: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
        """A copy of the rows of all ranges [first, last), one range after another; the pages read are let go of."""
        pieces = (np.searchsorted(self.starts, firsts, side="right") - 1).tolist()
        ranges = zip(firsts.tolist(), lasts.tolist(), pieces, strict=True)
        found = np.concatenate([self._plain[0][0][:0], *(part for ask in ranges for part in self._views(*ask))])
        if len(self) * self.width >= LARGE:
            ends = np.searchsorted(self.starts, lasts).tolist()
            for piece in {p for first, end in zip(pieces, ends, strict=True) for p in range(first, end)}:
                release(self.arrays[piece])
        return found

    def save(self, folder: Path) -> None:
        """Put the pieces and their order into a folder, which is made; those that are kept in files are shared."""
        folder.mkdir()
        written = (write_piece(folder, [array], array.shape) for array in self.arrays)
        write_order(folder, [linked(file, folder) for file in self.files] or list(written))


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
