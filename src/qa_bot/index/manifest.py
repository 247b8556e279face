"""What an index says of itself: format, model, documents, and the checksum of every file."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from qa_bot.errors import IndexDamagedError, IndexStaleError
from qa_bot.inference import sha256_of_file

FORMAT = 5  # raised whenever an older index could no longer be read rightly
MANIFEST = "manifest.json"
STAMPS = "stamps.json"  # when each large file was written; not part of the version, which two equal builds share
LARGE = 64 * 2**20  # bytes of an array from which what has kept size and time is not read through at every load
_PIECE = re.compile(r"[0-9a-f]{64}\.npy")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the index: relative path, bytes, SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def array(self) -> str:
        """What it belongs to: itself, or the folder in which it lies with the rest of an array."""
        return self.path.partition("/")[0]


@dataclass(frozen=True)
class Manifest:
    """Everything that identifies an index; `version` is a digest of all the rest."""

    format: int
    model: str
    fingerprint: str
    dim: int
    dense: str
    documents: dict[str, str]
    passages: int
    sentences: int
    tokens: int
    files: tuple[FileEntry, ...]
    rules: str = ""  # what documents were divided and annotated by

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change whenever anything in the index does."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    def save(self, folder: Path, verified: Mapping[str, int] = MappingProxyType({})) -> None:
        """Write manifest.json, and the times of large files beside it.

        `verified` says when files that were taken over from another version had been written as they were last read:
        what was changed since is read through when it is loaded.
        """
        (folder / MANIFEST).write_text(self._text(), encoding="utf-8")
        self._stamp(folder, verified)

    def _text(self) -> str:
        return json.dumps({"version": self.version, **asdict(self)}, indent=1, sort_keys=True)

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read manifest.json.

        Raises: IndexDamagedError: not one, or altered; IndexStaleError: another format.
        """
        path = folder / MANIFEST
        try:
            text = path.read_bytes().decode()
            fields = json.loads(text)
            version, found = fields.pop("version"), fields["format"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(path, "it is not a manifest") from error
        if found != FORMAT:
            raise IndexStaleError("format", found=found, expected=FORMAT)
        try:
            fields["files"] = tuple(FileEntry(**entry) for entry in fields["files"])
            manifest = cls(**fields)
        except (TypeError, KeyError) as error:
            raise IndexDamagedError(path, "fields are missing") from error
        if manifest.version != version or manifest._text() != text:
            raise IndexDamagedError(path, "its content does not match its version")
        return manifest

    def verify(self, folder: Path, *, thorough: bool = False) -> None:
        """Compare every file with its size and SHA-256.

        Unless `thorough`, a large file that has its size and the time at which it was last found right is not read.

        Raises: IndexDamagedError: names the first file that differs.
        """
        stamps = {} if thorough else {p: at for p, at in stamps_of(folder).items() if p in self._large}
        for fault in self.faults(folder, stamps):
            raise fault
        if self._times(folder) != stamps:
            with suppress(OSError):  # a folder that cannot be written is read through each time
                self._stamp(folder)

    def faults(self, folder: Path, stamps: Mapping[str, int]) -> Iterator[IndexDamagedError]:
        """What is wrong with the files, one error for each; those that have the time in `stamps` are not read."""
        for entry in self.files:
            path = folder / entry.path
            try:
                problem = _problem(path, entry, stamps.get(entry.path))
            except OSError as error:
                problem = error.strerror or "it cannot be read"
            if problem:
                yield IndexDamagedError(path, problem)

    @cached_property
    def _large(self) -> frozenset[str]:
        """The files of large arrays, in one file or in several."""
        sizes: Counter[str] = Counter()
        for entry in self.files:
            sizes[entry.array] += entry.size
        return frozenset(entry.path for entry in self.files if sizes[entry.array] >= LARGE)

    def _times(self, folder: Path) -> dict[str, int]:
        return {path: (folder / path).stat().st_mtime_ns for path in self._large}

    def _stamp(self, folder: Path, verified: Mapping[str, int] = MappingProxyType({})) -> None:
        times = self._times(folder)
        if times := times | {path: verified[path] for path in times.keys() & verified.keys()}:
            (folder / STAMPS).write_text(json.dumps(times, indent=1, sort_keys=True), encoding="utf-8")


def _problem(path: Path, entry: FileEntry, stamp: int | None) -> str | None:
    """What is wrong with a file, if anything. Raises: OSError: it cannot be read."""
    if not path.is_file():
        return "it is missing"
    state = path.stat()
    if state.st_size != entry.size:
        return f"it has {state.st_size} bytes instead of {entry.size}"
    if stamp == state.st_mtime_ns:
        return None
    return None if sha256_of_file(path) == entry.sha256 else "its checksum differs"


def files_of(folder: Path) -> tuple[FileEntry, ...]:
    """Size and checksum of every file below a folder, by path; a piece of an array has its checksum as its name."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in (MANIFEST, STAMPS))
    names = [path.relative_to(folder).as_posix() for path in paths]
    with ThreadPoolExecutor() as threads:
        digests = list(threads.map(_digest, paths))
    return tuple(
        FileEntry(name, path.stat().st_size, digest) for name, path, digest in zip(names, paths, digests, strict=True)
    )


def _digest(path: Path) -> str:
    return path.stem if _PIECE.fullmatch(path.name) else sha256_of_file(path)


def stamps_of(folder: Path) -> dict[str, int]:
    """When each large file of a version had been written as it was last found right, by path."""
    try:
        return dict(json.loads((folder / STAMPS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
