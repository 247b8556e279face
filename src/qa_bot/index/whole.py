"""Whether an index is whole, and going back to one that was."""

from collections.abc import Iterator
from pathlib import Path

from qa_bot.errors import IndexDamagedError, IndexStaleError
from qa_bot.index.manifest import Manifest
from qa_bot.index.store import checked_spans, read_version
from qa_bot.index.versions import current_folder, serve, snapshot_folder, snapshots


def damages(folder: Path) -> Iterator[IndexDamagedError | IndexStaleError]:
    """Everything that is wrong with the version in use and with those that snapshots keep, every file read through.

    Raises: IndexMissingError: no index there; IndexDamagedError: CURRENT names a version that is not there.
    """
    current = current_folder(folder)
    yield from _damages(current)
    for name, version in snapshots(folder).items():
        if version != current.name:
            yield from _snapshot_damages(folder, name)


def restore(folder: Path, name: str) -> str:
    """Serve the version that a snapshot keeps, if it is whole, and say which it is; to be called inside `writing`.

    Raises: SnapshotError: there is no such snapshot; IndexDamagedError: its version is not whole, or cannot be read.
    """
    for damage in _snapshot_damages(folder, name):
        raise damage
    version = snapshot_folder(folder, name).name
    serve(folder, version)
    return version


def _snapshot_damages(folder: Path, name: str) -> Iterator[IndexDamagedError]:
    """What keeps a snapshot from being served, each with the way out that there is for a snapshot."""
    try:
        version = snapshot_folder(folder, name)
    except IndexDamagedError as error:
        yield error
        return
    for damage in _damages(version):
        if isinstance(damage, IndexStaleError):
            problem = f"it has the format '{damage.found}', and '{damage.expected}' is read"
            yield IndexDamagedError(version, problem, snapshot=name)
        else:
            yield IndexDamagedError(damage.path, damage.problem, snapshot=name)


def _damages(version: Path) -> Iterator[IndexDamagedError | IndexStaleError]:
    try:
        manifest = Manifest.load(version)
    except (IndexDamagedError, IndexStaleError) as error:
        yield error
        return
    found = False
    if manifest.version != version.name:
        found = True
        yield IndexDamagedError(version, f"it holds version {manifest.version}")
    for fault in manifest.faults(version, {}):
        found = True
        yield fault
    if found:
        return
    try:
        checked_spans(read_version(version, manifest))
    except IndexDamagedError as error:
        yield error
