"""What an index says of itself: format, model, documents, and the checksum of every file."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qa_bot.errors import IndexDamagedError, IndexStaleError

FORMAT = 1  # raised whenever an older index could no longer be read rightly
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the index: relative path, bytes, SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
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

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change whenever anything in the index does."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    def save(self, folder: Path) -> None:
        """Write manifest.json."""
        text = json.dumps({"version": self.version, **asdict(self)}, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read manifest.json.

        Raises: IndexDamagedError: not one, or altered; IndexStaleError: another format.
        """
        path = folder / MANIFEST
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
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
        if manifest.version != version:
            raise IndexDamagedError(path, "its content does not match its version")
        return manifest

    def verify(self, folder: Path) -> None:
        """Compare every file with its size and SHA-256.

        Raises: IndexDamagedError: names the first file that differs.
        """
        for entry in self.files:
            path = folder / entry.path
            if not path.is_file():
                raise IndexDamagedError(path, "it is missing")
            if path.stat().st_size != entry.size:
                raise IndexDamagedError(path, f"it has {path.stat().st_size} bytes instead of {entry.size}")
            if _digest(path) != entry.sha256:
                raise IndexDamagedError(path, "its checksum differs")


def files_of(folder: Path) -> tuple[FileEntry, ...]:
    """Size and checksum of every file below a folder, by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return tuple(FileEntry(p.relative_to(folder).as_posix(), p.stat().st_size, _digest(p)) for p in paths)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
