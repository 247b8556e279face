"""Putting source files into a corpus folder and taking them out: whole, or not at all.

A change is prepared in a folder of its own below `.changes`, and renaming that folder to `….decided` decides it. All
that remains then is moving and deleting single files, which `settle` does, and does again after a crash.
"""

import json
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from qa_bot.corpus.documents import SIDE_FILES, SUFFIXES, card_beside, read_document, sources_of
from qa_bot.corpus.parties import FILE as PARTIES
from qa_bot.corpus.parties import parties_of
from qa_bot.errors import (
    CorpusError,
    CorpusFolderError,
    DocumentExistsError,
    FolderBusyError,
    LimitError,
    UnknownDocumentError,
)
from qa_bot.ingest.isolation import LIMITS
from qa_bot.types import Document

MAX_CARD_BYTES = 200_000
MAX_NAME = 200  # bytes of a document's id in UTF-8; file systems take 255 with the ending
WAIT_S = 60.0  # how long another change may take before this one gives up

_CHANGES = ".changes"
_DECIDED = ".decided"
_PLAN = "plan.json"
_LOCK = ".lock"
_NOT_IN_A_NAME = re.compile(r"[^\w.]+")
# names that Windows gives to devices, whatever follows the dot
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Holding:
    """The files of one document."""

    doc_id: str
    source: Path
    card: Path | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A file offered for the corpus: where it lies, the name it shall have there, and the card that goes with it.

    `shown` is what errors call it, so that nobody is told of a temporary file, and `replacing` how whoever offers it is
    told to let it take another one's place.
    """

    source: Path
    name: str
    card: Path | None = None
    shown: str | None = None
    shown_card: str | None = None
    replacing: str = "replace=True"


def holdings(folder: Path) -> dict[str, Holding]:
    """The documents of a corpus folder by id, none if there is no folder."""
    if not folder.is_dir():
        return {}
    return {p.stem: Holding(p.stem, p, card_beside(p)) for p in sources_of(folder)}


def state(folder: Path, *, after_s: float = 0) -> frozenset[tuple[str, int, int]]:
    """Name, size and time of every file that the corpus is read from, now or after some seconds."""
    time.sleep(after_s)
    found = set()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix.lower() in (*SUFFIXES, ".toml") and not path.name.startswith(SIDE_FILES):
            with suppress(OSError):
                stat = path.stat()
                found.add((path.name, stat.st_size, stat.st_mtime_ns))
    return frozenset(found)


def put(folder: Path, offer: Offer, *, replace: bool = False) -> tuple[Document, bool]:
    """Check a file and take a copy of it into the corpus, on disk when this returns; an error changes nothing.

    A card that is there already stays when another file takes the document's place, if it still fits.

    Returns: the document, and whether anything is new (the same file and card again is no change).
    Raises: DocumentExistsError, CorpusError, CardError, FolderBusyError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with changing(folder), _prepared(folder) as change:
        held, same, document = _examined(folder, change, offer, replace=replace)
        if not same:
            stale = [p.name for p in (held.source, held.card) if p] if held else []
            _decide(change, remove=[name for name in stale if not (change / name).exists()])
            settle(folder)
    return document, not same


def check(folder: Path, offer: Offer, *, replace: bool = False) -> Document:
    """The document that `put` would take in, or the error it would raise; nothing is changed."""
    with tempfile.TemporaryDirectory() as aside:
        return _examined(folder, Path(aside), offer, replace=replace)[2]


def take(folder: Path, *doc_ids: str) -> tuple[Holding, ...]:
    """Remove documents and their cards from the corpus, all of them or, with an error, none.

    Raises: UnknownDocumentError; CorpusError: nothing would be left; FolderBusyError.
    """
    if not folder.is_dir():
        raise CorpusFolderError(folder)
    with changing(folder):
        known = holdings(folder)
        for doc_id in doc_ids:
            if doc_id not in known:
                raise UnknownDocumentError(doc_id, tuple(known), where="the corpus")
        gone = tuple(known[doc_id] for doc_id in dict.fromkeys(doc_ids))
        if len(known) == len(gone):
            names = ", ".join(holding.source.name for holding in gone)
            problem = "is the only document" if len(gone) == 1 else "are all there is"
            raise CorpusError(names, f"{problem}; add another document before removing what is there")
        with _prepared(folder) as change:
            _decide(change, remove=[p.name for holding in gone for p in (holding.source, holding.card) if p])
        settle(folder)
    return gone


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """While this lasts nobody else changes the folder, and what a killed process had decided is done first.

    Raises: FolderBusyError: another process keeps it for longer than WAIT_S.
    """
    try:
        with FileLock(folder / _LOCK, timeout=WAIT_S):
            settle(folder)
            yield
    except Timeout:
        raise FolderBusyError(folder, f"another process has been changing it for {WAIT_S:g} s; try again") from None


def undisturbed(folder: Path) -> AbstractContextManager[None]:
    """The same for who only reads: a folder that was never changed here, or cannot be, is left without a lock file."""
    used = (folder / _LOCK).exists() and os.access(folder, os.W_OK)
    return changing(folder) if used else nullcontext()


def settle(folder: Path) -> None:
    """Finish the changes that were decided and drop those that were not; to be called by the holder of the lock."""
    if not (folder / _CHANGES).is_dir():
        return
    for change in sorted((folder / _CHANGES).iterdir()):
        done = _done(change, folder) if change.name.endswith(_DECIDED) else change
        shutil.rmtree(done, ignore_errors=True)
    shutil.rmtree(folder / _CHANGES, ignore_errors=True)


def _done(change: Path, folder: Path) -> Path:
    """Carry out a decided change; gives its new place, where it counts as decided no more: half of it may be left."""
    plan = json.loads((change / _PLAN).read_text(encoding="utf-8"))
    for name in plan["put"]:  # a card before its source: without a source it is not read
        if (change / name).exists():
            (change / name).replace(folder / name)
    for name in plan["remove"]:
        (folder / name).unlink(missing_ok=True)
    _sync_folder(folder)
    return change.rename(change.with_name(change.name.removesuffix(_DECIDED)))


def plain_name(given: str) -> str:
    """A file name made of what a stranger calls a file: its last part, letters, digits, `_`, `.` and `-` only.

    Raises: CorpusError: nothing usable is left of it.
    """
    last = unicodedata.normalize("NFC", given.replace("\\", "/").rsplit("/", 1)[-1])
    stem, _, suffix = last.rpartition(".")
    stem = _NOT_IN_A_NAME.sub("-", stem).strip("-._")
    stem = stem.encode()[:MAX_NAME].decode(errors="ignore").rstrip("-._")
    if not stem or _DEVICES.match(stem):
        shown = "".join(c if c.isprintable() else "?" for c in last[:MAX_NAME])
        raise CorpusError(shown or "the file", "is not a usable name; call the file by letters, digits and hyphens")
    return f"{stem}.{suffix.lower()}"


# ---------------------------------------------------------------- checks


def _examined(folder: Path, change: Path, offer: Offer, *, replace: bool) -> tuple[Holding | None, bool, Document]:
    """What is there under the name, whether that is the same, and the document, copied into the folder of a change."""
    _check_offer(offer)
    stem = PurePosixPath(offer.name).stem
    held = _held(folder, stem)
    card = offer.card or (held.card if held else None)
    same = held is not None and _same(held, offer, card)
    if held and not same and not (replace and held.doc_id == stem):
        raise DocumentExistsError(_shown(offer), _conflict(held, offer))
    return held, same, _checked_copy(change, offer, card, folder)


def _conflict(held: Holding, offer: Offer) -> str:
    name = PurePosixPath(offer.name)
    called = "" if held.doc_id == name.stem else f" by the name {held.doc_id}{name.suffix}"
    differs = ", whose name differs in capitals only" if called else ""
    way_out = f"replace it{called} ({offer.replacing}), or give the file another name"
    return f"there is a document '{held.doc_id}' already{differs}; {way_out}"


def _check_offer(offer: Offer) -> None:
    name = PurePosixPath(offer.name)
    if name.suffix.lower() not in SUFFIXES:
        raise CorpusError(_shown(offer), f"has no ending that can be read; known are {', '.join(SUFFIXES)}")
    if name.name.startswith(SIDE_FILES):
        raise CorpusError(_shown(offer), "is a side file of Office or macOS, or hidden; name the document itself")
    if f"{name.stem}.toml".casefold() == PARTIES:  # its card would take the place of that file
        raise CorpusError(_shown(offer), f"'{name.stem}' is the name of the parties file; rename it")
    if (size := len(os.fsencode(name.stem))) > MAX_NAME:
        raise CorpusError(_shown(offer), f"its name has {size} bytes; shorten it to {MAX_NAME}")
    if offer.card and not offer.card.is_file():
        raise CorpusError(offer.shown_card or offer.card, "is not a file; name the card, a TOML file")
    for path, shown, limit in (
        (offer.source, _shown(offer), LIMITS.file),
        (offer.card, offer.shown_card or str(offer.card), MAX_CARD_BYTES),
    ):
        size = _size(path, shown) if path else 0
        if size > limit:
            raise LimitError(shown, f"has {size:,} bytes", f"{limit:,}")


def _size(path: Path, shown: str) -> int:
    if not path.is_file():
        raise CorpusError(shown, "is not a file; name the file to add")
    return path.stat().st_size


def _held(folder: Path, stem: str) -> Holding | None:
    """The document of a name, also where it differs in capitals only: some file systems make no difference."""
    return next((held for held in holdings(folder).values() if held.doc_id.casefold() == stem.casefold()), None)


def _same(held: Holding, offer: Offer, card: Path | None) -> bool:
    pairs = ((held.source, offer.source), (held.card, card))
    return held.source.name == offer.name and all(_content(here) == _content(there) for here, there in pairs)


def _content(path: Path | None) -> bytes | None:
    return path.read_bytes() if path else None


def _checked_copy(change: Path, offer: Offer, card: Path | None, folder: Path) -> Document:
    """Copies in the folder of a change, read once as they will be read from the corpus."""
    staged = change / offer.name
    _copy(offer.source, staged)
    if card:
        _copy(card, staged.with_suffix(".toml"))
    try:
        return read_document(staged, parties_of(folder))
    except CorpusError as error:
        error.call(_name_of(Path(error.path), offer))
        raise


def _name_of(path: Path, offer: Offer) -> str:
    """What to call a file that is wrong: the copy as the original, files of the corpus by their name alone."""
    if path.name == offer.name:
        return _shown(offer)
    if offer.card and path.stem == PurePosixPath(offer.name).stem:
        return offer.shown_card or str(offer.card)
    return path.name


def _shown(offer: Offer) -> str:
    return offer.shown or str(offer.source)


# ---------------------------------------------------------------- changes


@contextmanager
def _prepared(folder: Path) -> Iterator[Path]:
    changes = folder / _CHANGES
    changes.mkdir(exist_ok=True)
    change = Path(tempfile.mkdtemp(dir=changes))
    try:
        yield change
    finally:
        shutil.rmtree(change, ignore_errors=True)
        with suppress(OSError):  # it is gone, or another change is still in it
            changes.rmdir()


def _decide(change: Path, *, remove: Sequence[str]) -> None:
    put = sorted((p.name for p in change.iterdir()), key=lambda name: not name.endswith(".toml"))
    with (change / _PLAN).open("w", encoding="utf-8") as file:
        json.dump({"put": put, "remove": list(remove)}, file)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(change)
    change.rename(change.with_name(change.name + _DECIDED))
    _sync_folder(change.parent)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as given, target.open("wb") as copy:
        shutil.copyfileobj(given, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
