"""An append-only file of records, one line a question, so that an interrupted run loses nothing."""

import errno
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from qa_bot.errors import QaBotError
from qa_bot.evaluation.record import Record

KEPT_DAYS = 30  # after which an interrupted run is not gone on with any more


class JournalError(QaBotError):
    """A journal that cannot be continued."""

    def __init__(self, path: Path, problem: str, way_out: str = "run without --resume to start anew") -> None:
        super().__init__(f"{path}: {problem}; {way_out}")
        self.path = path


class Journal:
    """Records on disk, read back one at a time in the order they were written.

    The first line holds the fingerprint of the run (questions, index, settings); only the same run continues.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path, self.fingerprint = path, fingerprint

    def start(self, *, resume: bool) -> set[tuple[str, str]]:
        """Prepare for writing; the keys of the records already there (none unless resumed).

        A line that was cut off in writing is removed. Raises: JournalError: if it belongs to another run.
        """
        if not (resume and self.path.is_file() and self._is_begun()):
            with self.open("w") as file:
                file.write(json.dumps({"fingerprint": self.fingerprint}) + "\n")
            return set()
        self._cut_torn_line()
        if self._header() != self.fingerprint:
            raise JournalError(self.path, "was written with other questions, another index or other settings")
        return {record.key for record in self}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts no other process writes these records.

        Raises: JournalError: if one does already, or if this is no place for them.
        """
        lock = FileLock(self.lock_path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise JournalError(self.path, "is being written by another run", "wait for its end") from None
        except OSError as error:
            problem = f"cannot be written: {error.strerror}"
            raise JournalError(self.path, problem, "name another folder by XDG_CACHE_HOME") from error
        try:
            yield
        finally:
            lock.release()

    @property
    def lock_path(self) -> Path:
        """The file beside it that is locked while it is written."""
        path = self.path.resolve()
        return path.with_name(f"{path.name}.lock")

    @contextmanager
    def open(self, mode: str = "a") -> Iterator[IO[str]]:
        """The file, for appending records with `write`. Raises: JournalError: if the disk is full."""
        try:
            with self.path.open(mode, encoding="utf-8") as file:
                yield file
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            problem = f"cannot be written: {error.strerror}"
            raise JournalError(self.path, problem, "make room there and go on with --resume") from error

    def __iter__(self) -> Iterator[Record]:
        with self.path.open("rb") as file:
            next(file, None)
            for number, line in enumerate(file, 2):
                try:
                    yield Record.from_json(line)
                except ValueError as error:
                    raise JournalError(self.path, f"line {number} is damaged") from error

    def _is_begun(self) -> bool:
        """Whether there is a whole first line: on a full disk there may be none."""
        with self.path.open("rb") as file:
            return file.readline().endswith(b"\n")

    def _header(self) -> object:
        with self.path.open("rb") as file:
            try:
                return json.loads(next(file, b"{}")).get("fingerprint")
            except (ValueError, AttributeError):
                return None

    def _cut_torn_line(self) -> None:
        with self.path.open("rb+") as file:
            content_end = file.seek(0, os.SEEK_END)
            while content_end > 0:
                file.seek(content_end - 1)
                if file.read(1) == b"\n":
                    break
                content_end -= 1
            file.truncate(content_end)


def write(file: IO[str], record: Record) -> None:
    """Append one record and hand it to the operating system at once."""
    file.write(record.to_json() + "\n")
    file.flush()


def forget_unused(paths: Iterable[Path]) -> None:
    """Delete the journals, each with its lock, that no run has touched for KEPT_DAYS and none holds now."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for path in paths:
        with suppress(OSError, JournalError):
            if path.stat().st_mtime < oldest:
                journal = Journal(path, "")
                with journal.alone():
                    path.unlink()
                    journal.lock_path.unlink()
