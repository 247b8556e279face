"""The versions of an index in a folder: which one is served, how the next takes its place, which are kept.

A folder holds `versions/<version>/…` and a file CURRENT that names the one to serve; `snapshots/<name>` names one to be
kept. A version is never changed once it is in place, so a reader sees the one or the other, whole.
"""

import os
import re
import shutil
import uuid
from pathlib import Path

from qa_bot.errors import IndexDamagedError, IndexMissingError, IndexStaleError, SnapshotError
from qa_bot.index.manifest import Manifest

CURRENT = "CURRENT"
VERSIONS = "versions"
SNAPSHOTS = "snapshots"
OLD = ".old-"  # begins the name of a version that is being removed
LARGE = 64 * 2**20  # bytes of a file that is not waited for until it is on disk
_VERSION = re.compile(r"[0-9a-f]{12}")
_NAME = re.compile(r"[\w][\w.-]{0,63}")


def current_folder(folder: Path) -> Path:
    """The folder of the version to serve.

    Raises: IndexMissingError: no index there; IndexDamagedError: CURRENT names a version that is not there.
    """
    pointer = folder / CURRENT
    if not pointer.is_file():
        raise IndexMissingError(folder)
    return _named(folder, pointer)


def publish(folder: Path, version: str, written: Path) -> None:
    """Move a written version into place, point CURRENT at it, and drop all that nobody needs any longer.

    Its predecessor stays, for readers that are just opening it, and so do snapshots. What readers have opened stays
    readable to them even when it is dropped: they have mapped it.
    """
    target = folder / VERSIONS / version
    if not _is_whole(target):
        _sync(written)
        if target.exists():  # what is left of it
            target.rename(_aside(target))
        written.rename(target)
    serve(folder, version)


def serve(folder: Path, version: str) -> None:
    """Point CURRENT at a version that is in place, and drop all that nobody needs any longer.

    While a pointer cannot be read nothing is dropped: which version it names is not known.
    """
    current = folder / CURRENT
    before = {_text(current)} if current.exists() else set()
    _write(current, version)
    kept = {version, *before, *snapshots(folder).values()}
    if "" in kept:
        return
    for other in (folder / VERSIONS).iterdir():
        if other.name not in kept:
            _drop(other)


# ---------------------------------------------------------------- snapshots


def snapshots(folder: Path) -> dict[str, str]:
    """The versions that are kept, by name; an empty text for a version that its snapshot does not tell."""
    if not (folder / SNAPSHOTS).is_dir():
        return {}
    return {p.name: _text(p) for p in sorted((folder / SNAPSHOTS).iterdir()) if not p.name.startswith(".")}


def take_snapshot(folder: Path, name: str) -> str:
    """Keep the version that is served now under a name, and say which it is.

    Raises: SnapshotError: the name is taken, or no name; IndexMissingError, IndexDamagedError.
    """
    if not _NAME.fullmatch(name):
        raise SnapshotError(f"'{name}' is no name for a snapshot; use letters, digits, hyphens and dots, 64 at most")
    if name in snapshots(folder):
        raise SnapshotError(f"there is a snapshot '{name}' already; choose another name, or remove it first")
    version = current_folder(folder).name
    (folder / SNAPSHOTS).mkdir(exist_ok=True)
    _write(folder / SNAPSHOTS / name, version)
    return version


def drop_snapshot(folder: Path, name: str) -> None:
    """Forget a snapshot; its version goes with the next one that is published. Raises: SnapshotError: none of it."""
    (folder / SNAPSHOTS / _known(folder, name)).unlink()


def snapshot_folder(folder: Path, name: str) -> Path:
    """The folder of the version that a snapshot keeps.

    Raises: SnapshotError: there is no such snapshot; IndexDamagedError: its version is not there.
    """
    return _named(folder, folder / SNAPSHOTS / _known(folder, name), snapshot=name)


def _known(folder: Path, name: str) -> str:
    known = snapshots(folder)
    if name not in known:
        raise SnapshotError(f"no snapshot '{name}' in '{folder}'; there are: {', '.join(known) or 'none'}")
    return name


# ---------------------------------------------------------------- files


def _named(folder: Path, pointer: Path, *, snapshot: str | None = None) -> Path:
    """The version that a file names, which must hold its name and a line end and nothing else."""
    version = _text(pointer)
    path = folder / VERSIONS / version
    if not version or not path.is_dir():
        raise IndexDamagedError(pointer, "it names a version that is not there", snapshot=snapshot)
    return path


def _text(pointer: Path) -> str:
    """The version that a file names, an empty text where it cannot be read or is no name."""
    try:
        content = pointer.read_bytes().decode("ascii", "replace")
    except OSError:
        return ""
    return content[:-1] if content.endswith("\n") and _VERSION.fullmatch(content[:-1]) else ""


def _write(pointer: Path, version: str) -> None:
    fresh = pointer.with_name(f".{pointer.name}.new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(pointer)


def _is_whole(version: Path) -> bool:
    """Whether a version is in place as it was written, every file read through."""
    try:
        Manifest.load(version).verify(version, thorough=True)
    except (IndexDamagedError, IndexStaleError):
        return False
    return True


def _aside(version: Path) -> Path:
    return version.with_name(f"{OLD}{uuid.uuid4().hex}")


def _drop(version: Path) -> None:
    """Remove a version, out of sight first: what is half removed must not look like a version."""
    if not version.name.startswith("."):
        aside = _aside(version)
        try:
            version.rename(aside)
        except OSError:  # where open files cannot be renamed it goes later
            return
        version = aside
    if version.name.startswith(OLD):
        shutil.rmtree(version, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Have what is in a folder on disk before anything refers to it.

    A large file is left to the system, which may take seconds to write it: should the power fail meanwhile, the next
    version is made from the corpus, which is on disk.
    """
    if os.name != "posix":
        return
    for path in [*folder.rglob("*"), folder]:
        if path.stat().st_size < LARGE:
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
